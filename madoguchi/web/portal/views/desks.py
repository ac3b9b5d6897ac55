"""Desks: where people may ask, by area and theme."""

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
from madoguchi.institutions.models import Desk
from madoguchi.web.portal import reads
from madoguchi.web.portal.shapes import desks as shapes
from madoguchi.web.portal.shapes import events as event_shapes
from madoguchi.web.portal.shapes import linked_data, places
from madoguchi.web.portal.shapes.contacts import cards
from madoguchi.web.portal.shapes.crumbs import trail
from madoguchi.web.portal.shapes.filters import filters
from madoguchi.web.portal.shapes.sources import citations

COMING_DATES = 5


@public
@require_safe
def desks(request: HttpRequest) -> HttpResponse:
    """Every desk by area, or those of one area and one theme."""
    region = queries.region()
    groupings = queries.groupings(region)
    area_choices = places.choices(region)
    purposes = {code: term.say or term.label for code, term in catalogue.vocabulary("purposes").items()}
    offered = filters(
        request.path,
        request.GET.dict(),
        [
            ("area", gettext("地域"), {choice.code: choice.name for choice in area_choices}),
            ("purpose", gettext("お困りごと"), purposes),
        ],
    )
    standing = list(queries.desks(on=clock.today()))
    purpose = offered["purpose"].value
    wanted = [desk for desk in standing if not purpose or purpose in desk.purposes]
    area = next((each for each in groupings if each.code == offered["area"].value), None)
    sections = (
        shapes.area_sections(wanted, area, groupings) if area else shapes.all_sections(wanted, groupings)
    )
    context = {
        "trail": trail(("", gettext("相談窓口"))),
        "filters": list(offered.values()),
        "area": offered["area"],
        "purpose": offered["purpose"],
        "has_unknown": any(each.is_unknown for each in offered.values()),
        "areas": list(zip(area_choices, offered["area"].choices[1:], strict=True)),
        "area_urls": {
            choice.code: link.url
            for choice, link in zip(area_choices, offered["area"].choices[1:], strict=True)
        },
        "sections": sections,
        "count": len(wanted) if area is None else _count(sections),
    }
    return render(request, "portal/desks.html", context)


def _count(sections: list[shapes.Section]) -> int:
    return sum(1 + len(entry.satellites) for section in sections for entry in section.entries)


@public
@require_safe
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    """One desk: the telephone first, then where, when, for whom, and what it offers."""
    record = queries.desks().filter(slug=slug).first()
    if record is None:
        raise Http404
    today = clock.today()
    labels = catalogue.labels()
    groupings = queries.groupings(queries.region())
    entry, url = shapes.entry(record), request.build_absolute_uri(request.path)
    context = {
        "trail": trail((reverse("portal:desks"), gettext("相談窓口")), ("", record.breaks or record.name)),
        "desk": record,
        "linked": linked_data.head(
            request,
            title=record.name,
            description=record.summary,
            data=[linked_data.desk(record, entry, url=url)],
        ),
        "entry": entry,
        "is_standing": shapes.is_standing(record, on=today),
        "contacts": cards(record.contacts.all()),
        "purposes": [labels.get("purposes", {}).get(code, code) for code in record.purposes],
        "covers": [places.name_of(code, groupings) for code in record.covers],
        "satellites": _satellites(record),
        "programmes": reads.programmes_at(record),
        "coming": event_shapes.dates(
            events.coming_of(record.organisation, on=today, limit=COMING_DATES),
            on=today,
            kinds=labels.get("event_kinds", {}),
        ),
        "citations": citations(record.sources, queries.source_titles()),
    }
    return render(request, "portal/desk.html", context)


def _satellites(desk: Desk) -> list[shapes.DeskEntry]:
    on_the_day = queries.desks(on=clock.today()).filter(parent=desk)
    return [shapes.entry(satellite) for satellite in on_the_day]
