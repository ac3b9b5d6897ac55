"""Pages of anonymous visitors are kept in memory, each process for itself, while they would be the same.

What a page shows depends on its address, the language, whether htmx asks for a part of it, the day, and
what was published: the index's stamp moves when the catalogue does. A minute is the longest a page is kept,
because a deadline may pass. Requests with a session are never answered from here, nor kept. A page that
would show what a visitor's own cookie tells is for those without that cookie only: see `own_with`.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import ResponseHeaders
from django.utils.cache import add_never_cache_headers, get_conditional_response, patch_vary_headers
from django.utils.translation import get_language_from_request

from madoguchi.finding import indexing
from madoguchi.foundation import clock
from madoguchi.web.shared import counting

KEPT_SECONDS = 60
MOST_PAGES = 500
LONGEST_ADDRESS = 500
_SAFE = frozenset({"GET", "HEAD"})

Key = tuple[object, ...]
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class _Page:
    """A finished answer and what has to be counted when it is given again."""

    content: bytes
    headers: ResponseHeaders
    counted: counting.Counted | None
    own_with: str | None
    until: float


def own_with(cookie: str) -> Callable[[View], View]:
    """Mark a view whose page is the visitor's own when this cookie comes along, and everybody's otherwise."""

    def mark(view: View) -> View:
        @wraps(view)
        def marked(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            response = view(request, *args, **named)
            if cookie in request.COOKIES:
                add_never_cache_headers(response)
            else:
                patch_vary_headers(response, ["Cookie"])
                response.own_with = cookie  # type: ignore[attr-defined]
            return response

        return marked

    return mark


class PageCache:
    """Middleware; the outermost, so that a kept page costs nothing of the others."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        # The page that was asked for last stands last; the first goes when there are too many.
        self._pages: OrderedDict[Key, _Page] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer from memory where that is the same, else keep the answer where it may be kept."""
        key = _key(request)
        page = self._kept(key, request) if key else None
        if page is not None:
            counting.count(request, page.counted)
            return _answer(request, page)
        response = self._get_response(request)
        counted = counting.counted_by(request) if response.status_code == 200 else None
        counting.count(request, counted)
        if key and _may_be_kept(response):
            self._keep(key, response, counted)
        return response

    def _kept(self, key: Key, request: HttpRequest) -> _Page | None:
        with self._lock:
            page = self._pages.get(key)
            if page is None or page.until <= time.monotonic() or page.own_with in request.COOKIES:
                return None
            self._pages.move_to_end(key)
            return page

    def _keep(self, key: Key, response: HttpResponse, counted: counting.Counted | None) -> None:
        own_with = getattr(response, "own_with", None)
        page = _Page(response.content, response.headers, counted, own_with, time.monotonic() + KEPT_SECONDS)
        with self._lock:
            self._pages[key] = page
            self._pages.move_to_end(key)  # a page that expired had kept its place
            while len(self._pages) > MOST_PAGES:
                self._pages.popitem(last=False)


def _key(request: HttpRequest) -> Key | None:
    """What the answer depends on; None when it may depend on the person."""
    address = request.get_full_path()
    if (
        request.method not in _SAFE
        or settings.SESSION_COOKIE_NAME in request.COOKIES
        or len(address) > LONGEST_ADDRESS
    ):
        return None
    return (
        request.method,
        request.META.get("HTTP_HOST", ""),
        request.is_secure(),
        address,
        _language(
            request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
            request.META.get("HTTP_ACCEPT_LANGUAGE", ""),
        ),
        request.META.get("HTTP_HX_REQUEST") == "true",
        clock.today(),
        indexing.stamp(),
    )


@lru_cache(maxsize=256)
def _language(cookie: str, accepted: str) -> str:
    """The language of the page for these two, which most visitors share."""
    request = HttpRequest()
    request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = cookie
    request.META["HTTP_ACCEPT_LANGUAGE"] = accepted
    return get_language_from_request(request)


def _may_be_kept(response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "no-store" not in response.get("Cache-Control", "")
    )


def _answer(request: HttpRequest, page: _Page) -> HttpResponse:
    """The kept page, or 304 where the visitor has it already."""
    response = HttpResponse(page.content)
    # Shared by every answer: nothing outside the outermost middleware changes headers, and copying them
    # would take an eighth of a kept page's time.
    response.headers = page.headers
    if "ETag" not in page.headers or "HTTP_IF_NONE_MATCH" not in request.META:
        return response
    return get_conditional_response(request, etag=page.headers["ETag"], response=response) or response
