"""Where one value of an indicator comes from. The public reads which unit stands for it, staff who it was."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.statistics.measures import MEASURES
from madoguchi.institutions.models import SourceDocument, Unit
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.reporting import sources
from madoguchi.reporting.annual import wording as printed
from madoguchi.results.models import Indicator, IndicatorValue, Project, ReportYear, ValueChange
from madoguchi.results.values import cell_of
from madoguchi.web.portal.shapes.report_figures import series, share, trace_url, year_label
from madoguchi.web.portal.shapes.sources import Citation, of_entry

SEES_ROWS = "cases.statistics"
REGION = "cases.region_statistics"


@dataclass(frozen=True)
class Step:
    """Something that was done with the value: by whom as the reader may see it, and when."""

    who: str
    at: datetime | None


@dataclass(frozen=True)
class Correction:
    """A change after the value was public, or for staff any change; `before` is empty for the first entry."""

    at: datetime
    before: str
    after: str
    reason: str
    who: str

    @property
    def is_public(self) -> bool:
        """Whether it corrected what was public: only that is changed with a reason (訂正)."""
        return bool(self.reason and self.before)


@dataclass(frozen=True)
class Measured:
    """The calculation behind a value, and the rows for those who may see them."""

    label: str | Promise
    meaning: str | Promise
    rows_url: str


@dataclass(frozen=True)
class YearBar:
    """One year of the indicator; no bar where the years cannot be compared."""

    label: str
    text: str
    width: int | None
    is_here: bool
    url: str


@dataclass(frozen=True)
class Trace:
    """All that is known of one value."""

    name: str
    question: str
    year: str
    text: str
    is_provisional: bool
    counting: str
    good: str
    note: str
    is_from_document: bool
    entered: Step
    approved: Step
    evidence: str
    measured: Measured | None
    corrections: list[Correction]
    years: list[YearBar]
    has_bars: bool
    projects: list[Project]
    citations: list[Citation]

    @property
    def corrected(self) -> Correction | None:
        """The newest correction of what was public; what a unit changed before that has no reason."""
        return next((each for each in reversed(self.corrections) if each.is_public), None)


def trace(
    value: IndicatorValue,
    *,
    values: Sequence[IndicatorValue],
    changes: Iterable[ValueChange],
    projects: list[Project],
    report_year: ReportYear | None,
    documents: dict[str, SourceDocument],
    hat: Hat | None,
    sees_people: bool,
) -> Trace:
    """The value with its way into the report, as this reader may see it."""
    indicator = value.indicator
    is_from_document = bool(value.content_hash) and value.edited_at is None
    years = _years(values, value)
    corrections = _corrections(changes, sees_all=sees_people)
    is_corrected = any(each.is_public for each in corrections)
    return Trace(
        name=indicator.name,
        question=indicator.question,
        year=value.period or year_label(value.fiscal_year),
        text=printed.printed(cell_of(value)),
        is_provisional=value.provisional,
        counting=str(indicator.get_counting_display()),
        good=str(indicator.get_good_display()),
        note=value.note,
        is_from_document=is_from_document,
        # Who corrected it and when stands with the correction, not as who entered it.
        entered=Step(_unit(value, projects, "", sees_people), None)
        if is_corrected
        else Step(_unit(value, projects, value.entered_by_label, sees_people), value.entered_at),
        approved=Step(_secretariat(report_year, value.approved_by_label, sees_people), value.approved_at),
        evidence=value.evidence,
        measured=_measured(value, hat),
        corrections=corrections,
        years=years,
        has_bars=any(each.width is not None for each in years),
        projects=projects,
        citations=of_entry(value.source, documents),
    )


def units_of(indicator: Indicator, projects: Sequence[Project]) -> list[Unit]:
    """Who stands for an indicator: its owner, or the units of the newest project with it."""
    if indicator.owner:
        return [indicator.owner]
    return [unit for project in projects[:1] for unit in project.units.all()]


def _unit(value: IndicatorValue, projects: Sequence[Project], person: str, sees_people: bool) -> str:
    units = units_of(value.indicator, projects)
    named = "・".join(unit.full_name for unit in units) or gettext("担当課")
    return _with_person(named, person, sees_people)


def _secretariat(report_year: ReportYear | None, person: str, sees_people: bool) -> str:
    unit = report_year.secretariat if report_year else None
    return _with_person(unit.full_name if unit else gettext("とりまとめの部署"), person, sees_people)


def _with_person(unit: str, person: str, sees_people: bool) -> str:
    return f"{unit}　{person}" if sees_people and person else unit


def _corrections(changes: Iterable[ValueChange], *, sees_all: bool) -> list[Correction]:
    """For the public those with a reason: only what was public is corrected with one."""
    return [
        Correction(
            at=change.changed_at,
            before=_raw(change.before),
            after=_raw(change.after),
            reason=change.reason,
            who=change.actor_label if sees_all else "",
        )
        for change in changes
        if sees_all or (change.reason and change.before)
    ]


def _raw(kept: dict[str, Any] | None) -> str:
    return str(kept["raw"]) or printed.NONE if kept else ""


def _measured(value: IndicatorValue, hat: Hat | None) -> Measured | None:
    named = sources.words(value.indicator.measure)
    if named is None or value.fiscal_year is None or not sources.is_counted(value, value.indicator):
        return None
    label, meaning = named
    return Measured(label, meaning, _rows_url(value, value.fiscal_year, hat))


def _rows_url(value: IndicatorValue, fiscal_year: int, hat: Hat | None) -> str:
    """Where a reader who may see them finds the rows of a figure of consultations."""
    measure, _at, organisation = value.indicator.measure.partition("@")
    if hat is None or not hat.may(SEES_ROWS) or measure not in MEASURES:
        return ""
    year = FiscalYear(fiscal_year)
    asked = {
        "measure": measure,
        "first": year.starts_on.isoformat(),
        "last": year.ends_on.isoformat(),
        "whose": "region" if hat.may(REGION) else "organisation",
    } | ({"of": organisation} if organisation else {})
    return f"{reverse('desk:statistics_rows')}?{urlencode(asked)}"


def _years(values: Sequence[IndicatorValue], here: IndicatorValue) -> list[YearBar]:
    """Every public year of the indicator, the oldest first."""
    cells = {value.fiscal_year: cell_of(value) for value in values if value.fiscal_year is not None}
    numbers = dict(series(cells))
    longest = max((part.number for part in numbers.values()), default=None)
    return [
        YearBar(
            label=value.period or year_label(value.fiscal_year),
            text=printed.printed(cell_of(value)),
            width=share(numbers[value.fiscal_year].number, longest)
            if longest is not None and value.fiscal_year in numbers
            else None,
            is_here=value.pk == here.pk,
            url=trace_url(value.indicator.key, value.fiscal_year),
        )
        for value in sorted(values, key=lambda row: (row.fiscal_year is None, row.fiscal_year or 0))
    ]
