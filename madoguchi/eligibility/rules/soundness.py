"""Branches of a rule that can never matter: a rule that has one says something else than it means."""

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from madoguchi.eligibility.rules.conditions import Condition, Group, Node
from madoguchi.eligibility.rules.leaves import Between, Day, Judgement, Leaf, Truth, Within
from madoguchi.eligibility.rules.status import Status


def unsound(node: Node) -> Iterator[str]:
    """A sentence for each pair of conditions that exclude or repeat each other."""
    yield from dict.fromkeys((*contradictory(node), *_repeated(node)))


def contradictory(node: Node) -> Iterator[str]:
    """A sentence for each pair of conditions that must both be met and never can."""
    if isinstance(node, Group) and node.is_all:
        for one, other in combinations(_required(node), 2):
            if _exclude(one, other):
                yield f"けっして同時には満たされません（{one.because}、{other.because}）"
        inside: tuple[Node, ...] = tuple(inner for inner in _flat(node) if not isinstance(inner, Condition))
    elif isinstance(node, Group):
        inside = node.of
    else:
        inside = () if isinstance(node, Condition) else (node.node,)
    for inner in inside:
        yield from contradictory(inner)


def _repeated(node: Node) -> Iterator[str]:
    if isinstance(node, Group):
        conditions = [inner for inner in node.of if isinstance(inner, Condition)]
        for one, other in combinations(conditions, 2):
            if one.leaf == other.leaf and not isinstance(one.leaf, Judgement):
                yield f"同じ条件が二度あります（{one.because}、{other.because}）"
        for inner in node.of:
            yield from _repeated(inner)
    elif not isinstance(node, Condition):
        yield from _repeated(node.node)


def _required(group: Group) -> list[Condition]:
    return [inner for inner in _flat(group) if isinstance(inner, Condition)]


def _flat(group: Group) -> Iterator[Node]:
    """What an `all` holds, with that of every `all` directly inside it."""
    for inner in group.of:
        if isinstance(inner, Group) and inner.is_all:
            yield from _flat(inner)
        else:
            yield inner


def _exclude(one: Condition, other: Condition) -> bool:
    a, b = one.leaf, other.leaf
    if isinstance(a, Truth) and isinstance(b, Truth):
        return a.fact == b.fact and a.value != b.value
    if isinstance(a, Within) and isinstance(b, Within):
        return a.fact == b.fact and _apart(a, b) and _apart(b, a)
    c, d = _stated(a), _stated(b)
    if c is None or d is None or (c.fact, c.period) != (d.fact, d.period):
        return False
    return _before(c, d) or _before(d, c)


def _apart(a: Within, b: Within) -> bool:
    return all(b.ask_code(code) is Status.UNMET for code in a.codes)


def _stated(leaf: Leaf) -> Between | None:
    """A comparison of numbers or of stated days; days counted back lie elsewhere every day."""
    if isinstance(leaf, Day) and all(bound is None or bound.day for bound in (leaf.first, leaf.last)):
        return leaf.between(date.min)
    return leaf if isinstance(leaf, Between) else None


def _before(a: Between, b: Between) -> bool:
    if a.high is None or b.low is None:
        return False
    return a.high < b.low or (a.high == b.low and (a.high_open or b.low_open))
