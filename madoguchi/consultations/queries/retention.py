"""What runs out: cases that were never closed, minutes, drafts; by the periods of the region's policy.

Years count after the end of the fiscal year of the last entry, as offices count the keeping of documents.
Days are the machine's, whatever date the site believes in.
"""

from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from madoguchi.consultations.models import (
    Appointment,
    Case,
    Consultation,
    Draft,
    Involvement,
    Meeting,
    Note,
    Policy,
    Task,
)
from madoguchi.consultations.queries.policy import current_policy
from madoguchi.consultations.states import CaseState, TaskState
from madoguchi.japan.fiscal_year import FiscalYear


def kept_from(years: int, *, on: date) -> date:
    """The first day whose entries are kept on a day, when years are kept after their fiscal year."""
    return FiscalYear(FiscalYear.of(on).start_year - years).starts_on


def abandoned(policy: Policy, *, on: date) -> QuerySet[Case]:
    """The cases that were never closed and in which nothing was entered for so long."""
    if policy.abandoned_years is None:
        return Case.objects.none()
    limit = kept_from(policy.abandoned_years, on=on)
    return silent_since(limit).filter(erased_at=None).exclude(state=CaseState.CLOSED)


def silent_since(limit: date) -> QuerySet[Case]:
    """The cases that began before a day and have no entry, no appointment and nothing to do from it on."""
    begin = begin_of(limit)
    of_case = {"case": OuterRef("pk")}
    signs = (
        Note.objects.filter(Q(written_at__gte=begin) | Q(changed_at__gte=begin), **of_case),
        Consultation.everything.filter(Q(held_on__gte=limit) | Q(recorded_at__gte=begin), **of_case),
        Appointment.objects.filter(starts_at__gte=begin, **of_case),
        Task.objects.filter(Q(made_at__gte=begin) | Q(due_on__gte=limit, state=TaskState.OPEN), **of_case),
        Involvement.objects.filter(
            Q(sent_at__gte=begin) | Q(taken_at__gte=begin) | Q(answered_at__gte=begin), **of_case
        ),
    )
    cases = Case.objects.filter(opened_at__lt=begin)
    for rows in signs:
        cases = cases.exclude(Exists(rows))
    return cases


def old_minutes(policy: Policy, *, on: date) -> QuerySet[Meeting]:
    """The minutes of meetings that need not be kept any longer."""
    if policy.minutes_years is None:
        return Meeting.objects.none()
    return Meeting.objects.filter(held_on__lt=kept_from(policy.minutes_years, on=on))


def old_drafts(policy: Policy, *, at: datetime) -> QuerySet[Draft]:
    """What somebody began to type and left lying."""
    if policy.draft_days is None:
        return Draft.objects.none()
    return Draft.objects.filter(saved_at__lt=at - timedelta(days=policy.draft_days))


def leaves_on(case: Case, *, on: date) -> date | None:
    """From which day on a case may be erased unless something is entered; None where nobody was told so."""
    policy = current_policy() if case.warned_at else None
    if policy is None or case.warned_at is None:
        return None
    notice = timedelta(days=policy.notice_days)
    soon = abandoned(policy, on=on + notice).filter(pk=case.pk)
    return timezone.localdate(case.warned_at) + notice if soon.exists() else None


def begin_of(day: date) -> datetime:
    """The first moment of a day."""
    return datetime.combine(day, time(), tzinfo=timezone.get_default_timezone())
