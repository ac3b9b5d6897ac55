"""Erasing what a closed case says, by a manager of the organisation that answers for it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from madoguchi.consultations.errors import ReasonMissing
from madoguchi.consultations.operations.erasing import erase_case
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.web.account.confirming import recently_confirmed
from madoguchi.web.desk.shapes.crumbs import to_case
from madoguchi.web.desk.views.case import INVALID, read_or_404
from madoguchi.web.shared.hats import worn_by


@requires("cases.manage")
@recently_confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, key: str) -> HttpResponse:
    """What is erased and what stays; with a reason and the case's number typed, it is done."""
    case, hat = read_or_404(request, key), worn_by(request)
    error, wrong, why, number = (
        "",
        "e-number",
        request.POST.get("why", ""),
        request.POST.get("number", "").strip(),
    )
    if request.method == "POST":
        try:
            if number != case.number:
                error = gettext("案件の番号が違います。%s と書いてください。") % case.number
            else:
                erase_case(case=case, why=why, hat=hat, at=clock.now())
                messages.success(request, gettext("案件 %s の内容を消去しました。") % case.number)
                return redirect("desk:cases")
        except DomainError as refused:
            error = str(refused)
            if isinstance(refused, ReasonMissing):
                wrong = "e-why"
    context = {
        "trail": to_case(case, ("", gettext("内容を消去する"))),
        "case": case,
        "error": error,
        "wrong": wrong,
        "why": why,
        "number": number,
    }
    return render(request, "desk/erase.html", context, status=INVALID if error else 200)
