"""Organisations that support businesses."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from madoguchi.foundation.access import public
from madoguchi.institutions import queries


@public
@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """Show organisations."""
    return render(request, "portal/organisations.html")


@public
@require_safe
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """Show organisation."""
    record = get_object_or_404(queries.organisations(), slug=slug)
    return render(request, "portal/organisation.html", {"record": record})
