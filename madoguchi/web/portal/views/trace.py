"""The trace of a value: from the figure on a page back to where it comes from."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from madoguchi.foundation.access import public
from madoguchi.web.portal.shapes.crumbs import trail
from madoguchi.web.portal.tracing import trace_or_404


@public
@require_safe
def trace(request: HttpRequest, key: str, fiscal_year: int | None = None) -> HttpResponse:
    """One value: where it comes from, which unit stands for it, what was corrected, the other years."""
    found = trace_or_404(key, fiscal_year, hat=None)
    steps = [
        (reverse("portal:project", args=[each.slug]), each.breaks or each.name) for each in found.projects
    ]
    context = {
        "trail": trail((reverse("portal:report_years"), gettext("年次報告")), *steps, ("", found.name)),
        "trace": found,
        "desk_url": reverse("desk:trace", args=[key, fiscal_year])
        if fiscal_year is not None
        else reverse("desk:trace_undated", args=[key]),
    }
    return render(request, "portal/trace.html", context)
