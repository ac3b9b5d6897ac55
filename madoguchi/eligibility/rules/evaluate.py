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
    return stand(node, answers.__getitem__)


def stand(node: Node, answers: Answers, shared: dict[int, Standing] | None = None) -> Standing:
    """The tree for the answers to its leaves.

    `shared` keeps how definitions stand, by identity: rules that share one work it out once."""
    if isinstance(node, Condition):
        return Standing(node, answers(node.leaf), ())
    if isinstance(node, Group):
        inside = tuple([stand(inner, answers, shared) for inner in node.of])
        return Standing(node, at_least(node.n, _statuses(inside)), inside)
    if isinstance(node, Not):
        inner = stand(node.node, answers, shared)
        return Standing(node, opposite(inner.status), (inner,))
    inner = _defined(node.node, answers, shared if shared is not None else {})
    return Standing(node, inner.status, (inner,))


def _defined(node: Node, answers: Answers, shared: dict[int, Standing]) -> Standing:
    found = shared.get(id(node))
    if found is None:
        found = shared[id(node)] = stand(node, answers, shared)
    return found


def _statuses(standings: Iterable[Standing]) -> Iterable[Status]:
    return (standing.status for standing in standings)
