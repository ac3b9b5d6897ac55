"""The report of a year at the desk: states in words, what a cell was read as, units with what they owe."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from madoguchi.institutions.models import Unit
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.reporting.sources import PAGE_VIEWS, Measured
from madoguchi.results.cells import Cell, CellKind, Part, is_misread
from madoguchi.results.models import Project, ReportYear, UnitReturn
from madoguchi.results.queries import owing
from madoguchi.results.queries.owing import Field, OwedProject
from madoguchi.results.rules import DOUBTS, Doubt
from madoguchi.results.states import WITH_UNIT, ReturnState, YearState
from madoguchi.web.portal.shapes.crumbs import Step
from madoguchi.web.shared import wording


@dataclass(frozen=True)
class Chip:
    """A state as a chip: its word and its look (the statuses of components.css)."""

    word: str
    look: str


def chip_of(state: ReturnState) -> Chip:
    """How far a unit is."""
    return {
        ReturnState.OWED: Chip(gettext("入力中"), "soon"),
        ReturnState.HANDED_IN: Chip(gettext("提出ずみ"), "any"),
        ReturnState.RETURNED: Chip(gettext("直すところあり"), "ask"),
        ReturnState.ACCEPTED: Chip(gettext("受け付けました"), "open"),
    }[state]


def year_words(state: YearState) -> str:
    """How far a report is."""
    return {
        YearState.OPEN: gettext("入力を受け付けています"),
        YearState.LOCKED: gettext("締め切りました。公表の前です"),
        YearState.PUBLISHED: gettext("公表しました"),
    }[state]


def to_report(year: ReportYear, *steps: tuple[str, str]) -> list[Step]:
    """The way: the report of a year, then each (address, label), the last without an address."""
    label = gettext("年次報告（%(year)s）") % {"year": wording.fiscal_year(year.fiscal_year)}
    home = reverse("desk:report", args=[year.fiscal_year]) if steps else ""
    return [Step(home, label), *(Step(url, words) for url, words in steps)]


# ── What a cell was read as ─────────────────────────────────────────────────────────────────────────
def in_words(cell: Cell) -> str:
    """How a cell was understood, read back; nothing where a figure cannot be read."""
    if is_misread(cell):
        return ""
    if cell.kind == CellKind.NOT_MEASURED:
        return gettext("測っていない（0とは別に扱います）")
    if cell.kind == CellKind.WORDS:
        return gettext("数字のない言葉として載せます")
    read = "、".join(_part(part) for part in cell.parts)
    return gettext("%s　※暫定値") % read if cell.provisional else read


def _part(part: Part) -> str:
    number = f"{part.number:,}"
    counted = gettext("延べ%s") % f"{number}{part.unit}" if part.cumulative else f"{number}{part.unit}"
    around = "・".join(word for word in (part.as_of, part.label) if word)
    return f"{around}：{counted}" if around else counted


def odd_words(doubts: Sequence[Doubt]) -> list[str]:
    """What looks odd, as sentences."""
    return [gettext(DOUBTS[each.kind]) % {"before": each.before, "now": each.now} for each in doubts]


def rows_url(measured: Measured) -> str:
    """Where the rows behind a figure are."""
    if measured.key == PAGE_VIEWS:
        return reverse("desk:report_views", args=[FiscalYear.of(measured.scope.first).start_year])
    query = {
        "measure": measured.key,
        "first": measured.scope.first.isoformat(),
        "last": measured.scope.last.isoformat(),
        "whose": "region",
    } | ({"of": measured.organisation} if measured.organisation else {})
    return f"{reverse('desk:statistics_rows')}?{urlencode(query)}"


# ── Units ───────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class ProjectLine:
    """One project: what of it is there, and what looks odd."""

    owed: OwedProject

    @property
    def project(self) -> Project:
        """The project."""
        return self.owed.project

    @property
    def asked(self) -> int:
        """How many things are asked: the figures and the texts."""
        return len(self.owed.fields) + 1

    @property
    def empty(self) -> int:
        """How many of them nobody has written."""
        return self.owed.missing

    @property
    def filled(self) -> int:
        """How many are there."""
        return self.asked - self.empty

    @property
    def odd(self) -> Sequence[Field]:
        """The figures that look odd and that nobody has explained."""
        return [field for field in self.owed.fields if is_odd(field)]


def is_odd(field: Field) -> bool:
    """Whether something looks odd about a figure that nobody has explained."""
    return bool(field.doubts) and not (field.now and field.now.evidence)


@dataclass(frozen=True)
class UnitLine:
    """One unit's return with the projects behind it."""

    row: UnitReturn
    projects: Sequence[ProjectLine]

    @property
    def unit(self) -> Unit:
        """The unit."""
        return self.row.unit

    @property
    def state(self) -> ReturnState:
        """How far it is."""
        return ReturnState(self.row.state)

    @property
    def chip(self) -> Chip:
        """How far it is, in words."""
        return chip_of(self.state)

    @property
    def asked(self) -> int:
        """How many things are asked."""
        return sum(each.asked for each in self.projects)

    @property
    def filled(self) -> int:
        """How many are there."""
        return sum(each.filled for each in self.projects)

    @property
    def empty(self) -> int:
        """How many are not."""
        return self.asked - self.filled

    @property
    def odd(self) -> int:
        """How many figures look odd and are not explained."""
        return sum(len(each.odd) for each in self.projects)

    @property
    def is_with_unit(self) -> bool:
        """Whether the unit still has it in its hands."""
        return self.state in WITH_UNIT

    @property
    def next(self) -> ProjectLine | None:
        """The first project in which something is missing or odd."""
        return next((each for each in self.projects if each.empty or each.odd), None)


def unit_lines(year: ReportYear, units: Collection[int] | None = None) -> list[UnitLine]:
    """Every unit that owes something to a report, or those among these; the same few queries for all."""
    rows = [row for row in owing.returns_of(year) if units is None or row.unit_id in units]
    of_units: dict[int, list[ProjectLine]] = {row.unit_id: [] for row in rows}
    for owed in owing.owed_by(year, list(of_units)):
        owners = {field.row.indicator.owner_id for field in owed.fields}
        answering = {unit.pk for unit in owed.project.units.all()} | owners
        for unit, projects in of_units.items():
            if unit in answering:
                projects.append(ProjectLine(owed))
    return [UnitLine(row, of_units[row.unit_id]) for row in rows]


def is_late(year: ReportYear, *, on: date) -> bool:
    """Whether the deadline is over."""
    return year.deadline_on is not None and year.deadline_on < on
