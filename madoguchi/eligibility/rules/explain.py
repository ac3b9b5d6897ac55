"""Why a rule stands as it does: requirements, what decides, the nearest miss, what is still to be asked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeGuard

from madoguchi.eligibility.rules.conditions import (
    Condition,
    Defined,
    Group,
    Node,
    Not,
    Source,
    source_of,
    turned,
)
from madoguchi.eligibility.rules.evaluate import Standing
from madoguchi.eligibility.rules.facts import Change, Dictionary
from madoguchi.eligibility.rules.leaves import Leaf
from madoguchi.eligibility.rules.status import Status, Verdict, verdict_of
from madoguchi.eligibility.rules.values import Facts, Range, Value


# Not frozen: that would triple the time it takes to make them, and one visitor can need hundreds. They are
# shared between visitors, and nobody changes one.
@dataclass(slots=True, unsafe_hash=True)
class Reason:
    """One requirement with its answer and source; `details` are the leaves that decide it."""

    status: Status
    because: str
    source: Source
    details: tuple["Reason", ...] = ()


@dataclass(frozen=True, slots=True)
class Miss:
    """The cheapest set of conditions that would have to change, and how hard that is (rules.facts.Change).

    Each has the sentence that would have to hold: of what must not be, the one the other way round."""

    changes: tuple[Condition, ...]
    weight: int


@dataclass(slots=True, eq=False)
class Explanation:
    """How a rule stands, and why: all that a visitor is told of it. Not frozen, as Reason is not.

    `reasons` are the requirements, `deciding` the leaves that settle it or keep it from being settled, `miss`
    what would have to change for an unmet rule to be met, `ask` the facts that could still settle it."""

    status: Status
    reasons: tuple[Reason, ...]
    deciding: tuple[Reason, ...]
    miss: Miss | None
    ask: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """The verdict that follows."""
        return verdict_of(self.status)


def explain(standing: Standing, facts: Facts, dictionary: Dictionary) -> Explanation:
    """Everything at once, from the standing of one rule; `composed` does it for many rules."""
    return Explanation(
        standing.status,
        requirements(standing),
        deciding(standing),
        nearest_miss(standing, dictionary),
        open_facts(standing, facts),
    )


def requirements(standing: Standing) -> tuple[Reason, ...]:
    """The requirements in the order of the rule: an unnamed `all` falls apart into what it holds."""
    return tuple(_requirements(standing))


def _requirements(standing: Standing) -> Iterator[Reason]:
    node = standing.node
    if is_unnamed_all(node):
        for inner in standing.inside:
            yield from _requirements(inner)
        return
    details = () if isinstance(node, Condition | Not) else tuple(_deciding(standing))
    yield Reason(standing.status, sentence_of(node), source_of(node), details)


def is_unnamed_all(node: Node) -> TypeGuard[Group]:
    """Whether a node only holds together what must hold."""
    return isinstance(node, Group) and node.is_all and not node.because


def deciding(standing: Standing) -> tuple[Reason, ...]:
    """The leaves that settle the whole, or keep it from being settled."""
    return tuple(_deciding(standing))


def _deciding(standing: Standing) -> Iterator[Reason]:
    node = standing.node
    if isinstance(node, Condition | Not):
        yield Reason(standing.status, node.because, source_of(node))
    elif isinstance(node, Defined):
        yield from _deciding(standing.inside[0])
    else:
        for inner in standing.inside:
            if inner.status is standing.status:
                yield from _deciding(inner)


def sentence_of(node: Node) -> str:
    """The sentence of a requirement; a group that has none is worded from what it holds."""
    if node.because or not isinstance(node, Group):
        return node.because
    sentences = list(dict.fromkeys(sentence_of(inner) for inner in node.of))
    if node.n == 1:
        return "、または".join(sentences)
    if node.is_all:
        return "、".join(sentences)
    return f"次のうち{node.n}つ以上: " + "、".join(sentences)


def open_facts(standing: Standing, facts: Facts) -> tuple[str, ...]:
    """The facts that could still settle the whole, in the order of the rule; none once it is settled."""
    return tuple(dict.fromkeys(_open(standing, facts)))


def _open(standing: Standing, facts: Facts) -> Iterator[str]:
    if standing.status is not Status.UNKNOWN:
        return
    if isinstance(standing.node, Condition):
        yield from missing(standing.node.leaf, facts)
    for inner in standing.inside:
        yield from _open(inner, facts)


def missing(leaf: Leaf, facts: Facts) -> tuple[str, ...]:
    """The facts that an unknown comparison waits for."""
    untold = tuple([key for key in leaf.facts if key not in facts])
    # A fact that is told but too coarse, such as a range or a wide code, is asked again.
    return untold or tuple([key for key in leaf.facts if not _is_final(facts[key])])


def _is_final(value: Value) -> bool:
    return isinstance(value, bool) or (isinstance(value, Range) and value.is_exact)


def nearest_miss(standing: Standing, dictionary: Dictionary) -> Miss | None:
    """What would have to change for an unmet rule to be met, preferring what people can change."""
    if standing.status is not Status.UNMET:
        return None
    return _cheapest(standing, dictionary, wanted=True)


def _cheapest(standing: Standing, dictionary: Dictionary, *, wanted: bool) -> Miss:
    """The cheapest way to make a node met (or unmet); what is not settled costs nothing."""
    node = standing.node
    if isinstance(node, Condition):
        if standing.status is not (Status.UNMET if wanted else Status.MET):
            return Miss((), 0)
        said = node if wanted else replace(node, because=turned(node.because))
        return Miss((said,), weight_of(node, dictionary))
    if isinstance(node, Not):
        way = _cheapest(standing.inside[0], dictionary, wanted=not wanted)
        if wanted and isinstance(node.node, Condition):
            # The rule's own words for the other way round.
            return replace(way, changes=tuple(replace(each, because=node.because) for each in way.changes))
        return way
    if isinstance(node, Defined):
        return _cheapest(standing.inside[0], dictionary, wanted=wanted)
    # To make "at least n" fail, all but n - 1 of them have to fail.
    needed = node.n if wanted else len(node.of) - node.n + 1
    return cheapest([_cheapest(inner, dictionary, wanted=wanted) for inner in standing.inside], needed)


def cheapest(ways: Iterable[Miss], needed: int) -> Miss:
    """So many of the ways together: the cheapest ones, and of equal ones the first."""
    chosen = sorted(ways, key=lambda way: way.weight)[:needed]
    conditions = dict.fromkeys(condition for way in chosen for condition in way.changes)
    return Miss(tuple(conditions), sum(way.weight for way in chosen))


def weight_of(condition: Condition, dictionary: Dictionary) -> int:
    """How hard it is to change what a condition looks at."""
    facts = [dictionary.get(key) for key in condition.leaf.facts]
    return sum(int(fact.change if fact else Change.FIXED) for fact in facts)
