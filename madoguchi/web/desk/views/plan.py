"""支援の計画: goals, tasks and follow-ups of a case; ticking a task off wherever it stands."""

from collections.abc import Callable
from typing import TypeVar

from django.contrib import messages
from django.db.models import Manager, Model, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.errors import DayRefused
from madoguchi.consultations.models import Case
from madoguchi.consultations.operations import closing, planning
from madoguchi.consultations.queries import case_page
from madoguchi.consultations.states import TaskState
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.web.desk.forms.plan import FollowUpForm, GoalForm, TaskChangeForm, TaskForm
from madoguchi.web.desk.forms.record import BUSINESS
from madoguchi.web.desk.shapes import case_page as shapes
from madoguchi.web.desk.shapes import plan as plan_shapes
from madoguchi.web.desk.shapes.crumbs import to_case
from madoguchi.web.desk.views.case import INVALID, read_or_404, standing, visible_or_404
from madoguchi.web.shared.asked import whole
from madoguchi.web.shared.hats import worn_by

# Where the address of a survey waits until the next page shows it, once.
_SHOWN_ONCE = "survey_link"
Act = Callable[[HttpRequest, Case, Hat, str], None]
Row = TypeVar("Row", bound=Model)
_FORMS: dict[str, type[Form]] = {"task": TaskForm, "goal": GoalForm, "follow_up": FollowUpForm}


@requires("cases.read")
@require_safe
def plan(request: HttpRequest, key: str) -> HttpResponse:
    """Goals, tasks and follow-ups."""
    return _show(request, read_or_404(request, key))


def _show(request: HttpRequest, case: Case, refused: dict[str, Form] | None = None) -> HttpResponse:
    hat, today = worn_by(request), clock.today()
    stands = standing(request, case)
    own, why_not = stands.own, stands.why_not
    found = case_page.plan_of(case)
    survey = request.session.pop(_SHOWN_ONCE, "")
    context = {
        "trail": to_case(case, ("", gettext("支援の計画"))),
        "case": case,
        "head": shapes.head(case, on=today),
        "urls": shapes.urls(case),
        "plan": plan_shapes.plan(found, own=own, can_work=not why_not, hat=hat, on=today),
        "survey_url": request.build_absolute_uri(survey) if survey else "",
        "survey_days": closing.SURVEY_DAYS,
        "can_work": not why_not,
        "why_not": why_not,
        "forms": {name: form(prefix=name) for name, form in _FORMS.items()} | (refused or {}),
        "today": today,
    }
    return render(request, "desk/plan.html", context, status=INVALID if refused else 200)


@requires("cases.write")
@require_POST
def add(request: HttpRequest, key: str, what: str) -> HttpResponse:
    """Add a task, a goal or a follow-up; what was typed stands again when it cannot be."""
    case, hat = read_or_404(request, key), worn_by(request)
    if what not in _FORMS:
        raise Http404
    form = _FORMS[what](request.POST, prefix=what)
    if form.is_valid():
        try:
            _ADDING[what](case, form, hat)
        except DayRefused as error:
            form.add_error("by_day" if what == "goal" else "due_on", str(error))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect(f"{reverse('desk:plan', args=[key])}#{what}")
    return _show(request, case, {what: form})


def _add_task(case: Case, form: Form, hat: Hat) -> None:
    told = form.cleaned_data
    planning.add_task(
        case=case,
        title=told["title"],
        due_on=told["due_on"],
        for_business=told["whose"] == BUSINESS,
        hat=hat,
        at=clock.now(),
    )


def _add_goal(case: Case, form: Form, hat: Hat) -> None:
    told = form.cleaned_data
    planning.add_goal(case=case, text=told["text"], by_day=told["by_day"], hat=hat, at=clock.now())


def _add_follow_up(case: Case, form: Form, hat: Hat) -> None:
    planning.plan_follow_up(case=case, due_on=form.cleaned_data["due_on"], hat=hat, at=clock.now())


_ADDING: dict[str, Callable[[Case, Form, Hat], None]] = {
    "task": _add_task,
    "goal": _add_goal,
    "follow_up": _add_follow_up,
}


