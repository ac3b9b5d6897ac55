"""Facts of many businesses as arrays: numbers and days, codes, sets. Unknown cells stay unknown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from madoguchi.eligibility.rules.values import Value

Array = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Numbers:
    """Whole numbers, or days since 1970. An unknown cell holds the largest number of the type.

    `low` and `high` are one array unless days are known to the month or year only; `known` is None when every
    cell is told."""

    low: Array
    high: Array
    known: Array | None = None

    def taken(self, order: Array) -> "Numbers":
        """The rows in another order."""
        low = self.low[order]
        high = low if self.high is self.low else self.high[order]
        return Numbers(low, high, None if self.known is None else self.known[order])


@dataclass(frozen=True, slots=True, eq=False)
class Codes:
    """Each row names one of `meanings` by its place; None among them is an unknown cell."""

    places: Array
    meanings: Sequence[Value | None]

    def taken(self, order: Array) -> "Codes":
        """The rows in another order."""
        return Codes(self.places[order], self.meanings)


@dataclass(frozen=True, slots=True, eq=False)
class Sets:
    """A truth array for each code that any row holds; `known` is None when every cell is told."""

    holds: Mapping[str, Array]
    known: Array | None = None

    def taken(self, order: Array) -> "Sets":
        """The rows in another order."""
        holds = {code: truth[order] for code, truth in self.holds.items()}
        return Sets(holds, None if self.known is None else self.known[order])


Column = Numbers | Codes | Sets


@dataclass(frozen=True, eq=False)
class Table:
    """Columns of the same businesses by the key of the fact; series by key and period ("sales_yearly.2022").

    `height` counts the businesses; `first_row` is the place of the first one in the whole file."""

    height: int
    columns: Mapping[str, Column] = field(default_factory=dict)

    def taken(self, order: Array) -> "Table":
        """The rows in another order."""
        return Table(self.height, {key: column.taken(order) for key, column in self.columns.items()})


def fitting(meanings: int) -> type[np.unsignedinteger[Any]]:
    """The smallest type that holds places among so many meanings."""
    if meanings <= 2**8:
        return np.uint8
    return np.uint16 if meanings <= 2**16 else np.uint32
