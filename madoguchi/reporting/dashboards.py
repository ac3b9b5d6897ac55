"""What managers look at: this year to date beside last year, desks that answer late, what nobody was told of.

Every figure is asked of the same measures as the statistics and the annual report, so that they agree."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate

from madoguchi.catalogue.models import Edition, Programme
from madoguchi.catalogue.states import EditionState
from madoguchi.consultations.models import Case, Introduction
from madoguchi.consultations.statistics.dimensions import DIMENSIONS
from madoguchi.consultations.statistics.measures import MEASURES, Measure
from madoguchi.consultations.statistics.scope import Scope
from madoguchi.consultations.statistics.suppression import suppress
from madoguchi.consultations.statistics.tables import headlines, table
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.results.models import Project
from madoguchi.usage import queries as usage
from madoguchi.usage.models import ResultsBucket
from madoguchi.usage.operations import RARE_BELOW


@dataclass(frozen=True)
class Compared:
    """A figure of this year to date and of the same days a year before; None is too small to show."""

    label: str
    now: int | None
    before: int | None


@dataclass(frozen=True)
class Figure:
    """A measure of this year to date and of the same days a year before; None is too small to show."""

    measure: Measure
    now: int | None
    before: int | None


@dataclass(frozen=True)
class Answering:
    """How a desk answers the cases that are its own: how many came, how many it answered late or not yet."""

    name: str
    cases: int | None
    late: int | None


@dataclass(frozen=True)
class Untold:
    """A programme that no business was told of; how often its page was looked at all the same."""

    programme: Programme
    views: int


def to_date(today: date, *, organisation_id: int | None) -> Scope:
    """This fiscal year until today; of the whole region until the end of the last month.

    Whoever counts single days of everybody could take two figures apart until one business is left."""
    if organisation_id is not None:
        return Scope(FiscalYear.of(today).starts_on, today, organisation_id=organisation_id)
    last = today.replace(day=1) - timedelta(days=1)
    return Scope(FiscalYear.of(last).starts_on, last)


def year_before(scope: Scope) -> Scope:
    """The same days a year before; of the region the same months."""
    before = scope.year_before
    return before if scope.organisation_id is not None else before.whole_months


def figures(scope: Scope) -> list[Figure]:
    """Every measure of consultations, now and a year before."""
    now, before = (headlines(each) for each in (scope, year_before(scope)))
    return [Figure(measure, now[key], before[key]) for key, measure in MEASURES.items()]


def by_part(scope: Scope, dimension: str, *, measure: str = "consultations") -> list[Compared]:
    """A measure broken down, now and a year before, with small counts hidden."""
    by = DIMENSIONS[dimension]
    counted = [table(measure=MEASURES[measure], by=by, scope=each) for each in (scope, year_before(scope))]
    now, before = ({row.code: row.total for row in each.rows} for each in counted)
    labels = {row.code: row.label for each in reversed(counted) for row in each.rows}
    return [Compared(labels[code], now.get(code, 0), before.get(code, 0)) for code in {**now, **before}]


def answering(scope: Scope, *, today: date) -> list[Answering]:
    """Desks by how they keep the day that the business was told, the most late ones first.

    Cases that were opened in the scope and promised for a day; late is what was answered after that day, or
    is not answered although it is over. Of other organisations small counts are hidden."""
    cases: QuerySet[Case] = MEASURES["cases_opened"].rows(scope)  # type: ignore[assignment]
    led = cases.filter(promised_on__isnull=False, involvements__is_lead=True)
    late = Q(answered_on__gt=F("promised_on")) | Q(responded_at=None, promised_on__lt=today)
    rows = (
        led.annotate(answered_on=TruncDate("responded_at"))
        .values("involvements__organisation__name", "involvements__desk__name")
        .annotate(cases=Count("pk", distinct=True), late=Count("pk", distinct=True, filter=late))
    )
    found = [
        (row["involvements__desk__name"] or row["involvements__organisation__name"] or "", row)
        for row in rows
    ]
    counts = [(name, int(row["cases"]), int(row["late"])) for name, row in found if name]
    counts.sort(key=lambda each: (-each[2], -each[1], each[0]))
    if scope.organisation_id is not None:
        return [Answering(*each) for each in counts]
    return _hiding_small(counts)


def _hiding_small(counts: Sequence[tuple[str, int, int]]) -> list[Answering]:
    """Late and in time add up to the cases, so that one of them gives the other away."""
    grid = [[late, cases - late, cases] for _name, cases, late in counts]
    totals = [sum(column) for column in zip(*grid, strict=True)] if grid else [0, 0, 0]
    shown = suppress([*grid, totals])
    return [
        Answering(name, row[2], row[0]) for (name, _cases, _late), row in zip(counts, shown, strict=False)
    ]


def untold(scope: Scope, *, limit: int) -> tuple[int, list[Untold]]:
    """How many published programmes no business was told of in the scope, and those looked at most."""
    told = _introductions(scope).filter(edition__programme=OuterRef("pk"))
    published = Edition.objects.filter(programme=OuterRef("pk"), state=EditionState.PUBLISHED)
    rows = Programme.objects.filter(Exists(published)).exclude(Exists(told)).order_by("name", "pk")
    views = usage.views_by_key("programme", since=scope.first, until=scope.last)
    found = [Untold(programme, views.get(programme.slug, 0)) for programme in rows]
    found.sort(key=lambda each: -each.views)
    return len(found), found[:limit]


def _introductions(scope: Scope) -> QuerySet[Introduction]:
    rows = Introduction.objects.filter(introduced_at__gte=scope.begins_at, introduced_at__lt=scope.ends_at)
    return rows if scope.organisation_id is None else rows.filter(organisation=scope.organisation_id)


def told_by_project(projects: Collection[str], scope: Scope) -> dict[str, int]:
    """How often businesses were told of the programmes of these projects, by the projects' slugs."""
    told = dict(
        _introductions(scope)
        .filter(edition__isnull=False)
        .values("edition__programme")
        .annotate(times=Count("pk"))
        .values_list("edition__programme", "times")
    )
    linked = Project.programmes.through.objects.filter(project__slug__in=list(projects))
    found: dict[str, int] = dict.fromkeys(projects, 0)
    for slug, programme in linked.values_list("project__slug", "programme_id"):
        found[slug] += told.get(programme, 0)
    return found


def found_nothing(scope: Scope, *, limit: int) -> Sequence[usage.SearchTotal]:
    """What people searched for most without finding anything; what one or two typed stays unseen."""
    return usage.frequent_searches(
        since=scope.first, until=scope.last, at_least=RARE_BELOW, limit=limit, results=ResultsBucket.ZERO
    )
