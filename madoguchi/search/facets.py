"""Facets: which documents a choice keeps, and how many each choice would show."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

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

    def count(self, documents: Array, chosen: Iterable[str] = ()) -> tuple[FacetCount, ...]:
        """Return the values that keep any of the documents (and the chosen ones), the most frequent first."""
        per_set = np.bincount(self.signature[documents], minlength=len(self.sets))
        per_value = np.bincount(self._pair_value, per_set[self._pair_set], len(self.values)).astype(np.int64)
        wanted = set(chosen)
        shown = per_value > 0
        shown[self._numbers(wanted)] = True
        kept = np.flatnonzero(shown)
        # The values are in order, and a stable sort keeps them so where counts are equal.
        order = kept[np.argsort(-per_value[kept], kind="stable")]
        values = [self.values[number] for number in order.tolist()]
        rows = zip(values, per_value[order].tolist(), map(wanted.__contains__, values), strict=True)
        # A nation has 1,900 places, and this is the quickest way to make that many named tuples.
        return tuple(map(partial(tuple.__new__, FacetCount), rows))

    def _numbers(self, chosen: Iterable[str]) -> list[int]:
        return [self._number[value] for value in chosen if value in self._number]

    def suits(self, target: str) -> Array:
        """Return for each document the factor by which it suits the target value, 1 for its very own."""
        factors = np.full(len(self.values), ELSEWHERE, np.float32)
        factors[self._inside(target)] = INSIDE
        for steps, above in enumerate((self.ancestors or {}).get(target, ()), start=1):
            factors[self._numbers([above])] = PER_STEP_UP**steps
        factors[self._numbers([target])] = 1.0
        return self._best(factors, ANYWHERE)

    def stands(self, target: str) -> Array:
        """Return for each document the factor for where one must go, 1 where that is nowhere."""
        factors = np.full(len(self.values), AWAY, np.float32)
        factors[self._inside(target) + self._numbers([target])] = HERE
        return self._best(factors, 1.0)

    def _inside(self, target: str) -> list[int]:
        return [self._number[value] for value, above in (self.ancestors or {}).items() if target in above]

    def _best(self, factors: Array, without: float) -> Array:
        """Return for each document the highest factor of its values."""
        best = np.zeros(len(self.sets), np.float32)
        np.maximum.at(best, self._own_set, factors[self._own_value])
        best[best == 0] = without
        found: Array = best[self.signature]
        return found


def _columns(pairs: Sequence[tuple[int, int]]) -> Array:
    return np.array(pairs, np.int64).reshape(-1, 2).T


def _relations(values: Iterable[str], ancestors: Mapping[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    """Return for each value the choices that keep it: itself, what covers it and what lies inside it."""
    related: dict[str, set[str]] = {value: {value, *ancestors.get(value, ())} for value in values}
    for value, above in ancestors.items():
        for covering in above:
            related.setdefault(covering, {covering}).add(value)
    return {value: frozenset(found) for value, found in related.items()}
