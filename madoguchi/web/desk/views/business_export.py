"""Handing a business without an account the file of what is known of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from madoguchi.businesses.choices import HandedOver
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.journeys import own_data
from madoguchi.web.account.confirming import recently_confirmed
from madoguchi.web.desk.views.businesses import business_of
from madoguchi.web.shared.hats import worn_by

INVALID = 422


@requires("businesses.write")
@recently_confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, key: str) -> HttpResponse:
    """Why, and that one has seen who asks; then the file."""
    hat, at = worn_by(request), clock.actual_now()
    business = business_of(hat, key)
    why, refused, error = request.POST.get("why", ""), "", ""
    try:
        own_data.require_desk(business=business, hat=hat, at=at)
        if request.method == "POST" and why in HandedOver.values and request.POST.get("seen") == "yes":
            content = own_data.at_desk(
                business=business, because=HandedOver(why), hat=hat, at=clock.now(), access_at=at
            )
            return _file(content, f"business-{business.key}.zip")
    except DomainError as not_now:
        refused = str(not_now)
    if request.method == "POST":
        error = refused or gettext("理由を選び、だれに渡すかを確かめて、しるしをつけてください。")
    context = {
        "business": business,
        "reasons": HandedOver.choices,
        "why": why,
        "refused": refused,
        "error": error,
    }
    return render(request, "desk/business_export.html", context, status=INVALID if error else 200)


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
