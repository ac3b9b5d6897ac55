"""Which months or years the rules want to know figures of."""

from collections.abc import Iterable
from datetime import date

from madoguchi.eligibility.rules.computed import SalesDrop
from madoguchi.eligibility.rules.facts import Fact, FactType
from madoguchi.eligibility.rules.leaves import Between, Leaf, period_of

_MONTHS = range(1, 13)


def periods(fact: Fact, leaves: Iterable[Leaf], *, on: date) -> list[str]:
    """The months (2022-04) of a monthly fact, the years (2022) of a yearly one, newest year first."""
    if fact.type not in (FactType.MONTHLY, FactType.YEARLY):
        return []
    years: set[int] = set()
    for leaf in leaves:
        if isinstance(leaf, SalesDrop):
            years |= years_of(leaf, fact.type)
        elif isinstance(leaf, Between) and leaf.period:
            years.add(int(period_of(leaf.period, on)[:4]))
    ordered = sorted(years or {on.year}, reverse=True)
    if fact.type is FactType.YEARLY:
        return [str(year) for year in ordered]
    return [f"{year}-{month:02}" for year in ordered for month in _MONTHS]


def years_of(leaf: SalesDrop, kind: FactType) -> set[int]:
    """The years a fall in sales looks at: all by month, those compared with in whole."""
    against = set(leaf.requirement.against)
    return against if kind is FactType.YEARLY else against | {leaf.requirement.year}
