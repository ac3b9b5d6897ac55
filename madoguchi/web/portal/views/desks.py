"""Desks: where people may ask."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from madoguchi.foundation.access import public
from madoguchi.institutions import queries


@public
@require_safe
def desks(request: HttpRequest) -> HttpResponse:
    """Show desks."""
    return render(request, "portal/desks.html")


@public
@require_safe
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    """Show desk."""
    record = get_object_or_404(queries.desks(), slug=slug)
    return render(request, "portal/desk.html", {"record": record})
