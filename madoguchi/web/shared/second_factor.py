"""Whoever works in an organisation shows a second factor before any guarded page."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

# In the session: this person has shown a second factor, or set one up, since signing in.
SHOWN = "second_factor"
# In the session: when the person set one up here.
ADDED_AT = "second_factor_added_at"
# In the session: where to go on once one is set up.
GO_ON = "second_factor_then"

View = TypeVar("View", bound=Callable[..., Any])


def open_without(view: View) -> View:
    """Mark a guarded page that is needed to set up or show a second factor."""
    view.open_without_second_factor = True  # type: ignore[attr-defined]
    return view


class SecondFactorMiddleware:
    """Leads members who have not shown a second factor to the page where they can."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_rest: Any
    ) -> HttpResponse | None:
        """Stand before the page; a demonstration, where nobody is real, is the only exception."""
        if settings.DEMO or not getattr(request, "hats", ()) or request.session.get(SHOWN):
            return None
        if getattr(view, "open_without_second_factor", False):
            return None
        go_on = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("account_home")
        return HttpResponseRedirect(
            f"{reverse('account_second_factor')}?{urlencode({'next': go_on}, safe='/')}"
        )
