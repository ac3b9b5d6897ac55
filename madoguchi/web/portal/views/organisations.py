"""Organisations that support businesses: who they are, and what one finds there."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from madoguchi.catalogue import queries as catalogue
from madoguchi.events import queries as events
from madoguchi.foundation import clock
from madoguchi.foundation.access import public
from madoguchi.institutions import queries
from madoguchi.web.portal import reads
from madoguchi.web.portal.shapes import desks as desk_shapes
from madoguchi.web.portal.shapes import events as event_shapes
from madoguchi.web.portal.shapes import linked_data
from madoguchi.web.portal.shapes import organisations as shapes
from madoguchi.web.portal.shapes.crumbs import trail
from madoguchi.web.portal.shapes.sources import citations

COMING_DATES = 10
# A prefecture has a hundred programmes; the rest is folded.
SHOWN_FIRST = 8


@public
@require_safe
def organisations(request: HttpRequest) -> HttpResponse:
    """Every organisation under its kind."""
    context = {
        "trail": trail(("", gettext("支援機関"))),
        "groups": shapes.by_kind(queries.organisations()),
    }
    return render(request, "portal/organisations.html", context)


@public
@require_safe
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """One organisation: how to reach it, its desks, programmes, dates and units."""
    record = queries.organisations().filter(slug=slug).first()
    if record is None:
        raise Http404
    today = clock.today()
    labels = catalogue.labels()
    editions = reads.editions_of_organisation(record)
    context = {
        "trail": trail(
            (reverse("portal:organisations"), gettext("支援機関")), ("", record.breaks or record.name)
        ),
        "organisation": record,
        "linked": linked_data.head(
            request,
            title=record.name,
            description=record.summary,
            data=[linked_data.organisation(record, url=request.build_absolute_uri(request.path))],
        ),
        "below": list(queries.organisations().filter(parent=record)),
        "desks": desk_shapes.nested(queries.desks(on=today).filter(organisation=record)),
        "editions": {"first": editions[:SHOWN_FIRST], "rest": editions[SHOWN_FIRST:]},
        "coming": event_shapes.dates(
            events.coming_of(record, on=today, limit=COMING_DATES),
            on=today,
            kinds=labels.get("event_kinds", {}),
        ),
        "units": shapes.unit_tree(queries.units_of(record), queries.successions_of(record)),
        "citations": citations(record.sources, queries.source_titles()),
    }
    return render(request, "portal/organisation.html", context)
