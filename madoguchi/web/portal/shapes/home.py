"""The home page's lists: everyday problems, what comes next, what is new, a desk near by."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.urls import reverse

from madoguchi.catalogue.models import Edition, ReceptionWindow, Term
from madoguchi.events.models import Occurrence, Precision
from madoguchi.institutions.models import Desk, Region
from madoguchi.japan.areas import Grouping
from madoguchi.search.facets import FacetCount
from madoguchi.web.portal.shapes import places
from madoguchi.web.portal.shapes.programme import title
from madoguchi.web.shared import wording


@dataclass(frozen=True)
class Tile:
    """One everyday problem and how much there is for it."""

    url: str
    icon: str
    say: str
    label: str
    count: int


@dataclass(frozen=True)
class Due:
    """A deadline (an instant) or the date of an event (a day)."""

    url: str
    title: str
    kind: str
    moment: date | datetime
    note: str


@dataclass(frozen=True)
class News:
    """Something that was published lately."""

    url: str
    title: str
    kinds: list[str]
    published_on: date


@dataclass(frozen=True)
class AreaDesk:
    """An area and one desk in it; the desk's texts are empty where it has none."""

    key: str
    area: str
    url: str
    name: str
    place: str
    telephone: str
    extension: str


def search_url(**parameters: str) -> str:
    """The address of a search."""
    return f"{reverse('portal:search')}?{urlencode(parameters)}"


def tiles(purposes: Iterable[Term], counts: Iterable[FacetCount]) -> list[Tile]:
    """The problems in the pack's order."""
    hits = {str(found.value): found.hits for found in counts}
    return [
        Tile(
            search_url(purpose=term.code),
            term.icon or "help",
            term.say or term.label,
            term.label,
            hits.get(term.code, 0),
        )
        for term in purposes
    ]


def dues(
    windows: Iterable[ReceptionWindow],
    occurrences: Iterable[Occurrence],
    labels: Mapping[str, Mapping[str, str]],
    *,
    limit: int,
) -> list[Due]:
    """What closes or happens next, in the order of days, without what is only known by its month."""
    closing = [_closing(window, window.closes_at, labels) for window in windows if window.closes_at]
    held = [_held(row, labels) for row in occurrences if row.precision == Precision.DAY]
    ordered = sorted([*closing, *held], key=lambda due: (wording.closing_day(due.moment), due.title))
    return ordered[:limit]


def news(editions: Iterable[Edition], labels: Mapping[str, Mapping[str, str]]) -> list[News]:
    """Editions as they were published."""
    return [
        News(
            reverse("portal:programme", args=[edition.programme.slug]),
            title(edition),
            [labels.get("kinds", {}).get(code, code) for code in edition.kinds],
            wording.local_day(edition.published_at),
        )
        for edition in editions
        if edition.published_at
    ]


def area_desks(
    region: Region | None, desks: Sequence[Desk], groupings: Collection[Grouping]
) -> list[AreaDesk]:
    """For each 圏域 a desk that stands in it: rather for any industry, for it alone, for many problems."""
    return [
        _area_desk(choice.code, choice.name, _nearest(choice.code, desks, groupings))
        for choice in places.choices(region)
    ]


def _closing(window: ReceptionWindow, closes_at: datetime, labels: Mapping[str, Mapping[str, str]]) -> Due:
    edition = window.edition
    kind = labels.get("kinds", {}).get(edition.kinds[0], edition.kinds[0])
    url = reverse("portal:programme", args=[edition.programme.slug])
    return Due(url, title(edition), kind, closes_at, wording.until_time(closes_at))


def _held(row: Occurrence, labels: Mapping[str, Mapping[str, str]]) -> Due:
    event = row.event
    kind = labels.get("event_kinds", {}).get(event.kind, event.kind)
    name = event.breaks or event.name
    shown = f"{name}|（{row.label}）" if row.label else name
    return Due(reverse("portal:event", args=[event.slug]), shown, kind, row.starts_on, row.place_name)


def _nearest(code: str, desks: Sequence[Desk], groupings: Collection[Grouping]) -> Desk | None:
    inside = [desk for desk in desks if desk.area_code and places.within(desk.area_code, code, groupings)]

    def rank(desk: Desk) -> tuple[object, ...]:
        serves_others = not all(places.within(covered, code, groupings) for covered in desk.covers)
        return bool(desk.industries), serves_others, -len(desk.purposes), desk.name, desk.pk

    return min(inside, key=rank, default=None)


def _area_desk(code: str, name: str, desk: Desk | None) -> AreaDesk:
    url = f"{reverse('portal:desks')}?{urlencode({'area': code})}"
    if desk is None:
        return AreaDesk(code, name, url, "", "", "", "")
    reached = next((contact for contact in desk.contacts.all() if contact.telephone), None)
    return AreaDesk(
        code,
        name,
        url,
        desk.breaks or desk.name,
        desk.place_name,
        reached.telephone if reached else "",
        reached.extension if reached else "",
    )
