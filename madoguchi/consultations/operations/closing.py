"""Closing a case with what came of it, opening it again, and what the business is asked afterwards."""

import secrets
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from types import MappingProxyType

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.consultations import rules
from madoguchi.consultations.errors import NotAllowed, ReferralsOpen, WrongState
from madoguchi.consultations.kinds import FollowUpKind, LinkPurpose, Outcome, Result
from madoguchi.consultations.models import Case, Closing, FollowUp, Involvement, Link, Task
from madoguchi.consultations.operations import expert_moves, inviting, moves, telling
from madoguchi.consultations.operations.acting import lead_part, own_involvement, say
from madoguchi.consultations.operations.next_step import keep_next_step
from madoguchi.consultations.operations.open_referrals import Then, open_referrals, withdraw
from madoguchi.consultations.secrets import hash_of
from madoguchi.consultations.states import CaseState, InvolvementState, TaskState
from madoguchi.foundation import audit
from madoguchi.foundation.errors import Conflict

_MONTHS_LATER = {FollowUpKind.AFTER_3_MONTHS: 3, FollowUpKind.AFTER_12_MONTHS: 12}
NO_REFERRALS: Mapping[int, Then] = MappingProxyType({})
# How long a business may answer, and change its answer.
SURVEY_DAYS = 60
_AT_ONCE = 200
# Those that `telling.address_of` has an address for: the others would be looked at again every hour.
_HAS_ADDRESS = Q(case__held_because="", case__erased_at=None) & (
    Q(case__requester__isnull=False)
    | ~Q(case__contact_email="")
    | Q(case__is_secret=False, case__business__email__gt="")
)


@dataclass(frozen=True)
class CameOfIt:
    """How a case ended: one of the five classes of the flow chart or none, and what came of it."""

    outcome: Outcome
    result: Result
    summary: str = ""
    sales_yen: int | None = None
    jobs: int | None = None
    raised_yen: int | None = None
    plan_approved: bool | None = None


def close_case(
    *,
    case: Case,
    told: CameOfIt,
    hat: Hat,
    at: datetime,
    referrals: Mapping[int, Then] = NO_REFERRALS,
) -> Closing:
    """Close a case: the lead ends its part, tasks and questions to experts end, two follow-ups are planned.

    Other organisations' parts stay as they are and rest until the case is opened again. Of each referral that
    nobody answered, `referrals` says by its number whether it is withdrawn or may still be answered. Raises
    NotAllowed, ReferralsOpen, and Conflict when somebody closed it, or answered, meanwhile.
    """
    lead = lead_part(case)
    if refused := rules.can_close(moves.standing_of(lead, hat)):
        raise NotAllowed(_(refused))
    with transaction.atomic():
        locked = Case.objects.select_for_update().get(pk=case.pk)
        if locked.closed_at is not None:
            raise Conflict
        still_open = open_referrals(locked)
        if not {each.pk for each in still_open} <= referrals.keys():
            raise ReferralsOpen
        withdrawn = [each for each in still_open if referrals[each.pk] is Then.WITHDRAW]
        withdraw(withdrawn, hat=hat, at=at)
        _end_tasks(locked, at=at)
        inviting.call_off(locked.appointments.all(), at=at)
        _finish_own_part(own_involvement(case, hat) or lead, told, hat=hat, at=at)
        expert_moves.end_all(locked, by=hat.as_actor(), at=at)
        closing = Closing.objects.create(
            case=case,
            outcome=told.outcome,
            summary=told.summary.strip(),
            sales_yen=told.sales_yen,
            jobs=told.jobs,
            raised_yen=told.raised_yen,
            plan_approved=told.plan_approved,
            closed_by_id=hat.user_id,
            closed_at=at,
        )
        _plan_follow_ups(case, lead, on=timezone.localdate(at))
        Case.objects.filter(pk=case.pk).update(closed_at=at, state=CaseState.CLOSED)
        say("case_closed", case, hat=hat, at=at, outcome=str(told.outcome))
    case.refresh_from_db()
    return closing


