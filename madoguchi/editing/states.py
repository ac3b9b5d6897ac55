"""The life of a draft."""

from enum import StrEnum


class DraftState(StrEnum):
    """Where a draft stands between its author, a second person and the site."""

    WRITING = "writing"
    WAITING = "waiting"
    PLANNED = "planned"
    PUBLISHED = "published"
    EXPIRED = "expired"
    DISCARDED = "discarded"


# From each state the states it may move to. What waits or is planned goes back to its author to be changed.
MOVES: dict[DraftState, frozenset[DraftState]] = {
    DraftState.WRITING: frozenset(
        {DraftState.WAITING, DraftState.PLANNED, DraftState.PUBLISHED, DraftState.DISCARDED}
    ),
    DraftState.WAITING: frozenset({DraftState.WRITING, DraftState.PLANNED, DraftState.PUBLISHED}),
    DraftState.PLANNED: frozenset({DraftState.WRITING, DraftState.PUBLISHED}),
    DraftState.PUBLISHED: frozenset({DraftState.EXPIRED}),
    DraftState.EXPIRED: frozenset(),
    DraftState.DISCARDED: frozenset(),
}

# Somebody still has something to do with it.
OPEN = frozenset({DraftState.WRITING, DraftState.WAITING, DraftState.PLANNED})
