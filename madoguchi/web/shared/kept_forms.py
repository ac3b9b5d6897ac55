"""Nobody loses what they typed because their session had ended.

A form that reaches a guarded page without a session is sealed and kept; the person is asked to sign in and is
then shown what they had typed, with one button that sends it to where it was going. It is kept only where it
is known whose it is: from the session that just ended, or from a signed cookie that tells who signed in last
in this browser.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse

from madoguchi.accounts.operations import kept_forms
from madoguchi.accounts.operations.kept_forms import Typed
from madoguchi.foundation import clock
from madoguchi.foundation.access import declared_access
from madoguchi.web.shared.same_origin import is_same_origin

# Names the form in the request that sends it again; it is forgotten when that succeeded.
FIELD = "kept_form"
_WHO_SALT = "madoguchi.who"
_WHO_AGE = 60 * 60 * 24 * 14
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 (the name of a field)

View = TypeVar("View", bound=Callable[..., Any])


def keeps_nothing(view: View) -> View:
    """Mark a guarded page whose forms hold passwords or codes: they are never kept."""
    view.keeps_nothing = True  # type: ignore[attr-defined]
    return view


class SignInFirstMiddleware:
    """Leads to the sign-in page from guarded pages, and keeps what was typed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; then remember who was here, and forget a kept form that was sent."""
        response = self._get_response(request)
        hat = getattr(request, "hat", None)
        if hat is not None:
            if _who(request) != hat.user_id:
                _set(response, who_cookie(), signing.dumps(hat.user_id, salt=_WHO_SALT), _WHO_AGE)
            if request.method == "POST" and FIELD in request.POST and response.status_code < 400:
                _forget(request.POST[FIELD], hat.user_id)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], *_rest: Any
    ) -> HttpResponse | None:
        """Ask whoever is not signed in to do so first."""
        access = declared_access(view)
        if access is None or access.permission is None or getattr(request, "hat", None) is not None:
            return None
        why, user_id = getattr(request, "ended", ("", None))
        key = request.COOKIES.get(key_cookie()) or kept_forms.new_key()
        number = None
        if request.method == "POST" and not getattr(view, "keeps_nothing", False):
            number = _keep(request, user_id or _who(request), key)
        response = _to_sign_in(request, why, number)
        if number is not None:
            _set(response, key_cookie(), key, int(kept_forms.KEPT.total_seconds()))
        return response


def keep_for(request: HttpRequest, response: HttpResponse) -> str:
    """Keep the form that this person sent; returns where they find it again, or their account's page."""
    key = request.COOKIES.get(key_cookie()) or kept_forms.new_key()
    user_id = request.user.pk if request.user.is_authenticated else _who(request)
    number = _keep(request, user_id, key)
    if number is None:
        return reverse("account_home")
    _set(response, key_cookie(), key, int(kept_forms.KEPT.total_seconds()))
    return reverse("account_kept_form", args=[number])


def instead_of_refusing(request: HttpRequest) -> HttpResponse | None:
    """For a form whose token is not of this session: signed in anew in another tab, most likely.

    Where the browser says that a page of ours sent it to a guarded page, it is kept and shown again, to be
    sent with one button; otherwise None.
    """
    view = request.resolver_match.func if request.resolver_match else None
    access = declared_access(view) if view else None
    if access is None or access.permission is None or getattr(view, "keeps_nothing", False):
        return None
    if not is_same_origin(request) or (not request.user.is_authenticated and _who(request) is None):
        return None
    response = HttpResponseRedirect("")
    response["Location"] = keep_for(request, response)
    return response


def who_cookie() -> str:
    """The name of the cookie that tells who signed in last in this browser."""
    return _name("who")


def key_cookie() -> str:
    """The name of the cookie that holds the key to what was typed in this browser."""
    return _name("typed")


def _name(name: str) -> str:
    return f"__Host-{name}" if settings.HTTPS else name


def _who(request: HttpRequest) -> int | None:
    try:
        told = signing.loads(request.COOKIES.get(who_cookie(), ""), salt=_WHO_SALT, max_age=_WHO_AGE)
    except signing.BadSignature:
        return None
    return told if isinstance(told, int) else None


def _keep(request: HttpRequest, user_id: int | None, key: str) -> int | None:
    if user_id is None:
        return None
    fields = tuple(
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in (_TOKEN, FIELD)
    )
    typed = Typed(request.get_full_path(), fields, had_files=bool(request.FILES))
    return kept_forms.keep(typed, user_id=user_id, key=key, at=clock.actual_now())


def _to_sign_in(request: HttpRequest, why: str, number: int | None) -> HttpResponse:
    if number is not None:
        go_on = reverse("account_kept_form", args=[number])
    elif request.method in ("GET", "HEAD"):
        go_on = request.get_full_path()
    else:
        go_on = reverse("account_home")
    query = {"next": go_on} | ({"ended": why} if why else {}) | ({"kept": "1"} if number else {})
    address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode(query, safe='/')}"
    if request.headers.get("HX-Request") == "true":
        # The whole page has to change, not the part that was asked for.
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _set(response: HttpResponse, name: str, value: str, age: int) -> None:
    response.set_cookie(name, value, max_age=age, httponly=True, samesite="Lax", secure=settings.HTTPS)


def _forget(number: str, user_id: int) -> None:
    if number.isdecimal():
        kept_forms.forget(int(number), user_id=user_id)
