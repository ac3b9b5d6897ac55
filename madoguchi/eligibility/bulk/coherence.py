"""What follows from a told fact, and answers that cannot all be true: the same as for one business."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, cast

import numpy as np

from madoguchi.eligibility.bulk.columns import Array, Codes, Column, Numbers, fitting
from madoguchi.eligibility.rules.contradictions import contradictions
from madoguchi.eligibility.rules.facts import Dictionary
from madoguchi.eligibility.rules.values import Range

CHECKED = ("legal_form", "applicant", "capital_yen", "employees")
"""The facts of which contradictions speak, beside the sales."""
SALES = ("sales_monthly", "sales_yearly")

# Of a number contradictions ask only whether it is at least 1.
_NONE_OR_SOME = (None, Range(0, 0), Range(1, 1))


def imply(columns: dict[str, Column], untold: Mapping[str, Array], dictionary: Dictionary) -> None:
    """Fill in what follows from told facts; `untold` says where a column's cells are empty in the file."""
    for key, column in list(columns.items()):
        fact = dictionary.get(key)
        for implied, value in fact.implies if fact else ():
            there = columns.get(implied)
            missing = _known(column) & untold.get(implied, np.ones(len(_cells(column)), bool))
            if isinstance(there, Codes):
                meanings = [*there.meanings, value]
                places = np.where(missing, len(there.meanings), there.places).astype(fitting(len(meanings)))
                columns[implied] = Codes(places, meanings)
            else:
                columns[implied] = Codes((~missing).astype(np.uint8), [value, None])


def contradicting(columns: Mapping[str, Column]) -> Iterator[tuple[tuple[str, ...], str, Array]]:
    """The keys that contradict each other, the sentence, and a truth array of the rows concerned."""
    checked = {key: columns[key] for key in CHECKED if key in columns}
    if checked:
        parts = [_coarse(column) for column in checked.values()]
        sizes = [len(values) for _, values in parts]
        rows = np.ravel_multi_index(tuple(places for places, _ in parts), sizes)
        found: dict[tuple[tuple[str, ...], str], list[int]] = {}
        for number, told in enumerate(product(*(values for _, values in parts))):
            facts = {key: value for key, value in zip(checked, told, strict=True) if value is not None}
            for keys, trouble in contradictions(facts):
                found.setdefault((keys, trouble.message), []).append(number)
        for (keys, sentence), numbers in found.items():
            bad = np.zeros(np.prod(sizes), bool)
            bad[numbers] = True
            if (concerned := bad[rows]).any():
                yield keys, sentence, concerned
    yield from _unequal_years(columns)


def _unequal_years(columns: Mapping[str, Column]) -> Iterator[tuple[tuple[str, ...], str, Array]]:
    """Years in which the sales of the months are above those of the year, or, all told, below them."""
    for name in [name for name in columns if name.startswith("sales_yearly.")]:
        year = name.partition(".")[2]
        names = [f"{year}-{month:02}" for month in range(1, 13)]
        months = {
            at: cast("Numbers", columns[f"sales_monthly.{at}"])
            for at in names
            if f"sales_monthly.{at}" in columns
        }
        if not months:
            continue
        total = cast("Numbers", columns[name])
        sums = np.add.reduce([np.where(_known(one), one.low, 0) for one in months.values()])
        unequal = sums > total.low
        if len(months) == len(names):
            unequal |= np.logical_and.reduce([_known(one) for one in months.values()]) & (sums != total.low)
        unequal &= _known(total)
        if unequal.any():
            row = int(np.argmax(unequal))
            facts = {
                "sales_yearly": {year: int(total.low[row])},
                "sales_monthly": {at: int(one.low[row]) for at, one in months.items() if _known(one)[row]},
            }
            for keys, trouble in contradictions(facts):
                yield keys, trouble.message, unequal


def forget(columns: dict[str, Column], keys: Sequence[str], rows: Array) -> None:
    """Make some cells unknown, of a series those of every period."""
    for name, column in columns.items():
        if name.partition(".")[0] in keys:
            columns[name] = _without(column, rows)


def _without(column: Column, rows: Array) -> Column:
    if isinstance(column, Codes):
        meanings = [*column.meanings, None]
        return Codes(
            np.where(rows, len(meanings) - 1, column.places).astype(fitting(len(meanings))), meanings
        )
    if isinstance(column, Numbers):
        never = np.iinfo(column.low.dtype).max
        low = np.where(rows, never, column.low)
        high = low if column.high is column.low else np.where(rows, never, column.high)
        return Numbers(low, high, _known(column) & ~rows)
    raise TypeError("no contradiction speaks of a set")


def _cells(column: Column) -> Array:
    if isinstance(column, Codes):
        return column.places
    if isinstance(column, Numbers):
        return column.low
    raise TypeError("nothing follows from a set")


def _known(column: Column) -> Array:
    if isinstance(column, Codes):
        return np.array([meaning is not None for meaning in column.meanings])[column.places]
    known = column.known
    return np.ones(len(_cells(column)), bool) if known is None else known


def _coarse(column: Column) -> tuple[Array, Sequence[Any]]:
    """The column as places among few values."""
    if isinstance(column, Codes):
        return column.places, column.meanings
    some = np.where(_cells(column) >= 1, np.uint8(2), np.uint8(1))
    return np.where(_known(column), some, np.uint8(0)), _NONE_OR_SOME
