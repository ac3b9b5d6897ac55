"""Reading projects and their listings."""

from django.db.models import Prefetch, QuerySet, Sum

from madoguchi.catalogue.models import Edition, Programme
from madoguchi.institutions.models import Unit
from madoguchi.results.models import Listing, ListingRow, Policy, Project


def projects() -> QuerySet[Project]:
    """Every public project with its units and programmes, each by name, newest year first."""
    units = Unit.objects.select_related("organisation").order_by("full_name", "pk")
    programmes = Programme.objects.order_by("name", "pk")
    return (
        Project.objects.filter(is_draft=False)
        .prefetch_related(Prefetch("units", queryset=units), Prefetch("programmes", queryset=programmes))
        .order_by("-fiscal_year", "name", "pk")
    )


def projects_of(programme: Programme) -> list[Project]:
    """The public projects that pay for a programme, newest year first."""
    rows = Project.objects.filter(programmes=programme, is_draft=False).order_by("-fiscal_year", "name", "pk")
    return list(rows.distinct())


def programmes_without_edition(fiscal_year: int) -> list[Programme]:
    """The programmes that a year's projects pay for, drafts included, without an edition of that year.

    Opening a year carries no editions: whoever answers for a programme writes the new one."""
    paid = Project.objects.filter(fiscal_year=fiscal_year).values("programmes")
    there = Edition.objects.filter(fiscal_year=fiscal_year).values("programme")
    rows = Programme.objects.filter(pk__in=paid).exclude(pk__in=there)
    return list(rows.order_by("name", "pk"))


def policies() -> list[Policy]:
    """The basic policies in the order of the ordinance."""
    return list(Policy.objects.order_by("position", "pk"))


def listings(*, fiscal_year: int | None = None) -> QuerySet[Listing]:
    """Public listings with their rows and projects, and the sum of their printed costs."""
    rows = ListingRow.objects.select_related("project").order_by("number", "pk")
    listed = (
        Listing.objects.filter(is_draft=False)
        .prefetch_related(
            Prefetch("rows", queryset=rows),
            Prefetch("policies", queryset=Policy.objects.order_by("position", "pk")),
        )
        .annotate(printed_sum_yen=Sum("rows__printed_cost_yen"))
        .order_by("-fiscal_year", "code", "pk")
    )
    return listed if fiscal_year is None else listed.filter(fiscal_year=fiscal_year)


def rows_of(project: Project) -> list[ListingRow]:
    """Where a project is listed, its first listing before its repeats."""
    rows = (
        project.rows.filter(listing__is_draft=False)
        .select_related("listing", "project")
        .prefetch_related("listing__policies")
    )
    return list(rows.order_by("is_repeat", "listing__code", "pk"))
