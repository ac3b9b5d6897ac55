"""What a search is asked and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from madoguchi.search.facets import Counts
from madoguchi.search.highlight import Piece
from madoguchi.search.matching import Correction
from madoguchi.search.places import Place
from madoguchi.search.reception import Status


class Sort(StrEnum):
    """The orders of a result list."""

    RELEVANCE = "relevance"
    DEADLINE = "deadline"
    NEWEST = "newest"


class Reason(StrEnum):
    """Why the nearest hits are shown though they are not what was asked for."""

    FILTERS = "filters"
    PLACE = "place"
    WORDS = "words"
    FALLBACK = "fallback"


@dataclass(frozen=True)
class SearchRequest:
    """A search on a day.

    `filters` maps a facet (`type`, `kind`, `purpose`, `industry`, `area`, `organisation`, `fiscal_year`,
    `status`) to chosen values: any within a facet, all facets together. `area` is where the person is: it
    orders but never hides. `fallback_keys` are documents to offer when nothing was found.
    """

    on: date
    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 20
    area: str | None = None
    fallback_keys: tuple[str, ...] = ()


class Edition(NamedTuple):
    """Another edition of a hit."""

    key: str
    slug: str
    name: str
    fiscal_year: int | None
    status: Status


class Hit(NamedTuple):
    """One result: the newest edition that was found, with marked texts."""

    key: str
    type: str
    slug: str
    name: str
    fiscal_year: int | None
    score: float
    status: Status
    deadline: date | None
    name_pieces: tuple[Piece, ...]
    snippet: tuple[Piece, ...]
    payload: Mapping[str, Any]
    other_editions: tuple[Edition, ...]


@dataclass(frozen=True)
class Understood:
    """How the text was read, to be shown to the person who typed it."""

    place: Place | None = None
    fiscal_year: int | None = None
    corrections: tuple[Correction, ...] = ()
    expansions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    phrases: tuple[str, ...] = ()
    avoided: tuple[str, ...] = ()
    truncated: bool = False
    partial: bool = False


@dataclass(frozen=True)
class Nearest:
    """What comes closest when nothing was found: never the answer to what was asked.

    `without` says how many hits there would be without each active filter (`place` for the place in the
    text). `reason` tells what was given up for `hits`.
    """

    reason: Reason
    hits: tuple[Hit, ...]
    without: Mapping[str, int]
    fallback: tuple[Hit, ...]


@dataclass(frozen=True)
class SearchResult:
    """A page of hits, the facets of the whole list, and what to say where there are none."""

    total: int
    took_ms: float
    hits: tuple[Hit, ...]
    facets: Mapping[str, Counts]
    understood: Understood
    nearest: Nearest | None
