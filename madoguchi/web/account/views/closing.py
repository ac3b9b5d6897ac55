"""Closing one's own account."""

from typing import cast

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from madoguchi.accounts.errors import StillAMember
from madoguchi.accounts.models import User
from madoguchi.accounts.operations.closing import require_no_membership
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.foundation.errors import DomainError
from madoguchi.journeys import closing_account
from madoguchi.web.account.confirming import recently_confirmed
from madoguchi.web.shared.hats import worn_by

INVALID = 422


@requires("own.use")
@recently_confirmed
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """Say what goes and what has to end before; whoever ticks that they know it is signed out for good."""
    user, hat, at = cast("User", request.user), worn_by(request), clock.actual_now()
    error = ""
    try:
        require_no_membership(user, at=at)
        if request.method == "POST":
            if request.POST.get("sure") == "yes":
                closing_account.close(user=user, hat=hat, at=clock.now(), access_at=at)
                logout(request)
                return render(request, "account/closed.html")
            error = gettext("元に戻せないことを確かめて、しるしをつけてください。")
    except DomainError as refused:
        error = str(refused)
        is_member = isinstance(refused, StillAMember)
    else:
        is_member = False
    context = {"error": error, "is_member": is_member, "standing": closing_account.in_the_way(hat)}
    return render(request, "account/close.html", context, status=INVALID if request.method == "POST" else 200)
