"""Calculations over several facts, worked out by the same functions as for one business.

Where all facts that are there are choices or truths, each combination is worked out once; otherwise the
businesses are gone through one after another, which takes microseconds for each of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import product
from math import prod
from typing import Any

import numpy as np

from madoguchi.eligibility.bulk.columns import Array, Codes, Column, Numbers, Sets, Table
from madoguchi.eligibility.rules.leaves import Leaf
from madoguchi.eligibility.rules.values import Range, Value

_MOST_COMBINATIONS = 4096
# Answers kept while going through the businesses; many have the same figures, or none.
_MOST_KEPT = 100_000


def statuses(leaf: Leaf, table: Table, *, on: date) -> Array | None:
    """The status of each business; None when the table has none of the facts that it looks at."""
    columns = {name: column for name, column in table.columns.items() if name.partition(".")[0] in leaf.facts}
    if not columns:
        return None
    coded = {name: column for name, column in columns.items() if isinstance(column, Codes)}
    sizes = [len(column.meanings) for column in coded.values()]
    if len(coded) == len(columns) and prod(sizes) <= _MOST_COMBINATIONS:
        return _by_combination(leaf, coded, sizes, on)
    return _one_by_one(leaf, columns, table.height, on)


def _by_combination(leaf: Leaf, columns: Mapping[str, Codes], sizes: list[int], on: date) -> Array:
    meanings = product(*(column.meanings for column in columns.values()))
    found = np.array([leaf.ask(_facts(columns, told), on) for told in meanings], np.uint8)
    return found[np.ravel_multi_index(tuple(column.places for column in columns.values()), sizes)]


def _one_by_one(leaf: Leaf, columns: Mapping[str, Column], height: int, on: date) -> Array:
    found = np.empty(height, np.uint8)
    kept: dict[tuple[Value | None, ...], int] = {}
    for row, told in enumerate(zip(*(_cells(column) for column in columns.values()), strict=True)):
        if told not in kept:
            if len(kept) >= _MOST_KEPT:
                kept.clear()
            kept[told] = int(leaf.ask(_facts(columns, told), on))
        found[row] = kept[told]
    return found


def _cells(column: Column) -> Iterator[Any]:
    if isinstance(column, Codes):
        return (column.meanings[place] for place in column.places.tolist())
    if isinstance(column, Sets):
        raise TypeError("no calculation looks at a set")
    return _numbers(column)


def _numbers(column: Numbers) -> Iterator[int | None]:
    if column.known is None:
        return iter(column.low.tolist())
    pairs = zip(column.low.tolist(), column.known.tolist(), strict=True)
    return (number if there else None for number, there in pairs)


def _facts(names: Iterable[str], told: tuple[Any, ...]) -> dict[str, Value]:
    facts: dict[str, Any] = {}
    for name, value in zip(names, told, strict=True):
        if value is None:
            continue
        key, _, period = name.partition(".")
        if period:
            facts.setdefault(key, {})[period] = value
        else:
            facts[key] = Range(value, value) if type(value) is int else value
    return facts
