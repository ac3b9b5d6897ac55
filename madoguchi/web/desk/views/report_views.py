"""How often the portal was looked at, month by month: the rows behind the figure of page views."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from madoguchi.foundation.access import requires
from madoguchi.reporting import sources
from madoguchi.usage import queries as usage
from madoguchi.web.desk.shapes import report as shapes
from madoguchi.web.desk.views.report import desk_or_404


@requires("results.write")
@require_safe
def views(request: HttpRequest, year: int) -> HttpResponse:
    """The views of each month of a report's year, and their sum as the form offers it."""
    desk = desk_or_404(request, year)
    figure = sources.measured([sources.PAGE_VIEWS], fiscal_year=year)[sources.PAGE_VIEWS]
    months = usage.views_by_month(since=figure.scope.first, until=figure.scope.last)
    context = {
        "trail": shapes.to_report(desk.year, ("", gettext("ページが見られた回数"))),
        "year": desk.year,
        "figure": figure,
        "months": [(each.month, f"{each.count:,}") for each in months],
    }
    return render(request, "desk/report_views.html", context)
