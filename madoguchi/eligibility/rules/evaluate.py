"""How a rule stands for one business on one day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from madoguchi.eligibility.rules.conditions import Condition, Group, Node, Not, leaves
from madoguchi.eligibility.rules.leaves import Leaf
from madoguchi.eligibility.rules.status import Status, at_least, opposite
from madoguchi.eligibility.rules.values import Facts

Answers = Callable[[Leaf], Status]


@dataclass(frozen=True, slots=True)
class Standing:
    """A node with its status and, in the same order, those inside it."""

    node: Node
    status: Status
    inside: tuple["Standing", ...]


def evaluate(node: Node, facts: Facts, *, on: date) -> Standing:
    """The whole tree with the status of every node."""
    answers = {leaf: leaf.ask(facts, on) for leaf in set(leaves(node))}
    return _stand(node, answers.__getitem__)


def _stand(node: Node, answers: Answers) -> Standing:
    """The tree for the answers to its leaves."""
    if isinstance(node, Condition):
        return Standing(node, answers(node.leaf), ())
    if isinstance(node, Group):
        inside = tuple([_stand(inner, answers) for inner in node.of])
        return Standing(node, at_least(node.n, _statuses(inside)), inside)
    inner = _stand(node.node, answers)
    return Standing(node, opposite(inner.status) if isinstance(node, Not) else inner.status, (inner,))


def _statuses(standings: Iterable[Standing]) -> Iterable[Status]:
    return (standing.status for standing in standings)
