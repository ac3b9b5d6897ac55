"""Sensitive acts ask once more who is there: the password, an app or a passkey, not long ago."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from madoguchi.web.shared.kept_forms import keep_for

View = TypeVar("View", bound=Callable[..., HttpResponse])


def recently_confirmed(view: View) -> View:
    """Let a view run only for someone who confirmed who they are in the last minutes; below `@requires`.

    Others confirm it first; a form that they sent is kept meanwhile and sent again with one button.
    """

    @wraps(view)
    def confirmed(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        # In a demonstration nobody is real, and nobody has a password to confirm with.
        if settings.DEMO or did_recently_reauthenticate(request):
            return view(request, *args, **named)
        methods = get_adapter(request).get_reauthentication_methods(request.user)
        if not methods:
            raise PermissionDenied
        response = HttpResponseRedirect("")
        go_on = keep_for(request, response) if request.method == "POST" else request.get_full_path()
        response["Location"] = f"{methods[0]['url']}?{urlencode({'next': go_on}, safe='/')}"
        return response

    return cast("View", confirmed)
