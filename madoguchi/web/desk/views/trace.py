"""The trace of a value for staff: the public one, with people and rows for those who may see them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from madoguchi.foundation.access import requires
from madoguchi.web.portal.tracing import trace_or_404
from madoguchi.web.shared.hats import worn_by


@requires("cases.statistics")
@require_safe
def trace(request: HttpRequest, key: str, fiscal_year: int | None = None) -> HttpResponse:
    """One value of a public report with all that this reader may know of it."""
    return render(request, "desk/trace.html", {"trace": trace_or_404(key, fiscal_year, hat=worn_by(request))})
