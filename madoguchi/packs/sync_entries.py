"""Making entries hold what the pack says, except what the desk edited since and what a closed year holds."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import ProtectedError

from madoguchi.foundation.audit import Actor
from madoguchi.packs.sync import Changes, Wanted
from madoguchi.results.models.entries import Entry
from madoguchi.results.states import EntryState

Row = TypeVar("Row", bound=Entry)
Key = TypeVar("Key", bound=Hashable)


def _nothing(row: Any, columns: Mapping[str, Any]) -> None:
    """No history is kept."""


@dataclass(frozen=True)
class Entries(Generic[Row, Key]):
    """One kind of entry: its rows, what they are called, and which of them may not change."""

    model: type[Row]
    kind: str
    there: Mapping[Key, Row]
    called: Callable[[Key], str]
    is_held: Callable[[Key], bool]
    # Told before a row changes, with its new columns.
    before_change: Callable[[Row, Mapping[str, Any]], None] = _nothing


def sync_entries(
    entries: Entries[Row, Key], wanted: Mapping[Key, Wanted], changes: Changes, *, at: datetime, by: Actor
) -> None:
    """Add and change rows until the wanted ones are there; what stays as it is goes into `changes.kept`.

    What the pack brings was printed and is approved. Rows made at the desk are none of its business."""
    signed = _signed(at=at, by=by)
    new: list[Row] = []
    for key, record in wanted.items():
        row = entries.there.get(key)
        if row is not None and row.content_hash == record.content_hash:
            continue
        if entries.is_held(key) or (row is not None and _is_of_the_desk(row)):
            changes.note(changes.kept, entries.kind, entries.called(key))
        elif row is None:
            new.append(entries.model(content_hash=record.content_hash, **record.columns, **signed))
            changes.note(changes.added, entries.kind, entries.called(key))
        else:
            _change(entries, row, record, signed)
            changes.note(changes.changed, entries.kind, entries.called(key))
    entries.model._default_manager.bulk_create(new, batch_size=200)


def drop_entries(entries: Entries[Row, Key], wanted: Mapping[Key, Wanted], changes: Changes) -> None:
    """Remove what the pack brought once and no longer has."""
    for key, row in entries.there.items():
        if key in wanted or not row.content_hash:
            continue
        gone = not entries.is_held(key) and not _is_of_the_desk(row) and _removed(row)
        changes.note(changes.removed if gone else changes.kept, entries.kind, entries.called(key))


def _is_of_the_desk(row: Entry) -> bool:
    return row.edited_at is not None or not row.content_hash


def _removed(row: Entry) -> bool:
    try:
        row.delete()
    except ProtectedError:  # its history stays, and so does it
        return False
    return True


def _change(entries: Entries[Row, Key], row: Row, record: Wanted, signed: Mapping[str, Any]) -> None:
    entries.before_change(row, record.columns)
    columns = {**record.columns, **signed, "content_hash": record.content_hash, "version": row.version + 1}
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()


def _signed(*, at: datetime, by: Actor) -> dict[str, Any]:
    return {
        "state": EntryState.APPROVED,
        "entered_by_id": by.id,
        "entered_by_label": by.label,
        "entered_at": at,
        "approved_by_id": by.id,
        "approved_by_label": by.label,
        "approved_at": at,
    }
