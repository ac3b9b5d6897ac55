"""支援の計画: tasks with what can be done to each, goals, follow-ups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.kinds import FollowUpKind
from madoguchi.consultations.models import FollowUp, Goal, Involvement, SurveyAnswer, Task
from madoguchi.consultations.queries import case_page
from madoguchi.consultations.states import TaskState
from madoguchi.web.desk.forms.plan import TaskChangeForm
from madoguchi.web.desk.shapes import labels, surveys
from madoguchi.web.desk.shapes.case_page import Todo, todos
from madoguchi.web.desk.shapes.labels import Due
from madoguchi.web.shared import wording


@dataclass(frozen=True)
class OpenTask:
    """An open task and the form to change it."""

    todo: Todo
    form: TaskChangeForm


@dataclass(frozen=True)
class EndedTask:
    """A task that was done or dropped."""

    pk: int
    title: str
    said: str
    can_be_reopened: bool


@dataclass(frozen=True)
class ShownGoal:
    """A goal and how it stands."""

    pk: int
    text: str
    due: Due | None
    reached: str


@dataclass(frozen=True)
class ShownFollowUp:
    """A day on which somebody asks."""

    pk: int
    kind: str
    due: Due | None
    said: str
    whose: str
    answers: Sequence[str]
    can_be_ended: bool
    can_be_asked: bool


@dataclass(frozen=True)
class ShownPlan:
    """The whole plan."""

    open_tasks: Sequence[OpenTask]
    ended_tasks: Sequence[EndedTask]
    goals: Sequence[ShownGoal]
    follow_ups: Sequence[ShownFollowUp]


def plan(found: case_page.Plan, *, own: Involvement | None, can_work: bool, hat: Hat, on: date) -> ShownPlan:
    """The plan as the page shows it."""
    lines = todos(found.open_tasks, own=own, can_work=can_work, on=on)
    own_pk = own.pk if own else None
    return ShownPlan(
        open_tasks=[OpenTask(line, _form(task)) for line, task in zip(lines, found.open_tasks, strict=True)],
        ended_tasks=[_ended(task, own_pk, can_work=can_work, on=on) for task in found.done_tasks],
        goals=[_goal(goal, on) for goal in found.goals],
        follow_ups=[_follow_up(each, hat, on) for each in found.follow_ups],
    )


def _form(task: Task) -> TaskChangeForm:
    return TaskChangeForm(prefix=f"change-{task.pk}", initial={"title": task.title, "due_on": task.due_on})


def _ended(task: Task, own: int | None, *, can_work: bool, on: date) -> EndedTask:
    day = wording.day(task.ended_at, today=on) if task.ended_at else ""
    done = gettext("%(day)sに済み") if task.state == TaskState.DONE else gettext("%(day)sに取りやめ")
    return EndedTask(
        task.pk, task.title, done % {"day": day}, can_work and task.involvement_id in (None, own)
    )


def _goal(goal: Goal, on: date) -> ShownGoal:
    reached = (
        gettext("%(day)sに届きました") % {"day": wording.day(goal.reached_on, today=on)}
        if goal.reached_on
        else ""
    )
    return ShownGoal(goal.pk, goal.text, None if goal.reached_on else labels.due(goal.by_day, on=on), reached)


def _follow_up(follow_up: FollowUp, hat: Hat, on: date) -> ShownFollowUp:
    organisation = follow_up.involvement.organisation
    said = ""
    if follow_up.done_at:
        said = gettext("%(day)sに済み") % {"day": wording.day(follow_up.done_at, today=on)}
    elif follow_up.asked_at:
        said = gettext("%(day)sにうかがいを送りました") % {"day": wording.day(follow_up.asked_at, today=on)}
    is_own = follow_up.involvement.organisation_id == hat.organisation_id
    return ShownFollowUp(
        pk=follow_up.pk,
        kind=str(FollowUpKind(follow_up.kind).label),
        due=None if follow_up.done_at else labels.due(follow_up.due_on, on=on),
        said=said,
        whose=organisation.name if organisation else "",
        answers=_answers(follow_up),
        can_be_ended=follow_up.done_at is None and is_own,
        can_be_asked=is_own and follow_up.kind != FollowUpKind.CONTACT,
    )


def _answers(follow_up: FollowUp) -> list[str]:
    """What the business answered, line by line."""
    answer: SurveyAnswer | None = getattr(follow_up, "answer", None)
    if answer is None:
        return []
    lines = [f"{question}：{said}" for question, said in surveys.answered(answer)]
    trouble = answer.answers.get("next_trouble", "")
    return [*lines, gettext("いま困っていること：%(words)s") % {"words": trouble}] if trouble else lines
