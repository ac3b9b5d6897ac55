"""The append-only record of what happened: who, when, what, on which record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from madoguchi.foundation import outbox
from madoguchi.foundation.models import AuditEvent

# Every event waits under this topic until the sealer has chained it.
SEAL_TOPIC = "audit.seal"


@dataclass(frozen=True)
class Actor:
    """Who acted, as id and label: the audit outlives the account, so it holds no foreign key."""

    id: str
    label: str


SYSTEM = Actor(id="", label="system")
ANONYMOUS = Actor(id="", label="anonymous")


def record(
    action: str,
    *,
    at: datetime,
    by: Actor,
    subject_type: str,
    subject_id: object,
    organisation_id: object | None = None,
    data: Mapping[str, object] | None = None,
) -> AuditEvent:
    """Record an event in the transaction of the change; without one, RuntimeError.

    `data` holds ids, states and names of changed fields, never content: a person's words or details
    that may have to be erased have no place in a record that cannot be rewritten.
    """
    outbox.require_transaction()
    if action.count(".") < 1:
        raise ValueError(f"{action!r} is not a dotted name")
    event = AuditEvent.objects.create(
        occurred_at=at,
        actor_id=by.id,
        actor_label=by.label,
        action=action,
        subject_type=subject_type,
        subject_id=str(subject_id),
        organisation_id="" if organisation_id is None else str(organisation_id),
        data=dict(data or {}),
    )
    outbox.put(SEAL_TOPIC, str(event.pk), at=at)
    return event
