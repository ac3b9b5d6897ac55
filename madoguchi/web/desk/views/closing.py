"""Closing a case and opening it again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from madoguchi.consultations import rules
from madoguchi.consultations.operations import closing, moves, open_referrals
from madoguchi.consultations.operations.acting import lead_part
from madoguchi.consultations.queries import case_page
from madoguchi.consultations.states import InvolvementState
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.web.desk.forms.closing import ClosingForm
from madoguchi.web.desk.shapes import case_page as shapes
from madoguchi.web.desk.shapes.crumbs import to_case
from madoguchi.web.desk.views.case import INVALID, read_or_404, visible_or_404
from madoguchi.web.shared.hats import worn_by


@requires("cases.write")
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, key: str) -> HttpResponse:
    """Say how it ended and close it; what closing does is told before."""
    case, hat, today = read_or_404(request, key), worn_by(request), clock.today()
    asked = open_referrals.open_referrals(case)
    form = ClosingForm(request.POST if request.method == "POST" else None, referrals=asked)
    if request.method == "POST" and form.is_valid():
        try:
            closing.close_case(
                case=case, told=form.told(), hat=hat, at=clock.now(), referrals=form.referrals()
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, gettext("案件を閉じました。3か月後と12か月後に、その後をうかがいます。")
            )
            return redirect("desk:case", case.key)
    refused = rules.can_close(moves.standing_of(lead_part(case), hat))
    others = [
        each
        for each in case_page.involvements_of(case)
        if not each.is_lead and each.state in (InvolvementState.ACCEPTED, InvolvementState.WORKING)
    ]
    context = {
        "trail": to_case(case, ("", gettext("案件を閉じる"))),
        "case": case,
        "head": shapes.head(case, on=today),
        "form": form,
        "why_not": gettext(refused) if refused else "",
        "open_tasks": len(case_page.open_tasks_of(case)),
        "others": shapes.partners(others, on=today),
    }
    return render(request, "desk/close.html", context, status=INVALID if form.errors else 200)


@requires("cases.write")
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: HttpRequest, key: str) -> HttpResponse:
    """Ask once, then open the case again."""
    if request.method == "POST":
        case = visible_or_404(request, key)
        try:
            closing.reopen_case(case=case, hat=worn_by(request), at=clock.now())
        except DomainError as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, gettext("案件をもう一度開きました。次にすることを決めましょう。"))
        return redirect("desk:case", case.key)
    case = read_or_404(request, key)
    context = {
        "trail": to_case(case, ("", gettext("もう一度開く"))),
        "case": case,
        "head": shapes.head(case, on=clock.today()),
    }
    return render(request, "desk/reopen.html", context)
