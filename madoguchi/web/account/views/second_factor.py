"""Setting up or showing a second factor, and going on afterwards."""

from typing import cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from madoguchi.accounts import second_factor
from madoguchi.accounts.models import User
from madoguchi.foundation.access import requires
from madoguchi.web.shared.hats import worn_by
from madoguchi.web.shared.second_factor import GO_ON, SHOWN, open_without


@open_without
@requires("own.use")
@require_safe
def needed(request: HttpRequest) -> HttpResponse:
    """Why a second factor is needed and which there are; who has one is asked to show it."""
    go_on = own_path(request.GET.get("next", ""))
    if request.session.get(SHOWN):
        return redirect(go_on or "mfa_index")
    if second_factor.has_one(cast("User", request.user)):
        query = urlencode({"next": go_on or reverse("account_home")}, safe="/")
        return redirect(f"{reverse('mfa_reauthenticate')}?{query}")
    request.session[GO_ON] = go_on
    return render(request, "account/second_factor.html", {"is_staff": worn_by(request).is_staff})


@requires("own.use")
@require_safe
def go_on(request: HttpRequest) -> HttpResponse:
    """Lead to where the person had been going before the second factor came in between."""
    return redirect(own_path(request.session.pop(GO_ON, "")) or "account_home")


def own_path(wanted: str) -> str:
    """A path of this site, or nothing."""
    is_own = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_own else ""
