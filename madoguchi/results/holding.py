"""Which years hold what they print: from its lock on, nothing in a report changes unnoticed.

A value stands in the reports of its own year and of the next, which prints it as last year's; one of no
single year in all reports of its indicator's projects."""

from collections.abc import Collection, Iterable

from madoguchi.results.models import ReportYear
from madoguchi.results.states import YearState


def held_years() -> frozenset[int]:
    """The fiscal years whose report is locked or published."""
    return frozenset(ReportYear.objects.exclude(state=YearState.OPEN).values_list("fiscal_year", flat=True))


def reports_of(fiscal_year: int | None, project_years: Iterable[int]) -> frozenset[int]:
    """The fiscal years of the reports that print a value, of those in which its projects stand."""
    return frozenset(year for year in project_years if fiscal_year is None or fiscal_year in (year, year - 1))


def is_held(fiscal_year: int | None, project_years: Iterable[int], held: Collection[int]) -> bool:
    """Whether a value may not change, or only as a correction."""
    return not reports_of(fiscal_year, project_years).isdisjoint(held)
