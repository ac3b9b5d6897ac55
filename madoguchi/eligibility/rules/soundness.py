"""Branches of a rule that can never matter: a rule that has one says something else than it means."""

from collections.abc import Iterator
from itertools import combinations

from madoguchi.eligibility.rules.conditions import Condition, Group, Node
from madoguchi.eligibility.rules.leaves import Between, Judgement, Truth


def unsound(node: Node) -> Iterator[str]:
    """A sentence for each pair of conditions that exclude or repeat each other."""
    if isinstance(node, Group):
        yield from _pairs(node)
        for inner in node.of:
            yield from unsound(inner)
    elif not isinstance(node, Condition):
        yield from unsound(node.node)


def _pairs(group: Group) -> Iterator[str]:
    conditions = [inner for inner in group.of if isinstance(inner, Condition)]
    for one, other in combinations(conditions, 2):
        if one.leaf == other.leaf and not isinstance(one.leaf, Judgement):
            yield f"同じ条件が二度あります（{one.because}、{other.because}）"
        elif group.is_all and len(group.of) > 1 and _exclude(one, other):
            yield f"けっして同時には満たされません（{one.because}、{other.because}）"


def _exclude(one: Condition, other: Condition) -> bool:
    a, b = one.leaf, other.leaf
    if isinstance(a, Truth) and isinstance(b, Truth):
        return a.fact == b.fact and a.value != b.value
    if not (isinstance(a, Between) and isinstance(b, Between)) or (a.fact, a.period) != (b.fact, b.period):
        return False
    return _before(a, b) or _before(b, a)


def _before(a: Between, b: Between) -> bool:
    if a.high is None or b.low is None:
        return False
    return a.high < b.low or (a.high == b.low and (a.high_open or b.low_open))
