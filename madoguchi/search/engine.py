"""The search: one text, some filters and a day in; hits, counts and a way on out."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np

from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.search.building import DAY_ZERO, day_number
from madoguchi.search.documents import FIELDS
from madoguchi.search.facets import Counts
from madoguchi.search.highlight import Marker, Piece, mark, snippet
from madoguchi.search.index import Reader
from madoguchi.search.matching import Match, Matcher
from madoguchi.search.places import Gazetteer, Place
from madoguchi.search.query import LONGEST, Parser, Query
from madoguchi.search.reception import STATUSES, Status
from madoguchi.search.results import (
    Edition,
    Hit,
    Nearest,
    Reason,
    SearchRequest,
    SearchResult,
    Sort,
    Understood,
)
from madoguchi.search.segments import FOREVER, NO_YEAR, PLACE, STORED_FACETS, Array
from madoguchi.search.snapshot import Day, Snapshot
from madoguchi.search.text import hash64
from madoguchi.search.thesaurus import Thesaurus

_STATUS = "status"
_YEAR = "fiscal_year"
_NEAREST_HITS = 5
_PARSED = 1_000
_NAME, _SUMMARY, _BODY = (FIELDS.index(name) for name in ("name", "summary", "body"))


@dataclass(frozen=True)
class Settings:
    """What a site sets: factors on the score by type, and industry codes with what covers them.

    The past factors are for what is over; who searches wants what can be used now.
    """

    type_factors: Mapping[str, float] = field(default_factory=dict)
    past_factor: float = 0.8
    past_factors: Mapping[str, float] = field(default_factory=dict)
    industries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    snippet_length: int = 120


@dataclass(frozen=True)
class _Frame:
    """One request against one state: everything the filters and the folding need."""

    snapshot: Snapshot
    day: Day
    on: int
    filters: Mapping[str, tuple[str, ...]]
    masks: Mapping[str, Array]


@dataclass(frozen=True)
class _Chosen:
    """The documents to show, and how many filters each newest edition fails."""

    heads: Array
    failed: Array
    shown: Array


class Engine:
    """Searches the index of a directory. Safe to share between threads; opens no writer."""

    def __init__(
        self,
        directory: Path,
        thesaurus: Thesaurus | None = None,
        places: Iterable[Place] = (),
        settings: Settings | None = None,
    ) -> None:
        gazetteer = Gazetteer(places)
        self._settings = settings or Settings()
        self._parser = Parser(thesaurus, gazetteer)
        self._reader = Reader(
            directory,
            {
                "area": gazetteer.ancestors(),
                PLACE: gazetteer.ancestors(),
                "industry": self._settings.industries,
            },
        )
        # People repeat each other's words, and read the next page.
        self._parsed = lru_cache(maxsize=_PARSED)(self._parser.parse)
        self._matcher = lru_cache(maxsize=2)(lambda snapshot: Matcher(snapshot, self._parser))

    def search(self, request: SearchRequest) -> SearchResult:
        """Return the hits for a request; never raises for anything a person may type or choose."""
        began = time.perf_counter()
        snapshot = self._reader.snapshot()
        # One character more than is read tells that there are more.
        query = self._parsed(request.text[: LONGEST + 1])
        matcher = self._matcher(snapshot)
        frame = self._frame(snapshot, query, request)
        match = matcher.match(query)
        placed = self._placed(match, query, matcher, frame)
        chosen = _choose(frame, placed)
        score = self._score(chosen.shown, match, query, request, frame)
        hits = self._page(chosen.shown, score, match, request, frame)
        nearest = None
        if not len(chosen.shown):
            nearest = self._nearest(query, match, matcher, request, frame)
        return SearchResult(
            total=len(chosen.shown),
            took_ms=(time.perf_counter() - began) * 1000,
            hits=hits,
            facets=_facets(frame, placed, chosen),
            understood=_understood(query, match),
            nearest=nearest,
        )

    def _frame(self, snapshot: Snapshot, query: Query, request: SearchRequest) -> _Frame:
        on = day_number(request.on)
        day = snapshot.day(on)
        filters: dict[str, tuple[str, ...]] = {}
        if query.year and query.year.narrow:
            filters[_YEAR] = (str(query.year.number),)
        filters |= {name: values for name, values in request.filters.items() if values and _known(name)}
        masks = {
            name: (day.facet if name == _STATUS else snapshot.facets[name]).keeps(values)
            for name, values in filters.items()
        }
        return _Frame(snapshot, day, on, filters, masks)

    def _placed(self, match: Match, query: Query, matcher: Matcher, frame: _Frame) -> Array:
        """Return what was found less what belongs to other places and does not name this one.

        Where an edition of the year that was asked for is found, the others of its group step back.
        """
        mask = match.mask
        if query.year and _YEAR not in frame.filters:
            asked = mask & (frame.snapshot.year == query.year.number)
            mask = mask & (asked | ~np.isin(frame.snapshot.group, frame.snapshot.group[asked]))
        if query.narrow is None:
            return mask
        suits = frame.snapshot.facets["area"].keeps((query.narrow.code,))
        suits[matcher.phrase(query.narrow_text, mask & ~suits)] = True
        return mask & suits

    def _score(
        self, shown: Array, match: Match, query: Query, request: SearchRequest, frame: _Frame
    ) -> Array:
        """Return the scores of the documents to show."""
        snapshot, settings = frame.snapshot, self._settings
        score: Array = match.score[shown] if query.runs or query.phrases else np.ones(len(shown), np.float32)
        types = snapshot.facets["type"]
        by_type = [settings.type_factors.get("".join(values), 1.0) for values in types.sets]
        if_past = [settings.past_factors.get("".join(values), settings.past_factor) for values in types.sets]
        factors = np.array([by_type, if_past], np.float32)
        factors[1] *= factors[0]
        past = self._past(shown, query, request, frame)
        score = score * factors.ravel()[past * len(by_type) + types.signature[shown]]
        area = query.narrow or query.near
        target = area.code if area else _only(request.filters.get("area", ())) or request.area
        if target:
            areas, towns = snapshot.facets["area"], snapshot.facets[PLACE]
            score *= areas.suits(target, shown) * towns.stands(target, shown)
        industry = _only(request.filters.get("industry", ()))
        if industry:
            score *= snapshot.facets["industry"].suits(industry, shown)
        return score

    def _past(self, shown: Array, query: Query, request: SearchRequest, frame: _Frame) -> Array:
        """Return what is over: closed, or last offered in an earlier year; or not of the year asked for."""
        snapshot = frame.snapshot
        past: Array = frame.day.status[shown] == STATUSES.index(Status.CLOSED)
        if _YEAR in frame.filters:
            return past
        newest_year = snapshot.newest_year[shown]
        dated = newest_year != NO_YEAR
        if query.year:
            past = dated & (snapshot.year[shown] != query.year.number)
        else:
            past = past | (dated & (newest_year < FiscalYear.of(request.on).start_year))
        return past

    def _page(
        self, shown: Array, score: Array, match: Match, request: SearchRequest, frame: _Frame
    ) -> tuple[Hit, ...]:
        order = _order(shown, score, request, frame)
        page = order[max(0, request.offset) :][: max(0, request.limit)]
        return self._hits(shown[page], score[page], _marker(match, frame.snapshot), frame)

    def _hits(self, page: Array, score: Array, marker: Marker, frame: _Frame) -> tuple[Hit, ...]:
        rows = zip(page.tolist(), score.tolist(), frame.snapshot.editions(page), strict=True)
        return tuple(self._hit(*row, marker, frame) for row in rows)

    def _hit(
        self, document: int, score: float, editions: Sequence[int], marker: Marker, frame: _Frame
    ) -> Hit:
        card = frame.snapshot.card(document)
        deadline = int(frame.day.deadline[document])
        name_pieces, snippet_pieces = self._pieces(card["name"], document, marker, frame)
        return Hit(
            key=card["key"],
            type=card["type"],
            slug=card["slug"],
            name=card["name"],
            fiscal_year=card["fiscal_year"],
            score=score,
            status=_status(frame, document),
            deadline=None if deadline == FOREVER else date.fromordinal(deadline + DAY_ZERO.toordinal()),
            name_pieces=name_pieces,
            snippet=snippet_pieces,
            payload=card["payload"],
            other_editions=_other_editions(document, editions, frame) if len(editions) > 1 else (),
        )

    def _pieces(
        self, name: str, document: int, marker: Marker, frame: _Frame
    ) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
        """Return the marked name, and the best stretch of the summary or else of the body."""
        shown = frame.snapshot.shown(document)
        for at in (_SUMMARY, _BODY):
            spans = marker.spans(shown.folded[at])
            if spans:
                break
        else:
            at = _SUMMARY if shown.folded[_SUMMARY] else _BODY
        name_pieces = mark(name, shown.steps[_NAME], marker.spans(shown.folded[_NAME]))
        original = shown.originals[at - _SUMMARY]
        return name_pieces, snippet(original, shown.steps[at], spans, self._settings.snippet_length)

    def _nearest(
        self, query: Query, match: Match, matcher: Matcher, request: SearchRequest, frame: _Frame
    ) -> Nearest:
        placed = self._placed(match, query, matcher, frame)
        without = {name: len(_choose(_relaxed(frame, [name]), placed).shown) for name in frame.filters}
        if query.narrow is not None:
            without["place"] = len(_choose(frame, match.mask).shown)
        fallback = self._fallback(request, frame)
        for reason, found, mask, relaxed in self._attempts(query, match, placed, matcher, frame):
            shown = _choose(relaxed, mask).shown
            if len(shown) and not query.blank:
                score = self._score(shown, found, query, request, frame)
                page = self._page(shown, score, found, _first_page(request), frame)
                return Nearest(reason, page, without, fallback)
        return Nearest(Reason.FALLBACK, (), without, fallback)

    def _attempts(
        self, query: Query, match: Match, placed: Array, matcher: Matcher, frame: _Frame
    ) -> Iterable[tuple[Reason, Match, Array, _Frame]]:
        """Give up the filters first, then the place, then some of the words."""
        free = _relaxed(frame, list(frame.filters))
        yield Reason.FILTERS, match, placed, free
        yield Reason.PLACE, match, match.mask, frame
        yield Reason.PLACE, match, match.mask, free
        loose = matcher.match(query, loose=True)
        yield Reason.WORDS, loose, loose.mask, frame
        yield Reason.WORDS, loose, loose.mask, free

    def _fallback(self, request: SearchRequest, frame: _Frame) -> tuple[Hit, ...]:
        found = [frame.snapshot.number_of(key) for key in request.fallback_keys]
        page = np.array([number for number in found if number is not None], np.int64)
        return self._hits(page, np.zeros(len(page), np.float32), Marker(()), frame)


def _known(facet: str) -> bool:
    return facet == _STATUS or facet in STORED_FACETS


def _only(values: Sequence[str]) -> str | None:
    return values[0] if len(values) == 1 else None


def _first_page(request: SearchRequest) -> SearchRequest:
    return SearchRequest(on=request.on, limit=_NEAREST_HITS)


def _relaxed(frame: _Frame, names: Sequence[str]) -> _Frame:
    filters = {name: values for name, values in frame.filters.items() if name not in names}
    masks = {name: mask for name, mask in frame.masks.items() if name not in names}
    return _Frame(frame.snapshot, frame.day, frame.on, filters, masks)


def _choose(frame: _Frame, found: Array) -> _Chosen:
    """Fold the editions that were found under the newest of the chosen years, then filter those."""
    years = frame.masks.get(_YEAR)
    heads = frame.snapshot.newest_of_each_group(found if years is None else found & years)
    failed = np.zeros(frame.snapshot.size, np.uint8)
    for name, mask in frame.masks.items():
        if name != _YEAR:
            failed += ~mask
    return _Chosen(heads, failed, heads[failed[heads] == 0])


def _facets(frame: _Frame, found: Array, chosen: _Chosen) -> dict[str, Counts]:
    """Count every value; a facet's own choice does not narrow its own counts."""
    counted = frame.snapshot.facet_table.count(chosen.shown)
    counted[_STATUS] = frame.day.facet.count(chosen.shown)
    each = frame.snapshot.one_of_each_year(found)
    years = frame.snapshot.facets[_YEAR]
    counted[_YEAR] = years.count(each[chosen.failed[each] == 0], frame.filters.get(_YEAR, ()))
    for name, mask in frame.masks.items():
        if name != _YEAR:
            facet = frame.day.facet if name == _STATUS else frame.snapshot.facets[name]
            heads = chosen.heads
            documents = heads[chosen.failed[heads] == ~mask[heads]]
            counted[name] = facet.count(documents, frame.filters[name])
    return counted


