"""The desk's table of a year: what each unit owes, last year's figure beside the field, and doubts."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from django.db.models import Prefetch, Q

from madoguchi.accounts.hats import Hat
from madoguchi.results import rules, values
from madoguchi.results.cells import Cell
from madoguchi.results.models import (
    IndicatorValue,
    Listing,
    ListingRow,
    Narrative,
    Project,
    ProjectIndicator,
    ReportYear,
    UnitReturn,
)
from madoguchi.results.queries.standing import is_secretariat, units_of
from madoguchi.results.states import EntryState


@dataclass(frozen=True)
class Field:
    """One figure to be entered, with last year's and what looks wrong about it."""

    row: ProjectIndicator
    before: IndicatorValue | None
    now: IndicatorValue | None
    undated: IndicatorValue | None
    doubts: tuple[rules.Doubt, ...] = ()

    @property
    def is_missing(self) -> bool:
        """Whether nothing was entered; one of no single year needs no figure of the year."""
        return self.now is None and self.undated is None


@dataclass(frozen=True)
class OwedProject:
    """What a project's page still needs."""

    project: Project
    fields: tuple[Field, ...]
    narrative: Narrative | None

    @property
    def missing(self) -> int:
        """How many figures and texts nobody has written."""
        return sum(field.is_missing for field in self.fields) + (self.narrative is None)

    @property
    def drafts(self) -> int:
        """How many figures and texts wait for approval."""
        entries = [*(field.now for field in self.fields), self.narrative]
        return sum(entry is not None and entry.state == EntryState.DRAFT for entry in entries)


def owed(year: ReportYear, *, hat: Hat) -> list[OwedProject]:
    """The projects of a year whose results somebody may see at the desk, in the order of the lists."""
    projects = Project.objects.filter(fiscal_year=year.fiscal_year, rows__isnull=False)
    if not is_secretariat(hat, year):
        projects = projects.filter(_of(units_of(hat)))
    return of_projects(year, list(projects.values_list("pk", flat=True).distinct()))


def owed_by(year: ReportYear, units: Collection[int]) -> list[OwedProject]:
    """What these units owe to a year, in the order of the lists."""
    projects = Project.objects.filter(_of(units), fiscal_year=year.fiscal_year, rows__isnull=False)
    return of_projects(year, list(projects.values_list("pk", flat=True).distinct()))


def _of(units: Collection[int]) -> Q:
    return Q(units__in=units) | Q(indicator_rows__indicator__owner__in=units)


def of_projects(year: ReportYear, projects: Collection[int]) -> list[OwedProject]:
    """What these projects owe to a year, in the order of the lists."""
    shown = Q(fiscal_year=None) | Q(fiscal_year__in=(year.fiscal_year, year.fiscal_year - 1))
    figures = IndicatorValue.objects.filter(shown).order_by("fiscal_year", "pk")
    rows = (
        ProjectIndicator.objects.filter(in_report=True)
        .select_related("indicator__owner")
        .prefetch_related(Prefetch("indicator__values", queryset=figures))
        .order_by("position", "pk")
    )
    found = (
        Project.objects.filter(pk__in=projects)
        .select_related("narrative")
        .prefetch_related(Prefetch("indicator_rows", queryset=rows), "units")
    )
    listed = ListingRow.objects.filter(project__in=projects, listing__fiscal_year=year.fiscal_year)
    order: dict[int, int] = {}
    for pk in listed.order_by("is_repeat", "listing__code", "number", "pk").values_list("project", flat=True):
        order.setdefault(pk, len(order))
    ordered = sorted(found, key=lambda project: (order.get(project.pk, 0), project.pk))
    return [_owed(project, year.fiscal_year) for project in ordered]


def _owed(project: Project, year: int) -> OwedProject:
    narrative = getattr(project, "narrative", None)
    text = told_in(narrative)
    fields = [_field(row, year, text) for row in project.indicator_rows.all()]
    told = told_by(fields)
    told_once = tuple(replace(field, doubts=rules.but_told(field.doubts, told)) for field in fields)
    return OwedProject(project=project, fields=told_once, narrative=narrative)


def told_by(fields: Collection[Field]) -> set[str]:
    """The figures of a project's table: what its text says of one of them is no doubt about another."""
    return {part for field in fields if field.now for part in rules.figures(values.cell_of(field.now))}


def _field(row: ProjectIndicator, year: int, text: str) -> Field:
    by_year = {value.fiscal_year: value for value in row.indicator.values.all()}
    before, now, undated = by_year.get(year - 1), by_year.get(year), by_year.get(None)
    found: tuple[rules.Doubt, ...] = ()
    if now is not None:
        last = values.cell_of(before) if before else None
        found = rules.doubts(last, values.cell_of(now), narrative=text)
    return Field(row=row, before=before, now=now, undated=undated, doubts=found)


def doubts_about(
    owed: OwedProject, field: Field, now: Cell, *, is_undated: bool = False, text: str | None = None
) -> tuple[rules.Doubt, ...]:
    """What would look wrong about a figure in a field, beside `text` or what the project tells now.

    One of no single year has no year before it, and its text tells of the year."""
    if is_undated:
        return rules.doubts(None, now)
    before = values.cell_of(field.before) if field.before else None
    told = told_by([each for each in owed.fields if each is not field])
    narrative = told_in(owed.narrative) if text is None else text
    return rules.but_told(rules.doubts(before, now, narrative=narrative), told)


def told_in(narrative: Narrative | None) -> str:
    """All that a project tells in words."""
    return f"{narrative.overview}\n{narrative.achievements}" if narrative else ""


def year_after(year: ReportYear) -> ReportYear | None:
    """The report of the next year, once it has begun: it is there with its lists."""
    following = year.fiscal_year + 1
    if not Listing.objects.filter(fiscal_year=following).exists():
        return None
    return ReportYear.objects.filter(fiscal_year=following).first()


def returns_of(year: ReportYear) -> list[UnitReturn]:
    """What every unit owes to a year, by the unit's name."""
    rows = year.returns.select_related("unit__organisation")
    return list(rows.order_by("unit__full_name", "pk"))
