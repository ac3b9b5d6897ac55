"""One's own account."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from madoguchi.accounts import second_factor, sessions
from madoguchi.accounts.models import User
from madoguchi.accounts.operations import kept_forms
from madoguchi.foundation import clock
from madoguchi.foundation.access import requires
from madoguchi.web.shared.hats import worn_by
from madoguchi.web.shared.kept_forms import key_cookie


@requires("own.use")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Who is signed in, what waits for them, and the way to everything that can be set."""
    hat, person, at = worn_by(request), cast("User", request.user), clock.actual_now()
    context = {
        "hat": hat,
        "hats": getattr(request, "hats", ()),
        "person": person,
        "has_password": person.has_usable_password(),
        "has_second_factor": second_factor.has_one(person),
        "session_count": len(sessions.of(person, at=at)),
        "kept": kept_forms.held(user_id=hat.user_id, key=request.COOKIES.get(key_cookie(), ""), at=at),
    }
    return render(request, "account/home.html", context)
