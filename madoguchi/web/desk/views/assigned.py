"""頼まれたこと: what an expert was asked, the part of the case that goes with it, answer and report."""

from collections.abc import Callable

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.consultations.models import Case, ExpertRequest
from madoguchi.consultations.operations import experts as operations
from madoguchi.consultations.operations.reading import read_case
from madoguchi.consultations.queries import experts as queries
from madoguchi.consultations.states import ExpertRequestState
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.foundation.paging import page_of
from madoguchi.web.desk import reads
from madoguchi.web.desk.forms.experts import DeclineForm, ReportForm
from madoguchi.web.desk.forms.fields import uploads
from madoguchi.web.desk.shapes import case_page as case_shapes
from madoguchi.web.desk.shapes import experts as shapes
from madoguchi.web.desk.shapes import labels
from madoguchi.web.desk.shapes import timeline as timeline_shapes
from madoguchi.web.desk.views import notes
from madoguchi.web.desk.views.case import INVALID
from madoguchi.web.portal.shapes.crumbs import Step
from madoguchi.web.shared.hats import worn_by

PAGE_SIZE = 30


@requires("cases.assigned")
@require_safe
def assigned(request: HttpRequest) -> HttpResponse:
    """What lies before the expert."""
    page = page_of(queries.assigned(worn_by(request)), request.GET.get("page"), size=PAGE_SIZE)
    return render(request, "desk/assigned.html", {"page": page, "lines": shapes.lines(page.rows)})


@requires("cases.assigned")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, key: str) -> HttpResponse:
    """One question with what belongs to it; answering and reporting."""
    asked, case = _read(request, key, what="assigned")
    is_sent, what = request.method == "POST", request.POST.get("what", "")
    declining = DeclineForm(request.POST if is_sent and what == "decline" else None)
    reporting = ReportForm(
        request.POST if is_sent and what == "report" else None, initial={"held_on": clock.today()}
    )
    if is_sent:
        done = _act(request, asked, what, declining, reporting)
        if done is not None:
            return done
    return _show(request, asked, case, declining, reporting)


@requires("cases.assigned")
@require_safe
def file(request: HttpRequest, key: str, file: str) -> FileResponse:
    """A file of a shared note."""
    return notes.hand_out(request, _visible(request, key).case.key, file)


def _visible(request: HttpRequest, key: str) -> ExpertRequest:
    found = queries.assigned(worn_by(request)).select_related("case", "expert__user").filter(key=key).first()
    if found is None:
        raise Http404
    return found


def _read(request: HttpRequest, key: str, *, what: str) -> tuple[ExpertRequest, Case]:
    """The question and its case, and a record that it was read."""
    asked = _visible(request, key)
    try:
        case = read_case(key=asked.case.key, hat=worn_by(request), at=clock.now(), what=what)
    except Case.DoesNotExist:
        raise Http404 from None
    return asked, case


def _act(
    request: HttpRequest, asked: ExpertRequest, what: str, declining: DeclineForm, reporting: ReportForm
) -> HttpResponse | None:
    """Do what was sent; None where the page is to be shown again with what is wrong."""
    form = {"decline": declining, "report": reporting}.get(what)
    if form is not None and not form.is_valid():
        return None
    do: dict[str, Callable[[], str]] = {
        "accept": lambda: _accept(request, asked),
        "decline": lambda: _decline(request, asked, declining),
        "report": lambda: _report(request, asked, reporting),
    }
    if what not in do:
        return None
    try:
        said = do[what]()
    except DomainError as error:
        if form is not None:
            form.add_error(None, str(error))
            return None
        messages.warning(request, str(error))
        return redirect("desk:assigned")
    messages.success(request, said)
    return redirect("desk:assigned") if what == "decline" else redirect("desk:assigned_one", asked.key)


def _accept(request: HttpRequest, asked: ExpertRequest) -> str:
    operations.accept(request=asked, hat=worn_by(request), at=clock.now())
    return gettext("引き受けました。頼んだ人に、メールで知らせました。")


def _decline(request: HttpRequest, asked: ExpertRequest, form: DeclineForm) -> str:
    operations.decline(
        request=asked, reason=form.cleaned_data["reason"], hat=worn_by(request), at=clock.now()
    )
    return gettext("引き受けられないと返事しました。この案件は、もう見えません。")


def _report(request: HttpRequest, asked: ExpertRequest, form: ReportForm) -> str:
    told = form.told(files=uploads(request))
    operations.report(
        request=asked, told=told, hat=worn_by(request), at=clock.now(), once=form.cleaned_data["once"]
    )
    return gettext("報告しました。頼んだ人に、メールで知らせました。")


def _show(
    request: HttpRequest, asked: ExpertRequest, case: Case, declining: DeclineForm, reporting: ReportForm
) -> HttpResponse:
    hat, today = worn_by(request), clock.today()
    is_accepted = asked.state != ExpertRequestState.ASKED
    reader = timeline_shapes.Reader(case, hat, today, request_key=asked.key)
    figures = reads.figures_of(case.business) if asked.shows_figures and case.business else []
    state, look = shapes.state_words(asked)
    context = {
        "trail": [Step(reverse("desk:assigned"), gettext("頼まれたこと")), Step("", labels.who(case))],
        "asked": asked,
        "who": labels.who(case),
        "head": case_shapes.head(case, on=today),
        "state": state,
        "look": look,
        "asker": shapes.asker(asked),
        "is_accepted": is_accepted,
        "facts": shapes.business_facts(case),
        "figures": shapes.figure_facts(figures[0] if figures else None),
        "contact": _contact(case) if is_accepted else [],
        "notes": [timeline_shapes.shown_note(each, reader) for each in queries.shared_notes(case, hat)],
        "dispatches": [
            shapes.dispatch_words(each, on=today) for each in asked.dispatches.order_by("held_on", "pk")
        ],
        "declining": declining,
        "reporting": reporting,
    }
    status = INVALID if declining.errors or reporting.errors else 200
    return render(request, "desk/assigned_one.html", context, status=status)


def _contact(case: Case) -> list[case_shapes.Fact]:
    """How the business is reached."""
    own = case.business.telephone if case.business else ""
    of_business = [case_shapes.Fact(gettext("事業者の電話"), own)] if own else []
    return case_shapes.contact_facts(case) + of_business