def _order(shown: Array, score: Array, request: SearchRequest, frame: _Frame) -> Array:
    """Return the places among the shown up to the end of the page in order; ties go to the newer one."""
    first = np.zeros(len(shown), np.uint64)
    if request.sort is Sort.RELEVANCE:
        # Scores are not negative, so their bits sort as they do.
        first = (~score.astype(np.float32).view(np.uint32)).astype(np.uint64)
    elif request.sort is Sort.DEADLINE:
        first = frame.day.deadline[shown].astype(np.uint64)
    keys = (first << np.uint64(32)) | frame.snapshot.rank[shown]
    end = max(0, request.offset) + max(0, request.limit)
    if end < len(shown):
        nearest = np.argpartition(keys, end)[:end]
        return nearest[np.argsort(keys[nearest])]
    return np.argsort(keys)


def _marker(match: Match, snapshot: Snapshot) -> Marker:
    surfaces = {surface for word in match.words for surface in snapshot.surfaces(hash64(word))}
    return Marker(surfaces | match.texts)


def _status(frame: _Frame, document: int) -> Status:
    return STATUSES[int(frame.day.status[document])]


def _other_editions(document: int, editions: Sequence[int], frame: _Frame) -> tuple[Edition, ...]:
    others = []
    for number in editions:
        if number != document:
            card = frame.snapshot.card(number)
            status = _status(frame, number)
            others.append(Edition(card["key"], card["slug"], card["name"], card["fiscal_year"], status))
    return tuple(others)


def _understood(query: Query, match: Match) -> Understood:
    return Understood(
        place=query.narrow or query.near,
        fiscal_year=query.year.number if query.year else None,
        corrections=tuple(match.corrections),
        expansions=match.expansions,
        phrases=query.phrases,
        avoided=tuple(each.text for each in query.avoided),
        truncated=query.truncated,
        partial=match.partial,
    )
