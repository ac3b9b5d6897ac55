"""Numbers and months as addresses and forms bring them, whatever somebody typed there."""

from datetime import date

_MOST_DIGITS = 18
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


def whole(text: str) -> int:
    """A whole number from 0 up; 0, which no row and no version bears, for anything else."""
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else 0


def first_of_month(text: str) -> date | None:
    """The first day of a month written as 2026-11; None for anything else and for far years."""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None
