"""Pages that allauth brings, with the access that each of them declares."""

from collections.abc import Callable
from typing import Any

from django.views.decorators.cache import never_cache

from madoguchi.foundation.access import public, requires

View = Callable[..., Any]


def for_everybody(view: View) -> View:
    """A page on the way to signing in; never kept, because it holds a token of the visitor's own."""
    return public(never_cache(view))


def for_oneself(view: View) -> View:
    """A page of one's own account."""
    return requires("own.use")(view)
