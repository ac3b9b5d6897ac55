"""Answers to the questions of わが社に合う支援 in the visitor's own browser: signed, and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

NAME = "fit"
SALT = "madoguchi.fit"
KEPT_DAYS = 90
# Browsers keep 4,096 bytes a cookie with its name and attributes; more would be dropped without a word.
LONGEST = 3500

_KEPT_SECONDS = KEPT_DAYS * 24 * 60 * 60

Answers = Mapping[str, Any]
"""Plain values by the key of the fact in the order of asking; None where the answer was わからない."""


@dataclass(frozen=True)
class Held:
    """What the browser holds; `is_broken` when its cookie could not be trusted."""

    answers: Answers = field(default_factory=dict)
    is_broken: bool = False


def held(request: HttpRequest) -> Held:
    """The answers a request brings; a broken, forged or outlived cookie brings none."""
    cookie = request.COOKIES.get(NAME)
    if cookie is None:
        return Held()
    try:
        answers = signing.loads(cookie, salt=SALT, max_age=_KEPT_SECONDS)
    except signing.BadSignature:
        return Held(is_broken=True)
    return Held(answers) if isinstance(answers, dict) else Held(is_broken=True)


def fits(answers: Answers) -> bool:
    """Tell whether a browser can keep so much."""
    return len(_sealed(answers)) <= LONGEST


def keep(response: HttpResponse, answers: Answers) -> None:
    """Give the browser its answers to hold; without any, the cookie is taken away."""
    if not answers:
        response.delete_cookie(NAME, samesite="Lax")
        return
    response.set_cookie(
        NAME,
        _sealed(answers),
        max_age=_KEPT_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _sealed(answers: Answers) -> str:
    return signing.dumps(answers, salt=SALT, compress=True)
