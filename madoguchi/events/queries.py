"""Reading events and their dates."""

from datetime import date, timedelta

from django.db.models import Prefetch, QuerySet

from madoguchi.events.models import Event, EventContact, Occurrence
from madoguchi.institutions.models import Organisation

AHEAD = timedelta(days=366)


def events() -> QuerySet[Event]:
    """Every event with its dates and contacts, newest year first."""
    occurrences = Occurrence.objects.order_by("starts_on", "position", "pk")
    contacts = EventContact.objects.select_related("unit__organisation", "desk", "organisation").order_by(
        "position", "pk"
    )
    return (
        Event.objects.select_related("organiser", "unit", "programme")
        .prefetch_related(
            Prefetch("occurrences", queryset=occurrences), Prefetch("contacts", queryset=contacts)
        )
        .order_by("-fiscal_year", "name", "pk")
    )


def occurrences_between(first: date, last: date) -> QuerySet[Occurrence]:
    """Dates that touch the days from first to last, both included, in calendar order."""
    rows = Occurrence.objects.select_related("event__organiser").filter(
        starts_on__lte=last, ends_on__gte=first
    )
    return rows.order_by("starts_on", "starts_at", "event__name", "position", "pk")


def coming(*, on: date, limit: int) -> list[Occurrence]:
    """The next dates from a day on, at most `limit`."""
    rows = Occurrence.objects.select_related("event__organiser").filter(ends_on__gte=on)
    return list(rows.order_by("starts_on", "event__name", "position", "pk")[:limit])


def coming_of(organiser: Organisation, *, on: date, limit: int) -> list[Occurrence]:
    """The next dates, at most `limit` within a year, of what an organisation holds."""
    return list(occurrences_between(on, on + AHEAD).filter(event__organiser=organiser)[:limit])
