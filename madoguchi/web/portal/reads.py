"""Reads for pages that look across several rooms."""

from datetime import date, timedelta

from django.db.models import Q

from madoguchi.catalogue import queries as catalogue
from madoguchi.catalogue.models import Edition, Programme
from madoguchi.catalogue.states import EditionState
from madoguchi.events import queries as events
from madoguchi.events.models import Occurrence
from madoguchi.institutions.models import Desk, Organisation, Succession, Unit

AHEAD = timedelta(days=366)


def programmes_at(desk: Desk) -> list[Programme]:
    """The programmes one can ask about at a desk, those with a published edition alone, by name."""
    rows = Programme.objects.filter(desks=desk, editions__state=EditionState.PUBLISHED)
    return list(rows.distinct().order_by("name", "pk"))


def editions_of_organisation(organisation: Organisation) -> list[Edition]:
    """The newest published edition of each programme that names the organisation, a unit or a desk of it."""
    part_in_it = (
        Q(roles__organisation=organisation)
        | Q(roles__unit__organisation=organisation)
        | Q(contacts__organisation=organisation)
        | Q(contacts__unit__organisation=organisation)
        | Q(contacts__desk__organisation=organisation)
    )
    programmes = Edition.objects.filter(part_in_it, state=EditionState.PUBLISHED).values("programme")
    newest: dict[int, Edition] = {}
    for edition in catalogue.published_editions().filter(programme__in=programmes):
        newest.setdefault(edition.programme_id, edition)
    return sorted(newest.values(), key=lambda edition: (edition.name, edition.pk))


def coming_dates_of(organisation: Organisation, *, on: date, limit: int) -> list[Occurrence]:
    """The next dates, at most `limit` within a year, of what an organisation holds."""
    return list(events.occurrences_between(on, on + AHEAD).filter(event__organiser=organisation)[:limit])


def units_of(organisation: Organisation) -> list[Unit]:
    """The units of an organisation, those of the newest documents first."""
    rows = Unit.objects.filter(organisation=organisation).order_by("full_name", "pk")
    return sorted(rows, key=lambda unit: -max(unit.named_in))


def successions_of(organisation: Organisation) -> list[Succession]:
    """Work that passed from or to the units of an organisation."""
    rows = Succession.objects.filter(
        Q(predecessor__organisation=organisation) | Q(successor__organisation=organisation)
    )
    return list(rows.select_related("predecessor", "successor").order_by("pk"))
