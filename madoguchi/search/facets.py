"""Facets: which documents a choice keeps, and how many each choice would show."""

from collections.abc import Iterable, Mapping, Sequence
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
        self._pair_set: Array = np.zeros(0, np.int64)
        self._pair_value: Array = np.zeros(0, np.int64)
        self._pair_up()

    def _pair_up(self) -> None:
        seen = {value for values in self.sets for value in values}
        if self.ancestors is not None:
            seen |= set(self.ancestors)
            for above in self.ancestors.values():
                seen.update(above)
        self.values = sorted(seen)
        numbers = {value: number for number, value in enumerate(self.values)}
        related = _relations(seen, self.ancestors or {})
        everything = frozenset(seen) if self.ancestors is not None else frozenset()
        pairs = [
            (at, numbers[value])
            for at, values in enumerate(self.sets)
            for value in (frozenset().union(*(related[each] for each in values)) if values else everything)
        ]
        if pairs:
            self._pair_set, self._pair_value = np.array(pairs, np.int64).T

    def keeps(self, chosen: Iterable[str]) -> Array:
        """Return the mask of documents that any of the chosen values keeps."""
        numbers = [number for number, value in enumerate(self.values) if value in set(chosen)]
        sets = np.zeros(len(self.sets), bool)
        sets[self._pair_set[np.isin(self._pair_value, numbers)]] = True
        mask: Array = sets[self.signature]
        return mask

    def count(self, documents: Array, chosen: Iterable[str] = ()) -> tuple[FacetCount, ...]:
        """Return the values that keep any of the documents (and the chosen ones), the most frequent first."""
        per_set = np.bincount(self.signature[documents], minlength=len(self.sets))
        per_value = np.bincount(self._pair_value, per_set[self._pair_set], len(self.values)).astype(np.int64)
        wanted = set(chosen)
        counts = [
            FacetCount(value, count, value in wanted)
            for value, count in zip(self.values, per_value.tolist(), strict=True)
            if count or value in wanted
        ]
        return tuple(sorted(counts, key=lambda found: (-found.hits, found.value)))

    def stands(self, target: str) -> Array:
        """Return for each document the factor for where one must go, 1 where that is nowhere."""
        factors = [_stands(values, target, self.ancestors or {}) for values in self.sets]
        near: Array = np.array(factors, np.float32)[self.signature]
        return near

    def suits(self, target: str) -> Array:
        """Return for each document the factor by which it suits the target value, 1 for its very own."""
        ancestors = self.ancestors or {}
        factors = [
            max((_suits(value, target, ancestors) for value in values), default=ANYWHERE)
            for values in self.sets
        ]
        suited: Array = np.array(factors, np.float32)[self.signature]
        return suited


def _stands(values: Iterable[str], target: str, ancestors: Mapping[str, tuple[str, ...]]) -> float:
    if not values:
        return 1.0
    return HERE if any(target in (value, *ancestors.get(value, ())) for value in values) else AWAY


def _suits(value: str, target: str, ancestors: Mapping[str, tuple[str, ...]]) -> float:
    if value == target:
        return 1.0
    above = ancestors.get(target, ())
    if value in above:
        return float(PER_STEP_UP ** (above.index(value) + 1))
    return INSIDE if target in ancestors.get(value, ()) else ELSEWHERE


def _relations(values: Iterable[str], ancestors: Mapping[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    """Return for each value the choices that keep it: itself, what covers it and what lies inside it."""
    related: dict[str, set[str]] = {value: {value, *ancestors.get(value, ())} for value in values}
    for value, above in ancestors.items():
        for covering in above:
            related.setdefault(covering, {covering}).add(value)
    return {value: frozenset(found) for value, found in related.items()}
