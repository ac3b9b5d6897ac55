"""The entrances of a demonstration; outside of one these pages do not exist."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from madoguchi.foundation import clock
from madoguchi.foundation.access import public
from madoguchi.web.account import demo_links

View = TypeVar("View", bound=Callable[..., HttpResponse])
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def in_demonstrations(view: View) -> View:
    """Let a page exist in demo mode alone."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **named)

    return cast("View", shown)


@public
@require_safe
@never_cache
@in_demonstrations
def entrances(request: HttpRequest) -> HttpResponse:
    """Everybody one can be."""
    people = demo_links.entrances(at=clock.actual_now())
    context = {
        "groups": [
            ("staff", [each for each in people if each.is_staff]),
            ("business", [each for each in people if not each.is_staff]),
        ],
        "hours": demo_links.HOURS,
    }
    return render(request, "account/demo.html", context)


@public
@require_safe
@never_cache
@in_demonstrations
def enter(request: HttpRequest, signed: str) -> HttpResponse:
    """Be somebody: whoever one was before is signed out."""
    user = demo_links.person_behind(signed)
    if user is None:
        raise Http404
    if request.method == "HEAD":
        return HttpResponse()
    logout(request)
    login(request, user, backend=_BACKEND)
    return redirect(
        "desk:home" if user.memberships.running(at=clock.actual_now()).exists() else "account_home"
    )
