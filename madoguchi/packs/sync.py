"""Making a table hold just the pack's records: what is new is added, what differs changed, the rest kept."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model, ProtectedError
from pydantic import BaseModel

Row = TypeVar("Row", bound=Model)


@dataclass
class Changes:
    """Which records a load added, changed and removed, by kind ("programme", "desk" …)."""

    added: dict[str, list[str]] = field(default_factory=dict)
    changed: dict[str, list[str]] = field(default_factory=dict)
    removed: dict[str, list[str]] = field(default_factory=dict)
    # What the pack says otherwise, and what stayed as it is: edited at the desk since, or in a closed year.
    kept: dict[str, list[str]] = field(default_factory=dict)

    def note(self, what: dict[str, list[str]], kind: str, key: str) -> None:
        """Remember one record, once."""
        keys = what.setdefault(kind, [])
        if key not in keys:
            keys.append(key)

    def touched(self) -> Iterable[tuple[str, str]]:
        """Every (kind, key) that differs from before."""
        for what in (self.added, self.changed, self.removed):
            for kind, keys in what.items():
                yield from ((kind, key) for key in keys)

    def __bool__(self) -> bool:
        return any(self.touched())


# Raise a kind's number when its records shall fill their columns differently than before (another mapping,
# another default): the next load then writes them all anew, and publishes every edition anew.
LOADERS = {
    "consultations": 1,
    "source": 1,
    "organisation": 1,
    "unit": 1,
    "desk": 1,
    "programme": 1,
    "edition": 1,
    "project": 1,
    "listing": 1,
    "indicator": 1,
    "value": 1,
    "narrative": 1,
    "introduction": 1,
    "case_study": 1,
    "chapter": 1,
    "event": 1,
}


def digest(kind: str, record: BaseModel, *derived: str) -> str:
    """SHA-256 of a record's content and of what derives from others; the same however it is written.

    Fields at their default do not count: a schema that learns one leaves every older record as it is."""
    content = record.model_dump(mode="json", exclude_defaults=True)
    data = json.dumps([kind, LOADERS[kind], content, *derived], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(data.encode()).hexdigest()


def plain(records: Iterable[BaseModel]) -> list[dict[str, Any]]:
    """Records as JSON for a column, without what was left out."""
    return [record.model_dump(mode="json", exclude_defaults=True) for record in records]


@dataclass(frozen=True)
class Wanted:
    """One record as it should be: its columns and the digest that tells whether it differs."""

    columns: Mapping[str, Any]
    content_hash: str


def sync(
    model: type[Row], kind: str, wanted: Mapping[str, Wanted], changes: Changes, *, key: str = "slug"
) -> dict[str, Row]:
    """Add and change rows until the wanted ones are there; returns the touched rows by key.

    Rows that are no longer wanted are left to `drop`, which runs when nothing points at them any more."""
    # Not the default manager: what an earlier pack dropped is hidden there, and comes back here.
    manager = model._base_manager
    there = {getattr(row, key): row for row in manager.all()}
    touched: dict[str, Row] = {}
    for name, record in wanted.items():
        row = there.get(name)
        if row is None:
            row = manager.create(**{key: name}, content_hash=record.content_hash, **record.columns)
            changes.note(changes.added, kind, name)
        elif _differs(row, record):
            changes.note(changes.changed if _is_current(row) else changes.added, kind, name)
            values = {**record.columns, "content_hash": record.content_hash, "is_current": True}
            for column, value in values.items():
                setattr(row, column, value)
            row.save()
        else:
            continue
        touched[name] = row
    return touched


def _is_current(row: Model) -> bool:
    return bool(getattr(row, "is_current", True))


def _differs(row: Model, record: Wanted) -> bool:
    return getattr(row, "content_hash", None) != record.content_hash or not _is_current(row)


def drop(
    model: type[Model], kind: str, wanted: Iterable[str], changes: Changes, *, key: str = "slug"
) -> None:
    """Delete the rows that the pack no longer has; those that earlier editions still name are only hidden.

    Raises ProtectedError for a model that cannot be hidden."""
    manager = model._default_manager
    gone = list(manager.exclude(**{f"{key}__in": list(wanted)}).order_by("pk"))
    for row in gone:
        changes.note(changes.removed, kind, getattr(row, key))
    while gone:
        # Children go before their parents, which they protect: again, until nothing more can go.
        kept = [row for row in gone if not _delete(row)]
        if len(kept) == len(gone):
            manager.filter(pk__in=[row.pk for row in kept]).update(is_current=False)
            return
        gone = kept


def _delete(row: Model) -> bool:
    try:
        with transaction.atomic():
            row.delete()
    except ProtectedError:
        if not hasattr(row, "is_current"):
            raise
        return False
    return True


@contextmanager
def noting(changes: Changes, kind: str, key: str, *models: type[Model]) -> Iterator[None]:
    """Note a change of small tables that are written anew each time, if their content differs afterwards."""
    before = [_content(model) for model in models]
    yield
    if [_content(model) for model in models] != before:
        changes.note(changes.changed, kind, key)


def _content(model: type[Model]) -> list[str]:
    names = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    return sorted(repr(row) for row in model._base_manager.values_list(*names))
