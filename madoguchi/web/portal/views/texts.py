"""Pages of words: the road of a consultation, this site, its promises."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from madoguchi.foundation.access import public


@public
@require_safe
def flow(request: HttpRequest) -> HttpResponse:
    """Show flow."""
    return render(request, "portal/flow.html")


@public
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Show about."""
    return render(request, "portal/about.html")


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Show accessibility."""
    return render(request, "portal/accessibility.html")


@public
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Show privacy."""
    return render(request, "portal/privacy.html")
