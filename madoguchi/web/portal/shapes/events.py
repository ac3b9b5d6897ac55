"""Events and their dates as the pages show them."""

import calendar
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import groupby

import jpholiday
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext

from madoguchi.events.models import Event, Occurrence, Precision
from madoguchi.japan.areas import Grouping
from madoguchi.web.portal.shapes import places
from madoguchi.web.shared import wording

FIRST_YEAR, LAST_YEAR = 1989, 2100
SUNDAY = 6


@dataclass(frozen=True)
class EventDate:
    """One date of an event. `title` may hold `|`; `is_exact` is False when only the month is known."""

    slug: str
    title: str
    kind: str
    starts_on: date
    ends_on: date
    is_exact: bool
    is_over: bool
    hours: str
    label: str
    place: str
    address: str
    note: str

    @property
    def lasts(self) -> bool:
        """Whether it goes on for several days."""
        return self.is_exact and self.ends_on > self.starts_on


@dataclass(frozen=True)
class Month:
    """The dates of one month."""

    first: date
    dates: list[EventDate]


@dataclass(frozen=True)
class Place:
    """The dates of an event at one place."""

    label: str
    name: str
    address: str
    coming: list[EventDate]
    past: list[EventDate]


@dataclass(frozen=True)
class Past:
    """What was held before: an event, how often, and from when to when."""

    slug: str
    title: str
    kind: str
    count: int
    last: date
    span: str


@dataclass
class CalendarDay:
    """One day of a calendar page."""

    day: date
    is_in_month: bool
    is_today: bool
    holiday: str
    dates: list[EventDate] = field(default_factory=list)


def event_date(
    event: Event, row: Occurrence, *, on: date, kinds: Mapping[str, str] | None = None
) -> EventDate:
    """One occurrence with what its event is called; `kinds` are the labels of the kinds."""
    return EventDate(
        slug=event.slug,
        title=event.breaks or event.name,
        kind=(kinds or {}).get(event.kind, ""),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        is_exact=row.precision == Precision.DAY,
        is_over=row.ends_on < on,
        hours=_hours(row.starts_at, row.ends_at),
        label=row.label,
        place=row.place_name,
        address=row.address,
        note=row.note,
    )


def dates(rows: Iterable[Occurrence], *, on: date, kinds: Mapping[str, str] | None = None) -> list[EventDate]:
    """Occurrences fetched with their events, in their order."""
    return [event_date(row.event, row, on=on, kinds=kinds) for row in rows]


def _hours(starts_at: time | None, ends_at: time | None) -> str:
    if starts_at is None:
        return ""
    start = wording.time_of_day(_today_at(starts_at))
    if ends_at is None:
        return gettext("%(start)sから") % {"start": start}
    return gettext("%(start)sから%(end)sまで") % {
        "start": start,
        "end": wording.time_of_day(_today_at(ends_at)),
    }


def _today_at(clock_time: time) -> datetime:
    """A time of day as an instant of any day: the words for it ask for one."""
    return datetime.combine(date(2000, 1, 1), clock_time, tzinfo=timezone.get_default_timezone())


def matching(
    events: Iterable[Event],
    *,
    kind: str,
    purpose: str,
    area: Grouping | None,
    groupings: Collection[Grouping],
) -> list[tuple[Event, Occurrence]]:
    """The dates that fit, in calendar order; a date without a place counts for its event's areas."""
    found = [
        (event, row)
        for event in events
        if (not kind or event.kind == kind) and (not purpose or purpose in event.purposes)
        for row in event.occurrences.all()
        if area is None or _is_in(event, row, area, groupings)
    ]
    return sorted(found, key=lambda pair: (pair[1].starts_on, pair[0].name, pair[1].position, pair[1].pk))


def _is_in(event: Event, row: Occurrence, area: Grouping, groupings: Collection[Grouping]) -> bool:
    codes = [row.area_code] if row.area_code else event.areas
    return any(places.touches(code, area.code, groupings) for code in codes)


def months(shown: Iterable[EventDate], *, on: date) -> list[Month]:
    """Dates in calendar order grouped by month; what has begun before stands under this month."""

    def month(each: EventDate) -> date:
        return max(each.starts_on, on).replace(day=1)

    return [Month(first, list(group)) for first, group in groupby(sorted(shown, key=month), key=month)]


def pasts(shown: Iterable[EventDate]) -> list[Past]:
    """What is over, one line an event, the latest first."""
    by_slug: dict[str, list[EventDate]] = {}
    for each in shown:
        by_slug.setdefault(each.slug, []).append(each)
    lines = [
        Past(
            slug,
            held[0].title,
            held[0].kind,
            len(held),
            max(each.ends_on for each in held),
            _span(held),
        )
        for slug, held in by_slug.items()
    ]
    return sorted(lines, key=lambda line: (line.last, line.slug), reverse=True)


def _span(held: Iterable[EventDate]) -> str:
    """令和5年4月, or 令和5年4月〜令和5年10月."""
    days = [each.starts_on for each in held]
    return "〜".join(dict.fromkeys([wording.month_full(min(days)), wording.month_full(max(days))]))


def by_place(event: Event, *, on: date) -> list[Place]:
    """The dates of a fetched event grouped by place, in the document's order of places."""
    found: dict[tuple[str, str, str], list[EventDate]] = {}
    rows = sorted(event.occurrences.all(), key=lambda row: row.position)
    for row in rows:
        shown = event_date(event, row, on=on)
        found.setdefault((row.label, row.place_name, row.address), []).append(shown)
    return [
        Place(
            *key,
            coming=[each for each in held if not each.is_over],
            past=[each for each in held if each.is_over],
        )
        for key, held in found.items()
    ]


def weekday_names() -> list[str]:
    """日 to 土: calendars of Japan begin on Sunday."""
    return [str(WEEKDAYS_ABBR[day]) for day in (SUNDAY, *range(SUNDAY))]


def weeks(year: int, month: int, shown: Iterable[EventDate], *, on: date) -> list[list[CalendarDay]]:
    """The weeks of a month from Sunday on, each date on every day it lasts; those without a day left out."""
    pages = [
        [
            CalendarDay(day, day.month == month, day == on, jpholiday.is_holiday_name(day) or "")
            for day in week
        ]
        for week in calendar.Calendar(SUNDAY).monthdatescalendar(year, month)
    ]
    exact = [each for each in shown if each.is_exact]
    for week in pages:
        for cell in week:
            cell.dates += [
                each for each in exact if cell.is_in_month and each.starts_on <= cell.day <= each.ends_on
            ]
    return pages
