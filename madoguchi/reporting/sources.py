"""Indicators that the records count: an indicator's `measure` is the key of one of these figures."""

from collections.abc import Collection
from dataclasses import dataclass

from madoguchi.consultations.statistics.measures import MEASURES, values
from madoguchi.consultations.statistics.scope import Scope, of_year


@dataclass(frozen=True)
class Measured:
    """A figure of a fiscal year with its unit, what it counts, and the days it was counted over."""

    key: str
    number: int
    unit: str
    label: str
    meaning: str
    scope: Scope

    @property
    def raw(self) -> str:
        """The figure as a table prints it."""
        return f"{self.number:,}{self.unit}"


def measured(keys: Collection[str], *, fiscal_year: int) -> dict[str, Measured]:
    """The figures of a year by their keys; a key that no figure has is left out."""
    wanted = [MEASURES[key] for key in sorted(set(keys)) if key in MEASURES]
    if not wanted:
        return {}
    scope = of_year(fiscal_year)
    numbers = values(wanted, scope)
    return {
        each.key: Measured(
            each.key, numbers[each.key], str(each.unit), str(each.label), str(each.meaning), scope
        )
        for each in wanted
    }
