"""The life of a field that was read out of a document."""

from enum import StrEnum


class FieldState(StrEnum):
    """Whether somebody has looked at a field, and what they made of it."""

    OPEN = "open"
    ACCEPTED = "accepted"
    CORRECTED = "corrected"
    REJECTED = "rejected"


# Until its record is taken over, every decision can be changed, and taken back.
FIELD_MOVES: dict[FieldState, frozenset[FieldState]] = {
    FieldState.OPEN: frozenset({FieldState.ACCEPTED, FieldState.CORRECTED, FieldState.REJECTED}),
    FieldState.ACCEPTED: frozenset({FieldState.OPEN, FieldState.CORRECTED, FieldState.REJECTED}),
    FieldState.CORRECTED: frozenset(
        {FieldState.OPEN, FieldState.ACCEPTED, FieldState.CORRECTED, FieldState.REJECTED}
    ),
    FieldState.REJECTED: frozenset({FieldState.OPEN, FieldState.ACCEPTED, FieldState.CORRECTED}),
}

# What counts when the record is taken over.
KEPT = frozenset({FieldState.ACCEPTED, FieldState.CORRECTED})
