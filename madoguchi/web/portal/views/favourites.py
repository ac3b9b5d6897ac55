"""Favourites: a list to bring along, kept in the visitor's own browser."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from madoguchi.foundation.access import public


@public
@require_safe
def favourites(request: HttpRequest) -> HttpResponse:
    """Show favourites."""
    return render(request, "portal/favourites.html")


@public
@require_safe
def change(request: HttpRequest) -> HttpResponse:
    """Show change."""
    return render(request, "portal/favourites.html")
