"""Telling the browser that a form arrived: only then may it forget what it kept of it (autosave.js)."""

from django.conf import settings
from django.http import HttpResponse

COOKIE = "sent_once"
_SECONDS = 24 * 60 * 60


def tell(response: HttpResponse, once: str) -> HttpResponse:
    """Name the form that arrived by its `once`; the script reads it on the next page and forgets the form."""
    response.set_cookie(COOKIE, once, max_age=_SECONDS, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response
