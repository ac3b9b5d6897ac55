"""Seals the audit: every committed event becomes a link of a hash chain, and its heads are kept in a file.

Why it is done afterwards and not while recording: a chain needs one order, and one order would make every
writer wait for the one before. Each event waits in the outbox, written in its own transaction, so an event
with a smaller number that commits later is simply sealed later: the chain follows the order of sealing, not
the numbers, and an event that was slipped in past `audit.record` is the one that waits nowhere.

What it proves: sealed events were not changed, removed or reordered, and none was slipped in. The file beside
the database proves that the end of the chain was not cut off; whoever can rewrite the database and the file
can rewrite history, so copy the file to another machine. A chain cannot tell whether a record was true.
"""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction

from madoguchi.foundation import files, outbox
from madoguchi.foundation.audit import SEAL_TOPIC
from madoguchi.foundation.models import AuditEvent, AuditSeal

START = "0" * 64
# The digest of an event that was deleted before it could be sealed.
MISSING = "0" * 64
BATCH = 1000


def heads_file() -> Path:
    """Return the path of the file of heads: a line of position, head and time for every sealing."""
    return Path(settings.DATA_DIR) / "audit-heads.txt"


def seal(*, at: datetime) -> int:
    """Seal the events that have been committed since, and anchor the new head; return how many.

    Several sealers are safe: positions are unique, so the slower one changes nothing and returns 0.
    """
    sealed = 0
    while outbox.pending(SEAL_TOPIC, limit=1):  # asking first spares SQLite a write lock every second
        try:
            seals = _seal_batch(at=at)
        except IntegrityError:  # another sealer took these positions
            break
        if seals:
            last = seals[-1]
            # After the commit: a head of a sealing that never came to be would look like a cut-off chain.
            line = f"{last.position} {last.head} {at.isoformat()}\n"
            files.append_durably(heads_file(), line.encode())
            sealed += len(seals)
    return sealed


@transaction.atomic
def _seal_batch(*, at: datetime) -> list[AuditSeal]:
    waiting = outbox.pending(SEAL_TOPIC, limit=BATCH)
    last = AuditSeal.objects.order_by("-position").first()
    position, head = (last.position, last.head) if last else (0, START)
    event_ids = [int(item.key) for item in waiting]
    events = AuditEvent.objects.in_bulk(event_ids)
    # A note that came twice must not stop the sealing of all that follow it.
    known = set(AuditSeal.objects.filter(event_id__in=event_ids).values_list("event_id", flat=True))
    seals = []
    for event_id in event_ids:
        if event_id in known:
            continue
        position += 1
        digest = digest_of(events[event_id]) if event_id in events else MISSING
        head = next_head(head, position=position, event_id=event_id, digest=digest)
        seals.append(AuditSeal(position=position, event_id=event_id, digest=digest, head=head, sealed_at=at))
    AuditSeal.objects.bulk_create(seals)
    outbox.done(waiting)
    return seals


def digest_of(event: AuditEvent) -> str:
    """Return the SHA-256 of everything an event says (its number is bound by the link instead)."""
    said = [
        event.occurred_at.astimezone(UTC).isoformat(),
        event.actor_id,
        event.actor_label,
        event.action,
        event.subject_type,
        event.subject_id,
        event.organisation_id,
        event.data,
    ]
    canonical = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def next_head(previous: str, *, position: int, event_id: int, digest: str) -> str:
    """Return the SHA-256 that binds a link to all links before it."""
    return hashlib.sha256(f"{previous} {position} {event_id} {digest}".encode()).hexdigest()
