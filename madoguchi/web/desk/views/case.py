"""The page of a case: what is next, writing it down, what was, and the business beside it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import User
from madoguchi.businesses.models import Business
from madoguchi.businesses.queries import seen_as
from madoguchi.consultations import rules
from madoguchi.consultations.errors import DayRefused
from madoguchi.consultations.kinds import Visibility
from madoguchi.consultations.models import Appointment, Case, Draft, Involvement
from madoguchi.consultations.operations import drafts, journal, moves
from madoguchi.consultations.operations.acting import own_among, own_involvement
from madoguchi.consultations.operations.reading import read_case
from madoguchi.consultations.queries import (
    appointments,
    case_page,
    first_response,
    history,
    retention,
    timeline,
)
from madoguchi.consultations.states import CaseState, InvolvementState
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.foundation.paging import page_number
from madoguchi.web.desk import reads, sent
from madoguchi.web.desk.forms.fields import uploads
from madoguchi.web.desk.forms.record import RecordForm, with_draft
from madoguchi.web.desk.shapes import appointments as appointment_shapes
from madoguchi.web.desk.shapes import case_page as shapes
from madoguchi.web.desk.shapes import experts as expert_shapes
from madoguchi.web.desk.shapes import history as history_shapes
from madoguchi.web.desk.shapes import supports
from madoguchi.web.desk.shapes import timeline as timeline_shapes
from madoguchi.web.desk.shapes.crumbs import to_case
from madoguchi.web.shared.hats import worn_by

STRETCH = 15
SUPPORTS = 4
OTHER_CASES = 5
PRINTED_ENTRIES = 200
PRINTED = (Visibility.SHARED,)
# Never the personal ones: paper wanders.
PRINTED_INSIDE = (Visibility.SHARED, Visibility.INTERNAL)
INVALID = 422


def read_or_404(request: HttpRequest, key: str, *, what: str = "page") -> Case:
    """The case, and a record that it was read. Http404 for one that may not be seen, as for none."""
    try:
        return read_case(key=key, hat=worn_by(request), at=clock.now(), what=what)
    except Case.DoesNotExist:
        raise Http404 from None


def visible_or_404(request: HttpRequest, key: str) -> Case:
    """The case to act on, not on record as read: who and its title may be shown, nothing more.

    Http404 for one that may not be seen.
    """
    found = Case.objects.visible_to(worn_by(request)).select_related("main_topic", "business")
    case = found.filter(key=key).order_by("pk").first()
    if case is None:
        raise Http404
    return case


@dataclass(frozen=True)
class Standing:
    """The own part in a case, and why one may not work on it (empty: one may)."""

    own: Involvement | None
    why_not: str


def standing(request: HttpRequest, case: Case) -> Standing:
    """Whether the person may record, plan and introduce in this case."""
    hat = worn_by(request)
    return _standing(own_involvement(case, hat), hat)


def _standing(own: Involvement | None, hat: Hat) -> Standing:
    refused = rules.can_work(moves.standing_of(own, hat)) if own else rules.NOT_AT_WORK
    return Standing(own, gettext(refused) if refused else "")


@requires("cases.read")
@require_safe
def case(request: HttpRequest, key: str) -> HttpResponse:
    """The page of a case."""
    case = read_or_404(request, key)
    if case.state == CaseState.HELD:
        return redirect("desk:held_one", key)
    return show(request, case)


def show(request: HttpRequest, case: Case, form: RecordForm | None = None) -> HttpResponse:
    """The page, with a form that was refused standing as it was sent (422)."""
    hat, today = worn_by(request), clock.today()
    around = timeline.around(case)
    stands = _standing(own_among(around.involvements, hat), hat)
    own, can_work = stands.own, not stands.why_not
    page = page_number(request.GET.get("page"))
    reader = timeline_shapes.Reader(case, hat, today)
    stretch = timeline.stretch_of(case, hat, page=page, size=STRETCH, around=around)
    plan = case_page.plan_of(case)
    business = reads.business_of(case, hat)
    figures = reads.figures_of(business) if business else []
    facts = supports.facts_of_case(case, business, on=today)
    # Not the own part: it may be a later one, for which the lead was asked again.
    is_lead = any(row.is_lead and row.organisation_id == hat.organisation_id for row in around.involvements)
    draft = drafts.kept(form=Draft.name_for(case), hat=hat)
    templates = case_page.templates_of(hat)
    unrecorded = appointments.unrecorded(case, hat, at=clock.now()) if can_work else []
    context = {
        "trail": to_case(case),
        "case": case,
        "head": shapes.head(case, on=today),
        "leaves_on": retention.leaves_on(case, on=clock.actual_now().date()),
        "urls": shapes.urls(case),
        "todos": shapes.todos(plan.open_tasks, own=own, can_work=can_work, on=today),
        "done_tasks": plan.done_tasks,
        "goals": plan.goals,
        "can_work": can_work,
        "is_lead": is_lead,
        "can_erase": is_lead and hat.may("cases.manage"),
        "is_left_over": own is not None and rules.is_left_over(moves.standing_of(own, hat)),
        "is_asked": own is not None and own.state == InvolvementState.SENT,
        "agreed": appointment_shapes.agreed(
            appointments.ahead(case, at=clock.now()), hat=hat, can_work=can_work
        ),
        "passed": appointment_shapes.passed(case, unrecorded, on=today),
        "form": form or _form(request, case, draft.content if draft else None, templates, unrecorded),
        "saved": shapes.saved_words(draft.saved_at if draft else None),
        "saved_ms": int(draft.saved_at.timestamp() * 1000) if draft else 0,
        "is_refused": form is not None,
        "templates": templates,
        "entries": timeline_shapes.shown(stretch.entries, reader),
        "page": page,
        "earlier": page + 1 if stretch.has_earlier else None,
        "business": business,
        "facts": shapes.business_facts(business, figures[0] if figures else None)
        if business
        else shapes.case_facts(case),
        "others": _other_cases(case, business, hat),
        "contact": shapes.contact_facts(case) + shapes.request_facts(case, reads.programme_of(case)),
        "company": case.answers.get("company", ""),
        "can_correct": own is not None and not rules.can_correct(moves.standing_of(own, hat)),
        "partners": shapes.partners(around.involvements, on=today),
        "experts": expert_shapes.asked(around.expert_requests, at=hat.at, on=today),
        "agreements": shapes.agreements(case_page.consents_of(case), on=today),
        "supports": supports.supports(case, facts, at=clock.now(), on=today, limit=SUPPORTS),
        "parts": first_response.progress(case),
        "today": today,
    }
    return render(request, "desk/case.html", context, status=INVALID if form else 200)


def _other_cases(case: Case, business: Business | None, hat: Hat) -> list[history_shapes.Line]:
    """What else the business came with, under the record that stands for it."""
    if case.business_id is None:
        return []
    standing = seen_as(hat, business).pk if business else case.business_id
    found = history.of_business(standing, hat, size=OTHER_CASES, beside=case)
    return history_shapes.lines(found.cases, on=clock.today())


def _form(
    request: HttpRequest,
    case: Case,
    kept: object,
    templates: list[Any],
    unrecorded: list[Appointment],
) -> RecordForm:
    """An empty form, or what was typed and kept; a template adds its beginning, an appointment its facts."""
    initial = with_draft({"held_on": clock.today(), "visibility": "shared"}, kept)
    asked_for = request.GET.get("appointment", "")
    for each in unrecorded:
        if str(each.pk) == asked_for:
            initial |= appointment_shapes.beginning_of_record(each)
    wanted = request.GET.get("template", "")
    body = next((each.body for each in templates if str(each.pk) == wanted), "")
    if body:
        initial["body"] = f"{initial['body']}\n{body}" if initial.get("body") else body
    return RecordForm(initial=initial, says=timeline_shapes.says_all(case, worn_by(request)))


@requires("cases.write")
@require_POST
def record(request: HttpRequest, key: str) -> HttpResponse:
    """Keep an entry; what was typed stands again when it cannot be kept."""
    case, hat = read_or_404(request, key), worn_by(request)
    form = RecordForm(request.POST, says=timeline_shapes.says_all(case, hat))
    if form.is_valid():
        try:
            entry = form.entry(files=uploads(request))
            journal.write_entry(
                case=case, entry=entry, hat=hat, at=clock.now(), once=form.cleaned_data["once"]
            )
        except DomainError as error:
            form.refuse(error, "next_due_on" if isinstance(error, DayRefused) else None)
        else:
            messages.success(request, gettext("記録しました。"))
            response = redirect(reverse("desk:case", args=[case.key]))
            return sent.tell(response, form.cleaned_data["once"])
    return show(request, case, form)


@requires("cases.write")
@require_POST
def take(request: HttpRequest, key: str) -> HttpResponse:
    """Take the case, oneself."""
    case, hat = visible_or_404(request, key), worn_by(request)
    own = own_involvement(case, hat)
    if own is None:
        raise Http404
    try:
        moves.take(involvement=own, adviser=User.objects.get(pk=hat.user_id), hat=hat, at=clock.now())
    except DomainError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, gettext("引き受けました。次にすることを決めましょう。"))
    return redirect("desk:case", case.key)


@requires("cases.read")
@require_safe
def printed(request: HttpRequest, key: str) -> HttpResponse:
    """The case on paper: with the shared notes alone, or, when asked for, with the internal ones too."""
    case, hat, today = read_or_404(request, key, what="print"), worn_by(request), clock.today()
    is_inner = request.GET.get("with") == "internal"
    visibilities = PRINTED_INSIDE if is_inner else PRINTED
    around = timeline.around(case)
    stretch = timeline.stretch_of(
        case, hat, page=1, size=PRINTED_ENTRIES, around=around, visibilities=visibilities
    )
    reader = timeline_shapes.Reader(case, hat, today)
    business = reads.business_of(case, hat)
    figures = reads.figures_of(business) if business else []
    context = {
        "case": case,
        "head": shapes.head(case, on=today),
        "is_inner": is_inner,
        "facts": shapes.business_facts(business, figures[0] if figures else None)
        if business
        else shapes.case_facts(case),
        "todos": shapes.todos(
            case_page.open_tasks_of(case), own=own_among(around.involvements, hat), can_work=False, on=today
        ),
        "entries": timeline_shapes.shown(stretch.entries, reader),
        "is_cut": stretch.has_earlier,
        "today": today,
    }
    return render(request, "desk/case_print.html", context)
