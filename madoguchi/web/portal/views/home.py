"""The home page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from madoguchi.foundation.access import public


@public
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Ask what the matter is."""
    return render(request, "portal/home.html")
