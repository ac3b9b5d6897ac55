"""Erasing what the organisation has of a business, by a manager with a reason."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from madoguchi.consultations.errors import ReasonMissing
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.journeys import erasing
from madoguchi.web.account.confirming import recently_confirmed
from madoguchi.web.desk.views.businesses import business_of
from madoguchi.web.shared.hats import worn_by

INVALID = 422


@requires("businesses.erase")
@recently_confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, key: str) -> HttpResponse:
    """What is erased and what stays; with a reason and the tick it is done."""
    hat = worn_by(request)
    business = business_of(hat, key)
    why, error, wrong = request.POST.get("why", ""), "", "e-sure"
    if request.method == "POST":
        try:
            if request.POST.get("sure") == "yes":
                erasing.erase_at_desk(business=business, why=why, hat=hat, at=clock.now())
                messages.success(
                    request,
                    gettext(
                        "この機関の内容を消去しました。ほかに使う人や機関がなければ、記録も消えています。"
                    ),
                )
                return redirect("desk:businesses")
            error = gettext("元に戻せないことを確かめて、しるしをつけてください。")
        except DomainError as refused:
            error = str(refused)
            wrong = "e-why" if isinstance(refused, ReasonMissing) else "first"
    context = {
        "business": business,
        "standing": erasing.in_the_way_of_desk(business, hat),
        "error": error,
        "wrong": wrong,
        "why": why,
    }
    return render(request, "desk/business_erase.html", context, status=INVALID if error else 200)
