"""Calculations over several facts, worked out one business after another by the same functions as for one."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np

from madoguchi.eligibility.bulk.columns import Array, Codes, Numbers, Sets, Table
from madoguchi.eligibility.rules.leaves import Leaf
from madoguchi.eligibility.rules.values import Range, Value


def statuses(leaf: Leaf, table: Table, *, on: date) -> Array | None:
    """The status of each business; None when the table has none of the facts that it looks at."""
    columns = {name: column for name, column in table.columns.items() if name.partition(".")[0] in leaf.facts}
    if not columns:
        return None
    found = np.empty(table.height, np.uint8)
    cells = {name: _cells(column) for name, column in columns.items()}
    kept: dict[tuple[Value | None, ...], int] = {}
    for row, told in enumerate(zip(*cells.values(), strict=True)):
        if told not in kept:
            if len(kept) > 100_000:
                kept.clear()
            kept[told] = int(leaf.ask(_facts(cells, told), on))
        found[row] = kept[told]
    return found


def _cells(column: Numbers | Codes | Sets) -> Iterator[Any]:
    if isinstance(column, Codes):
        return (column.meanings[place] for place in column.places.tolist())
    if isinstance(column, Sets):
        raise TypeError("no calculation looks at a set")
    known = np.ones(len(column.low), bool) if column.known is None else column.known
    return (
        number if there else None for number, there in zip(column.low.tolist(), known.tolist(), strict=True)
    )


def _facts(names: Any, told: tuple[Any, ...]) -> dict[str, Value]:
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
