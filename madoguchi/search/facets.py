"""Facets: which documents a choice keeps, and how many each choice would show."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate, pairwise, repeat
from typing import NamedTuple, overload

import numpy as np

from madoguchi.search.segments import Array

# Factors on the score: how well a document's area (or industry) suits the one that is asked for.
INSIDE = 0.97
PER_STEP_UP = 0.94
ANYWHERE = 0.75
ELSEWHERE = 0.6
# The same for where one must go: in the town itself, and in another one.
HERE = 1.2
AWAY = 0.8


class FacetCount(NamedTuple):
    """How many hits a value would show, were it chosen (with the other choices of its facet left aside)."""

    value: str
    hits: int
    chosen: bool


class Counts(Sequence[FacetCount]):
    """The values that keep any of some documents, the most frequent first; made when they are first read.

    A nation has 1,900 places, and who searches from a program rarely asks how many hits each has.
    """

    def __init__(self, facet: "Facet", per_set: Array, chosen: Iterable[str]) -> None:
        self._facet = facet
        self._per_set = per_set
        self._chosen = frozenset(chosen)

    @cached_property
    def columns(self) -> tuple[list[str], list[int]]:
        """The values, and the hits of each beside it: less work than the rows."""
        return self._facet.columns(self._per_set, self._chosen)

    def among(self, values: Iterable[str]) -> list[FacetCount]:
        """The given values that keep any of the documents, in the given order, then chosen ones not given.

        Who shows forty places of a nation's 1,900 leaves the others uncounted."""
        given = dict.fromkeys(values)
        hits = self._facet.hits(self._per_set, [*given, *sorted(self._chosen - given.keys())])
        return [
            FacetCount(value, n, value in self._chosen) for value, n in hits if n or value in self._chosen
        ]

    @cached_property
    def _rows(self) -> tuple[FacetCount, ...]:
        values, hits = self.columns
        rows = zip(values, hits, map(self._chosen.__contains__, values), strict=True)
        # This is the quickest way to make that many named tuples.
        return tuple(map(tuple.__new__, repeat(FacetCount), rows))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Counts) and self._rows == other._rows

    def __hash__(self) -> int:
        return hash(self._rows)

    def __repr__(self) -> str:
        return f"Counts{self._rows!r}"

    def __len__(self) -> int:
        return len(self.columns[0])

    def __iter__(self) -> Iterator[FacetCount]:
        return iter(self._rows)

    @overload
    def __getitem__(self, index: int) -> FacetCount: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[FacetCount, ...]: ...

    def __getitem__(self, index: int | slice) -> FacetCount | tuple[FacetCount, ...]:
        return self._rows[index]


