"""Statistics of consultations: figures, breakdowns, the rows behind them, and files of both."""

from dataclasses import replace
from typing import cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from madoguchi.consultations.models import Case, Consultation, Dispatch, Involvement
from madoguchi.consultations.statistics.dimensions import DIMENSIONS
from madoguchi.consultations.statistics.measures import Subject
from madoguchi.consultations.statistics.tables import rows_behind, table
from madoguchi.foundation import audit, clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.paging import page_of
from madoguchi.foundation.sheets import csv_file, xlsx_file
from madoguchi.institutions.models import Organisation
from madoguchi.web.desk.shapes import statistics as shapes
from madoguchi.web.shared.hats import worn_by

_ROWS_A_PAGE = 50
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires("cases.statistics")
@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """The figures of a period and one breakdown."""
    hat, today = worn_by(request), clock.today()
    question = shapes.asked(request.GET.dict(), hat=hat, today=today)
    return render(request, "desk/statistics.html", {"page": shapes.page(question, hat=hat, today=today)})


@requires("cases.statistics")
@require_safe
def csv(request: HttpRequest) -> StreamingHttpResponse:
    """The breakdown as CSV."""
    head, rows = _sheet(request)
    response = StreamingHttpResponse(csv_file(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="statistics.csv"'
    return response


@requires("cases.statistics")
@require_safe
def xlsx(request: HttpRequest) -> HttpResponse:
    """The breakdown as XLSX."""
    head, rows = _sheet(request)
    response = HttpResponse(xlsx_file(head[-1], head, rows), content_type=_XLSX)
    response["Content-Disposition"] = 'attachment; filename="statistics.xlsx"'
    return response


def _sheet(request: HttpRequest) -> tuple[list[str], list[list[str | int | None]]]:
    """The asked breakdown as a sheet; that it was taken out is on record."""
    hat, now = worn_by(request), clock.now()
    question = shapes.asked(request.GET.dict(), hat=hat, today=now.date())
    with transaction.atomic():
        audit.record(
            "consultations.statistics_exported",
            at=now,
            by=hat.as_actor(),
            subject_type="consultations.statistics",
            subject_id=question.measure.key,
            organisation_id=hat.organisation_id,
            data=question.query,
        )
    found = table(measure=question.measure, by=question.by, across=question.across, scope=question.scope)
    return shapes.as_rows(found)


@requires("cases.statistics")
@require_safe
def rows(request: HttpRequest) -> HttpResponse:
    """The rows behind a figure that the reader may see, and how many there are in all."""
    hat = worn_by(request)
    question = shapes.asked(request.GET.dict(), hat=hat, today=clock.today())
    by, code = DIMENSIONS.get(request.GET.get("by", "")), request.GET.get("code", "")
    if by is not None and not by.fits(question.measure.subject):
        by = None
    part = by.labels([code]).get(code, "") if by is not None and by.key in _NAMED_BY_CODE else ""
    scope, of = question.scope, Organisation.objects.filter(slug=request.GET.get("of", "")).first()
    if of is not None and question.whose == "region":
        scope, part = replace(scope, organisation_id=of.pk), of.name
    found = rows_behind(measure=question.measure, scope=scope, hat=hat, by=by, code=code)
    path = _CASE_OF[question.measure.subject]
    related = found.select_related(f"{path}business", f"{path}main_topic")
    shown = page_of(related, request.GET.get("page"), size=_ROWS_A_PAGE)
    context = {
        "question": question,
        "page": shown,
        "lines": [_line(cast("Case | Consultation | Involvement | Dispatch", row)) for row in shown.rows],
        "part": part,
    }
    return render(request, "desk/statistics_rows.html", context)


# Over what a row leads to its case.
_CASE_OF = {
    Subject.CASE: "",
    Subject.CONSULTATION: "case__",
    Subject.REFERRAL: "case__",
    Subject.DISPATCH: "request__case__",
}
# Whose values are texts themselves; the others' names would need a second look into the database.
_NAMED_BY_CODE = frozenset({"channel", "area", "industry", "size"})


def _line(row: Case | Consultation | Involvement | Dispatch) -> dict[str, object]:
    """One row as the list shows it."""
    if isinstance(row, Case):
        return _of(row) | {"day": row.opened_at, "channel": row.get_channel_display()}
    if isinstance(row, Consultation):
        return _of(row.case) | {"day": row.held_on, "channel": row.get_channel_display()}
    if isinstance(row, Dispatch):
        return _of(row.request.case) | {"day": row.held_on, "channel": row.get_channel_display()}
    return _of(row.case) | {"day": row.sent_at, "channel": ""}


def _of(case: Case) -> dict[str, object]:
    return {
        "key": case.key,
        "number": case.number,
        "title": case.title,
        "business": case.business.name if case.business else case.contact_name,
        "topic": case.main_topic.label if case.main_topic else "",
    }
