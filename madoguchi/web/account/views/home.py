"""One's own account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from madoguchi.foundation.access import requires
from madoguchi.web.shared.hats import worn_by


@requires("own.use")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Who is signed in, and the way to everything that can be set."""
    return render(request, "account/home.html", {"hat": worn_by(request)})
