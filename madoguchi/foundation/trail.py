"""Reading the audit: who did something to a record, and what one person did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Min, Q, QuerySet

from madoguchi.foundation.models import AuditEvent


@dataclass(frozen=True)
class Visitor:
    """One person and one record: how often they read it, how often they changed it, from when until when."""

    actor_id: str
    label: str
    organisation_id: str
    reads: int
    changes: int
    first_at: datetime
    last_at: datetime


def of_record(subject_type: str, subject_id: object) -> QuerySet[AuditEvent]:
    """All that happened to a record, the newest first."""
    return AuditEvent.objects.filter(subject_type=subject_type, subject_id=str(subject_id)).order_by("-pk")


def of_person(actor_id: object, *, organisation_id: object) -> QuerySet[AuditEvent]:
    """All that a person did in the name of an organisation, the newest first."""
    rows = AuditEvent.objects.filter(actor_id=str(actor_id), organisation_id=str(organisation_id))
    return rows.order_by("-pk")


def visitors_of(subject_type: str, subject_id: object) -> Sequence[Visitor]:
    """Everybody who read or changed a record, one line a person and organisation, the last one first."""
    is_read = Q(action__endswith="_read")
    rows = (
        AuditEvent.objects.filter(subject_type=subject_type, subject_id=str(subject_id))
        .values("actor_id", "actor_label", "organisation_id")
        .annotate(
            reads=Count("pk", filter=is_read),
            changes=Count("pk", filter=~is_read),
            first_at=Min("occurred_at"),
            last_at=Max("occurred_at"),
        )
    )
    found = [
        Visitor(
            actor_id=row["actor_id"],
            label=row["actor_label"],
            organisation_id=row["organisation_id"],
            reads=row["reads"],
            changes=row["changes"],
            first_at=row["first_at"],
            last_at=row["last_at"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda visitor: visitor.last_at, reverse=True)
