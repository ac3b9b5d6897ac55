"""Which pages and searches are counted, without anything about who looked."""

from dataclasses import dataclass

from django.http import HttpRequest

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


def counted_by(request: HttpRequest) -> Counted | None:
    """What a request that was answered counts as; None where nothing is counted."""
    match = getattr(request, "resolver_match", None)
    if match is None or match.app_name != "portal" or match.url_name not in _COUNTED:
        return None
    name = match.url_name
    key = str(match.kwargs.get("slug") or match.kwargs.get("code") or name)
    return Counted(_COUNTED[name], key, getattr(request, "counted_search", None))


def count(request: HttpRequest, counted: Counted | None) -> None:
    """Count one look, unless a machine did it; htmx exchanging a part of the page is no look of its own."""
    if counted is None or request.method != "GET":
        return
    agent = request.META.get("HTTP_USER_AGENT", "")
    today = clock.today()
    if not request.META.get("HTTP_HX_REQUEST"):
        counter.count_view(counted.kind, counted.key, on=today, user_agent=agent)
    if counted.search:
        search = counted.search
        counter.count_search(search.query, found=search.found, area=search.area, on=today, user_agent=agent)
