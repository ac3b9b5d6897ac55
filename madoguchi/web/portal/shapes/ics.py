"""Dates of events as an iCalendar file (RFC 5545)."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import icalendar
from django.utils import timezone

from madoguchi.events.models import Event, Occurrence, Precision

CONTENT_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True)
class Feed:
    """What a calendar file says about itself; `site` makes its identifiers unique in the world."""

    name: str
    site: str
    stamped_at: datetime


def calendar_file(
    feed: Feed,
    rows: Iterable[tuple[Event, Occurrence]],
    *,
    address: Callable[[Event], str],
    also: Iterable[icalendar.Event] = (),
) -> bytes:
    """A calendar of the dates whose day is known, behind `also`; months without a day are left out."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//Madoguchi//{feed.site}//JA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", feed.name)
    for entry in also:
        calendar.add_component(entry)
    seen = set()
    for event, row in rows:
        uid = identifier(event, row, site=feed.site)
        if row.precision == Precision.DAY and uid not in seen:
            seen.add(uid)
            calendar.add_component(_entry(feed, event, row, uid, address(event)))
    content: bytes = calendar.to_ical()
    return content


def identifier(event: Event, row: Occurrence, *, site: str) -> str:
    """The UID of a date: the same after every loading of the pack, whatever stands before it in the list."""
    told_apart = "|".join([row.label, row.place_name, str(row.starts_at or "")])
    digest = hashlib.sha256(told_apart.encode()).hexdigest()[:12]
    return f"{event.slug}-{row.starts_on:%Y%m%d}-{digest}@{site}.madoguchi"


def _entry(feed: Feed, event: Event, row: Occurrence, uid: str, url: str) -> icalendar.Event:
    entry = icalendar.Event()
    entry.add("uid", uid)
    entry.add("dtstamp", feed.stamped_at.astimezone(UTC))
    entry.add("summary", f"{event.name}（{row.label}）" if row.label else event.name)
    for name, moment in _span(row).items():
        entry.add(name, moment)
    place = " ".join(part for part in (row.place_name, row.address) if part)
    if place:
        entry.add("location", place)
    entry.add(
        "description", "\n".join(part for part in (event.summary, row.note, event.booking, url) if part)
    )
    entry.add("url", url)
    return entry


def _span(row: Occurrence) -> dict[str, date | datetime]:
    """Whole days, the end excluded; instants only for a single day whose hours are stated."""
    if row.starts_at is None or row.starts_on != row.ends_on:
        return {"dtstart": row.starts_on, "dtend": row.ends_on + timedelta(days=1)}
    tokyo = timezone.get_default_timezone()
    span: dict[str, date | datetime] = {
        "dtstart": datetime.combine(row.starts_on, row.starts_at, tzinfo=tokyo).astimezone(UTC)
    }
    if row.ends_at is not None and row.ends_at > row.starts_at:
        span["dtend"] = datetime.combine(row.ends_on, row.ends_at, tzinfo=tokyo).astimezone(UTC)
    return span
