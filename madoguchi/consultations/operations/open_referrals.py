"""Referrals that nobody has answered when a case is closed: withdrawn, or left open to be answered later."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.kinds import LinkPurpose, Result
from madoguchi.consultations.models import Case, Involvement, Link
from madoguchi.consultations.operations import books, moves, telling
from madoguchi.consultations.queries.waiting import STILL_ASKED
from madoguchi.consultations.states import InvolvementState


class Then(StrEnum):
    """What becomes of a referral that nobody answered."""

    WITHDRAW = "withdraw"
    KEEP = "keep"


def open_referrals(case: Case) -> list[Involvement]:
    """What others were asked and have not answered, the oldest first."""
    rows = case.involvements.filter(STILL_ASKED).select_related("case", "organisation", "unit", "desk")
    return list(rows.order_by("sent_at", "pk"))


def withdraw(referrals: Collection[Involvement], *, hat: Hat, at: datetime) -> None:
    """Ask these no longer, and tell them: they no longer see the case, their links open nothing.

    In the transaction of the closing. Raises Conflict when one of them answers at this moment.
    """
    for referral in referrals:
        telling.referral_withdrawn(referral)  # first: of a secret case the named people alone are told
        moves.apply(
            referral,
            InvolvementState.FINISHED,
            by=hat.as_actor(),
            at=at,
            result=Result.WITHDRAWN,
            finished_at=at,
            access_ended_at=at,
            next_step="",
            next_due_on=None,
        )
        if referral.organisation_id is not None:
            moves.end_names(referral, at=at)
            books.leave(referral, referral.case.business, by=hat.as_actor(), at=at)
        links = Link.objects.filter(involvement=referral, purpose=LinkPurpose.REFERRAL)
        links.filter(expires_at__gt=at).update(expires_at=at)
