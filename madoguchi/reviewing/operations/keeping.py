"""Keeping what was read. The same file read in the same way changes nothing."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from madoguchi.foundation import audit
from madoguchi.foundation.keys import new_key
from madoguchi.importers.documents.found import Note
from madoguchi.reviewing.models import DraftField, DraftRecord, ImportedDocument, SourceLine
from madoguchi.reviewing.operations.acting import say
from madoguchi.reviewing.plans import Plan, PlannedField, PlannedRecord
from madoguchi.reviewing.states import FieldState

_BATCH = 500
# The columns of a field that another reading changes.
_READ_ANEW = ("position", "value", "confidence", "reason", "first_line", "last_line", "page", "version")


@dataclass(frozen=True)
class Kept:
    """What came of keeping a document."""

    document: ImportedDocument
    is_new: bool
    is_changed: bool


def keep(
    *,
    plan: Plan,
    at: datetime,
    by: audit.Actor,
    fiscal_year: int | None = None,
    organisation_id: int | None = None,
) -> Kept:
    """Keep a document with its drafts. Read again by better readers, only what nobody has decided changes.

    `fiscal_year` is said by a person and goes before what the document tells."""
    with transaction.atomic():
        document, is_new = _document(plan, at=at, by=by)
        year = fiscal_year or document.fiscal_year or plan.fiscal_year
        is_read_anew = document.reading != plan.digest
        if not is_read_anew and document.fiscal_year == year:
            return Kept(document, is_new=False, is_changed=False)
        changed = _write(document, plan, at=at, is_new=is_new) if is_read_anew else 0
        document.fiscal_year = year
        document.save()
        action = "document_imported" if is_new else "document_read_again"
        say(
            action,
            document,
            by=by,
            at=at,
            organisation_id=organisation_id,
            kind=str(plan.kind),
            records=len(plan.records),
            changed=changed,
        )
    return Kept(document, is_new=is_new, is_changed=True)


def _document(plan: Plan, *, at: datetime, by: audit.Actor) -> tuple[ImportedDocument, bool]:
    """The document with its row locked, and whether it is new."""
    mine = ImportedDocument.objects.select_for_update().filter(sha256=plan.sha256, kind=plan.kind)
    if found := mine.first():
        return found, False
    try:
        with transaction.atomic():
            made = ImportedDocument.objects.create(
                key=new_key(),
                sha256=plan.sha256,
                kind=plan.kind,
                name=plan.name[-200:],
                imported_by_id=by.id,
                imported_by_label=by.label,
                imported_at=at,
                read_at=at,
            )
    except IntegrityError:
        # Somebody brought the same file at the same moment.
        return mine.get(), False
    return made, True


def _write(document: ImportedDocument, plan: Plan, *, at: datetime, is_new: bool) -> int:
    """Write lines, records and fields; returns how many fields are new or other than before."""
    document.layout, document.reading, document.read_at = plan.layout[:200], plan.digest, at
    document.notes, document.left_out = _stored(plan.notes), _stored(plan.left_out)
    if not is_new:
        document.lines.all().delete()
    SourceLine.objects.bulk_create(
        (
            SourceLine(document=document, number=line.number, page=line.page, text=line.text)
            for line in plan.lines
        ),
        batch_size=_BATCH,
    )
    records = _records(document, plan)
    return _fields(records, plan)


def _stored(notes: tuple[Note, ...]) -> list[dict[str, Any]]:
    return [asdict(note) for note in notes]


def _records(document: ImportedDocument, plan: Plan) -> dict[str, DraftRecord]:
    """The records that may still change, by their paths; those taken over stay as they were taken."""
    there = {row.path: row for row in document.records.select_for_update()}
    lists: dict[str, DraftRecord] = {}
    for position, planned in enumerate(plan.records):
        row = there.get(planned.path) or DraftRecord(document=document, path=planned.path)
        if row.taken_at is None:
            for column, value in _columns(planned).items():
                setattr(row, column, value)
            row.position, row.within = position, lists.get(planned.within)
            row.save()
            there[planned.path] = row
        lists[planned.path] = row
    _drop_lost(there, {planned.path for planned in plan.records})
    return {path: row for path, row in there.items() if row.pk and row.taken_at is None}


def _columns(planned: PlannedRecord) -> Mapping[str, Any]:
    return {
        "kind": planned.kind,
        "name": planned.name,
        "marks": list(planned.marks),
        "is_repeat": planned.is_repeat,
        "listed_page": planned.listed_page,
        "spans": [list(span) for span in planned.spans],
        "page": planned.page,
    }


def _drop_lost(there: dict[str, DraftRecord], found: set[str]) -> None:
    """Forget what is no longer found and nobody has looked at."""
    lost = [row.pk for path, row in there.items() if path not in found and row.taken_at is None]
    decided = DraftField.objects.filter(record__in=lost).exclude(state=FieldState.OPEN)
    worked_on = set(decided.values_list("record", flat=True))
    # A list stays with any of its rows that stays.
    stay = [row for row in there.values() if row.pk not in lost or row.pk in worked_on]
    worked_on |= {row.within_id for row in stay if row.within_id}
    gone = set(lost) - worked_on
    DraftRecord.objects.filter(pk__in=gone).delete()
    for path in [path for path, row in there.items() if row.pk is None or row.pk in gone]:
        del there[path]


def _fields(records: Mapping[str, DraftRecord], plan: Plan) -> int:
    kept: dict[int, dict[tuple[str, str, str, int], DraftField]] = {}
    for each in DraftField.objects.filter(record__in=[record.pk for record in records.values()]):
        kept.setdefault(each.record_id, {})[each.what, each.about, each.year, each.number] = each
    new: list[DraftField] = []
    changed: list[DraftField] = []
    lost: list[int] = []
    for planned in plan.records:
        record = records.get(planned.path)
        if record is None:
            continue
        there = kept.get(record.pk, {})
        for position, field in enumerate(planned.fields):
            row = there.pop(field.place) if field.place in there else None
            columns = {**_field_columns(field), "position": position}
            if row is None:
                new.append(DraftField(record=record, **_place(field), **columns))
            elif row.state == FieldState.OPEN and _differs(row, columns):
                for column, value in columns.items():
                    setattr(row, column, value)
                row.version += 1
                changed.append(row)
        lost += [left.pk for left in there.values() if left.state == FieldState.OPEN]
    DraftField.objects.filter(pk__in=lost).delete()
    DraftField.objects.bulk_create(new, batch_size=_BATCH)
    DraftField.objects.bulk_update(changed, _READ_ANEW, batch_size=_BATCH)
    return len(new) + len(changed) + len(lost)


def _place(field: PlannedField) -> dict[str, Any]:
    return {"what": field.what, "about": field.about, "year": field.year, "number": field.number}


def _field_columns(field: PlannedField) -> dict[str, Any]:
    return {
        "value": field.value,
        "confidence": field.confidence,
        "reason": field.reason,
        "first_line": field.lines[0],
        "last_line": field.lines[1],
        "page": field.page,
    }


def _differs(row: DraftField, columns: Mapping[str, Any]) -> bool:
    return any(str(getattr(row, column)) != str(value) for column, value in columns.items())
