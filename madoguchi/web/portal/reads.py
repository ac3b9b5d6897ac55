"""Reads for pages that look across several rooms."""

from django.db.models import Q

from madoguchi.catalogue import queries as catalogue
from madoguchi.catalogue.models import Edition, Programme
from madoguchi.catalogue.states import EditionState
from madoguchi.institutions.models import Desk, Organisation


def programmes_at(desk: Desk) -> list[Programme]:
    """The programmes one can ask about at a desk, those with a published edition alone, by name."""
    rows = Programme.objects.filter(desks=desk, editions__state=EditionState.PUBLISHED)
    return list(rows.distinct().order_by("name", "pk"))


def desks_of(programme: Programme) -> list[Desk]:
    """The desks at which one can ask about a programme, by name."""
    return list(programme.desks.order_by("name", "pk"))


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
