"""Erasing the record of one's own business: what goes, what stays, what has to end before."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from madoguchi.businesses.errors import NotTheOwner
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.journeys import erasing
from madoguchi.web.account.confirming import recently_confirmed
from madoguchi.web.shared.hats import worn_by
from madoguchi.web.shared.own_business import own

INVALID = 422


@requires("own.use")
@recently_confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, key: str) -> HttpResponse:
    """Say what is erased; an owner who ticks that they know it does it. 404 for who is no owner."""
    mine, _member = own(request, key)
    hat, error, standing = worn_by(request), "", None
    try:
        business = erasing.own_record(mine, hat)
        standing = erasing.in_the_way_of_owner(business, hat)
        if request.method == "POST" and _is_sure(request):
            erasing.erase_own(business=business, hat=hat, at=clock.now())
            messages.success(request, gettext("事業者の記録を消しました。"))
            return redirect("my:businesses")
    except NotTheOwner as refused:
        raise Http404 from refused
    except DomainError as refused:
        error = str(refused)
    if request.method == "POST" and not error:
        error = gettext("元に戻せないことを確かめて、しるしをつけてください。")
    context = {"business": mine, "standing": standing, "error": error}
    return render(
        request, "my/business_erase.html", context, status=INVALID if request.method == "POST" else 200
    )


def _is_sure(request: HttpRequest) -> bool:
    return request.POST.get("sure") == "yes"
