"""Where one is signed in, and signing out there."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from madoguchi.accounts import sessions
from madoguchi.accounts.models import User
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires

# What a browser says of itself, and what people call it: the first that fits.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Place:
    """A browser in which one is signed in."""

    number: int
    name: str
    ip: str
    since: datetime
    seen: datetime
    is_here: bool


def device(agent: str) -> str:
    """Windows の Chrome, or what little can be told."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    if browser and system:
        return gettext("%(system)sの%(browser)s") % {"system": system, "browser": browser}
    return browser or system or gettext("わからないブラウザー")


@requires("own.use")
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Every browser with a running session, this one marked."""
    user, here = cast("User", request.user), request.session.session_key
    places = [
        Place(
            row.pk, device(row.user_agent), row.ip, row.created_at, row.last_seen_at, row.session_key == here
        )
        for row in sessions.of(user, at=clock.actual_now())
    ]
    return render(request, "account/sessions.html", {"places": places})


@requires("own.use")
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """Sign out in one other browser, or in all of them; this one stays."""
    user, at = cast("User", request.user), clock.actual_now()
    others = [row for row in sessions.of(user, at=at) if row.session_key != request.session.session_key]
    if "all" not in request.POST:
        others = [row for row in others if str(row.pk) == request.POST.get("place")]
    count = sessions.end(user, session_keys=[row.session_key for row in others], at=at)
    if count:
        messages.success(request, gettext("%(count)sか所でログアウトしました。") % {"count": count})
    return redirect("account_sessions")
