"""An operator says why they come before a page that runs the machine."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from madoguchi.accounts.hats import Hat
from madoguchi.foundation.access import declared_access


class OperatorSessionMiddleware:
    """Leads operators without an operator session to the page that asks for a reason."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_rest: Any
    ) -> HttpResponse | None:
        """Ask for a reason where that is all that is missing."""
        hat: Hat | None = getattr(request, "hat", None)
        access = declared_access(view)
        if hat is None or access is None or access.permission is None:
            return None
        if hat.may(access.permission) or access.permission not in hat.could:
            return None
        go_on = request.get_full_path() if request.method == "GET" else reverse("desk:home")
        return HttpResponseRedirect(f"{reverse('account_operator')}?{urlencode({'next': go_on}, safe='/')}")
