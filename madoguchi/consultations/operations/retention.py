"""Cases never closed, minutes and drafts go when their time is over; managers hear of the first two.

Nothing goes untold: a case or minutes are erased so many days after the managers were told, also where the
worker stood still or a region has just decided the periods. What is entered meanwhile keeps a case.
"""

from collections import defaultdict
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from madoguchi.accounts.models import User
from madoguchi.consultations.models import Case, Meeting, Policy
from madoguchi.consultations.operations import telling
from madoguchi.consultations.operations.acting import lead_part
from madoguchi.consultations.operations.erasing import erase_abandoned
from madoguchi.consultations.queries import colleagues, retention
from madoguchi.consultations.queries.policy import current_policy
from madoguchi.foundation import audit

_AT_ONCE = 50


def warn(*, on: date, at: datetime) -> int:
    """Tell managers what will be erased, a number at a time; return of how many cases and meetings.

    Where nobody is there to be told, the time begins all the same. Safe to run twice and in several workers.
    """
    policy = current_policy()
    if policy is None:
        return 0
    soon = on + timedelta(days=policy.notice_days)
    told: dict[User, list[str]] = defaultdict(list)
    with transaction.atomic():
        cases = _cases_to_tell_of(policy, soon)
        meetings = _meetings_to_tell_of(policy, soon)
        for case in cases:
            lead = lead_part(case)
            people = colleagues.managers_of(lead, at=at) or colleagues.asked_of(lead, at=at)
            for user in people:
                told[user].append(case.number)
            _say("case_leaving", "consultations.case", case.pk, people, lead.organisation_id, at=at)
        for meeting in meetings:
            people = colleagues.managers(organisation_id=meeting.organisation_id, at=at)
            for user in people:
                told[user].append(telling.meeting_words(meeting))
            _say(
                "meeting_leaving", "consultations.meeting", meeting.pk, people, meeting.organisation_id, at=at
            )
        Case.objects.filter(pk__in=[case.pk for case in cases]).update(warned_at=at)
        Meeting.objects.filter(pk__in=[meeting.pk for meeting in meetings]).update(warned_at=at)
        for user, what in sorted(told.items(), key=lambda row: row[0].pk):
            telling.leaving(user, what=what, days=policy.notice_days)
    return len(cases) + len(meetings)


def erase_what_ran_out(*, on: date, at: datetime) -> int:
    """Erase what was told of long enough ago, a number at a time, and forget drafts; return how many."""
    policy = current_policy()
    if policy is None:
        return 0
    cases = _told_of(policy, on=on, at=at)
    done = sum(
        erase_abandoned(case=case, still=cases, at=at)
        for case in cases.order_by("warned_at", "pk")[:_AT_ONCE]
    )
    long_ago = at - timedelta(days=policy.notice_days)
    meetings = retention.old_minutes(policy, on=on).filter(warned_at__lte=long_ago)
    for meeting in meetings.order_by("warned_at", "pk")[:_AT_ONCE]:
        done += _erase_meeting(meeting, at=at)
    drafts, _by_model = retention.old_drafts(policy, at=at).delete()
    return done + drafts


def _cases_to_tell_of(policy: Policy, soon: date) -> list[Case]:
    """Those of which nobody was told since their last entry."""
    if policy.abandoned_years is None:
        return []
    since = retention.begin_of(retention.kept_from(policy.abandoned_years, on=soon))
    rows = retention.abandoned(policy, on=soon).filter(Q(warned_at=None) | Q(warned_at__lt=since))
    return list(rows.select_for_update(of=("self",)).order_by("opened_at", "pk")[:_AT_ONCE])


def _meetings_to_tell_of(policy: Policy, soon: date) -> list[Meeting]:
    rows = retention.old_minutes(policy, on=soon).filter(warned_at=None)
    return list(rows.select_for_update(of=("self",)).order_by("held_on", "pk")[:_AT_ONCE])


def _told_of(policy: Policy, *, on: date, at: datetime) -> QuerySet[Case]:
    if policy.abandoned_years is None:
        return Case.objects.none()
    since = retention.begin_of(retention.kept_from(policy.abandoned_years, on=on))
    long_ago = at - timedelta(days=policy.notice_days)
    return retention.abandoned(policy, on=on).filter(warned_at__gte=since, warned_at__lte=long_ago)


def _erase_meeting(meeting: Meeting, *, at: datetime) -> bool:
    with transaction.atomic():
        removed, _by_model = Meeting.objects.filter(pk=meeting.pk, warned_at=meeting.warned_at).delete()
        if removed:
            audit.record(
                "consultations.meeting_erased",
                at=at,
                by=audit.SYSTEM,
                subject_type="consultations.meeting",
                subject_id=meeting.pk,
                organisation_id=meeting.organisation_id,
            )
    return bool(removed)


def _say(
    action: str, subject_type: str, pk: int, people: list[User], organisation_id: int | None, *, at: datetime
) -> None:
    audit.record(
        f"consultations.{action}",
        at=at,
        by=audit.SYSTEM,
        subject_type=subject_type,
        subject_id=pk,
        organisation_id=organisation_id,
        data={"told": [user.pk for user in people]},
    )
