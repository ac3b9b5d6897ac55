"""Which pages and searches are counted, without anything about who looked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from madoguchi.foundation import clock
from madoguchi.usage import counter

# Route names of the portal and what they show; the key is the slug in the address.
_COUNTED = {
    "programme": "programme",
    "edition": "programme",
    "project": "project",
    "desk": "desk",
    "event": "event",
    "organisation": "organisation",
    "policy": "policy",
    "area": "area",
    "home": "page",
    "search": "page",
}


@dataclass(frozen=True)
class Search:
    """A search that a view has answered."""

    query: str
    found: int
    area: str = ""


@dataclass(frozen=True)
class Counted:
    """A look at an object, and the search it was, if it was one."""

    kind: str
    key: str
    search: Search | None = None


def note_search(request: HttpRequest, search: Search) -> None:
    """Let the search that this view answers be counted."""
    request.counted_search = search  # type: ignore[attr-defined]


class Looks:
    """Middleware, the outermost: counts the look that a request was."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Count what was found, and leave with the answer what counts when it is given again."""
        response = self._get_response(request)
        if response.status_code == 200:
            response.counted = _counted(request)  # type: ignore[attr-defined]
            count(request.META, counted_in(response))
        return response


def counted_in(response: HttpResponseBase) -> Counted | None:
    """What an answer counts as each time it is given; None where nothing is counted."""
    return getattr(response, "counted", None)


def count(environ: Mapping[str, Any], counted: Counted | None) -> None:
    """Count one look, unless a machine did it; htmx exchanging a part of the page is no look of its own."""
    if counted is None or environ["REQUEST_METHOD"] != "GET":
        return
    agent = environ.get("HTTP_USER_AGENT", "")
    today = clock.today()
    if not environ.get("HTTP_HX_REQUEST"):
        counter.count_view(counted.kind, counted.key, on=today, user_agent=agent)
    if counted.search:
        search = counted.search
        counter.count_search(search.query, found=search.found, area=search.area, on=today, user_agent=agent)


def _counted(request: HttpRequest) -> Counted | None:
    match = getattr(request, "resolver_match", None)
    if match is None or match.app_name != "portal" or match.url_name not in _COUNTED:
        return None
    name = match.url_name
    key = str(match.kwargs.get("slug") or match.kwargs.get("code") or name)
    return Counted(_COUNTED[name], key, getattr(request, "counted_search", None))
