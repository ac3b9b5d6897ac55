"""What the events room hands to the search index."""

import re
from collections.abc import Iterable

from madoguchi.events.models import Event
from madoguchi.events.queries import events
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.search.documents import Document

# An event's kind in the words of the catalogue's kinds, so that one facet serves both.
_KINDS = {
    "consultation_day": "consultation",
    "seminar": "seminar",
    "forum": "seminar",
    "training": "seminar",
    "trade_fair": "matching",
}

# What is held every year has the year at the end of its slug; the newest stands for the others.
_YEAR = re.compile(r"-(?:19|20)\d\d\Z")


def documents(slugs: Iterable[str] | None = None) -> list[Document]:
    """Documents of the events with these slugs, or of all."""
    rows = events()
    return [_document(row) for row in (rows if slugs is None else rows.filter(slug__in=list(slugs)))]


def _document(event: Event) -> Document:
    dates = list(event.occurrences.all())
    places = [f"{row.label} {row.place_name} {row.address}" for row in dates]
    body = [event.easy, event.audience, event.fee, event.booking, *event.notes, *dict.fromkeys(places)]
    towns = {row.area_code for row in dates if row.area_code}
    return Document(
        key=f"event:{event.slug}",
        type="event",
        group=f"event:{_YEAR.sub('', event.slug)}",
        slug=event.slug,
        name=event.name,
        fiscal_year=event.fiscal_year,
        keywords=tuple(event.keywords),
        summary=event.summary,
        body="\n".join(part for part in body if part),
        kinds=(_KINDS[event.kind],) if event.kind in _KINDS else (),
        purposes=tuple(event.purposes),
        industries=tuple(event.industries),
        areas=tuple(sorted(towns | set(event.areas))),
        places=tuple(sorted(towns)),
        organisations=(event.organiser.slug,),
        # Until its last date an event can still be joined; the days themselves are in the payload.
        windows=((FiscalYear(event.fiscal_year).starts_on, max(row.ends_on for row in dates)),)
        if dates
        else (),
        mode="booking" if event.booking else "",
        published_on=FiscalYear(event.fiscal_year).starts_on,
        payload={
            "kinds": [_KINDS[event.kind]] if event.kind in _KINDS else [],
            "breaks": event.breaks,
            "dates": [[row.starts_on.isoformat(), row.label, row.precision] for row in dates],
            "fee": event.fee,
            "organiser": event.organiser.short_name or event.organiser.name,
        },
    )
