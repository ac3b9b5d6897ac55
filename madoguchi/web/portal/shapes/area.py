"""What one municipality has: programmes, desks and dates, as the search finds them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.http import Http404
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from madoguchi.finding import ask
from madoguchi.finding.ask import Asked
from madoguchi.institutions.models import Region
from madoguchi.japan import areas
from madoguchi.japan.areas import Area
from madoguchi.search.reception import Status
from madoguchi.search.results import SearchResult, Sort
from madoguchi.web.portal.shapes import hits, search
from madoguchi.web.shared import kept

# What may still be used: many documents state no reception, and then the desk knows.
NOT_OVER = tuple(status.value for status in Status if status is not Status.CLOSED)


@dataclass(frozen=True)
class Part:
    """One kind of what is there: the first of them as cards, how many there are, and where all stand."""

    heading: str
    cards: SafeString
    count: int
    all_url: str
    none: str


def area_of(region: Region | None, code: str) -> Area:
    """A municipality of the region by its code of five or six digits; 404 for any other."""
    try:
        area = areas.get(code)
    except ValueError:
        raise Http404 from None
    if region is None or area not in areas.municipalities(region.prefecture_code):
        raise Http404
    return area


def by_group(region: Region | None) -> list[tuple[str, list[Area]]]:
    """The municipalities under the name of their 圏域, in the pack's order."""
    if region is None:
        return []
    return [(row["name"], [areas.get(code) for code in row["members"]]) for row in region.groupings]


def parts(area: Area, region: Region | None, *, on: date, now: kept.State, most: int) -> list[Part]:
    """What stands on the page of a municipality."""
    return [
        _part(heading, asked, none, cards=lambda result: _cards(result, on, region, now), most=most)
        for heading, asked, none in _asked(area, on)
    ]


def _asked(area: Area, on: date) -> list[tuple[str, Asked, str]]:
    def of(kind: str, sort: Sort, **more: tuple[str, ...]) -> Asked:
        return Asked(on=on, filters={"area": (area.code,), "type": (kind,), **more}, sort=sort)

    return [
        (
            gettext("支援"),
            of("programme", Sort.DEADLINE, status=NOT_OVER),
            gettext("受付の終わっていない支援は、ありません。"),
        ),
        (
            gettext("相談窓口"),
            of("desk", Sort.RELEVANCE),
            gettext("近くの窓口は、まだ登録されていません。"),
        ),
        (
            gettext("セミナー・相談会"),
            of("event", Sort.DEADLINE, status=(Status.OPEN, Status.UPCOMING, Status.BOOKING)),
            gettext("これからの催しは、登録されていません。"),
        ),
    ]


def _part(
    heading: str, asked: Asked, none: str, *, cards: Callable[[SearchResult], SafeString], most: int
) -> Part:
    result = ask.answer(asked, limit=most)
    return Part(heading, cards(result), result.total, search.url_of(asked), none)


def _cards(result: SearchResult, on: date, region: Region | None, now: kept.State) -> SafeString:
    return hits.items(result.hits, on=on, region=region, now=now, pick=False)


@dataclass(frozen=True)
class Widget:
    """What a widget shows: the search behind it, and its first hits."""

    heading: str
    result: SearchResult
    cards: SafeString
    all_url: str


def widget(asked: Asked, region: Region | None, *, now: kept.State, most: int) -> Widget:
    """The programmes of a search for another site's page."""
    result = ask.answer(asked, limit=most)
    return Widget(widget_heading(asked), result, _cards(result, asked.on, region, now), search.url_of(asked))


def widget_heading(asked: Asked) -> str:
    """What a widget is called, also for those who hear its frame announced."""
    places = [ask.value_label("area", code) for code in asked.filters.get("area", ())]
    return (
        gettext("%(place)sで使える支援") % {"place": "・".join(places)} if places else gettext("事業者の支援")
    )


def choices(region: Region | None) -> Iterable[tuple[str, str]]:
    """The municipalities to choose from."""
    if region is None:
        return []
    return [(area.code, area.name) for area in areas.municipalities(region.prefecture_code)]


def address(area: Area) -> str:
    """The page of a municipality."""
    return reverse("portal:area", args=[area.code])
