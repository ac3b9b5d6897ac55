"""The life of what a feed brought, and of each value that was read in it."""

from enum import StrEnum


class ItemState(StrEnum):
    """Where an item stands."""

    DRAFT = "draft"
    """For the staff alone: the feed says too little to be published."""
    SHOWN = "shown"
    VANISHED = "vanished"
    """Still published, and marked: the feed no longer has it."""
    ADOPTED = "adopted"
    """An editor answers for it: the feed changes it no more."""
    HIDDEN = "hidden"


ITEM_MOVES: dict[ItemState, frozenset[ItemState]] = {
    ItemState.DRAFT: frozenset({ItemState.HIDDEN}),
    ItemState.SHOWN: frozenset({ItemState.VANISHED, ItemState.ADOPTED, ItemState.HIDDEN}),
    ItemState.VANISHED: frozenset({ItemState.SHOWN, ItemState.ADOPTED, ItemState.HIDDEN}),
    ItemState.ADOPTED: frozenset({ItemState.SHOWN}),
    ItemState.HIDDEN: frozenset({ItemState.SHOWN, ItemState.DRAFT}),
}


class ReadingState(StrEnum):
    """Whether somebody has looked at a value, and what they made of it."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    REJECTED = "rejected"


# Every decision can be changed, and taken back.
READING_MOVES: dict[ReadingState, frozenset[ReadingState]] = {
    ReadingState.OPEN: frozenset({ReadingState.CONFIRMED, ReadingState.CORRECTED, ReadingState.REJECTED}),
    ReadingState.CONFIRMED: frozenset({ReadingState.OPEN, ReadingState.CORRECTED, ReadingState.REJECTED}),
    ReadingState.CORRECTED: frozenset(
        {ReadingState.OPEN, ReadingState.CONFIRMED, ReadingState.CORRECTED, ReadingState.REJECTED}
    ),
    ReadingState.REJECTED: frozenset({ReadingState.OPEN, ReadingState.CONFIRMED, ReadingState.CORRECTED}),
}
