"""Who may open a page: declared on each view, compared with a committed table by a house test.

`request.hat` says as whom somebody asks (accounts.hats.Hat, put there by a middleware); None is nobody.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """The declaration of one view: the permission it asks for; None is open to everybody."""

    permission: str | None

    def __str__(self) -> str:
        """Return it as the committed table writes it."""
        return self.permission or "public"


def public(view: View) -> View:
    """Declare a page that everybody may open."""
    view.declared_access = Access(permission=None)  # type: ignore[attr-defined]
    return view


def requires(permission: str) -> Callable[[View], View]:
    """Declare a page for people who hold `module.action`.

    Who is not signed in is led to the sign-in page, everybody else meets PermissionDenied (403).
    """
    if permission.count(".") != 1 or not all(permission.split(".")):
        raise ValueError(f"{permission!r} is not written as module.action")

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, *args: Any, **kwargs: Any) -> Any:
            hat = getattr(request, "hat", None)
            if hat is None:
                return redirect_to_login(request.get_full_path())
            if not hat.may(permission):
                raise PermissionDenied(permission)
            return view(request, *args, **kwargs)

        guarded.declared_access = Access(permission=permission)  # type: ignore[attr-defined]
        return cast("View", guarded)

    return declare


def declared_access(view: Callable[..., Any]) -> Access | None:
    """Return what the view declares; None when it declares nothing, which is a mistake."""
    return getattr(view, "declared_access", None)
