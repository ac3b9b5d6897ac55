"""Between a value's columns and the cell it prints."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from madoguchi.results.cells import Cell, CellKind, Part
from madoguchi.results.models import IndicatorValue

# What a correction is about: the columns that the table prints.
PRINTED = ("raw", "kind", "parts", "provisional", "note")


def as_columns(cell: Cell) -> dict[str, Any]:
    """The columns that keep a cell."""
    return {
        "raw": cell.raw,
        "kind": cell.kind,
        "parts": [_stored(part) for part in cell.parts],
        "provisional": cell.provisional,
    }


def cell_of(value: IndicatorValue) -> Cell:
    """The cell that a value keeps."""
    return Cell(
        raw=value.raw,
        kind=CellKind(value.kind),
        parts=tuple(_restored(part) for part in value.parts),
        provisional=value.provisional,
    )


def printed(value: IndicatorValue) -> dict[str, Any]:
    """What a value's history keeps of it."""
    return {name: getattr(value, name) for name in PRINTED}


def _stored(part: Part) -> dict[str, Any]:
    # As a text: a number of JSON would come back as a float.
    return {
        "number": format(part.number, "f"),
        "unit": part.unit,
        "cumulative": part.cumulative,
        "as_of": part.as_of,
        "label": part.label,
    }


def _restored(part: Mapping[str, Any]) -> Part:
    return Part(
        number=Decimal(part["number"]),
        unit=part["unit"],
        cumulative=part["cumulative"],
        as_of=part["as_of"],
        label=part["label"],
    )
