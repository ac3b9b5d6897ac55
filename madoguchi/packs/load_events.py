"""Events with their occurrences and contacts."""

import calendar
from collections.abc import Iterator
from datetime import date
from typing import Any

from madoguchi.catalogue.models import Programme
from madoguchi.events.models import Event, EventContact, Occurrence, Precision
from madoguchi.institutions.models import Organisation, Unit
from madoguchi.packs import schema
from madoguchi.packs.load_institutions import contact_rows
from madoguchi.packs.pack import Pack
from madoguchi.packs.sync import Changes, Wanted, digest, drop, plain, sync


def load(pack: Pack, changes: Changes) -> None:
    """Write every event with all its dates."""
    organisations = {row.slug: row for row in Organisation.objects.all()}
    units = {row.slug: row for row in Unit.objects.all()}
    programmes = {row.slug: row for row in Programme.objects.all()}
    wanted = {
        event.slug: Wanted(
            {
                **event.model_dump(
                    include={
                        "name",
                        "breaks",
                        "fiscal_year",
                        "kind",
                        "purposes",
                        "industries",
                        "areas",
                        "summary",
                        "easy",
                        "audience",
                        "fee",
                        "booking",
                        "capacity",
                        "attendance",
                        "keywords",
                        "notes",
                    }
                ),
                "organiser": organisations[event.organiser],
                "unit": units[event.unit] if event.unit else None,
                "programme": programmes[event.programme] if event.programme else None,
                "is_free": event.free,
                "links": plain(event.links),
                "sources": plain(event.sources),
            },
            digest("event", event),
        )
        for event in pack.events
    }
    touched = sync(Event, "event", wanted, changes)
    for event in pack.events:
        if event.slug in touched:
            _dates_and_contacts(event, touched[event.slug])


def drop_missing(pack: Pack, changes: Changes) -> None:
    """Remove the events that the pack no longer has."""
    drop(Event, "event", [event.slug for event in pack.events], changes)


def _dates_and_contacts(event: schema.Event, row: Event) -> None:
    row.occurrences.all().delete()
    rows = [columns for group in event.occurrences for columns in _occurrences(event, group)]
    Occurrence.objects.bulk_create(
        Occurrence(event=row, position=position, **columns) for position, columns in enumerate(rows)
    )
    row.contacts.all().delete()
    EventContact.objects.bulk_create(
        EventContact(event=row, position=position, **columns)
        for position, columns in enumerate(contact_rows(event.contacts))
    )


def _occurrences(event: schema.Event, group: schema.Occurrences) -> Iterator[dict[str, Any]]:
    place = event.places[group.place] if group.place else None
    common = {
        "label": group.label,
        "starts_at": group.starts,
        "ends_at": group.ends,
        "place_name": place.name if place else "",
        "address": place.address if place else "",
        "area_code": (place.area or "") if place else "",
        "note": group.note,
    }
    if group.month:
        year, month = (int(part) for part in group.month.split("-"))
        last = calendar.monthrange(year, month)[1]
        yield {
            **common,
            "starts_on": date(year, month, 1),
            "ends_on": date(year, month, last),
            "precision": Precision.MONTH,
        }
    for day in group.dates:
        yield {**common, "starts_on": day, "ends_on": group.until or day}