class Facet:
    """The values of one facet over all documents.

    Documents share few different value sets, so everything is counted per set (signature) and only then
    per value. With `ancestors` the facet is a hierarchy: a choice also keeps what covers it, what lies
    inside it, and documents without a value, which mean "any".
    """

    def __init__(
        self,
        columns: Sequence[tuple[Array, Sequence[tuple[str, ...]]]],
        ancestors: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        numbers: dict[tuple[str, ...], int] = {}
        parts = []
        for column, found in columns:
            codes = np.array([numbers.setdefault(values, len(numbers)) for values in found], np.int32)
            parts.append(codes[column] if len(codes) else np.zeros(0, np.int32))
        self.signature: Array = np.concatenate([*parts, np.zeros(0, np.int32)])
        self.sets = list(numbers)
        self.ancestors = ancestors
        self.values: list[str] = []
        self._pair_up()

    def _pair_up(self) -> None:
        seen = {value for values in self.sets for value in values}
        if self.ancestors is not None:
            seen |= set(self.ancestors)
            for above in self.ancestors.values():
                seen.update(above)
        self.values = sorted(seen)
        self._number = numbers = {value: number for number, value in enumerate(self.values)}
        related = _relations(seen, self.ancestors or {})
        everything = frozenset(seen) if self.ancestors is not None else frozenset()
        pairs = [
            (at, numbers[value])
            for at, values in enumerate(self.sets)
            for value in (frozenset().union(*(related[each] for each in values)) if values else everything)
        ]
        self._pair_set, self._pair_value = _columns(pairs)
        own = [(at, numbers[value]) for at, values in enumerate(self.sets) for value in values]
        self._own_set, self._own_value = _columns(own)

    def keeps(self, chosen: Iterable[str]) -> Array:
        """Return the mask of documents that any of the chosen values keeps."""
        sets = np.zeros(len(self.sets), bool)
        sets[self._pair_set[np.isin(self._pair_value, self._numbers(chosen))]] = True
        mask: Array = sets[self.signature]
        return mask

    def count(self, documents: Array, chosen: Iterable[str] = ()) -> Counts:
        """Return the values that keep any of the documents (and the chosen ones), the most frequent first."""
        return Counts(self, np.bincount(self.signature[documents], minlength=len(self.sets)), chosen)

    def columns(self, per_set: Array, chosen: Iterable[str]) -> tuple[list[str], list[int]]:
        """Return the values to show and how many documents each keeps, given how many have each set."""
        hits = self._hits(per_set)
        shown = hits > 0
        shown[self._numbers(chosen)] = True
        kept = np.flatnonzero(shown)
        # The values are in order, and a stable sort keeps them so where counts are equal.
        order = kept[np.argsort(_narrow(hits.max(initial=0) - hits[kept]), kind="stable")]
        return self._value_array[order].tolist(), hits[order].tolist()

    def hits(self, per_set: Array, values: Iterable[str]) -> list[tuple[str, int]]:
        """Return how many documents each of the known values keeps, given how many have each set."""
        known = [value for value in values if value in self._number]
        return list(zip(known, self._hits(per_set)[self._numbers(known)].tolist(), strict=True))

    def _hits(self, per_set: Array) -> Array:
        hits: Array = np.bincount(self._pair_value, per_set[self._pair_set], len(self.values)).astype(
            np.int64
        )
        return hits

    @cached_property
    def _value_array(self) -> Array:
        return np.array(self.values, object)

    def _numbers(self, chosen: Iterable[str]) -> list[int]:
        return [self._number[value] for value in chosen if value in self._number]

    def suits(self, target: str, documents: Array) -> Array:
        """Return for each of some documents how well it suits the target value, 1 for its very own."""
        factors = np.full(len(self.values), ELSEWHERE, np.float32)
        factors[self._inside.get(target, [])] = INSIDE
        for steps, above in enumerate((self.ancestors or {}).get(target, ()), start=1):
            factors[self._numbers([above])] = PER_STEP_UP**steps
        factors[self._numbers([target])] = 1.0
        return self._best(factors, ANYWHERE)[self.signature[documents]]

    def stands(self, target: str, documents: Array) -> Array:
        """Return for each of some documents the factor for where one must go, 1 where that is nowhere."""
        factors = np.full(len(self.values), AWAY, np.float32)
        factors[self._inside.get(target, []) + self._numbers([target])] = HERE
        return self._best(factors, 1.0)[self.signature[documents]]

    @cached_property
    def _inside(self) -> dict[str, list[int]]:
        """The numbers of the values that lie inside each value."""
        inside: dict[str, list[int]] = {}
        for value, above in (self.ancestors or {}).items():
            for covering in above:
                inside.setdefault(covering, []).append(self._number[value])
        return inside

    def _best(self, factors: Array, without: float) -> Array:
        """Return for each set the highest factor of its values."""
        best = np.zeros(len(self.sets), np.float32)
        np.maximum.at(best, self._own_set, factors[self._own_value])
        best[best == 0] = without
        return best


class FacetTable:
    """Facets side by side: one look at a document counts them all."""

    def __init__(self, facets: Mapping[str, Facet]) -> None:
        self._facets = facets
        self._borders = [0, *accumulate(len(facet.sets) for facet in facets.values())]
        columns = [
            facet.signature + base for facet, base in zip(facets.values(), self._borders, strict=False)
        ]
        self._sets: Array = np.stack(columns, axis=1).astype(np.int32)

    def count(self, documents: Array) -> dict[str, Counts]:
        """Return the counts of every facet over the same documents."""
        per_set = np.bincount(self._sets.take(documents, axis=0).ravel(), minlength=self._borders[-1])
        spans = zip(self._facets.items(), pairwise(self._borders), strict=True)
        return {name: Counts(facet, per_set[low:high], ()) for (name, facet), (low, high) in spans}


def _narrow(numbers: Array) -> Array:
    """Return numbers from 0 on as small as possible: numpy sorts two bytes far faster than eight."""
    return numbers.astype(np.uint16) if numbers.max(initial=0) < 1 << 16 else numbers


def _columns(pairs: Sequence[tuple[int, int]]) -> Array:
    return np.array(pairs, np.int64).reshape(-1, 2).T


def _relations(values: Iterable[str], ancestors: Mapping[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    """Return for each value the choices that keep it: itself, what covers it and what lies inside it."""
    related: dict[str, set[str]] = {value: {value, *ancestors.get(value, ())} for value in values}
    for value, above in ancestors.items():
        for covering in above:
            related.setdefault(covering, {covering}).add(value)
    return {value: frozenset(found) for value, found in related.items()}
