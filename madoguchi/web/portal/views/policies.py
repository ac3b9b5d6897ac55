"""The basic policies and what was listed under them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from madoguchi.foundation.access import public
from madoguchi.results.models import Policy


@public
@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """Show policies."""
    return render(request, "portal/policies.html")


@public
@require_safe
def policy(request: HttpRequest, code: str) -> HttpResponse:
    """Show policy."""
    record = get_object_or_404(Policy, code=code)
    return render(request, "portal/policy.html", {"record": record})
