"""Making a table hold just the pack's records: what is new is added, what differs changed, the rest kept."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Model
from pydantic import BaseModel

Row = TypeVar("Row", bound=Model)


@dataclass
class Changes:
    """Which records a load added, changed and removed, by kind ("programme", "desk" …)."""

    added: dict[str, list[str]] = field(default_factory=dict)
    changed: dict[str, list[str]] = field(default_factory=dict)
    removed: dict[str, list[str]] = field(default_factory=dict)

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


def digest(record: BaseModel) -> str:
    """SHA-256 of a record's content, the same for the same content however it is written."""
    data = json.dumps(record.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
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
    manager = model._default_manager
    there = {getattr(row, key): row for row in manager.all()}
    touched: dict[str, Row] = {}
    for name, record in wanted.items():
        row = there.get(name)
        if row is None:
            row = manager.create(**{key: name}, content_hash=record.content_hash, **record.columns)
            changes.note(changes.added, kind, name)
        elif getattr(row, "content_hash") != record.content_hash:  # noqa: B009 (not on every model's type)
            for column, value in record.columns.items():
                setattr(row, column, value)
            setattr(row, "content_hash", record.content_hash)  # noqa: B010
            row.save()
            changes.note(changes.changed, kind, name)
        else:
            continue
        touched[name] = row
    return touched


def drop(
    model: type[Model], kind: str, wanted: Iterable[str], changes: Changes, *, key: str = "slug"
) -> None:
    """Delete the rows that the pack no longer has."""
    gone = model._default_manager.exclude(**{f"{key}__in": list(wanted)})
    for name in gone.order_by("pk").values_list(key, flat=True):
        changes.note(changes.removed, kind, name)
    gone.delete()
