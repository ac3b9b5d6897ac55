"""Favourites in the visitor's own browser: a signed list of `type:slug`, without an account."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

NAME = "favourites"
SALT = "madoguchi.favourites"
TYPES = ("programme", "desk", "event", "organisation")
MOST = 50
ONE_YEAR_SECONDS = 365 * 24 * 60 * 60
# Browsers keep 4,096 bytes a cookie with its name and attributes; more would be dropped without a word.
LONGEST = 3800

_ITEM = re.compile(rf"({'|'.join(TYPES)}):[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_LONGEST_ITEM = 100


@dataclass(frozen=True)
class Held:
    """What the browser holds, in the order of adding; `is_broken` when its cookie could not be trusted."""

    items: tuple[str, ...] = ()
    is_broken: bool = False


def is_item(text: str) -> bool:
    """Tell whether a text is written as a favourite: programme:SLUG."""
    return len(text) <= _LONGEST_ITEM and bool(_ITEM.fullmatch(text))


def held(request: HttpRequest) -> Held:
    """The favourites a request brings; a broken, forged or outlived cookie brings none."""
    cookie = request.COOKIES.get(NAME)
    if cookie is None:
        return Held()
    try:
        items = signing.loads(cookie, salt=SALT, max_age=ONE_YEAR_SECONDS)
    except signing.BadSignature:
        return Held(is_broken=True)
    if not isinstance(items, list) or not all(isinstance(item, str) and is_item(item) for item in items):
        return Held(is_broken=True)
    return Held(tuple(dict.fromkeys(items))[:MOST])


def fits(items: tuple[str, ...]) -> bool:
    """Tell whether so many favourites can be kept."""
    return len(items) <= MOST and len(_sealed(items)) <= LONGEST


def keep(response: HttpResponse, items: tuple[str, ...]) -> None:
    """Give the browser its favourites to hold for a year; an empty list takes the cookie away."""
    if not items:
        response.delete_cookie(NAME, samesite="Lax")
        return
    response.set_cookie(
        NAME,
        _sealed(items),
        max_age=ONE_YEAR_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _sealed(items: tuple[str, ...]) -> str:
    return signing.dumps(list(items), salt=SALT, compress=True)
