"""Lists of businesses: brought, shown before anything is written, taken in at once."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import User
from madoguchi.businesses.importing import columns, planning, sheets
from madoguchi.businesses.importing.planning import Outcome, Plan
from madoguchi.businesses.models import BroughtList
from madoguchi.businesses.operations.importing import KEPT, bring, take_in
from madoguchi.foundation import clock, tables
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.foundation.sheets import csv_file, xlsx_file
from madoguchi.web.desk.shapes import businesses as shapes
from madoguchi.web.shared.hats import worn_by

INVALID = 422
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHOWN = 100


@requires("businesses.import")
@require_http_methods(["GET", "HEAD", "POST"])
def brought(request: HttpRequest) -> HttpResponse:
    """Take a file and lead on to what it would do."""
    hat, error = worn_by(request), ""
    file = request.FILES.get("file")
    if request.method == "POST" and hat.organisation_id is not None:
        try:
            if file is None:
                raise tables.TableUnreadable(gettext("ファイルを選んでください。"))
            if (file.size or 0) > tables.MOST_BYTES:
                raise tables.TableUnreadable(gettext("10MBまでのファイルを選んでください。"))
            name, content = file.name or "", file.read()
            planning.plan(tables.read(name, content), organisation_id=hat.organisation_id)
            kept = bring(
                name=name,
                content=content,
                organisation_id=hat.organisation_id,
                user=cast("User", request.user),
                at=clock.actual_now(),
            )
            return redirect("desk:business_list", kept.pk)
        except DomainError as refused:
            error = str(refused)
    context = {"error": error, "columns": columns.SAMPLE}
    return render(request, "desk/business_import.html", context, status=INVALID if error else 200)


@requires("businesses.import")
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, number: int) -> HttpResponse:
    """What the list would do, row by row; with one button everything or nothing."""
    hat = worn_by(request)
    kept = _kept(hat, number)
    plan = _plan(kept)
    if request.method == "POST" and hat.organisation_id is not None:
        try:
            take_in(
                plan=plan,
                organisation_id=hat.organisation_id,
                at=clock.now(),
                by=hat.as_actor(),
                kept=kept,
            )
            shapes.say(request, "saved")
            return redirect("desk:businesses")
        except DomainError as error:
            shapes.tell(request, error)
            if not BroughtList.objects.filter(pk=number).exists():
                return redirect("desk:businesses")
            return redirect("desk:business_list", number)
    context = {
        "kept": kept,
        "plan": plan,
        "counts": [(outcome, word, plan.counts[outcome]) for outcome, word in sheets.OUTCOME_WORDS.items()],
        "mistakes": plan.mistakes[:_SHOWN],
        "hidden_mistakes": max(0, len(plan.mistakes) - _SHOWN),
        "left": [row for row in plan.rows if row.outcome in (Outcome.ALIKE, Outcome.ELSEWHERE)][:_SHOWN],
        "rows": plan.rows[:_SHOWN],
        "hidden_rows": max(0, len(plan.rows) - _SHOWN),
    }
    return render(request, "desk/business_list.html", context)


@requires("businesses.import")
@require_safe
def mistakes_csv(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """The cells to mend as CSV."""
    hat = worn_by(request)
    rows = sheets.to_mend(_plan(_kept(hat, number)))
    response = StreamingHttpResponse(csv_file(sheets.head(), rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="to-mend.csv"'
    return response


@requires("businesses.import")
@require_safe
def mistakes_xlsx(request: HttpRequest, number: int) -> HttpResponse:
    """The cells to mend as a sheet."""
    hat = worn_by(request)
    rows = sheets.to_mend(_plan(_kept(hat, number)))
    return _sheet("to-mend.xlsx", xlsx_file(gettext("直すところ"), sheets.head(), rows))


@requires("businesses.import")
@require_safe
def sample(request: HttpRequest) -> HttpResponse:
    """The list to fill in."""
    return _sheet("businesses.xlsx", xlsx_file(gettext("名簿"), columns.SAMPLE, sheets.sample()))


def _sheet(name: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=_XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _kept(hat: Hat, number: int) -> BroughtList:
    """The list that this person brought for this organisation; 404 for another's and for one that is gone."""
    own = BroughtList.objects.filter(user=hat.user_id, organisation=hat.organisation_id)
    kept = own.filter(pk=number, brought_at__gt=clock.actual_now() - KEPT).first()
    if kept is None:
        raise Http404
    return kept


def _plan(kept: BroughtList) -> Plan:
    table = tables.read(kept.file_name, bytes(kept.content))
    return planning.plan(table, organisation_id=kept.organisation_id)
