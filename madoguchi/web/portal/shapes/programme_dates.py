"""The dates of a programme: what its events hold next, and all of it for a calendar."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import icalendar
from django.utils.translation import gettext

from madoguchi.catalogue.models import Edition
from madoguchi.catalogue.queries import Reception
from madoguchi.events.models import Event, Occurrence, Precision
from madoguchi.web.portal.shapes import events as shapes
from madoguchi.web.portal.shapes.events import EventDate
from madoguchi.web.portal.shapes.ics import Feed
from madoguchi.web.shared import wording


@dataclass(frozen=True)
class Ahead:
    """An event of a programme: how many dates it has, and the next at each place."""

    slug: str
    title: str
    count: int
    next_dates: list[EventDate]


def ahead(events: Iterable[Event], *, on: date) -> list[Ahead]:
    """The events with the next date at each place; an event that is over has none."""
    return [_ahead(event, on) for event in events]


def _ahead(event: Event, on: date) -> Ahead:
    nearest = [place.coming[0] for place in shapes.by_place(event, on=on) if place.coming]
    return Ahead(
        event.slug,
        event.breaks or event.name,
        len(event.occurrences.all()),
        sorted(nearest, key=lambda each: each.starts_on),
    )


def coming_days(events: Iterable[Event], *, on: date) -> list[tuple[Event, Occurrence]]:
    """The dates from a day on whose day is known."""
    return [
        (event, row)
        for event in events
        for row in event.occurrences.all()
        if row.ends_on >= on and row.precision == Precision.DAY
    ]


def reception_entries(
    feed: Feed, edition: Edition, reception: Reception, *, url: str
) -> Iterator[icalendar.Event]:
    """The next opening and the next deadline of an edition as calendar entries."""
    if reception.opens_at is not None:
        entry = _entry(feed, edition, gettext("受付開始"), reception.opens_at, url=url)
        entry.add("dtstart", _start(reception.opens_at, wording.local_day(reception.opens_at)))
        yield entry
    if reception.closes_at is not None:
        entry = _entry(feed, edition, gettext("締切"), reception.closes_at, url=url)
        entry.add("dtstart", _start(reception.closes_at, wording.closing_day(reception.closes_at)))
        yield entry


def _entry(feed: Feed, edition: Edition, what: str, moment: datetime, *, url: str) -> icalendar.Event:
    entry = icalendar.Event()
    told_apart = hashlib.sha256(f"{what}|{moment.isoformat()}".encode()).hexdigest()[:12]
    entry.add("uid", f"{edition.programme.slug}-{edition.fiscal_year}-{told_apart}@{feed.site}.madoguchi")
    entry.add("dtstamp", feed.stamped_at.astimezone(UTC))
    entry.add("summary", f"【{what}】{edition.name}")
    entry.add("description", f"{edition.summary}\n{url}")
    entry.add("url", url)
    return entry


def _start(moment: datetime, day: date) -> date | datetime:
    """An instant where the document states a time, else the whole day."""
    return moment.astimezone(UTC) if wording.states_time(moment) else day
