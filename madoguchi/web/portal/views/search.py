"""Search results."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from madoguchi.foundation.access import public


@public
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what was found."""
    return render(request, "portal/search.html")
