"""U+0000, which PostgreSQL refuses and no keyboard types, is taken out of what was sent."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict

_NULL = "\x00"


class NullCharacterMiddleware:
    """Takes U+0000 out of addresses and forms before a view reads them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Clean the address."""
        if "%00" in request.META.get("QUERY_STRING", ""):
            request.GET = _cleaned(request.GET)  # type: ignore[assignment]
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Clean the form, which the check against forged forms has read by now."""
        if any(_NULL in value for _, values in request.POST.lists() for value in values):
            request.POST = _cleaned(request.POST)  # type: ignore[assignment]


def _cleaned(sent: QueryDict) -> QueryDict:
    cleaned = sent.copy()
    for name, values in sent.lists():
        cleaned.setlist(name, [value.replace(_NULL, "") for value in values])
    cleaned._mutable = False
    return cleaned
