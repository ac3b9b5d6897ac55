"""Events: coming dates, a month, one event, calendars."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from madoguchi.events import queries
from madoguchi.foundation.access import public


@public
@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """Show events."""
    return render(request, "portal/events.html")


@public
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Show feed."""
    return render(request, "portal/events.html")


@public
@require_safe
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """Show month."""
    return render(request, "portal/events_month.html")


@public
@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """Show event."""
    record = get_object_or_404(queries.events(), slug=slug)
    return render(request, "portal/event.html", {"record": record})


@public
@require_safe
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """Show calendar."""
    record = get_object_or_404(queries.events(), slug=slug)
    return render(request, "portal/event.html", {"record": record})
