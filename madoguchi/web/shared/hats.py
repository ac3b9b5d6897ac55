"""As whom a visitor asks: the hat of the session, worked out for every guarded page anew."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from madoguchi.accounts import hats
from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import User
from madoguchi.foundation import clock
from madoguchi.foundation.access import declared_access

SESSION_KEY = "hat"


class HatMiddleware:
    """Puts `request.hat` before every view that is not public; public pages ask nothing of the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_rest: Any) -> None:
        """Work out the hat where the view asks for a permission."""
        access = declared_access(view)
        if access is not None and access.permission is not None:
            request.hat = hat_for(request)  # type: ignore[attr-defined]


def hat_for(request: HttpRequest) -> Hat | None:
    """The hat this visitor wears now; None when nobody is signed in."""
    user = request.user
    if not isinstance(user, User):
        return None
    chosen = request.session.get(SESSION_KEY)
    return hats.hat_of(user, chosen=chosen if isinstance(chosen, int) else None, at=clock.actual_now())
