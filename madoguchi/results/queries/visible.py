"""Whose results somebody opens at the desk: those of the own units, and all of a year they keep together."""

from django.db.models import Q, QuerySet

from madoguchi.accounts.hats import Hat
from madoguchi.results.models import IndicatorValue, Project, ReportYear
from madoguchi.results.queries.standing import is_secretariat, units_of


def projects_visible_to(hat: Hat) -> QuerySet[Project]:
    """The projects with a report that a hat may open; none for who writes no results."""
    reports = list(ReportYear.objects.select_related("secretariat"))
    kept = [year.fiscal_year for year in reports if is_secretariat(hat, year)]
    own = units_of(hat)
    theirs = Project.objects.filter(Q(units__in=own) | Q(indicator_rows__indicator__owner__in=own))
    return Project.objects.filter(
        Q(pk__in=theirs.values("pk")) | Q(fiscal_year__in=kept),
        fiscal_year__in=[year.fiscal_year for year in reports],
    )


def values_visible_to(hat: Hat) -> QuerySet[IndicatorValue]:
    """The figures in the tables of these projects."""
    tables = projects_visible_to(hat).values("indicator_rows__indicator")
    return IndicatorValue.objects.filter(indicator__in=tables)
