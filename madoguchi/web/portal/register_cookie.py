"""Which answers of わが社に合う支援 were filled in, and who said them: beside the answers, in the browser.

An answer counts as theirs as long as it is the one that they gave.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from madoguchi.businesses.choices import Source
from madoguchi.web.portal.fit_cookie import KEPT_DAYS

NAME = "fit_from"
SALT = "madoguchi.fit.from"

_KEPT_SECONDS = KEPT_DAYS * 24 * 60 * 60

Given = Mapping[str, tuple[Any, Source]]
"""By the key of the fact, the plain answer that was filled in and who said it."""


def held(request: HttpRequest) -> Given:
    """What was given; a broken or forged cookie says nothing."""
    cookie = request.COOKIES.get(NAME)
    try:
        rows = signing.loads(cookie, salt=SALT, max_age=_KEPT_SECONDS) if cookie else {}
        return {key: (plain, Source(source)) for key, (plain, source) in rows.items()}
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return {}


def keep(response: HttpResponse, given: Given) -> None:
    """Let the browser hold it; without any, the cookie is taken away."""
    if not given:
        response.delete_cookie(NAME, samesite="Lax")
        return
    rows = {key: [plain, source.value] for key, (plain, source) in given.items()}
    response.set_cookie(
        NAME,
        signing.dumps(rows, salt=SALT, compress=True),
        max_age=_KEPT_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
