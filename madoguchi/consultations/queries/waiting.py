"""Referrals that wait for an answer, and the days that were promised."""

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from madoguchi.consultations import ladder
from madoguchi.consultations.models import Chase, Involvement
from madoguchi.consultations.queries.policy import current_policy
from madoguchi.consultations.states import CaseState, InvolvementState

# The lead declined and nobody could have the case instead: its managers go on seeing it.
LEFT_OVER = Q(is_lead=True, state=InvolvementState.DECLINED, case__state=CaseState.UNTAKEN)


def steps() -> tuple[ladder.Step, ...]:
    """The chasing ladder of the region, or the usual one."""
    found = current_policy()
    return ladder.steps_of(found.chasing) if found else ladder.DEFAULT


def unanswered() -> QuerySet[Involvement]:
    """Referrals and requests that nobody took, the oldest first, of cases neither held nor closed."""
    asked = Q(state=InvolvementState.SENT) & ~Q(case__state__in=(CaseState.HELD, CaseState.CLOSED))
    rows = Involvement.objects.filter(asked | LEFT_OVER, access_ended_at=None)
    rows = rows.select_related("case__requester", "organisation", "unit", "desk", "sent_by")
    return rows.prefetch_related("chases").order_by("sent_at", "pk")


def below(height: int) -> list[Involvement]:
    """Those that have not come to the end of a ladder of so many steps."""
    return list(unanswered().annotate(taken=Count("chases")).filter(taken__lt=height))


def chased() -> list[Involvement]:
    """Those of which somebody was reminded."""
    return list(unanswered().filter(Exists(Chase.objects.filter(involvement=OuterRef("pk")))))


def promised_on(involvement: Involvement) -> date:
    """The last day on which the business may expect an answer without asking for it: the one it was told."""
    told = involvement.case.promised_on
    if told is not None and involvement.is_lead:
        return told
    found = current_policy()
    days = found.promised_days if found else ladder.PROMISED_DAYS
    return ladder.promised_on(sent_on=timezone.localdate(involvement.sent_at), promised_days=days)
