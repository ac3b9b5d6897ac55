"""How many businesses of each municipality and industry get which verdict from each rule."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from madoguchi.eligibility.bulk.columns import Array, Codes, Table
from madoguchi.eligibility.bulk.kernel import Piece, Plane
from madoguchi.eligibility.rules.facts import Dictionary
from madoguchi.eligibility.rules.status import Status, verdict_of

Place = tuple[str, str]
"""The code of the area, and the division of the industry; empty where it is not known."""

# In the order of Status, whose numbers are the places here.
VERDICTS = pl.Enum([verdict_of(status).value for status in Status])

COUNTS = {"area": pl.String(), "industry": pl.String(), "verdict": VERDICTS, "businesses": pl.Int64()}
"""The columns of the counts of one rule; nobody has no line."""

_BITS = 64


def verdicts_of(statuses: Array) -> pl.Series:
    """The verdicts that belong to statuses, told by their numbers in eight bits."""
    return pl.Series(np.ascontiguousarray(statuses)).cat.to(VERDICTS)


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Rows that were put in order: those of `places[i]` begin at `starts[i]` and end where the next begin."""

    places: Sequence[Place]
    starts: Array

    @property
    def sizes(self) -> Array:
        """The number of rows of each group."""
        return np.diff(self.starts)


def group(table: Table, dictionary: Dictionary) -> tuple[Array, Groups]:
    """The order that puts businesses of one area and division together, and the groups in that order."""
    areas, area_of = _labels(table, "area", dictionary)
    divisions, division_of = _labels(table, "industry", dictionary)
    key = area_of.astype(np.uint32) * len(divisions) + division_of
    order = np.argsort(key, kind="stable")
    in_order = key[order]
    starts = np.flatnonzero(np.concatenate(([True], in_order[1:] != in_order[:-1]))[: table.height])
    pairs = (divmod(int(number), len(divisions)) for number in in_order[starts])
    places = [(areas[area], divisions[division]) for area, division in pairs]
    return order, Groups(places, np.append(starts, table.height))


def _labels(table: Table, key: str, dictionary: Dictionary) -> tuple[list[str], Array]:
    """The different labels, and the place of each row's label among them."""
    column, fact = table.columns.get(key), dictionary.get(key)
    if not isinstance(column, Codes) or fact is None:
        return [""], np.zeros(table.height, np.uint32)
    labels: dict[str, int] = {}
    lookup = []
    for code in column.meanings:
        label = "" if code is None else str(code)
        if key == "industry" and label:
            label = (label, *dictionary.ancestors(fact, label))[-1]
        lookup.append(labels.setdefault(label, len(labels)))
    return list(labels), np.array(lookup, np.uint32)[column.places]


class SlabCount:
    """A sink for the kernel that counts the rows of each group; several threads may use it."""

    def __init__(self, groups: Groups, rules: int) -> None:
        self._starts = groups.starts
        self.reached = np.zeros((rules, 3, len(groups.places)), np.int32)
        """For each rule, plane and group the rows that are at least unknown, at least judgement, met."""
        self._lock = threading.Lock()
        self._cuts: dict[int, _Cuts] = {}

    def take(self, number: int, piece: Piece, planes: tuple[Plane, Plane, Plane]) -> None:
        """Count one rule in one piece."""
        cuts = self._cuts.get(piece.start)
        if cuts is None:
            cuts = self._cuts[piece.start] = _Cuts(self._starts, piece)
        last: Plane | None = None
        for level, plane in enumerate(planes):
            if plane is False:
                continue
            if plane is not last:
                counted, last = cuts.count(plane), plane
            # Two pieces may meet inside one group.
            with self._lock:
                self.reached[number, level, cuts.first : cuts.last] += counted


class _Cuts:
    """Where the groups of one piece end, as words and bits."""

    def __init__(self, starts: Array, piece: Piece) -> None:
        self.first = int(np.searchsorted(starts, piece.start, "right")) - 1
        self.last = int(np.searchsorted(starts, piece.stop, "left"))
        self._rows = np.clip(starts[self.first : self.last + 1], piece.start, piece.stop) - piece.start
        self._words = self._rows // _BITS
        self._below = (np.uint64(1) << (self._rows % _BITS).astype(np.uint64)) - np.uint64(1)

    def count(self, plane: Plane) -> Array:
        """The rows of each group that a plane holds: the difference of the bits before its two ends."""
        if isinstance(plane, bool):
            return np.diff(self._rows)
        before = np.concatenate(([0], np.cumsum(np.bitwise_count(plane), dtype=np.int32)))
        partial = plane[np.minimum(self._words, len(plane) - 1)] & self._below
        return np.diff(before[self._words] + np.bitwise_count(partial))


class Tally:
    """The counts of all rows so far."""

    def __init__(self, rules: int) -> None:
        self._places: dict[Place, int] = {}
        self._reached = [np.zeros((3, 0), np.int32) for _ in range(rules)]
        self._sizes = np.zeros(0, np.int32)

    def add(self, groups: Groups, counted: SlabCount) -> None:
        """Add the counts of some rows."""
        targets = [self._places.setdefault(place, len(self._places)) for place in groups.places]
        new = len(self._places) - self._sizes.size
        self._sizes = np.append(self._sizes, np.zeros(new, np.int32))
        self._sizes[targets] += groups.sizes
        # One rule after another: all places of the nation times all rules is no small array.
        for number, reached in enumerate(self._reached):
            if new:
                self._reached[number] = reached = np.pad(reached, ((0, 0), (0, new)))  # noqa: PLW2901
            reached[:, targets] += counted.reached[number]

    def by_rule(self) -> Iterator[pl.DataFrame]:
        """The counts of each rule, in order of places and from the best verdict down."""
        ordered = sorted(self._places)
        at = [self._places[place] for place in ordered]
        areas, industries = (
            pl.Series([place[part] for place in ordered], dtype=pl.String) for part in (0, 1)
        )
        for reached in self._reached:
            levels = np.vstack((self._sizes, reached, np.zeros_like(self._sizes)))
            # At least one level, less at least the next: just that one. Best first.
            exactly = (levels[:-1] - levels[1:])[::-1, at].T
            rows, worse = np.nonzero(exactly)
            verdicts = verdicts_of((len(Status) - 1 - worse).astype(np.uint8))
            columns = (areas.gather(rows), industries.gather(rows), verdicts, pl.Series(exactly[rows, worse]))
            yield pl.DataFrame(dict(zip(COUNTS, columns, strict=True)), schema=COUNTS)
