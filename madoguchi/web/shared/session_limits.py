"""Sessions end: after resting too long, and after having lasted too long, by the role that is worn.

Both go by the machine's time: a believed date jumps back at midnight.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from madoguchi.accounts import sessions
from madoguchi.accounts.hats import Hat
from madoguchi.accounts.roles import session_limits
from madoguchi.foundation import clock

SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
# How often the use of a session is written down; a session rests at most this much shorter.
NOTED_EVERY = timedelta(seconds=60)
IDLE, ABSOLUTE = "idle", "absolute"


class SessionLimitMiddleware:
    """Ends what has lasted too long before a guarded page is shown; `request.ended` says why and whose."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_rest: Any) -> None:
        """End the session, or note that it was used."""
        hat: Hat | None = getattr(request, "hat", None)
        if hat is None:
            return
        now = clock.actual_now()
        why = over(request.session, hat, now)
        if why:
            logout(request)
            request.hat, request.hats = None, ()  # type: ignore[attr-defined]
            request.ended = (why, hat.user_id)  # type: ignore[attr-defined]
        else:
            _note_use(request, now)


def begin(session: Any, now: datetime) -> None:
    """Note when somebody signed in."""
    session[SIGNED_IN_AT] = session[SEEN_AT] = now.timestamp()


def over(session: Any, hat: Hat, now: datetime) -> str | None:
    """Why a session is over, if it is; one that does not say when it began has lasted too long."""
    limits = session_limits(hat.role)
    if now.timestamp() - session.get(SIGNED_IN_AT, 0) >= limits.absolute.total_seconds():
        return ABSOLUTE
    if now.timestamp() - session.get(SEEN_AT, 0) >= limits.idle.total_seconds():
        return IDLE
    return None


def _note_use(request: HttpRequest, now: datetime) -> None:
    """Not at every request: each would be a write."""
    if now.timestamp() - request.session[SEEN_AT] < NOTED_EVERY.total_seconds():
        return
    request.session[SEEN_AT] = now.timestamp()
    if request.session.session_key:
        sessions.seen(request.session.session_key, at=now)
