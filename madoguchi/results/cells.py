"""One cell of an indicator table as printed, and what it says: 「延べ 13名」「6件 8名」「-」「随時」.

Plain Python: the region pack, the desk's fields and the importers all read cells with `read_cell`."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any


class CellKind(StrEnum):
    """What a cell says: numbers, that nothing was measured (never the same as zero), or words."""

    NUMBERS = "numbers"
    NOT_MEASURED = "not_measured"
    WORDS = "words"


@dataclass(frozen=True)
class Part:
    """One number of a cell. `as_of` is a date as printed (「R4.6」), `label` a place or other word."""

    number: Decimal
    unit: str = ""
    cumulative: bool = False
    as_of: str = ""
    label: str = ""

    def as_json(self) -> dict[str, Any]:
        """The part as the reports' JSON prints it; a whole number without a point."""
        number = int(self.number) if self.number == self.number.to_integral_value() else float(self.number)
        return {
            "number": number,
            "unit": self.unit,
            "cumulative": self.cumulative,
            "as_of": self.as_of or None,
            "label": self.label or None,
        }


@dataclass(frozen=True)
class Cell:
    """A cell: its text as printed, in one line, and its parts in their order."""

    raw: str
    kind: CellKind
    parts: tuple[Part, ...] = ()
    provisional: bool = False

    def as_json(self) -> dict[str, Any]:
        """The cell as the reports' JSON prints it."""
        return {"raw": self.raw, "parts": [part.as_json() for part in self.parts]}
