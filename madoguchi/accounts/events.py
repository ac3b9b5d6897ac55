"""What is on record about accounts: who did what to which account, never an address or a word of content."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from madoguchi.accounts.models import User
from madoguchi.foundation import audit


def of_account(
    action: str,
    user: User | None,
    *,
    at: datetime,
    by: audit.Actor | None = None,
    data: Mapping[str, object] | None = None,
) -> None:
    """Record what happened to an account, by the person unless said otherwise; None is an unknown one."""
    with transaction.atomic():
        audit.record(
            f"accounts.{action}",
            at=at,
            by=by or (user.as_actor() if user else audit.ANONYMOUS),
            subject_type="accounts.user",
            subject_id=user.pk if user else "",
            data=data,
        )


def of_membership(
    action: str,
    membership_id: int,
    organisation_id: int,
    *,
    at: datetime,
    by: audit.Actor,
    data: Mapping[str, object] | None = None,
) -> None:
    """Record, in the transaction of the change, what happened to a membership."""
    audit.record(
        f"accounts.{action}",
        at=at,
        by=by,
        subject_type="accounts.membership",
        subject_id=membership_id,
        organisation_id=organisation_id,
        data=data,
    )
