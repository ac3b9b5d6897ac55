"""Who saw a case, and what a person did: for auditors and managers, without any content."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.sheets import csv_file
from madoguchi.web.desk.shapes import audit as shapes
from madoguchi.web.shared.hats import worn_by


@requires("audit.read")
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """One form for both questions, and the answer below."""
    hat = worn_by(request)
    asked = request.GET.dict()
    context = {
        "people": shapes.people_of(hat),
        "asked_case": asked.get("case", ""),
        "asked_person": asked.get("person", ""),
        "answer": shapes.answer(asked, hat=hat),
    }
    return render(request, "desk/audit.html", context)


@requires("audit.read")
@require_safe
def csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same answer as a file; that it was taken out is on record."""
    hat = worn_by(request)
    head, rows = shapes.sheet(request.GET.dict(), hat=hat, at=clock.now())
    response = StreamingHttpResponse(csv_file(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response
