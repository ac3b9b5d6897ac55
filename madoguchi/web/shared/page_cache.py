"""Pages of anonymous visitors are kept in memory, each process for itself, while they would be the same.

What a page shows depends on its address, the language, whether htmx asks for a part of it, the day, and
what was published: the index's stamp moves when the catalogue does. A minute is the longest a page is kept,
because a deadline may pass. Requests with a session are never answered from here, nor kept. A page that
would show what a visitor's own cookie tells is for those without that cookie only: see `own_with`.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse, parse_cookie
from django.utils.cache import add_never_cache_headers, get_conditional_response, patch_vary_headers
from django.utils.translation import get_language_from_request

from madoguchi.finding import indexing
from madoguchi.foundation import clock
from madoguchi.web.shared import counting

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KEPT_SECONDS = 60
MOST_PAGES = 500
LONGEST_ADDRESS = 500
_SAFE = frozenset({"GET", "HEAD"})

Key = tuple[object, ...]
View = Callable[..., HttpResponse]


class _Asked(NamedTuple):
    """What the answer to a request depends on, and the cookies that came with it."""

    key: Key
    cookies: Container[str]


@dataclass(frozen=True)
class _Page:
    """A finished answer and what has to be counted when it is given again."""

    content: bytes
    headers: list[tuple[str, str]]
    tag: str | None
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
    """A WSGI application around the site's: for a kept page Django makes no request, runs no middleware."""

    def __init__(self, site: "WSGIApplication") -> None:
        self._site = site
        # The page that was asked for last stands last; the first goes when there are too many.
        self._pages: OrderedDict[Key, _Page] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer from memory where that is the same, else keep the answer where it may be kept."""
        asked = _asked(environ)
        page = self._kept(asked) if asked else None
        if page is not None:
            counting.count(environ, page.counted)
            return _answer(page, environ, start_response)
        # Django's own handler returns its response; what it streams comes as something else.
        answer = self._site(environ, start_response)
        if asked and isinstance(answer, HttpResponse) and _may_be_kept(answer):
            self._keep(asked.key, answer)
        return answer

    def _kept(self, asked: _Asked) -> _Page | None:
        with self._lock:
            page = self._pages.get(asked.key)
            if page is None or page.until <= time.monotonic() or page.own_with in asked.cookies:
                return None
            self._pages.move_to_end(asked.key)
            return page

    def _keep(self, key: Key, response: HttpResponse) -> None:
        page = _Page(
            content=response.content,
            headers=list(response.items()),
            tag=response.get("ETag"),
            counted=counting.counted_in(response),
            own_with=getattr(response, "own_with", None),
            until=time.monotonic() + KEPT_SECONDS,
        )
        with self._lock:
            self._pages[key] = page
            self._pages.move_to_end(key)  # a page that expired had kept its place
            while len(self._pages) > MOST_PAGES:
                self._pages.popitem(last=False)


def _asked(environ: "WSGIEnvironment") -> _Asked | None:
    """What the answer depends on; None when it may depend on the person."""
    path, query, header = environ["PATH_INFO"], environ.get("QUERY_STRING", ""), environ.get
    cookies = parse_cookie(environ["HTTP_COOKIE"]) if "HTTP_COOKIE" in environ else {}
    if (
        environ["REQUEST_METHOD"] not in _SAFE
        or settings.SESSION_COOKIE_NAME in cookies
        or len(path) + len(query) > LONGEST_ADDRESS
    ):
        return None
    key = (
        environ["REQUEST_METHOD"],
        header("HTTP_HOST", ""),
        environ["wsgi.url_scheme"],
        header(settings.SECURE_PROXY_SSL_HEADER[0], "") if settings.SECURE_PROXY_SSL_HEADER else "",
        path,
        query,
        _language(cookies.get(settings.LANGUAGE_COOKIE_NAME, ""), header("HTTP_ACCEPT_LANGUAGE", "")),
        header("HTTP_HX_REQUEST") == "true",
        clock.today(),
        indexing.stamp(),
    )
    return _Asked(key, cookies)


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
        and not response.cookies  # among them that of a form's token, which Django sends along each time
        and "no-store" not in response.get("Cache-Control", "")
    )


def _answer(page: _Page, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    """The kept page, or what Django makes of it where the visitor has it already (304)."""
    if page.tag and "HTTP_IF_NONE_MATCH" in environ:
        response = HttpResponse(page.content, headers=dict(page.headers))
        found = get_conditional_response(WSGIRequest(environ), etag=page.tag, response=response) or response
        start_response(f"{found.status_code} {found.reason_phrase}", list(found.items()))
        return [found.content]
    start_response("200 OK", page.headers.copy())
    return [page.content]
