"""専門家に頼む: the questions of a case to experts, asking a new one, ending one."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from madoguchi.consultations.models import Case, ExpertRequest
from madoguchi.consultations.operations import experts as operations
from madoguchi.consultations.queries import experts as queries
from madoguchi.consultations.queries import receivers
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.web.desk.forms.experts import AskForm
from madoguchi.web.desk.shapes import case_page as shapes
from madoguchi.web.desk.shapes import experts as expert_shapes
from madoguchi.web.desk.shapes.crumbs import to_case
from madoguchi.web.desk.views.case import INVALID, read_or_404, standing
from madoguchi.web.shared.hats import worn_by


@requires("cases.write")
@require_http_methods(["GET", "HEAD", "POST"])
def experts(request: HttpRequest, key: str) -> HttpResponse:
    """Who was asked what, and asking."""
    case, hat = read_or_404(request, key, what="experts"), worn_by(request)
    asked = queries.requests_of(case)
    if request.method == "POST" and request.POST.get("end"):
        return _end(request, case, asked)
    rows = receivers.askable(case, at=hat.at)
    form = AskForm(request.POST if request.method == "POST" else None, rows=rows)
    if form.is_valid():
        told = form.cleaned_data
        try:
            operations.ask(
                case=case,
                expert=form.expert(),
                question=told["question"],
                shows_figures=told["shows_figures"],
                hat=hat,
                at=clock.now(),
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, gettext("専門家に頼みました。メールで知らせました。"))
            return redirect("desk:experts", case.key)
    context = {
        "trail": to_case(case, ("", gettext("専門家に頼む"))),
        "case": case,
        "head": shapes.head(case, on=clock.today()),
        "asked": expert_shapes.asked(asked, at=hat.at, on=clock.today()),
        "form": form,
        "can_ask": bool(rows),
        "why_not": standing(request, case).why_not,
    }
    return render(request, "desk/experts.html", context, status=INVALID if form.errors else 200)


def _end(request: HttpRequest, case: Case, asked: list[ExpertRequest]) -> HttpResponse:
    ending = next((each for each in asked if each.key == request.POST["end"]), None)
    if ending is None:
        raise Http404
    try:
        operations.end(request=ending, hat=worn_by(request), at=clock.now())
    except DomainError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, gettext("依頼を終えました。専門家は、この案件を開けなくなりました。"))
    return redirect("desk:experts", case.key)
