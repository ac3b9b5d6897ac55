"""Goals and tasks, and the next step that follows from them."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.consultations.errors import DayPast, DayTooFar, NotAllowed, TextMissing
from madoguchi.consultations.models import Involvement, Task
from madoguchi.consultations.operations import planning
from madoguchi.consultations.states import TaskState
from madoguchi.foundation.errors import Conflict
from madoguchi.foundation.models import AuditEvent
from tests.accounts.people import a_hat, an_organisation
from tests.consultations.cases import AT, a_taken_case, another_involvement, its_organisation, the_involvement

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 30)


@pytest.fixture
def hat():
    return a_hat(at=AT, organisation=an_organisation())


def add(case, hat, title="電話する", days=0, **changes):
    due_on = None if days is None else TODAY + timedelta(days=days)
    return planning.add_task(case=case, title=title, due_on=due_on, hat=hat, at=AT, **changes)


def next_of(case, hat):
    involvement = the_involvement(case, hat)
    return involvement.next_step, involvement.next_due_on


def expected(involvement):
    """The earliest open task, worked out from all of them."""
    rows = [t for t in Task.objects.filter(involvement=involvement) if t.state == TaskState.OPEN]
    rows.sort(key=lambda task: (task.due_on is None, task.due_on or TODAY, task.pk))
    return (rows[0].title, rows[0].due_on) if rows else ("", None)


@pytest.mark.parametrize(("days", "refused"), [(-1, DayPast), (3 * 366, DayTooFar)])
def test_a_day_that_cannot_be_meant_is_refused(hat, days, refused):
    case, day = a_taken_case(hat), TODAY + timedelta(days=days)
    with pytest.raises(refused):
        add(case, hat, days=days)
    with pytest.raises(refused):
        planning.plan_follow_up(case=case, due_on=day, hat=hat, at=AT)
    task = add(case, hat)
    with pytest.raises(refused):
        planning.change_task(task=task, title="電話する", due_on=day, hat=hat, at=AT)


def test_a_task_that_is_late_may_be_said_in_other_words(hat):
    task = add(a_taken_case(hat), hat)
    after = AT + timedelta(days=3)
    planning.change_task(task=task, title="訪ねる", due_on=TODAY, hat=hat, at=after)
    task.refresh_from_db()
    assert (task.title, task.due_on) == ("訪ねる", TODAY)


def test_a_goal_may_lie_years_ahead_and_not_behind(hat):
    case = a_taken_case(hat)
    planning.add_goal(case=case, text="5店", by_day=TODAY.replace(year=2031), hat=hat, at=AT)
    for day, refused in ((TODAY - timedelta(days=1), DayPast), (TODAY.replace(year=2066), DayTooFar)):
        with pytest.raises(refused):
            planning.add_goal(case=case, text="5店", by_day=day, hat=hat, at=AT)


def test_the_next_step_is_the_earliest_open_task(hat):
    case = a_taken_case(hat)
    later, sooner = add(case, hat, "あとで", 9), add(case, hat, "先に", 2)
    assert next_of(case, hat) == ("先に", TODAY + timedelta(days=2))
    planning.end_task(task=sooner, as_=TaskState.DONE, hat=hat, at=AT)
    assert next_of(case, hat) == ("あとで", TODAY + timedelta(days=9))
    planning.reopen_task(task=sooner, hat=hat, at=AT)
    planning.change_task(task=later, title="いちばん先に", due_on=TODAY, hat=hat, at=AT)
    assert next_of(case, hat) == ("いちばん先に", TODAY)


def test_what_the_business_has_to_do_is_no_next_step_of_the_organisation(hat):
    case = a_taken_case(hat)
    add(case, hat, for_business=True)
    assert next_of(case, hat) == ("", None)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.lists(st.tuples(st.sampled_from("adnrc"), st.integers(0, 3), st.integers(0, 10)), max_size=12))
def test_whatever_is_done_to_tasks_the_next_step_follows(hat, moves):
    case, tasks = a_taken_case(hat), []
    for move, which, days in moves:
        task = Task.objects.get(pk=tasks[which % len(tasks)]) if tasks else None
        if move == "a" or task is None:
            tasks.append(add(case, hat, f"{len(tasks)}つめ", days or None).pk)
        elif move in "dn" and task.state == TaskState.OPEN:
            as_ = TaskState.DONE if move == "d" else TaskState.DROPPED
            planning.end_task(task=task, as_=as_, hat=hat, at=AT)
        elif move == "r":
            planning.reopen_task(task=task, hat=hat, at=AT)
        elif move == "c" and task.state == TaskState.OPEN:
            planning.change_task(task=task, title="変えた", due_on=TODAY, hat=hat, at=AT)
        assert next_of(case, hat) == expected(the_involvement(case, hat))


def test_a_task_changed_without_the_function_leaves_the_tray_behind(hat):
    case = a_taken_case(hat)
    task = add(case, hat)
    Task.objects.filter(pk=task.pk).update(state=TaskState.DONE, ended_at=AT)
    assert next_of(case, hat) != expected(the_involvement(case, hat))


def test_a_second_click_changes_nothing_and_another_end_is_a_conflict(hat):
    task = add(a_taken_case(hat), hat)
    for _ in range(2):
        planning.end_task(task=task, as_=TaskState.DONE, hat=hat, at=AT)
    assert AuditEvent.objects.filter(action="consultations.task_done").count() == 1
    with pytest.raises(Conflict):
        planning.end_task(task=task, as_=TaskState.DROPPED, hat=hat, at=AT)
    with pytest.raises(Conflict):
        planning.change_task(task=task, title="変える", due_on=None, hat=hat, at=AT)


def test_another_organisation_at_work_does_not_end_ones_tasks(hat):
    case = a_taken_case(hat)
    task = add(case, hat)
    other = a_hat(at=AT, organisation=an_organisation("引き継ぎ先"))
    another_involvement(case, its_organisation(other), "accepted")
    with pytest.raises(NotAllowed):
        planning.end_task(task=task, as_=TaskState.DONE, hat=other, at=AT)
    of_business = add(case, hat, for_business=True)
    planning.end_task(task=of_business, as_=TaskState.DONE, hat=other, at=AT)


def test_who_has_not_taken_the_case_plans_nothing(hat):
    case = a_taken_case(hat)
    asked = a_hat(at=AT, organisation=an_organisation("引き継ぎ先"))
    another_involvement(case, its_organisation(asked))
    with pytest.raises(NotAllowed):
        add(case, asked)
    with pytest.raises(NotAllowed):
        planning.add_goal(case=case, text="目標", by_day=None, hat=asked, at=AT)


def test_a_task_without_words_is_refused(hat):
    with pytest.raises(TextMissing):
        add(a_taken_case(hat), hat, title=" ")


def test_a_goal_is_reached_once(hat):
    goal = planning.add_goal(case=a_taken_case(hat), text="5店に置く", by_day=None, hat=hat, at=AT)
    for days in (0, 3):
        planning.reach_goal(goal=goal, on=TODAY + timedelta(days=days), hat=hat, at=AT)
    goal.refresh_from_db()
    assert goal.reached_on == TODAY


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_leave_the_next_step_right():
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    hat = a_hat(at=AT, organisation=an_organisation())
    case = a_taken_case(hat)
    tasks = [add(case, hat, f"{n}つめ", n) for n in range(4)]

    def tick(task):
        try:
            planning.end_task(task=task, as_=TaskState.DONE, hat=hat, at=AT)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(tick, tasks[:3]))
    assert Involvement.objects.get(case=case).next_step == "3つめ"
