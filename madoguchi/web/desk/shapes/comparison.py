"""Two records side by side, field by field."""

from dataclasses import dataclass
from typing import Any

from madoguchi.businesses import fields
from madoguchi.businesses.models import Business
from madoguchi.businesses.operations.merging import CAN_BE_TAKEN
from madoguchi.web.shared.business_form import in_words


@dataclass(frozen=True)
class ComparedField:
    """A field of two records: both values in words, and whether the second's can be taken over."""

    name: str
    label: str
    kept: str
    dropped: str
    is_same: bool
    can_be_taken: bool
    is_suggested: bool
    """The first record knows nothing here: what the second says would be lost from sight."""


def compared(keep: Business, drop: Business) -> list[ComparedField]:
    """The fields that either record knows."""
    rows = []
    for name in fields.FIELDS:
        one, other = getattr(keep, name), getattr(drop, name)
        if _is_empty(one) and _is_empty(other):
            continue
        can = name in CAN_BE_TAKEN and one != other and not _is_empty(other)
        rows.append(
            ComparedField(
                name,
                fields.label(name),
                in_words(name, one),
                in_words(name, other),
                one == other,
                can,
                can and _is_empty(one),
            )
        )
    return rows


def _is_empty(value: Any) -> bool:
    return value in ("", None, False)
