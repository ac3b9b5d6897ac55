"""One record of a document that was read: its source beside the fields, each to be decided on."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from madoguchi.accounts.hats import Hat
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import Conflict, DomainError
from madoguchi.reviewing import queries
from madoguchi.reviewing.models import DraftField, DraftRecord, ImportedDocument
from madoguchi.reviewing.operations.deciding import accept_certain, decide
from madoguchi.reviewing.operations.taking import take_over
from madoguchi.reviewing.states import FieldState
from madoguchi.web.desk.shapes import imports as shapes
from madoguchi.web.desk.views.imports import (
    INVALID,
    document_or_404,
    reviewer_or_404,
    say_accepted,
    say_taken,
)
from madoguchi.web.desk.views.notes import version_of
from madoguchi.web.shared.asked import whole

CONFLICT = 409
_ACTS = {
    "accept": FieldState.ACCEPTED,
    "correct": FieldState.CORRECTED,
    "reject": FieldState.REJECTED,
    "reopen": FieldState.OPEN,
}


@requires("results.write")
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, key: str, record: int) -> HttpResponse:
    """The source beside the fields that were read from it."""
    hat = reviewer_or_404(request)
    found = document_or_404(hat, key)
    row = _record_or_404(found, record)
    if request.method == "POST":
        return _act_on_record(request, hat, found, row)
    return _show_record(request, found, row)


def _act_on_record(request: HttpRequest, hat: Hat, found: ImportedDocument, row: DraftRecord) -> HttpResponse:
    act = request.POST.get("act", "")
    deeds: dict[str, Callable[[], None]] = {
        "accept_certain": lambda: say_accepted(
            request, accept_certain(document=found, record=row, hat=hat, at=clock.now())
        ),
        "take_over": lambda: _take_over(request, row, hat),
    }
    if act not in deeds:
        raise Http404
    try:
        deeds[act]()
    except DomainError as error:
        messages.warning(request, str(error))
    return redirect("desk:import_record", found.key, row.pk)


def _take_over(request: HttpRequest, row: DraftRecord, hat: Hat) -> None:
    take_over(record=row, hat=hat, at=clock.now())
    say_taken(request, 1)


def _show_record(
    request: HttpRequest,
    found: ImportedDocument,
    row: DraftRecord,
    refused: tuple[DraftField, str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    fields = queries.fields_of(row)
    chosen = next((field for field in fields if field.pk == whole(request.GET.get("field", ""))), None)
    counted = queries.records_of(found)
    neighbours = [each.record for each in counted]
    here = neighbours.index(row)
    lines = [_line(field, found, refused) for field in fields]
    notes = [note for note in shapes.notes_of(found.notes, neighbours) if note.record == row]
    context = {
        "trail": shapes.to_imports((_address(found), found.name), ("", shapes.name_of(row))),
        "document": found,
        "record": row,
        "name": shapes.name_of(row),
        "source": shapes.source_of(found, row, fields, chosen),
        "lines": lines,
        "notes": notes,
        "is_report": shapes.is_report(found),
        "open_count": sum(line.is_open for line in lines),
        "certain_count": sum(line.is_open and line.field.confidence == 1 for line in lines),
        "previous": neighbours[here - 1] if here else None,
        "next": neighbours[here + 1] if here + 1 < len(neighbours) else None,
        "next_open": next((each.record for each in counted[here + 1 :] if each.open), None),
        "is_refused": refused is not None,
    }
    return render(request, "desk/import_record.html", context, status=status)


def _line(
    field: DraftField, found: ImportedDocument, refused: tuple[DraftField, str, str] | None
) -> shapes.FieldLine:
    if refused and refused[0].pk == field.pk:
        return shapes.field_line(field, found, typed=refused[1], said=refused[2])
    return shapes.field_line(field, found)


@requires("results.write")
@require_POST
def field(request: HttpRequest, key: str, record: int, field: int) -> HttpResponse:
    """Accept, correct, reject or reopen a field as it was seen. htmx gets the field alone."""
    hat = reviewer_or_404(request)
    found = document_or_404(hat, key)
    row = _record_or_404(found, record)
    one = row.fields.filter(pk=field).first()
    to = _ACTS.get(request.POST.get("act", ""))
    if one is None or to is None:
        raise Http404
    typed, said, status = request.POST.get("value", ""), "", 200
    try:
        one = decide(field=one, to=to, version=version_of(request), typed=typed, hat=hat, at=clock.now())
    except DomainError as error:
        said, status = str(error), CONFLICT if isinstance(error, Conflict) else INVALID
        one.refresh_from_db()
    if getattr(request, "htmx", False):
        # htmx exchanges only what came with 200; the sentence stands in the part.
        line = shapes.field_line(one, found, typed=typed if said else "", said=said)
        return render(request, "desk/parts/import_field.html", {"line": line, "record": row})
    if said:
        return _show_record(request, found, row, (one, typed, said), status)
    return redirect(f"{_address(found, row)}#f{one.pk}")


def _record_or_404(found: ImportedDocument, pk: int) -> DraftRecord:
    row = found.records.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def _address(found: ImportedDocument, row: DraftRecord | None = None) -> str:
    if row is None:
        return reverse("desk:import", args=[found.key])
    return reverse("desk:import_record", args=[found.key, row.pk])
