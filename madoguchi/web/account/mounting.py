"""Pages that allauth brings, with the access that each of them declares."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from madoguchi.foundation.access import public, requires
from madoguchi.web.shared.kept_forms import keeps_nothing
from madoguchi.web.shared.second_factor import open_without

View = Callable[..., Any]


def for_everybody(view: View) -> View:
    """A page on the way to signing in; never kept, because it holds a token of the visitor's own."""
    return public(never_cache(view))


def for_oneself(view: View) -> View:
    """A page of one's own account. What is typed there are passwords and codes: it is never kept."""
    return keeps_nothing(requires("own.use")(view))


def leaving_nothing(view: View) -> View:
    """A page that signs out: over HTTPS the browser then empties its own store of what was typed."""

    @wraps(view)
    def left(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        response: HttpResponse = view(request, *args, **named)
        if request.method == "POST":
            response["Clear-Site-Data"] = '"storage"'
        return response

    return left


def recorded(view: View) -> View:
    """A page whose change and its record are one transaction. Not where attempts are counted in between."""
    return transaction.atomic(view)


def on_the_way(view: View) -> View:
    """A page of one's own account that is needed before a second factor is there."""
    return open_without(for_oneself(view))
