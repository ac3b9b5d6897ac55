"""The life of an edition, and how its reception stands on a day."""

from enum import StrEnum


class EditionState(StrEnum):
    """Only drafts may change; what was published stays as it was."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


# From each state the states it may move to.
MOVES: dict[EditionState, frozenset[EditionState]] = {
    EditionState.DRAFT: frozenset({EditionState.PUBLISHED}),
    EditionState.PUBLISHED: frozenset({EditionState.SUPERSEDED, EditionState.WITHDRAWN}),
    EditionState.SUPERSEDED: frozenset(),
    EditionState.WITHDRAWN: frozenset(),
}


class ReceptionMode(StrEnum):
    """How a programme takes applications, as its document says."""

    WINDOW = "window"
    ROLLING = "rolling"
    BOOKING = "booking"
    ENDED = "ended"
    NOT_STATED = "not_stated"


class ReceptionStatus(StrEnum):
    """How reception stands on a day."""

    OPEN = "open"
    UPCOMING = "upcoming"
    ROLLING = "rolling"
    BOOKING = "booking"
    CLOSED = "closed"
    NOT_STATED = "not_stated"