@requires("cases.write")
@require_POST
def tasks(request: HttpRequest, key: str) -> HttpResponse:
    """Tick tasks off, drop them, take a tick back, put them off; goals and follow-ups likewise.

    The button's name says what, its value which one. htmx gets the list of tasks alone.
    """
    case, hat = visible_or_404(request, key), worn_by(request)
    try:
        _act(request, case, hat)
    except DomainError as error:
        messages.warning(request, str(error))
    if request.htmx:  # type: ignore[attr-defined]
        return _todo(request, case, hat)
    page = "desk:plan" if "plan" in request.POST else "desk:case"
    return redirect(f"{reverse(page, args=[key])}#todo")


def _act(request: HttpRequest, case: Case, hat: Hat) -> None:
    name = next((name for name in _ACTS if name in request.POST), None)
    if name is None:
        raise Http404
    _ACTS[name](request, case, hat, request.POST[name])


def _end_task(as_: TaskState) -> Act:
    def act(_request: HttpRequest, case: Case, hat: Hat, pk: str) -> None:
        planning.end_task(task=_one(case.tasks, pk), as_=as_, hat=hat, at=clock.now())

    return act


def _reopen(_request: HttpRequest, case: Case, hat: Hat, pk: str) -> None:
    planning.reopen_task(task=_one(case.tasks, pk), hat=hat, at=clock.now())


def _change(request: HttpRequest, case: Case, hat: Hat, pk: str) -> None:
    form = TaskChangeForm(request.POST, prefix=f"change-{pk}")
    if not form.is_valid():
        messages.warning(request, "　".join(str(each[0]) for each in form.errors.values()))
        return
    told = form.cleaned_data
    planning.change_task(
        task=_one(case.tasks, pk), title=told["title"], due_on=told["due_on"], hat=hat, at=clock.now()
    )


def _reach(_request: HttpRequest, case: Case, hat: Hat, pk: str) -> None:
    planning.reach_goal(goal=_one(case.goals, pk), on=clock.today(), hat=hat, at=clock.now())


def _drop_goal(_request: HttpRequest, case: Case, hat: Hat, pk: str) -> None:
    planning.drop_goal(goal=_one(case.goals, pk), hat=hat, at=clock.now())


def _asked(_request: HttpRequest, case: Case, hat: Hat, pk: str) -> None:
    found = case.follow_ups.select_related("involvement", "case")
    planning.end_follow_up(follow_up=_one(found, pk), hat=hat, at=clock.now())


def _survey(request: HttpRequest, case: Case, hat: Hat, pk: str) -> None:
    found = case.follow_ups.filter(involvement__organisation=hat.organisation_id).select_related(
        "involvement"
    )
    secret = closing.make_survey_link(follow_up=_one(found, pk), hat=hat, at=clock.now())
    request.session[_SHOWN_ONCE] = reverse("portal:survey", args=[secret])


_ACTS: dict[str, Act] = {
    "done": _end_task(TaskState.DONE),
    "drop": _end_task(TaskState.DROPPED),
    "reopen": _reopen,
    "change": _change,
    "reach": _reach,
    "give_up": _drop_goal,
    "asked": _asked,
    "survey": _survey,
}


def _one(of: Manager[Row] | QuerySet[Row], pk: str) -> Row:
    """The record of this case with that number. Http404 for anything else."""
    found = of.filter(pk=whole(pk)).order_by("pk").first()
    if found is None:
        raise Http404
    return found


def _todo(request: HttpRequest, case: Case, hat: Hat) -> HttpResponse:
    stands = standing(request, case)
    own, why_not = stands.own, stands.why_not
    tasks = case_page.open_tasks_of(case)
    context = {
        "todos": shapes.todos(tasks, own=own, can_work=not why_not, on=clock.today()),
        "can_work": not why_not,
        "urls": shapes.urls(case),
        "is_closed": False,
        "said": [str(message) for message in messages.get_messages(request)],
    }
    return render(request, "desk/parts/todo.html", context)
