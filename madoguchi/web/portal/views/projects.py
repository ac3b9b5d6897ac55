"""One project: what was done with the money."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from madoguchi.foundation.access import public
from madoguchi.results import queries


@public
@require_safe
def project(request: HttpRequest, slug: str) -> HttpResponse:
    """Show project."""
    record = get_object_or_404(queries.projects(), slug=slug)
    return render(request, "portal/project.html", {"record": record})
