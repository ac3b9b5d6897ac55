"""What of the results the public reads.

A year is public once its lists are no drafts any more; a value once it is approved, unless its year is still
being prepared. What stands in a year that is not public is as if it were not there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from madoguchi.institutions.models import Unit
from madoguchi.results.models import (
    CaseStudy,
    Indicator,
    IndicatorValue,
    Listing,
    ListingRow,
    Narrative,
    Project,
    ProjectIndicator,
    ReportYear,
    ValueChange,
)
from madoguchi.results.states import EntryState


@dataclass(frozen=True)
class IndicatorRow:
    """One row of a project's table: the indicator, its name there, its public values, newest year first."""

    indicator: Indicator
    name: str
    values: tuple[IndicatorValue, ...]


@dataclass(frozen=True)
class ProjectResults:
    """What came of a project."""

    narrative: Narrative | None
    rows: tuple[IndicatorRow, ...]
    case_studies: tuple[CaseStudy, ...]


def years() -> list[int]:
    """The fiscal years whose reports are public, the newest first."""
    return sorted(set(_years().values_list("fiscal_year", flat=True)), reverse=True)


def _years() -> QuerySet[Listing]:
    return Listing.objects.filter(is_draft=False)


def values() -> QuerySet[IndicatorValue]:
    """Every public value with its indicator."""
    prepared = ReportYear.objects.exclude(fiscal_year__in=_years().values("fiscal_year"))
    shown = ProjectIndicator.objects.filter(indicator=OuterRef("indicator"), project__is_draft=False)
    return (
        IndicatorValue.objects.filter(state=EntryState.APPROVED)
        .filter(Q(Exists(shown)) | Q(indicator__programme__isnull=False))
        .exclude(fiscal_year__in=prepared.values("fiscal_year"))
        .select_related("indicator")
        .order_by("-fiscal_year", "pk")
    )


def corrections() -> Prefetch[Any]:
    """The changes of values that are corrections, the oldest first: only what is public has a reason."""
    changes = ValueChange.objects.exclude(reason="").filter(before__isnull=False)
    return Prefetch("changes", queryset=changes.order_by("version", "pk"))


def results_of(project: Project) -> ProjectResults:
    """What came of a public project with the corrections of its values: six queries, however much it is."""
    figures = values().prefetch_related(corrections())
    public = Prefetch("indicator__values", queryset=figures, to_attr="public_values")
    listed = project.indicator_rows.select_related("indicator").prefetch_related(public)
    rows = [
        IndicatorRow(row.indicator, row.printed_name or row.indicator.name, _public(row.indicator))
        for row in listed.order_by("position", "pk")
    ]
    narrative = Narrative.objects.filter(project=project, state=EntryState.APPROVED).first()
    studies = project.case_studies.filter(state=EntryState.APPROVED, listing__is_draft=False)
    return ProjectResults(narrative, tuple(rows), tuple(studies.order_by("position", "pk")))


def _public(indicator: Indicator) -> tuple[IndicatorValue, ...]:
    return tuple(indicator.public_values)  # type: ignore[attr-defined]


def indicator(key: str) -> Indicator | None:
    """The indicator of that key with the unit that owns it."""
    return Indicator.objects.select_related("owner", "programme").filter(key=key).first()


def values_of(indicator: Indicator) -> list[IndicatorValue]:
    """Its public values, the newest year first, the one of no single year last."""
    rows = list(values().filter(indicator=indicator))
    return sorted(rows, key=lambda row: (row.fiscal_year is None, -(row.fiscal_year or 0)))


def projects_of(indicator: Indicator) -> list[Project]:
    """The public projects whose tables carry the indicator, the newest first, with their units."""
    units = Prefetch("units", queryset=Unit.objects.order_by("full_name", "pk"))
    rows = Project.objects.filter(indicator_rows__indicator=indicator, is_draft=False).distinct()
    return list(rows.prefetch_related(units).order_by("-fiscal_year", "name", "pk"))


def changes_of(value: IndicatorValue) -> list[ValueChange]:
    """Every change of a value, the oldest first."""
    return list(value.changes.order_by("version", "pk"))


def report_year_of(value: IndicatorValue) -> ReportYear | None:
    """The record of the report that a value is made for, with its secretariat: that of its year, or of the
    next, which prints it as last year's."""
    if value.fiscal_year is None:
        return None
    years = ReportYear.objects.select_related("secretariat").filter(
        fiscal_year__in=(value.fiscal_year, value.fiscal_year + 1)
    )
    return years.order_by("fiscal_year", "pk").first()


def titles(fiscal_years: Iterable[int]) -> dict[int, str]:
    """The titles of these reports; a year without one is left out."""
    rows = ReportYear.objects.filter(fiscal_year__in=list(fiscal_years)).exclude(title="")
    return dict(rows.values_list("fiscal_year", "title"))


def printed_rows() -> list[ListingRow]:
    """Every printed row of the public lists with its list and project."""
    rows = ListingRow.objects.filter(listing__is_draft=False).select_related("listing", "project")
    return list(rows.order_by("listing__fiscal_year", "listing__code", "number", "pk"))
