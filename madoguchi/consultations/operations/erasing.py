"""Erasing what a case says, while what statistics count stays.

Retention (保存期間) is the region's: `Policy.retention_years` after the end of the fiscal year in which the
case was closed, as offices count the keeping of documents. A manager may erase a closed case before. What
was never closed, minutes and drafts: `retention`.
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.errors import CasesOpen, NotAllowed, ReasonMissing
from madoguchi.consultations.models import (
    Appointment,
    Attachment,
    CalendarFeed,
    Case,
    CasePerson,
    CaseWords,
    Closing,
    Consent,
    Consultation,
    ConsultationRevision,
    Draft,
    ExpertRequest,
    FirstStepMark,
    FollowUp,
    Goal,
    Introduction,
    Involvement,
    Link,
    MeetingCase,
    Note,
    Situation,
    SurveyAnswer,
    Task,
)
from madoguchi.consultations.operations import expert_moves, moves
from madoguchi.consultations.operations.attaching import remove_contents
from madoguchi.consultations.queries.policy import current_policy
from madoguchi.consultations.states import RUNNING, CaseState, InvolvementState
from madoguchi.foundation import audit
from madoguchi.foundation.errors import Conflict
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.mail.operations import erasing as mails

_AT_ONCE = 50


def erase_case(*, case: Case, why: str, hat: Hat, at: datetime) -> None:
    """Erase a closed case for which the hat's organisation answers.

    Raises NotAllowed, ReasonMissing, and Conflict when somebody opened or erased it meanwhile.
    """
    is_lead = case.involvements.filter(is_lead=True, organisation=hat.organisation_id).exists()
    if not is_lead or not hat.may("cases.manage") or case.state != CaseState.CLOSED:
        raise NotAllowed(_("消去できるのは、責任をもつ機関の管理者が、閉じた案件だけです。"))
    if not why.strip():
        raise ReasonMissing
    _erase(case, at=at, by=hat.as_actor(), organisation_id=hat.organisation_id, because="asked")


def erase_ended(*, cases: QuerySet[Case], by: audit.Actor, organisation_id: int | None, at: datetime) -> None:
    """Erase all of these cases, because their business or their person goes, in the caller's transaction.

    Raises CasesOpen when one has not ended, and Conflict when one was opened or erased meanwhile.
    """
    kept = cases.filter(erased_at=None)
    if kept.exclude(state=CaseState.CLOSED).exists():
        raise CasesOpen
    for case in kept.order_by("pk"):
        _erase(case, at=at, by=by, organisation_id=organisation_id, because="business_erased")


def forget_person(*, user_id: int) -> None:
    """Take somebody whose account is closed out of the cases that stay: contacts, drafts, calendars.

    Notes keep the name under which they were written, as long as the case is kept, and a desk what it wrote
    down of somebody who came there.
    """
    asked = Case.objects.filter(requester=user_id)
    asked.update(requester=None, contact_name="", contact_email="", contact_telephone="", contact_when="")
    Draft.objects.filter(user=user_id).delete()
    CalendarFeed.objects.filter(membership__user=user_id).delete()


def erase_what_ran_out(*, on: date, at: datetime) -> int:
    """Erase the closed cases whose time has passed, a number at a time; return how many."""
    policy = current_policy()
    if policy is None:
        return 0
    newest_kept = FiscalYear(FiscalYear.of(on).start_year - policy.retention_years).starts_on
    closed = Case.objects.filter(closed_at__date__lt=newest_kept, erased_at=None)
    cases = list(closed.order_by("closed_at", "pk")[:_AT_ONCE])
    return sum(_erase_old(case, at=at) for case in cases)


def _erase_old(case: Case, *, at: datetime) -> bool:
    try:
        _erase(case, at=at, by=audit.SYSTEM, organisation_id=None, because="retention")
    except Conflict:
        return False  # opened again, or another worker's
    return True


def erase_abandoned(*, case: Case, still: QuerySet[Case], at: datetime) -> bool:
    """Erase a case that nobody ever closed, if it is still among those; whether it was.

    It counts as never closed, and no part of it as one with a result.
    """
    with transaction.atomic():
        # Whoever writes something in it waits, or is seen.
        list(Case.objects.select_for_update().filter(pk=case.pk))
        if not still.filter(pk=case.pk, erased_at=None).exists():
            return False
        Case.objects.filter(pk=case.pk).update(erased_at=at)
        expert_moves.end_all(case, by=audit.SYSTEM, at=at)
        parts = Involvement.objects.filter(case=case)
        parts.filter(is_lead=True, state=InvolvementState.DECLINED).update(access_ended_at=at)
        parts.filter(state__in=RUNNING).update(
            state=InvolvementState.FINISHED, finished_at=Greatest("sent_at", Value(at)), next_due_on=None
        )
        moves.follow(case)
        _finish(case, at=at, by=audit.SYSTEM, organisation_id=None, because="abandoned")
    return True


def _erase(case: Case, *, at: datetime, by: audit.Actor, organisation_id: int | None, because: str) -> None:
    """Raises Conflict when the case is no longer closed as the caller saw it."""
    with transaction.atomic():
        # First, so that nobody opens it or adds to it while it is emptied.
        seen = Case.objects.filter(pk=case.pk, state=CaseState.CLOSED, closed_at=case.closed_at)
        if not seen.filter(erased_at=None).update(erased_at=at):
            raise Conflict
        _finish(case, at=at, by=by, organisation_id=organisation_id, because=because)


def _finish(case: Case, *, at: datetime, by: audit.Actor, organisation_id: int | None, because: str) -> None:
    files = list(Attachment.objects.filter(note__case=case))
    _empty(case)
    mails.erase_about(subject_type="consultations.case", subject_ids=[case.pk], at=at)
    audit.record(
        "consultations.case_erased",
        at=at,
        by=by,
        subject_type="consultations.case",
        subject_id=case.pk,
        organisation_id=organisation_id,
        data={"because": because},
    )
    transaction.on_commit(lambda: remove_contents(files))


def _empty(case: Case) -> None:
    """Take away every word and everybody's name; topic, area, industry, size and days stay to be counted."""
    Case.objects.filter(pk=case.pk).update(
        title="",
        words="",
        answers={},
        business=None,
        requester=None,
        contact_name="",
        contact_email="",
        contact_telephone="",
        contact_when="",
    )
    Consultation.everything.filter(case=case).update(business=None, place="")
    ConsultationRevision.objects.filter(Q(case=case) | Q(consultation__case=case)).update(place="", why="")
    Involvement.objects.filter(case=case).update(
        outside_email="",
        message="",
        answer_note="",
        answered_by_name="",
        result_note="",
        next_step="",
    )
    Involvement.objects.filter(case=case, organisation=None).update(outside_name="-")
    Consent.objects.filter(case=case).update(outside_name="")
    ExpertRequest.objects.filter(case=case).update(question="", answer_note="")
    Closing.objects.filter(case=case).update(summary="")
    SurveyAnswer.objects.filter(case=case).update(answers={})
    MeetingCase.objects.filter(case=case).delete()
    Draft.objects.filter(form__contains=case.key).delete()
    CaseWords.objects.filter(case=case).delete()
    for rows in (Note, Situation, Introduction, FirstStepMark, Task, Goal, Appointment, Link, CasePerson):
        rows._default_manager.filter(case=case).delete()
    FollowUp.objects.filter(case=case, done_at=None).delete()
