"""The statistics page: what was asked in the address, the figures, one breakdown with its bars."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.statistics.dimensions import DIMENSIONS, Dimension
from madoguchi.consultations.statistics.measures import MEASURES, Measure
from madoguchi.consultations.statistics.results import Results, Satisfaction, results, satisfaction
from madoguchi.consultations.statistics.scope import Scope
from madoguchi.consultations.statistics.tables import (
    Durations,
    Table,
    headlines,
    table,
    time_to_close,
    time_to_first_response,
)
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.web.shared import wording

REGION = "cases.region_statistics"
# Days beyond are typing errors; the days around them must exist too.
_FIRST_YEAR, _LAST_YEAR = 1950, 2200
_BAR_WIDTH = 200


@dataclass(frozen=True)
class Asked:
    """What the address asks for; whatever is not understood is the default."""

    measure: Measure
    by: Dimension
    across: Dimension | None
    scope: Scope
    whose: str

    @property
    def query(self) -> dict[str, str]:
        """The address's parameters again."""
        return {
            "measure": self.measure.key,
            "by": self.by.key,
            "across": self.across.key if self.across else "",
            "first": self.scope.first.isoformat(),
            "last": self.scope.last.isoformat(),
            "whose": self.whose,
        }


@dataclass(frozen=True)
class Option:
    """One choice of a select."""

    value: str
    label: str | Promise
    is_chosen: bool


@dataclass(frozen=True)
class Figure:
    """One headline figure beside that of the same days a year before; None is too small to show."""

    label: str | Promise
    unit: str | Promise
    meaning: str | Promise
    value: int | None
    before: int | None
    url: str


@dataclass(frozen=True)
class Bar:
    """One row of the breakdown; None is a count too small to show."""

    label: str
    total: int | None
    cells: Sequence[int | None]
    width: int
    url: str


@dataclass(frozen=True)
class StatisticsPage:
    """All that the page shows."""

    asked: Asked
    measures: Sequence[Option]
    dimensions: Sequence[Option]
    acrosses: Sequence[Option]
    whose: Sequence[Option]
    years: Sequence[tuple[str, str]]
    figures: Sequence[Figure]
    first_response: Durations
    first_response_url: str
    closing: Durations
    closing_url: str
    results: Results
    sales: str
    raised: str
    satisfaction: Satisfaction
    table: Table
    bars: Sequence[Bar]
    csv_url: str
    xlsx_url: str


def asked(parameters: Mapping[str, str], *, hat: Hat, today: date) -> Asked:
    """Read the address: without anything, this fiscal year until today of the own organisation."""
    year = FiscalYear.of(today)
    first = _day(parameters.get("first", "")) or year.starts_on
    last = _day(parameters.get("last", "")) or (today if first <= today else year.ends_on)
    if last < first:
        first, last = last, first
    measure = MEASURES.get(parameters.get("measure", ""), MEASURES["consultations"])
    fitting = [dimension for dimension in DIMENSIONS.values() if dimension.fits(measure.subject)]
    by = next((d for d in fitting if d.key == parameters.get("by")), fitting[0])
    across = next(
        (d for d in fitting if d.key == parameters.get("across") and d.is_short and d is not by), None
    )
    whose = parameters.get("whose", "")
    whose = whose if whose in dict(_whose(hat)) else "organisation"
    scope = Scope(
        first,
        last,
        organisation_id=None if whose == "region" else hat.organisation_id,
        adviser_id=hat.user_id if whose == "mine" else None,
    )
    # Whoever counts single days of everybody could take two figures apart until one business is left.
    return Asked(measure, by, across, scope.whole_months if whose == "region" else scope, whose)


def page(question: Asked, *, hat: Hat, today: date) -> StatisticsPage:
    """Work the page out."""
    broken_down = table(
        measure=question.measure, by=question.by, across=question.across, scope=question.scope
    )
    fitting = [dimension for dimension in DIMENSIONS.values() if dimension.fits(question.measure.subject)]
    came_of_it = results(question.scope)
    return StatisticsPage(
        asked=question,
        measures=[Option(m.key, m.label, m is question.measure) for m in MEASURES.values()],
        dimensions=[Option(d.key, d.label, d is question.by) for d in fitting],
        acrosses=[
            Option("", _("なし"), question.across is None),
            *(
                Option(d.key, d.label, d is question.across)
                for d in fitting
                if d.is_short and d is not question.by
            ),
        ],
        whose=[Option(key, label, key == question.whose) for key, label in _whose(hat)],
        years=_years(today, question),
        figures=_figures(question),
        first_response=time_to_first_response(question.scope),
        first_response_url=_rows_url(question, "cases_opened"),
        closing=time_to_close(question.scope),
        closing_url=_rows_url(question, "cases_closed"),
        results=came_of_it,
        sales=wording.in_man(came_of_it.sales_yen),
        raised=wording.in_man(came_of_it.raised_yen),
        satisfaction=satisfaction(question.scope),
        table=broken_down,
        bars=_bars(broken_down, question),
        csv_url=_url("statistics_csv", question.query),
        xlsx_url=_url("statistics_xlsx", question.query),
    )


def as_rows(found: Table) -> tuple[list[str], list[list[str | int | None]]]:
    """A breakdown as head and rows of a sheet; a hidden count is written as such and never as a number."""
    head = [str(found.by.label), *found.columns, str(found.measure.label)]
    hidden = gettext("非公表")
    rows: list[list[str | int | None]] = [
        [
            row.label,
            *(hidden if cell is None else cell for cell in row.cells),
            hidden if row.total is None else row.total,
        ]
        for row in found.rows
    ]
    totals = [hidden if total is None else total for total in found.column_totals]
    return head, [*rows, [gettext("合計"), *totals, hidden if found.total is None else found.total]]


def _figures(question: Asked) -> list[Figure]:
    scope = question.scope
    before = scope.year_before
    if question.whose == "region":
        before = before.whole_months
    now, then = headlines(scope), headlines(before)
    return [
        Figure(measure.label, measure.unit, measure.meaning, now[key], then[key], _rows_url(question, key))
        for key, measure in MEASURES.items()
    ]


def _rows_url(question: Asked, measure: str) -> str:
    return _url("statistics_rows", question.query | {"measure": measure, "by": "", "across": ""})


def _bars(found: Table, question: Asked) -> list[Bar]:
    longest = max((row.total or 0 for row in found.rows), default=0) or 1
    return [
        Bar(
            row.label,
            row.total,
            row.cells,
            _BAR_WIDTH * (row.total or 0) // longest,
            _url("statistics_rows", question.query | {"code": row.code, "across": ""}),
        )
        for row in found.rows
    ]


def _whose(hat: Hat) -> list[tuple[str, str | Promise]]:
    choices: list[tuple[str, str | Promise]] = [("organisation", _("自分の機関"))]
    if hat.may("cases.read"):
        choices.append(("mine", _("自分の担当")))
    if hat.may(REGION):
        choices.append(("region", _("地域のすべての機関")))
    return choices


def _years(today: date, question: Asked) -> list[tuple[str, str]]:
    """Links to whole fiscal years: this one and the two before."""
    year = FiscalYear.of(today)
    links = []
    for each in (year, year.previous, year.previous.previous):
        days = {"first": each.starts_on.isoformat(), "last": each.ends_on.isoformat()}
        links.append((each.label, _url("statistics", question.query | days)))
    return links


def _url(name: str, query: Mapping[str, str]) -> str:
    return f"{reverse(f'desk:{name}')}?{urlencode(query)}"


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None