def reopen_case(*, case: Case, hat: Hat, at: datetime) -> None:
    """Open a case again: the lead is at work, the planned surveys are taken back unless they were sent.

    Raises NotAllowed, WrongState (it is open), Conflict.
    """
    if lead_part(case).organisation_id != hat.organisation_id:
        raise NotAllowed(_(rules.NOT_THE_LEAD))
    with transaction.atomic():
        locked = Case.objects.select_for_update().get(pk=case.pk)
        if locked.closed_at is None:
            raise WrongState
        moves.end_closing(locked, at=at)
        # The part that was ended last goes on: the lead's, or the one for which it was asked again.
        own = own_involvement(case, hat)
        if own is not None and own.state == InvolvementState.FINISHED:
            own.case.refresh_from_db()
            moves.start(involvement=own, hat=hat, at=at)
        say("case_reopened", case, hat=hat, at=at)
    case.refresh_from_db()


def make_survey_link(*, follow_up: FollowUp, hat: Hat, at: datetime) -> str:
    """Ask a business: note it, and return the secret of the link, which is kept nowhere.

    An earlier link of the same follow-up opens nothing any more. Raises NotAllowed (another organisation's).
    """
    if follow_up.involvement.organisation_id != hat.organisation_id:
        raise NotAllowed(_(rules.NOT_YOUR_ORGANISATION))
    with transaction.atomic():
        secret = _new_link(follow_up, at=at)
        say("survey_link_made", follow_up.case, hat=hat, at=at, follow_up=follow_up.pk)
    return secret


def ask_businesses(*, on: date, at: datetime) -> int:
    """Mail the businesses that are to be asked on this day or were before; return how many.

    Safe to run twice and in several workers at once. A business without a mail address is asked by its
    adviser, whose calendar holds the day.
    """
    due = FollowUp.objects.filter(kind__in=_MONTHS_LATER, due_on__lte=on, asked_at=None, done_at=None)
    found = due.filter(_HAS_ADDRESS).order_by("due_on", "pk").values_list("pk", flat=True)
    asked = (pk for pk in found if _ask(pk, at=at))
    return sum(1 for _pk in islice(asked, _AT_ONCE))


def _ask(pk: int, *, at: datetime) -> bool:
    """False for one that needs no asking any more, and for a business that cannot be reached by mail."""
    with transaction.atomic():
        follow_up = FollowUp.objects.select_for_update().filter(pk=pk, asked_at=None, done_at=None).first()
        if follow_up is None or not telling.address_of(follow_up.case):
            return False
        case = follow_up.case
        secret = _new_link(follow_up, at=at)
        telling.how_is_it_going(case, secret=secret, days=SURVEY_DAYS, key=f"survey:{pk}")
        audit.record(
            "consultations.survey_sent",
            at=at,
            by=audit.SYSTEM,
            subject_type="consultations.case",
            subject_id=case.pk,
            organisation_id=follow_up.involvement.organisation_id,
            data={"follow_up": pk},
        )
    return True


def _new_link(follow_up: FollowUp, *, at: datetime) -> str:
    """In place of an earlier link, in the caller's transaction."""
    secret = secrets.token_urlsafe(24)
    Link.objects.filter(follow_up=follow_up).delete()
    Link.objects.create(
        secret_hash=hash_of(secret),
        purpose=LinkPurpose.SURVEY,
        case=follow_up.case,
        involvement=follow_up.involvement,
        follow_up=follow_up,
        made_at=at,
        expires_at=at + timedelta(days=SURVEY_DAYS),
    )
    FollowUp.objects.filter(pk=follow_up.pk).update(asked_at=at)
    return secret


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where there is no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _end_tasks(case: Case, *, at: datetime) -> None:
    still_open = Task.objects.filter(case=case, state=TaskState.OPEN)
    touched = set(still_open.exclude(involvement=None).values_list("involvement", flat=True))
    still_open.update(state=TaskState.DROPPED, ended_at=at)
    for involvement in sorted(touched):
        keep_next_step(involvement)


def _finish_own_part(involvement: Involvement, told: CameOfIt, *, hat: Hat, at: datetime) -> None:
    if involvement.state in (InvolvementState.ACCEPTED, InvolvementState.WORKING):
        moves.finish(involvement=involvement, result=told.result, note="", hat=hat, at=at)


def _plan_follow_ups(case: Case, involvement: Involvement, *, on: date) -> None:
    for kind, months in _MONTHS_LATER.items():
        FollowUp.objects.get_or_create(
            case=case, kind=kind, due_on=months_after(on, months), defaults={"involvement": involvement}
        )
