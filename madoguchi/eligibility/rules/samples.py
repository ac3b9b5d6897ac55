"""What people may answer to a question, as the answers that its comparisons would get.

No register is asked: numbers and days fall into the spans between the limits that the rules state, codes
into those that the rules name. Where a fact tells how usual its answers are (`usual`), that counts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from madoguchi.eligibility.rules.facts import Fact, FactType
from madoguchi.eligibility.rules.leaves import Between, Day, Has, Leaf, Within
from madoguchi.eligibility.rules.status import Status
from madoguchi.eligibility.rules.values import Facts, Range, Value

Placed = Sequence[tuple[int, Leaf]]
"""Comparisons with their places in a book."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One possible answer: how likely, and the status that each place would get."""

    weight: float
    statuses: tuple[tuple[int, Status], ...]


def samples_of(fact: Fact, placed: Placed, *, on: date) -> tuple[Sample, ...]:
    """The answers worth telling apart; those that give every comparison the same status are one."""
    found: dict[tuple[tuple[int, Status], ...], float] = {}
    for weight, value in _values(fact, placed, on):
        facts: Facts = {} if value is None else {fact.key: value}
        statuses = tuple(
            (place, Status.UNMET if value is None else leaf.ask(facts, on)) for place, leaf in placed
        )
        found[statuses] = found.get(statuses, 0.0) + weight
    if not found:
        # Figures by month or year: that they decide is all that can be foreseen.
        for status in (Status.MET, Status.UNMET):
            found[tuple((place, status) for place, _ in placed)] = 1.0
    total = sum(found.values())
    return tuple(Sample(weight / total, statuses) for statuses, weight in found.items())


def _values(fact: Fact, placed: Placed, on: date) -> Iterable[tuple[float, Value | None]]:
    leaves = [leaf for _, leaf in placed]
    usual = dict(fact.usual)
    if fact.type is FactType.BOOLEAN:
        return [(float(usual.get("true", 1)), True), (float(usual.get("false", 2)), False)]
    if fact.type is FactType.SET:
        codes = {code for leaf in leaves if isinstance(leaf, Has) for code in leaf.codes}
        return [(1.0, frozenset({code})) for code in sorted(codes)] + [(2.0, frozenset())]
    if fact.type in (FactType.CHOICE, FactType.INDUSTRY, FactType.AREA):
        return _codes(fact, leaves, usual)
    if fact.type in (FactType.YEN, FactType.COUNT, FactType.PERCENT, FactType.DATE):
        return _spans(leaves, on)
    return []


def _codes(fact: Fact, leaves: Sequence[Leaf], usual: dict[str, int]) -> Iterable[tuple[float, Value | None]]:
    named = sorted({code for leaf in leaves if isinstance(leaf, Within) for code in leaf.codes})
    if fact.type is FactType.AREA:
        # Nearly everybody who asks a region's window is from the region.
        return [(4.0, code) for code in named] + [(1.0, _NONE_OF_THEM)]
    if fact.choices:
        widest = [choice.code for choice in fact.choices]
        parents = {choice.parent for choice in fact.choices}
        return [(float(usual.get(code, 1)), code) for code in widest if code not in parents]
    return [(float(usual.get(code, 1)), code) for code in named] + [(3.0, _NONE_OF_THEM)]


# An answer that no rule names: every comparison fails.
_NONE_OF_THEM = None


def _spans(leaves: Sequence[Leaf], on: date) -> Iterable[tuple[float, Value | None]]:
    ranges = [leaf.between(on) if isinstance(leaf, Day) else leaf for leaf in leaves]
    limits: set[Any] = set()
    for between in ranges:
        if isinstance(between, Between):
            limits |= {end for end in (between.low, between.high) if end is not None}
    step: Any = timedelta(days=1) if any(isinstance(limit, date) for limit in limits) else 1
    edges = sorted(limits)
    around = [value for edge in edges for value in (edge - step, edge, edge + step)]
    return [(1.0, Range(value, value)) for value in around]
