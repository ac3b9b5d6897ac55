"""The dashboard of managers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.results import published
from madoguchi.web.desk.shapes import dashboard as shapes
from madoguchi.web.portal.annual import report_or_404
from madoguchi.web.shared import wording
from madoguchi.web.shared.hats import worn_by

_TEMPLATES = {
    "year": "desk/dashboard_year.html",
    "area": "desk/dashboard_area.html",
    "policy": "desk/dashboard_policy.html",
    "unit": "desk/dashboard_unit.html",
    "indicator": "desk/dashboard_indicator.html",
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
    else:
        context |= shapes.of_year(question, today=today)
    return render(request, _TEMPLATES[question.face], context)


def _of_report(question: shapes.Asked) -> dict[str, Any]:
    years = published.years()
    if not years:
        return {}
    report = report_or_404(years[0])
    context: dict[str, Any] = {"report": report, "year": wording.fiscal_year(report.fiscal_year)}
    if question.face == "policy":
        return context | shapes.of_policy(report, question)
    return context | (shapes.of_unit(report) if question.face == "unit" else shapes.of_indicator(report))
