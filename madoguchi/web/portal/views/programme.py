"""One programme: its page, a sheet to bring along, its dates."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from madoguchi.catalogue import queries
from madoguchi.foundation.access import public


@public
@require_safe
def programme(request: HttpRequest, slug: str, fiscal_year: int | None = None) -> HttpResponse:
    """Show a programme in its newest or the named fiscal year."""
    editions = queries.editions_of(slug)
    if not editions:
        raise Http404
    return render(request, "portal/programme.html", {"edition": editions[0]})


@public
@require_safe
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one page to print and bring to a desk."""
    return programme(request, slug)


@public
@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Download the next dates of a programme."""
    raise Http404
