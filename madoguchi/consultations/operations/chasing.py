"""The chasing ladder at work: steps are taken once, people are told once a week, and answers dissolve it.

Managers and senders, who answer for what waits, hear of a new step on its day as well. Safe to run at any
time, twice, and in several workers at once: each step of a referral is one unique row, each summary has a
key of its person, its week and the day of such a step.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.models import User
from madoguchi.consultations import ladder, rules
from madoguchi.consultations.errors import NotAllowed
from madoguchi.consultations.ladder import Step, Told
from madoguchi.consultations.models import Case, Chase, Involvement
from madoguchi.consultations.operations import telling
from madoguchi.consultations.queries import colleagues, waiting
from madoguchi.consultations.states import CaseState, InvolvementState
from madoguchi.foundation import audit
from madoguchi.foundation.audit import SYSTEM, Actor


def chase(*, on: date, at: datetime, access_at: datetime) -> int:
    """Take the steps that are due on a day, tell who is to be told, and return how many were taken.

    `at` is the time the site believes in, `access_at` the machine's: memberships go by that one.
    """
    steps = waiting.steps()
    taken = [
        (involvement, step)
        for involvement in waiting.below(len(steps))
        for step in ladder.due(
            steps,
            sent_on=timezone.localdate(involvement.sent_at),
            on=on,
            taken={each.step for each in involvement.chases.all()},
        )
        if _take(involvement, step, at=at)
    ]
    _send_summaries(steps, on=on, access_at=access_at)
    return len(taken)


def _take(involvement: Involvement, step: Step, *, at: datetime) -> bool:
    """Note the step, and tell the business where it is the one to be told; False when another was faster."""
    try:
        with transaction.atomic():
            # Locked, so that an answer that comes at this moment is either seen or waits.
            case = Case.objects.select_for_update().get(pk=involvement.case_id)
            if not waiting.unanswered().filter(pk=involvement.pk).exists():
                return False
            Chase.objects.create(involvement=involvement, step=step.number, chased_at=at)
            audit.record(
                "consultations.chased",
                at=at,
                by=SYSTEM,
                subject_type="consultations.case",
                subject_id=case.pk,
                data={"involvement": involvement.pk, "step": step.number},
            )
            if step.to == Told.BUSINESS and case.state in (CaseState.NEW, CaseState.UNTAKEN):
                telling.not_yet_taken(case, words=step.text)
    except IntegrityError:
        return False
    return True


def _send_summaries(steps: Sequence[Step], *, on: date, access_at: datetime) -> None:
    """One mail for each person and week, with the numbers of what waits for them now.

    Who is told as a manager or sender cannot stop it, and gets another on the day of each such step.
    """
    words = {step.number: step.text for step in steps}
    to = {step.number: step.to for step in steps}
    week = ladder.week_of(on)
    numbers: dict[User, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    asked: dict[_Asked, list[User]] = {}
    last_step: dict[User, str] = {}
    for involvement in waiting.chased():
        for told, day in {each.step: each.chased_at for each in involvement.chases.all()}.items():
            if told not in to:
                continue
            key = _asked(involvement, to[told])
            if key not in asked:
                asked[key] = _told(involvement, to[told], access_at=access_at)
            for user in asked[key]:
                numbers[user][told].add(involvement.case.number)
                if to[told] != Told.DESK:
                    last_step[user] = max(last_step.get(user, ""), _day_in_week(day, week))
    for user, found in sorted(numbers.items(), key=lambda row: row[0].pk):
        groups = [(words[step], sorted(found[step])) for step in sorted(found)]
        with transaction.atomic():
            telling.digest(user, groups=groups, week=week, last_step=last_step.get(user))


def _day_in_week(moment: datetime, week: str) -> str:
    """The day of a step of this week; of an earlier one the week's summary reminds."""
    day = timezone.localdate(moment)
    return day.isoformat() if ladder.week_of(day) == week else ""


_Asked = tuple[object, ...]


def _asked(involvement: Involvement, to: Told) -> _Asked:
    """What it depends on who is told: hundreds of referrals wait at the same desks."""
    place = (involvement.organisation_id, involvement.unit_id, involvement.team_id, involvement.adviser_id)
    sender = (involvement.sent_by_id, involvement.sent_by_organisation_id)
    return (to, place, sender, involvement.state, involvement.case_id if involvement.case.is_secret else None)


def _told(involvement: Involvement, to: Told, *, access_at: datetime) -> list[User]:
    """Who is told of a step by the weekly summary; the business has a mail of its own."""
    if to == Told.DESK and involvement.state == InvolvementState.SENT:
        return colleagues.asked_of(involvement, at=access_at)
    if to in (Told.DESK, Told.MANAGER):
        return colleagues.managers_of(involvement, at=access_at)
    if to == Told.SENDER and involvement.sent_by is not None:
        there = colleagues.working(organisation_id=involvement.sent_by_organisation_id, at=access_at)
        return [involvement.sent_by] if there.filter(user=involvement.sent_by).exists() else []
    return []


def nudge(*, involvement: Involvement, by: Actor, on: date, at: datetime) -> None:
    """The business asks for the answer it was promised: once, after the promised day.

    The caller has found the case as the business's own. Raises NotAllowed with the sentence that says why.
    """
    with transaction.atomic():
        refused = waiting.why_not_nudged(involvement, on=on, days=waiting.promised_days())
        asked = Involvement.objects.filter(pk=involvement.pk, state=InvolvementState.SENT, nudged_at=None)
        if refused or not asked.update(nudged_at=at):
            raise NotAllowed(_(refused or rules.NUDGED_ALREADY))
        audit.record(
            "consultations.nudged",
            at=at,
            by=by,
            subject_type="consultations.case",
            subject_id=involvement.case_id,
            data={"involvement": involvement.pk},
        )
        telling.nudged(involvement)
    involvement.refresh_from_db()
