"""The dashboard of managers."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.reporting import seeking
from madoguchi.results import published
from madoguchi.web.desk.shapes import dashboard as shapes
from madoguchi.web.desk.shapes import seeking as seeking_shapes
from madoguchi.web.portal.annual import report_or_404
from madoguchi.web.shared import wording
from madoguchi.web.shared.hats import worn_by

_TEMPLATES = {
    "year": "desk/dashboard_year.html",
    "area": "desk/dashboard_area.html",
    "policy": "desk/dashboard_policy.html",
    "unit": "desk/dashboard_unit.html",
    "indicator": "desk/dashboard_indicator.html",
    "seeking": "desk/dashboard_seeking.html",
}


@requires("cases.statistics")
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The year to date beside last year's, or the newest report by policy, unit or indicator."""
    hat, today = worn_by(request), clock.today()
    question = shapes.asked(request.GET.dict(), hat=hat, today=today)
    context: dict[str, Any] = {
        "question": question,
        "before": shapes.before(question),
        "faces": shapes.faces(question),
        "whose": shapes.whose(question, hat),
    }
    if question.face in shapes.OF_REPORT:
        context |= _of_report(question)
    elif question.face == "area":
        context |= shapes.of_area(question)
    elif question.face == "seeking":
        context |= _of_seeking(request, today)
    else:
        context |= shapes.of_year(question, today=today)
    return render(request, _TEMPLATES[question.face], context)


def _of_seeking(request: HttpRequest, today: date) -> dict[str, Any]:
    """What is sought and looked at: counts of the whole site, of a fiscal year."""
    year = seeking_shapes.year_of(request.GET.get("year", ""), today=today)
    return {
        "year": wording.fiscal_year(year.start_year),
        "years": seeking_shapes.years(year, today=today),
        "places": seeking_shapes.vain(year),
        "months": seeking.months_of(year),
        "entries": seeking_shapes.lines(seeking.entries(year, most=seeking_shapes.MOST_VIEWED), year),
        "institutions": seeking_shapes.lines(
            seeking.institutions(year, most=seeking_shapes.MOST_VIEWED), year
        ),
    }


def _of_report(question: shapes.Asked) -> dict[str, Any]:
    years = published.years()
    if not years:
        return {}
    report = report_or_404(years[0])
    context: dict[str, Any] = {"report": report, "year": wording.fiscal_year(report.fiscal_year)}
    if question.face == "policy":
        return context | shapes.of_policy(report, question)
    return context | (shapes.of_unit(report) if question.face == "unit" else shapes.of_indicator(report))
