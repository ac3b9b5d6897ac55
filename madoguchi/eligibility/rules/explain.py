"""Why a rule stands as it does: requirements, what decides, the nearest miss, what is still to be asked."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

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
from madoguchi.eligibility.rules.status import Status
from madoguchi.eligibility.rules.values import Facts, Range, Value


@dataclass(frozen=True, slots=True)
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


def requirements(standing: Standing) -> tuple[Reason, ...]:
    """The requirements in the order of the rule: an unnamed `all` falls apart into what it holds."""
    return tuple(_requirements(standing))


def _requirements(standing: Standing) -> Iterator[Reason]:
    node = standing.node
    if isinstance(node, Group) and node.is_all and not node.because:
        for inner in standing.inside:
            yield from _requirements(inner)
        return
    details = () if isinstance(node, Condition | Not) else tuple(_deciding(standing))
    yield Reason(standing.status, _sentence(node), source_of(node), details)


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


def _sentence(node: Node) -> str:
    if node.because or not isinstance(node, Group):
        return node.because
    sentences = list(dict.fromkeys(_sentence(inner) for inner in node.of))
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
        yield from _missing(standing.node.leaf, facts)
    for inner in standing.inside:
        yield from _open(inner, facts)


def _missing(leaf: Leaf, facts: Facts) -> Iterator[str]:
    untold = [key for key in leaf.facts if key not in facts]
    # A fact that is told but too coarse, such as a range or a wide code, is asked again.
    yield from untold or (key for key in leaf.facts if not _is_final(facts[key]))


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
        return Miss((said,), sum(_weight(key, dictionary) for key in node.leaf.facts))
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
    ways = sorted(
        (_cheapest(inner, dictionary, wanted=wanted) for inner in standing.inside), key=lambda way: way.weight
    )
    chosen = ways[:needed]
    conditions = dict.fromkeys(condition for way in chosen for condition in way.changes)
    return Miss(tuple(conditions), sum(way.weight for way in chosen))


def _weight(key: str, dictionary: Dictionary) -> int:
    fact = dictionary.get(key)
    return int(fact.change if fact else Change.FIXED)
