"""Referrals that wait for an answer, and the days that were promised."""

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from madoguchi.consultations import ladder, rules
from madoguchi.consultations.models import Chase, Involvement
from madoguchi.consultations.queries.policy import current_policy
from madoguchi.consultations.states import CaseState, InvolvementState

# The lead declined and nobody could have the case instead: its managers go on seeing it.
LEFT_OVER = Q(is_lead=True, state=InvolvementState.DECLINED, case__state=CaseState.UNTAKEN)

# Asked by another organisation and not answered: who was asked answers, also when the case was closed since.
STILL_ASKED = Q(
    is_lead=False,
    state=InvolvementState.SENT,
    access_ended_at=None,
    case__held_because="",
    case__erased_at=None,
)


def steps() -> tuple[ladder.Step, ...]:
    """The chasing ladder of the region, or the usual one."""
    found = current_policy()
    return ladder.steps_of(found.chasing) if found else ladder.DEFAULT


def unanswered() -> QuerySet[Involvement]:
    """Referrals and requests that nobody took, the oldest first; of a closed case the referrals alone."""
    asked = Q(state=InvolvementState.SENT) & ~Q(case__state__in=(CaseState.HELD, CaseState.CLOSED))
    rows = Involvement.objects.filter(asked | STILL_ASKED | LEFT_OVER, access_ended_at=None)
    rows = rows.select_related("case__requester", "organisation", "unit", "desk", "sent_by")
    return rows.prefetch_related("chases").order_by("sent_at", "pk")


def below(height: int) -> list[Involvement]:
    """Those that have not come to the end of a ladder of so many steps."""
    return list(unanswered().annotate(taken=Count("chases")).filter(taken__lt=height))


def chased() -> list[Involvement]:
    """Those of which somebody was reminded."""
    return list(unanswered().filter(Exists(Chase.objects.filter(involvement=OuterRef("pk")))))


def promised_days() -> int:
    """How many business days the region promises an answer in."""
    found = current_policy()
    return found.promised_days if found else ladder.PROMISED_DAYS


def why_not_nudged(involvement: Involvement, *, on: date, days: int) -> str | None:
    """Why the business cannot ask this organisation for its answer now: the region promises it in `days`.

    Of the lead it was told a day. Whoever is outside has no tray that a reminder could reach.
    """
    told = involvement.case.promised_on if involvement.is_lead else None
    if involvement.organisation_id is None or involvement.case.closed_at is not None:
        return rules.NOT_WAITING
    return rules.can_nudge(
        InvolvementState(involvement.state),
        on=on,
        promised_on=told
        or ladder.promised_on(sent_on=timezone.localdate(involvement.sent_at), promised_days=days),
        was_nudged=involvement.nudged_at is not None,
    )
