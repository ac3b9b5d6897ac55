"""The life of an entry, of a report's year, and of what a unit hands in for it."""

from enum import StrEnum


class EntryState(StrEnum):
    """How far a figure or a text is."""

    DRAFT = "draft"
    APPROVED = "approved"


class YearState(StrEnum):
    """How far the report of a year is: being filled, closed for the last look, made public."""

    OPEN = "open"
    LOCKED = "locked"
    PUBLISHED = "published"


# From each state the states it may move to. What was made public stays; its figures are corrected, each with
# a reason.
YEAR_MOVES: dict[YearState, frozenset[YearState]] = {
    YearState.OPEN: frozenset({YearState.LOCKED}),
    YearState.LOCKED: frozenset({YearState.OPEN, YearState.PUBLISHED}),
    YearState.PUBLISHED: frozenset(),
}


class ReturnState(StrEnum):
    """How far a unit is with what it owes to a report."""

    OWED = "owed"
    HANDED_IN = "handed_in"
    RETURNED = "returned"
    ACCEPTED = "accepted"


RETURN_MOVES: dict[ReturnState, frozenset[ReturnState]] = {
    ReturnState.OWED: frozenset({ReturnState.HANDED_IN}),
    ReturnState.HANDED_IN: frozenset({ReturnState.ACCEPTED, ReturnState.RETURNED}),
    ReturnState.RETURNED: frozenset({ReturnState.HANDED_IN}),
    ReturnState.ACCEPTED: frozenset({ReturnState.RETURNED}),
}

# The unit still has it in its hands.
WITH_UNIT = frozenset({ReturnState.OWED, ReturnState.RETURNED})
