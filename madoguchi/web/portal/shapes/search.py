"""A search as its page shows it: conditions to choose and to take off, and what to say about the question."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext

from madoguchi.finding import ask
from madoguchi.finding.ask import Asked
from madoguchi.foundation.paging import Page
from madoguchi.institutions.models import Region
from madoguchi.japan import areas, industries
from madoguchi.search.facets import Counts, FacetCount
from madoguchi.search.results import Hit, SearchResult, Sort
from madoguchi.web.portal.shapes import places
from madoguchi.web.shared import kept, wording
from madoguchi.web.shared.templatetags.madoguchi import STATUSES

_LEGENDS: kept.Kept[dict[str, str]] = kept.Kept(8)
_LABELS: kept.Kept[dict[str, str]] = kept.Kept(64)
_AREAS: kept.Kept[Sequence[str]] = kept.Kept(8)
# Facets that stand open before anything is chosen, and those whose order means something.
_OPEN = frozenset({"status", "kind", "purpose"})
_ORGANISATIONS_SHOWN = 15


class Option(NamedTuple):
    """One value to choose; `hits` is how many it would show."""

    value: str
    label: str
    hits: int
    checked: bool


@dataclass(frozen=True)
class Group:
    """One facet with its values."""

    name: str
    legend: str
    options: list[Option]
    is_open: bool


@dataclass(frozen=True)
class Condition:
    """A chosen value and the address of the search without it."""

    url: str
    label: str
    count: int | None = None


@dataclass(frozen=True)
class Order:
    """One order of the list."""

    url: str
    label: str
    is_chosen: bool


def url_of(asked: Asked) -> str:
    """The address of a search."""
    pairs = asked.parameters()
    address = _address(get_script_prefix())
    return f"{address}?{urlencode(pairs)}" if pairs else address


def with_conditions(address: str, asked: Asked) -> str:
    """An address with the words and conditions of a search, without its order and page."""
    pairs = [pair for pair in asked.parameters() if pair[0] not in ("sort", "page")]
    return f"{address}?{urlencode(pairs)}" if pairs else address


@cache
def _address(_prefix: str) -> str:
    return reverse("portal:search")


def groups(asked: Asked, result: SearchResult, region: Region | None, now: kept.State) -> list[Group]:
    """Every facet with the values that would show something."""
    made = []
    for name, legend in _LEGENDS.get(now, "", _legends).items():
        if name not in result.facets:
            continue
        labels = _LABELS.get(now, name, dict)
        options = []
        for value, hits, is_chosen in _shown(name, result.facets[name], region, now):
            if value not in labels:
                labels[value] = label(name, value, region)
            options.append(Option(value, labels[value], hits, is_chosen))
        if options:
            made.append(Group(name, legend, options, is_open=bool(asked.filters.get(name)) or name in _OPEN))
    return made


def sent_along(asked: Asked) -> list[tuple[str, str]]:
    """What the form of the conditions sends besides them."""
    if not asked.text:
        return []
    is_usual = asked.sort is Sort.RELEVANCE
    return [("q", asked.text)] if is_usual else [("q", asked.text), ("sort", asked.sort.value)]


def conditions(
    asked: Asked, region: Region | None, without: Mapping[str, int] | None = None
) -> list[Condition]:
    """The chosen values; with `without`, whole facets and what the search shows without each, most first."""
    if without is None:
        return [
            Condition(url_of(asked.without(facet, value)), label(facet, value, region))
            for facet in ask.FACETS
            for value in asked.filters.get(facet, ())
        ]
    rest = sorted(((count, facet) for facet, count in without.items() if count), reverse=True)
    return [
        Condition(url_of(asked.without(facet)), _names(facet, asked.filters[facet], region), count)
        for count, facet in rest
        if facet in asked.filters
    ]


def without_place(asked: Asked, result: SearchResult) -> Condition | None:
    """The search without the place in its text, when that would show something."""
    place = result.understood.place
    count = result.nearest.without.get("place", 0) if result.nearest else 0
    if place is None or not count:
        return None
    named = next((name for name in (place.name, *place.aliases) if name in asked.text), None)
    if named is None:
        return None
    text = " ".join(asked.text.replace(named, " ").split())
    return Condition(url_of(replace(asked, text=text, page=1)), named, count)


def orders(asked: Asked) -> list[Order]:
    """The orders to choose from; without words nothing fits better than anything else."""
    labels = {
        Sort.RELEVANCE: gettext("合う順"),
        Sort.DEADLINE: gettext("締切の近い順"),
        Sort.NEWEST: gettext("新しい順"),
    }
    return [
        Order(url_of(replace(asked, sort=sort, page=1)), text, asked.sort is sort)
        for sort, text in labels.items()
        if asked.text or sort is not Sort.RELEVANCE
    ]


def page(asked: Asked, result: SearchResult) -> Page[Hit]:
    """The hits as one page of the list."""
    page_count = min(max(1, -(-result.total // ask.PAGE_SIZE)), ask.LAST_PAGE)
    first = (asked.page - 1) * ask.PAGE_SIZE + 1
    last = first + len(result.hits) - 1
    return Page(result.hits, asked.page, page_count, result.total, first if result.hits else 0, max(last, 0))


def label(facet: str, value: str, region: Region | None) -> str:
    """A facet's value in words; one that nobody named stays as it is."""
    if facet == "status":
        return str(STATUSES[value][1])
    if facet == "type":
        return _types(region)[value]
    if facet == "fiscal_year":
        return _fiscal_year(value)
    return ask.value_label(facet, value)


def _legends() -> dict[str, str]:
    return {
        "status": gettext("受付"),
        "type": gettext("さがすもの"),
        "purpose": gettext("お困りごと"),
        "kind": gettext("種類"),
        "area": gettext("地域"),
        "industry": gettext("業種"),
        "fiscal_year": gettext("年度"),
        "organisation": gettext("機関"),
    }


def _types(region: Region | None) -> dict[str, str]:
    return {
        "programme": gettext("支援制度"),
        "desk": gettext("相談窓口"),
        "event": gettext("セミナー・相談会"),
        "project": places.projects_title(region),
        "organisation": gettext("支援機関"),
    }


def _shown(facet: str, counts: Counts, region: Region | None, now: kept.State) -> Iterable[FacetCount]:
    """The values to show, in the order in which people look for them."""
    match facet:
        case "status":
            return counts.among(STATUSES)
        case "industry":
            return counts.among(_divisions())
        case "area":
            return counts.among(_AREAS.get(now, "", lambda: _areas(region)))
        case "fiscal_year":
            return sorted(counts, reverse=True)
        case "organisation":
            return [
                *counts[:_ORGANISATIONS_SHOWN],
                *(each for each in counts[_ORGANISATIONS_SHOWN:] if each.chosen),
            ]
        case _:
            return counts


@cache
def _divisions() -> tuple[str, ...]:
    return tuple(division.code for division in industries.divisions())


def _areas(region: Region | None) -> Sequence[str]:
    """The prefecture, its 圏域, its municipalities."""
    if region is None:
        return []
    prefecture = region.prefecture_code
    around = [row["code"] for row in region.groupings]
    return [prefecture, *around, *(area.code for area in areas.municipalities(prefecture))]


def _names(facet: str, values: Iterable[str], region: Region | None) -> str:
    return "、".join(label(facet, value, region) for value in values)


def _fiscal_year(value: str) -> str:
    try:
        return wording.fiscal_year(int(value))
    except ValueError:
        return value
