"""The first response: its progress, the situation sheet, and introducing desks and programmes."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.consultations.kinds import FirstStep
from madoguchi.consultations.models import Case
from madoguchi.consultations.operations import responding
from madoguchi.consultations.operations.responding import Programme
from madoguchi.consultations.operations.telling import address_of
from madoguchi.consultations.queries import first_response
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.web.desk import reads
from madoguchi.web.desk.forms.first import IntroduceForm, NotNeededForm, SituationForm, initial_of
from madoguchi.web.desk.shapes import case_page as case_shapes
from madoguchi.web.desk.shapes import first as shapes
from madoguchi.web.desk.shapes import introducing
from madoguchi.web.desk.shapes.crumbs import to_case
from madoguchi.web.desk.views.case import INVALID, read_or_404, standing, visible_or_404
from madoguchi.web.shared.hats import worn_by

_SHEETS = 4


@requires("cases.read")
@require_safe
def first(request: HttpRequest, key: str) -> HttpResponse:
    """The four parts and how far each is."""
    case = read_or_404(request, key)
    return _first(request, case)


def _first(
    request: HttpRequest, case: Case, refused: tuple[str, NotNeededForm] | None = None
) -> HttpResponse:
    today = clock.today()
    parts = shapes.parts(first_response.progress(case), case, on=today)
    forms = {part.code: NotNeededForm(prefix=part.code) for part in parts}
    if refused:
        forms[refused[0]] = refused[1]
    context = {
        "trail": to_case(case, ("", gettext("初期対応"))),
        "case": case,
        "head": case_shapes.head(case, on=today),
        "urls": case_shapes.urls(case),
        "parts": [(part, forms[part.code]) for part in parts],
        "settled": shapes.settled(parts),
        "total": len(parts),
        "told": shapes.told(first_response.introduced_of(case), on=today),
        "can_work": not standing(request, case).why_not,
        "why_not": standing(request, case).why_not,
    }
    return render(request, "desk/first.html", context, status=INVALID if refused else 200)


@requires("cases.write")
@require_POST
def mark(request: HttpRequest, key: str, step: str) -> HttpResponse:
    """Say that a part is not needed and why, or take that back."""
    case, hat = visible_or_404(request, key), worn_by(request)
    if step not in FirstStep.values:
        raise Http404
    form = NotNeededForm(request.POST, prefix=step)
    try:
        if "back" in request.POST:
            responding.take_mark_back(case=case, step=FirstStep(step), hat=hat, at=clock.now())
        elif form.is_valid():
            responding.mark_not_needed(
                case=case, step=FirstStep(step), why=form.cleaned_data["why"], hat=hat, at=clock.now()
            )
        else:
            return _first(request, read_or_404(request, key), (step, form))
    except DomainError as error:
        messages.warning(request, str(error))
    return redirect("desk:first", case.key)


@requires("cases.read")
@require_http_methods(["GET", "HEAD", "POST"])
def situation(request: HttpRequest, key: str) -> HttpResponse:
    """The sheet: a form filled from the last sheet or the business's figures, earlier values beside it."""
    case, hat, today = read_or_404(request, key), worn_by(request), clock.today()
    asked = first_response.situation_fields()
    sheets = first_response.situations_of(case)
    if request.method == "POST":
        form = SituationForm(request.POST, asked=asked)
        if form.is_valid():
            try:
                responding.keep_situation(case=case, sheet=form.sheet(), hat=hat, at=clock.now())
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, gettext("経営状況を残しました。"))
                return redirect("desk:situation", case.key)
    else:
        form = SituationForm(initial=_begin(request, case, asked), asked=asked)
    newest = sheets[0] if sheets else None
    context = {
        "trail": to_case(case, ("", gettext("経営状況"))),
        "case": case,
        "head": case_shapes.head(case, on=today),
        "form": form,
        "sheets": sheets[:_SHEETS],
        "newest": newest,
        "rows": shapes.figure_rows(sheets[:_SHEETS], asked),
        "ratios": shapes.shown_ratios(newest.figures, asked) if newest else [],
        "why_not": standing(request, case).why_not,
    }
    return render(request, "desk/situation.html", context, status=INVALID if form.errors else 200)


def _begin(request: HttpRequest, case: Case, asked: Sequence[dict[str, str]]) -> dict[str, str]:
    """The last sheet's values; before there is one, what the business's yearly figures say."""
    sheets = first_response.situations_of(case)
    if sheets:
        last = sheets[0]
        texts = {"strengths": last.strengths, "problems": last.problems, "wishes": last.wishes}
        return initial_of(last.figures, asked, texts)
    business = reads.business_of(case, worn_by(request))
    figures = first_response.prefilled(business, clock.today()) if business else {}
    return initial_of(figures, asked, {})


@requires("cases.read")
@require_http_methods(["GET", "HEAD", "POST"])
def introduce(request: HttpRequest, key: str) -> HttpResponse:
    """Desks and programmes to introduce: those that eligibility suggests, and those that a search finds."""
    case, hat, today = read_or_404(request, key), worn_by(request), clock.today()
    business = reads.business_of(case, hat)
    seeking = introducing.seek(request.GET, case, business, at=clock.now(), on=today)
    form = IntroduceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            desks, programmes = introducing.chosen(request.POST, seeking, at=clock.now(), on=today)
            responding.introduce(
                case=case,
                desks=desks,
                programmes=[
                    Programme(each.edition, each.verdict, each.reasons, each.deadline_on)
                    for each in programmes
                ],
                remark=form.cleaned_data["remark"],
                hat=hat,
                at=clock.now(),
                once=form.cleaned_data["once"],
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, gettext("紹介を、共有の記録に残しました。"))
            return redirect("desk:first", case.key)
    context = {
        "trail": to_case(case, ("", gettext("窓口と支援を紹介する"))),
        "case": case,
        "head": case_shapes.head(case, on=today),
        "form": form,
        "seeking": seeking,
        "checked": set(request.POST.getlist("pick")),
        "known": introducing.known(first_response.introduced_of(case)),
        "told_at": address_of(case),
        "why_not": standing(request, case).why_not,
    }
    return render(request, "desk/introduce.html", context, status=INVALID if form.errors else 200)
