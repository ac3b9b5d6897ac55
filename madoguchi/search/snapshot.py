"""Everything a search needs of one state of the index, over all its segments."""

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np

from madoguchi.search import reception
from madoguchi.search.documents import FIELDS
from madoguchi.search.facets import Facet, FacetTable
from madoguchi.search.segments import NO_YEAR, STORED_FACETS, SUMMARY_END, VALUE_SETS, Array, Segment
from madoguchi.search.text import Steps, hash64, triple_bits, unpack_steps

# So many cards and texts are kept, some eight kilobytes each.
_MOST_KEPT = 4_096
# What `json.loads` does after looking at the encoding and at white space.
_read_json = json.JSONDecoder().raw_decode


class Day(NamedTuple):
    """What depends on the day of the search: status codes, deadlines, and the status as a facet."""

    status: Array
    deadline: Array
    facet: Facet


class Shown(NamedTuple):
    """What marks are made of: the fields folded, where those lead back to, summary and body as written."""

    folded: tuple[str, ...]
    steps: tuple[Steps, ...]
    originals: tuple[str, ...]


class Snapshot:
    """One readable state: documents are numbered through all segments, the dead ones included."""

    def __init__(
        self,
        parts: Sequence[tuple[Segment, Array]] = (),
        hierarchies: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None,
    ) -> None:
        self.segments = [segment for segment, _ in parts]
        self._dead = [not alive.all() for _, alive in parts]
        self.alive: Array = np.concatenate([*(alive for _, alive in parts), np.zeros(0, bool)])
        self.size = len(self.alive)
        self.total = int(self.alive.sum())
        self._borders = [0, *accumulate(segment.count for segment in self.segments)]
        self.facets = {
            name: Facet(
                [(s.facets[name], s.signatures[name]) for s in self.segments], (hierarchies or {}).get(name)
            )
            for name in VALUE_SETS
        }
        self.facet_table = FacetTable({name: self.facets[name] for name in STORED_FACETS})
        self.group = self._column("group_hash", np.uint64)
        self.key_hash = self._column("key_hash", np.uint64)
        self.year = self._column("fiscal_year", np.int16)
        self._order()
        self.newest_year = self._newest_year()
        self.day = lru_cache(maxsize=4)(self._day)
        # What is found once is found again: reading these took a third of the time of a small answer.
        self.card = lru_cache(maxsize=_MOST_KEPT)(self._card)
        self.shown = lru_cache(maxsize=_MOST_KEPT)(self._shown)

    def _column(self, name: str, kind: type[np.generic]) -> Array:
        return np.concatenate([*(getattr(segment, name) for segment in self.segments), np.zeros(0, kind)])

    def _order(self) -> None:
        year = self.year
        published = self._column("published", np.int32)
        # Oldest edition first within a group, so that the last one of a run is the one to show.
        self.by_group = np.lexsort((self.key_hash, published, year, self.group))
        self.sorted_group = self.group[self.by_group]
        self.sorted_year = year[self.by_group]
        newest = np.lexsort((self.key_hash, -year.astype(np.int32), -published.astype(np.int64)))
        self.rank = np.empty(self.size, np.uint32)
        self.rank[newest] = np.arange(self.size, dtype=np.uint32)

    def _newest_year(self) -> Array:
        """Return for each living document the year of the newest edition in its group."""
        heads = self.newest_of_each_group(self.alive)
        at = np.searchsorted(self.group[heads], self.group)
        return np.append(self.year[heads], np.int16(NO_YEAR))[at]

    def _day(self, day: int) -> Day:
        mode = self._column("mode", np.uint8)
        counts = [np.diff(segment.window_starts) for segment in self.segments]
        starts = np.concatenate(([0], np.cumsum(np.concatenate([*counts, np.zeros(0, np.uint32)])))).astype(
            np.int64
        )
        opens, closes = self._column("window_opens", np.int32), self._column("window_closes", np.int32)
        status = reception.status_codes(mode, starts, opens, closes, day)
        facet = Facet([(status, [(value,) for value in reception.STATUSES])])
        return Day(status, reception.deadlines(mode, starts, closes, day), facet)

    def word(self, key: int) -> tuple[Array, Array]:
        """Return the living documents that hold a word, and its impact in each."""
        return self._gather([segment.words.find(key) for segment in self.segments])

    def gram(self, key: int) -> tuple[Array, Array]:
        """Return the living documents that hold a pair of characters, and its impact in each."""
        return self._gather([segment.grams.find(key) for segment in self.segments])

    def grams_between(self, low: int, high: int) -> Array:
        """Return the living documents that hold any pair of characters in a range."""
        found = [segment.grams.between(low, high) for segment in self.segments]
        return self._gather([(docs, docs) for docs in found])[0]

    def _gather(self, found: list[tuple[Array, Array]]) -> tuple[Array, Array]:
        """Return what the segments hold, numbered through; numpy indexes by intp without converting."""
        docs, impacts = [], []
        for (local, values), base, dead in zip(found, self._borders, self._dead, strict=False):
            numbers = local.astype(np.intp)
            if base:
                numbers += base
            keep = self.alive[numbers] if dead else slice(None)
            docs.append(numbers[keep])
            impacts.append(values[keep])
        if len(docs) == 1:
            return docs[0], impacts[0]
        return np.concatenate([*docs, np.zeros(0, np.intp)]), np.concatenate(
            [*impacts, np.zeros(0, np.uint8)]
        )

    def locate(self, document: int) -> tuple[Segment, int]:
        """Return the segment of a document and its number there."""
        at = bisect_right(self._borders, document) - 1
        return self.segments[at], document - self._borders[at]

    def _card(self, document: int) -> Mapping[str, Any]:
        """What a hit shows of a document besides its texts; kept, so not to be changed."""
        segment, local = self.locate(document)
        card: dict[str, Any] = _read_json(_text(segment.cards[local]))[0]
        return card

    def _shown(self, document: int) -> Shown:
        segment, local = self.locate(document)
        packed = segment.steps[local]
        return Shown(
            folded=tuple(_text(segment.texts[local]).split("\n")),
            steps=tuple(unpack_steps(packed, field) for field in range(len(FIELDS))),
            originals=tuple(map(_text, segment.originals[local].split(SUMMARY_END))),
        )

    def holding(self, text: str, documents: Array) -> Array:
        """Return those of some ascending documents that hold a squeezed text literally."""
        needle = text.encode("utf-8", "surrogatepass")
        bits = np.unique(triple_bits(text)).astype(np.int64)
        kept = [documents[:0]]
        for segment, base in zip(self.segments, self._borders, strict=False):
            low, high = np.searchsorted(documents, (base, base + segment.count))
            here = documents[low:high]
            for bit in bits.tolist():
                here = here[(segment.filters[here - np.uint32(base), bit >> 3] & (128 >> (bit & 7))) != 0]
            texts = segment.texts
            found = [needle in texts[number] for number in (here.astype(np.int64) - base).tolist()]
            kept.append(here[np.array(found, bool)])
        return np.concatenate(kept)

    def held(self) -> dict[str, str]:
        """Return the content hash of every living document by its key."""
        rows = ((key, value) for s in self.segments for key, value in zip(s.keys, s.hashes, strict=True))
        return {
            key.decode("utf-8", "surrogatepass"): value.decode()
            for (key, value), lives in zip(rows, self.alive.tolist(), strict=True)
            if lives
        }

    def number_of(self, key: str) -> int | None:
        """Return the number of the living document with this key."""
        found = np.flatnonzero((self.key_hash == np.uint64(hash64(key))) & self.alive)
        return int(found[0]) if len(found) else None

    def editions(self, documents: Array) -> list[list[int]]:
        """Return for each document the living ones of its group, the newest first, itself included."""
        groups = self.group[documents]
        lows = self.sorted_group.searchsorted(groups, "left").tolist()
        highs = self.sorted_group.searchsorted(groups, "right").tolist()
        runs = [self.by_group[low:high][::-1] for low, high in zip(lows, highs, strict=True)]
        return [run[self.alive[run]].tolist() for run in runs]

    def newest_of_each_group(self, mask: Array) -> Array:
        """Return the newest edition of every group among the masked documents."""
        at = np.flatnonzero(mask[self.by_group])
        group = self.sorted_group[at]
        last = np.ones(len(at), bool)
        np.not_equal(group[1:], group[:-1], out=last[:-1])
        return self.by_group[at[last]]

    def one_of_each_year(self, mask: Array) -> Array:
        """Return one document for every group and fiscal year among the masked documents."""
        at = np.flatnonzero(mask[self.by_group])
        group, year = self.sorted_group[at], self.sorted_year[at]
        last = np.ones(len(at), bool)
        last[:-1] = (group[1:] != group[:-1]) | (year[1:] != year[:-1])
        return self.by_group[at[last]]

    def surfaces(self, key: int) -> list[str]:
        """Return the folded spellings under which a word occurs."""
        found: set[str] = set()
        for segment in self.segments:
            index = segment.words.index(key)
            if index >= 0:
                found.update(segment.vocabulary[index].decode("utf-8", "surrogatepass").split("\t")[2:])
        return sorted(found)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogatepass")
