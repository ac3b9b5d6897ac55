"""Notes for the world outside the transaction: written with the change, followed afterwards.

A consumer reads `pending`, does and commits its work, and then says `done`. A crash in between leaves the
entries, so the work is done again: consumers have to be idempotent. Entries of one key are handed over
together, so several changes of one record cost one piece of work.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from madoguchi.foundation.models import OutboxEntry

# What follows every change of what the public reads: the search index, and the open data.
SEARCH_TOPIC = "search"
PUBLIC_TOPIC = "public"


@dataclass(frozen=True)
class Pending:
    """What is to be followed for one key, and the entries that are done with it."""

    key: str
    entry_ids: tuple[int, ...]


def put(topic: str, key: str, *, at: datetime) -> None:
    """Note that something has to follow the change of this transaction; outside of one, RuntimeError."""
    require_transaction()
    OutboxEntry.objects.create(topic=topic, key=key, created_at=at)


def put_public(key: str, *, at: datetime) -> None:
    """Note that a public record ("type:slug") changed: one note for each that follows."""
    for topic in (SEARCH_TOPIC, PUBLIC_TOPIC):
        put(topic, key, at=at)


def pending(topic: str, *, limit: int = 500) -> list[Pending]:
    """Return what is waiting under a topic, oldest first, one item a key; reads at most `limit` entries.

    Keep `limit` under 32,000: SQLite takes no more variables in the statement of `done`.
    """
    rows = OutboxEntry.objects.filter(topic=topic).order_by("pk").values_list("key", "pk")[:limit]
    ids_of: dict[str, list[int]] = {}
    for key, pk in rows:
        ids_of.setdefault(key, []).append(pk)
    return [Pending(key=key, entry_ids=tuple(ids)) for key, ids in ids_of.items()]


def done(items: Iterable[Pending]) -> None:
    """Remove what has been followed; an entry written since then stays."""
    OutboxEntry.objects.filter(pk__in=[pk for item in items for pk in item.entry_ids]).delete()


def require_transaction() -> None:
    """Raise RuntimeError outside of a transaction, where a note could outlive or precede its change."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("This has to be written in the transaction of the change it belongs to")
