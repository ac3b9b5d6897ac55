"""Operator sessions: running the machine for a reason, for a time."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from madoguchi.accounts import events
from madoguchi.accounts.errors import NotOperator, ReasonMissing
from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import OperatorSession
from madoguchi.accounts.roles import Role

LASTS = timedelta(hours=1)


def begin(*, hat: Hat, reason: str, at: datetime) -> OperatorSession:
    """Begin an operator session of an hour; one that runs ends with it. Raises NotOperator, ReasonMissing."""
    membership_id, organisation_id = hat.membership_id, hat.organisation_id
    if hat.role != Role.OPERATOR or membership_id is None or organisation_id is None:
        raise NotOperator
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        _running(membership_id, at=at).update(ended_at=at)
        session = OperatorSession.objects.create(
            membership_id=membership_id, reason=reason.strip(), begun_at=at, ends_at=at + LASTS
        )
        events.of_membership(
            "operator_session_begun",
            membership_id,
            organisation_id,
            at=at,
            by=hat.as_actor(),
            data={"session": session.pk},
        )
    return session


def end(*, hat: Hat, at: datetime) -> None:
    """End the operator session that runs in this hat, if one does."""
    if hat.membership_id is None or hat.organisation_id is None:
        return
    with transaction.atomic():
        if _running(hat.membership_id, at=at).update(ended_at=at):
            events.of_membership(
                "operator_session_ended",
                hat.membership_id,
                hat.organisation_id,
                at=at,
                by=hat.as_actor(),
            )


def _running(membership_id: int, *, at: datetime) -> QuerySet[OperatorSession]:
    return OperatorSession.objects.filter(membership=membership_id, ended_at=None, ends_at__gt=at)
