"""伴走支援: goals and tasks. An involvement's next step is its earliest open task, kept by one function."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.errors import NotAllowed, TextMissing
from madoguchi.consultations.kinds import FollowUpKind
from madoguchi.consultations.models import Case, FollowUp, Goal, Task
from madoguchi.consultations.operations import business_page, days
from madoguchi.consultations.operations.acting import require_work, say
from madoguchi.consultations.operations.next_step import keep_next_step
from madoguchi.consultations.rules import NOT_YOUR_ORGANISATION
from madoguchi.consultations.states import TaskState
from madoguchi.foundation.errors import Conflict

# A plan of a young business looks so far ahead.
_YEARS_OF_A_GOAL = 10


def add_task(
    *,
    case: Case,
    title: str,
    hat: Hat,
    at: datetime,
    due_on: date | None = None,
    for_business: bool = False,
    goal: Goal | None = None,
) -> Task:
    """Note something to do, for the own organisation or for the business, which is told by mail.

    Raises NotAllowed, TextMissing, DayRefused.
    """
    if not title.strip():
        raise TextMissing
    days.require_ahead(due_on, on=timezone.localdate(at))
    involvement = require_work(case, hat)
    with transaction.atomic():
        task = Task.objects.create(
            case=case,
            goal=goal,
            involvement=None if for_business else involvement,
            title=title.strip(),
            due_on=due_on,
            made_by_id=hat.user_id,
            made_at=at,
        )
        say("task_added", case, hat=hat, at=at, task=task.pk, for_business=for_business)
        keep_next_step(task.involvement_id)
        if for_business:
            business_page.tell_task(task, at=at)
    return task


def end_task(*, task: Task, as_: TaskState, hat: Hat, at: datetime) -> None:
    """Tick a task off, or drop it. Raises NotAllowed, and Conflict when it had ended another way."""
    _require_own(task, hat)
    with transaction.atomic():
        ended = Task.objects.filter(pk=task.pk, state=TaskState.OPEN).update(state=as_, ended_at=at)
        if ended != 1:
            if Task.objects.filter(pk=task.pk, state=as_).exists():
                return  # a second click
            raise Conflict
        say(f"task_{as_}", task.case, hat=hat, at=at, task=task.pk)
        keep_next_step(task.involvement_id)


def reopen_task(*, task: Task, hat: Hat, at: datetime) -> None:
    """Take a tick back. Raises NotAllowed."""
    _require_own(task, hat)
    with transaction.atomic():
        ended = Task.objects.filter(pk=task.pk).exclude(state=TaskState.OPEN)
        if ended.update(state=TaskState.OPEN, ended_at=None):
            say("task_reopened", task.case, hat=hat, at=at, task=task.pk)
            keep_next_step(task.involvement_id)


def change_task(*, task: Task, title: str, due_on: date | None, hat: Hat, at: datetime) -> None:
    """Say a task in other words or put it off; one that is late may keep its day.

    Raises NotAllowed, TextMissing, DayRefused, Conflict (it has ended).
    """
    if not title.strip():
        raise TextMissing
    if due_on != task.due_on:
        days.require_ahead(due_on, on=timezone.localdate(at))
    _require_own(task, hat)
    with transaction.atomic():
        still_open = Task.objects.filter(pk=task.pk, state=TaskState.OPEN)
        if still_open.update(title=title.strip(), due_on=due_on) != 1:
            raise Conflict
        say("task_changed", task.case, hat=hat, at=at, task=task.pk)
        keep_next_step(task.involvement_id)


def add_goal(*, case: Case, text: str, by_day: date | None, hat: Hat, at: datetime) -> Goal:
    """Note what the business wants to have reached; it is shared with it.

    Raises NotAllowed, TextMissing, DayRefused.
    """
    if not text.strip():
        raise TextMissing
    days.require_ahead(by_day, on=timezone.localdate(at), years=_YEARS_OF_A_GOAL)
    require_work(case, hat)
    with transaction.atomic():
        last = case.goals.aggregate(last=Max("position"))["last"] or 0
        goal = Goal.objects.create(case=case, text=text.strip(), by_day=by_day, position=last + 1)
        say("goal_added", case, hat=hat, at=at, goal=goal.pk)
    return goal


def reach_goal(*, goal: Goal, on: date, hat: Hat, at: datetime) -> None:
    """Say that a goal is reached; a second time changes nothing. Raises NotAllowed."""
    require_work(goal.case, hat)
    with transaction.atomic():
        if Goal.objects.filter(pk=goal.pk, reached_on=None, dropped_at=None).update(reached_on=on):
            say("goal_reached", goal.case, hat=hat, at=at, goal=goal.pk)


def drop_goal(*, goal: Goal, hat: Hat, at: datetime) -> None:
    """Give a goal up; what was done for it stays. Raises NotAllowed."""
    require_work(goal.case, hat)
    with transaction.atomic():
        if Goal.objects.filter(pk=goal.pk, reached_on=None, dropped_at=None).update(dropped_at=at):
            say("goal_dropped", goal.case, hat=hat, at=at, goal=goal.pk)


def plan_follow_up(*, case: Case, due_on: date, hat: Hat, at: datetime) -> FollowUp:
    """Note a day on which somebody asks the business how things went; once a day.

    Raises NotAllowed, DayRefused.
    """
    days.require_ahead(due_on, on=timezone.localdate(at))
    involvement = require_work(case, hat)
    with transaction.atomic():
        follow_up, made = FollowUp.objects.get_or_create(
            case=case, kind=FollowUpKind.CONTACT, due_on=due_on, defaults={"involvement": involvement}
        )
        if made:
            say("follow_up_planned", case, hat=hat, at=at, follow_up=follow_up.pk)
    return follow_up


def end_follow_up(*, follow_up: FollowUp, hat: Hat, at: datetime) -> None:
    """Say that the business was asked; a second time changes nothing. Raises NotAllowed.

    Also after the closing: whose follow-up it is may do it as long as they see the case.
    """
    if follow_up.involvement.organisation_id != hat.organisation_id:
        raise NotAllowed(_(NOT_YOUR_ORGANISATION))
    with transaction.atomic():
        if FollowUp.objects.filter(pk=follow_up.pk, done_at=None).update(done_at=at):
            say("follow_up_done", follow_up.case, hat=hat, at=at, follow_up=follow_up.pk)


def _require_own(task: Task, hat: Hat) -> None:
    """An organisation at work ends its own tasks and the business's, not those of another organisation."""
    involvement = require_work(task.case, hat)
    if task.involvement_id not in (None, involvement.pk):
        raise NotAllowed(_(NOT_YOUR_ORGANISATION))
