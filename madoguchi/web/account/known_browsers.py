"""Wrong passwords are counted for each address, but apart for browsers in which its owner has signed in.

Without this anybody could keep somebody out for ever by guessing now and then. A signed cookie names the
browser; an attacker has none, so the guesses that lock them out do not lock the owner out. A stolen cookie
gives as many guesses as no cookie does.
"""

import hashlib
import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

_SALT = "madoguchi.known-browser"
_AGE = 60 * 60 * 24 * 180


def cookie() -> str:
    """The name of the cookie."""
    return "__Host-known" if settings.HTTPS else "known"


def name_of_attempts(request: HttpRequest, address: str) -> str:
    """The name under which attempts for an address are counted in this browser."""
    browser = _browser(request, address)
    return f"{address}:{browser}" if browser else address


def remember(request: HttpRequest, response: HttpResponse, address: str) -> None:
    """Let this browser be known as one of the owner's."""
    if _browser(request, address) is None:
        told = signing.dumps([_digest(address), secrets.token_urlsafe(12)], salt=_SALT)
        response.set_cookie(
            cookie(), told, max_age=_AGE, httponly=True, samesite="Lax", secure=settings.HTTPS
        )


def _browser(request: HttpRequest, address: str) -> str | None:
    """What names this browser, if the owner of the address has signed in here."""
    try:
        told = signing.loads(request.COOKIES.get(cookie(), ""), salt=_SALT, max_age=_AGE)
    except signing.BadSignature:
        return None
    return told[1] if told[0] == _digest(address) else None


def _digest(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:32]
