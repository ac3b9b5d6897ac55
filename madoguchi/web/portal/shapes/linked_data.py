"""Programmes, events, desks and organisations as things of schema.org."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString

from madoguchi.events.models import Event, Occurrence, Precision
from madoguchi.institutions.models import Desk, Organisation
from madoguchi.web.portal.shapes.desks import DeskEntry
from madoguchi.web.portal.shapes.programme import EditionPage
from madoguchi.web.shared.context import region_record
from madoguchi.web.shared.fragments import linked_data as fragment
from madoguchi.web.shared.kept import state

Thing = Mapping[str, Any]
# More dates than anybody plans for.
MOST_DATES = 20


def head(request: HttpRequest, *, title: str, description: str, data: Iterable[Thing] = ()) -> SafeString:
    """What the head of a page says to machines."""
    region = region_record(state())
    return fragment.head(
        title=title,
        description=description,
        url=request.build_absolute_uri(request.path),
        site_name=region.site_name if region else "",
        data=list(data),
    )


def programme(page: EditionPage, *, areas: Iterable[str], url: str) -> Thing:
    """https://schema.org/GovernmentService: what a business can use, and who answers for it."""
    first = next(iter(page.contacts), None)
    return {
        "@type": "GovernmentService",
        "name": _plain(page.title),
        "description": page.summary,
        "url": url,
        "serviceType": page.kinds,
        "areaServed": [{"@type": "AdministrativeArea", "name": name} for name in areas],
        "audience": {"@type": "BusinessAudience", "audienceType": page.quick.who},
        "provider": {"@type": "Organization", "name": _plain(first.name), "telephone": first.telephone}
        if first
        else None,
    }


def dates(event: Event, *, on: date, url: str) -> list[Thing]:
    """https://schema.org/Event: each coming date of an event whose day is known."""
    rows = (row for row in event.occurrences.all() if row.ends_on >= on and row.precision == Precision.DAY)
    return [_date(event, row, url) for row in list(rows)[:MOST_DATES]]


def _date(event: Event, row: Occurrence, url: str) -> Thing:
    begins = f"{row.starts_on}T{row.starts_at:%H:%M}+09:00" if row.starts_at else str(row.starts_on)
    return {
        "@type": "Event",
        "name": f"{event.name}（{row.label}）" if row.label else event.name,
        "description": event.summary,
        "url": url,
        "startDate": begins,
        "endDate": str(row.ends_on),
        "location": {"@type": "Place", "name": row.place_name or row.address, "address": row.address}
        if row.place_name or row.address
        else None,
        "organizer": {"@type": "Organization", "name": event.organiser.name, "url": event.organiser.url},
        "isAccessibleForFree": event.is_free,
    }


def desk(record: Desk, entry: DeskEntry, *, url: str) -> Thing:
    """https://schema.org/Organization: a desk, with the number to call."""
    return {
        "@type": "Organization",
        "name": record.name,
        "description": record.summary,
        "url": url,
        "telephone": entry.telephone,
        "address": record.address,
        "parentOrganization": {"@type": "Organization", "name": record.organisation.name},
    }


def organisation(record: Organisation, *, url: str) -> Thing:
    """https://schema.org/Organization: an organisation, and its own page."""
    return {
        "@type": "Organization",
        "name": record.name,
        "description": record.summary,
        "url": url,
        "sameAs": record.url,
        "telephone": record.telephone,
        "address": record.address,
    }


def _plain(name: str) -> str:
    """A name without its fold points."""
    return name.replace("|", "")
