"""A month as days with what stands on them, and a feed of the same without content."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import icalendar
from django.urls import reverse
from django.utils.translation import gettext

from madoguchi.accounts.models import User
from madoguchi.consultations.queries.calendar import DayEntry, DayKind
from madoguchi.foundation.words import gettext_noop
from madoguchi.web.desk.shapes import labels
from madoguchi.web.desk.shapes.appointments import hours

_WORDS = {
    DayKind.APPOINTMENT: gettext_noop("約束"),
    DayKind.TASK: gettext_noop("すること"),
    DayKind.BUSINESS_TASK: gettext_noop("事業者がすること"),
    DayKind.FOLLOW_UP: gettext_noop("その後のうかがい"),
    DayKind.VISIT: gettext_noop("巡回"),
    DayKind.TALK: gettext_noop("相談"),
}


@dataclass(frozen=True)
class Line:
    """One thing on a day; `hours` is empty where it has no time."""

    kind: str
    hours: str
    text: str
    case: str
    url: str


@dataclass(frozen=True)
class Day:
    """A day and what stands on it."""

    day: date
    is_today: bool
    is_past: bool
    lines: tuple[Line, ...]


def days(entries: Iterable[DayEntry], *, on: date) -> list[Day]:
    """The days that have something, in order."""
    found: dict[date, list[Line]] = {}
    for entry in entries:
        found.setdefault(entry.day, []).append(_line(entry))
    return [Day(day, day == on, day < on, tuple(lines)) for day, lines in found.items()]


@dataclass(frozen=True)
class Sheet:
    """The days of one adviser; without a name they are the reader's own."""

    name: str
    days: list[Day]


def sheets(entries: Iterable[DayEntry], people: Mapping[int, User], *, on: date) -> list[Sheet]:
    """The days of each adviser who has something, by name."""
    found: dict[int, list[DayEntry]] = {}
    for entry in entries:
        found.setdefault(entry.adviser_id, []).append(entry)
    by_name = sorted(found, key=lambda pk: (people[pk].display_name, pk))
    return [Sheet(people[pk].display_name, days(found[pk], on=on)) for pk in by_name]


def _line(entry: DayEntry) -> Line:
    return Line(
        kind=gettext(_WORDS[entry.kind]),
        hours=hours(entry.starts_at, entry.ends_at) if entry.starts_at and entry.ends_at else "",
        text=entry.text,
        case=f"{labels.who(entry.case)}　{entry.case.title}",
        url=reverse("desk:case", args=[entry.case.key]),
    )


def feed(entries: Iterable[DayEntry], *, stamped_at: datetime, host: str) -> bytes:
    """An iCalendar file: what kind of thing, and the number of the case; what it is about stays here.

    Of an appointment in a secret case the number stands alone.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Madoguchi//desk//JA")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", gettext("窓口の予定"))
    for entry in entries:
        event = icalendar.Event()
        event.add("uid", f"{entry.kind}-{entry.pk}@{host}")
        event.add("dtstamp", stamped_at.astimezone(UTC))
        if entry.starts_at and entry.ends_at:
            event.add("summary", entry.case.number if entry.case.is_secret else _summary(entry))
            event.add("dtstart", entry.starts_at.astimezone(UTC))
            event.add("dtend", entry.ends_at.astimezone(UTC))
        else:
            event.add("summary", _summary(entry))
            event.add("dtstart", entry.day)
            event.add("dtend", entry.day + timedelta(days=1))
            event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _summary(entry: DayEntry) -> str:
    return f"{entry.case.number} {gettext(_WORDS[entry.kind])}"
