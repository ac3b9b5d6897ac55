"""As whom a visitor asks: the hat of the session, worked out for every guarded page anew."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

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
        """Pass the request on; what a guarded page answers is stored nowhere."""
        response = self._get_response(request)
        if hasattr(request, "hat"):
            add_never_cache_headers(response)
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_rest: Any) -> None:
        """Work out the hats where the view asks for a permission: the worn one, and all that could be."""
        access = declared_access(view)
        if access is not None and access.permission is not None:
            _put_on(request)


def worn_by(request: HttpRequest) -> Hat:
    """The hat of whoever asks for a guarded page."""
    hat = getattr(request, "hat", None)
    assert isinstance(hat, Hat), "the page is not guarded"  # noqa: S101 (a mistake of ours, not of a visitor)
    return hat


class Visitor(StrEnum):
    """For whom the frame of a page is: it names nobody, as it is kept for all of these."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed_in"
    STAFF = "staff"


def visitor_of(request: HttpRequest) -> Visitor:
    """Who looks at a page; of somebody without a session the database is asked nothing.

    A page that shows it is stored nowhere: with a hat put on, the middleware sees to that.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return Visitor.ANYBODY
    if not hasattr(request, "hat"):
        user = getattr(request, "user", None)  # an error page may come before there is one
        if user is None or not user.is_authenticated:
            return Visitor.ANYBODY
        _put_on(request)
    hat: Hat | None = getattr(request, "hat", None)
    if hat is None:
        return Visitor.ANYBODY
    return Visitor.STAFF if hat.is_staff else Visitor.SIGNED_IN


def _put_on(request: HttpRequest) -> None:
    """Set `request.hat`, None when nobody is signed in, and `request.hats`."""
    user, at = request.user, clock.actual_now()
    hat: Hat | None = None
    all_hats: tuple[Hat, ...] = ()
    if isinstance(user, User):
        chosen = request.session.get(SESSION_KEY)
        all_hats = hats.hats_of(user, at=at)
        hat = hats.worn(user, all_hats, chosen=chosen if isinstance(chosen, int) else None, at=at)
    request.hat, request.hats = hat, all_hats  # type: ignore[attr-defined]
