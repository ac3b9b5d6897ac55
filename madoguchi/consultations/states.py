"""The life of an involvement, and the state of a case, which follows from those of its involvements."""

from collections.abc import Collection
from enum import StrEnum


class InvolvementState(StrEnum):
    """How far one organisation is with a case that was sent to it."""

    SENT = "sent"
    ACCEPTED = "accepted"
    WORKING = "working"
    DECLINED = "declined"
    FINISHED = "finished"


# From each state the states it may move to. An answer given once stands; who declined can be asked again
# by a new involvement.
MOVES: dict[InvolvementState, frozenset[InvolvementState]] = {
    InvolvementState.SENT: frozenset({InvolvementState.ACCEPTED, InvolvementState.DECLINED}),
    InvolvementState.ACCEPTED: frozenset({InvolvementState.WORKING, InvolvementState.FINISHED}),
    InvolvementState.WORKING: frozenset({InvolvementState.FINISHED}),
    InvolvementState.DECLINED: frozenset(),
    InvolvementState.FINISHED: frozenset({InvolvementState.WORKING}),
}

# The organisation has the case in its hands or on its desk.
RUNNING = frozenset({InvolvementState.SENT, InvolvementState.ACCEPTED, InvolvementState.WORKING})


class ExpertRequestState(StrEnum):
    """How far an expert is with a question."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    REPORTED = "reported"
    DECLINED = "declined"
    ENDED = "ended"


EXPERT_MOVES: dict[ExpertRequestState, frozenset[ExpertRequestState]] = {
    ExpertRequestState.ASKED: frozenset(
        {ExpertRequestState.ACCEPTED, ExpertRequestState.DECLINED, ExpertRequestState.ENDED}
    ),
    ExpertRequestState.ACCEPTED: frozenset({ExpertRequestState.REPORTED, ExpertRequestState.ENDED}),
    # An expert who comes again reports again.
    ExpertRequestState.REPORTED: frozenset({ExpertRequestState.REPORTED, ExpertRequestState.ENDED}),
    ExpertRequestState.DECLINED: frozenset(),
    ExpertRequestState.ENDED: frozenset(),
}

# The expert sees the case.
OPEN_TO_EXPERT = frozenset(
    {ExpertRequestState.ASKED, ExpertRequestState.ACCEPTED, ExpertRequestState.REPORTED}
)


class CaseState(StrEnum):
    """How a case stands as a whole."""

    HELD = "held"
    NEW = "new"
    WORKING = "working"
    UNTAKEN = "untaken"
    FINISHED = "finished"
    CLOSED = "closed"


def state_of_case(involvements: Collection[InvolvementState], *, is_held: bool, is_closed: bool) -> CaseState:
    """The state that follows from everybody's: at work beats asked, asked beats finished.

    Held (taken for spam until somebody looked) and closed are decisions about the case itself.
    """
    if is_closed:
        return CaseState.CLOSED
    if is_held:
        return CaseState.HELD
    states = set(involvements)
    if states & {InvolvementState.ACCEPTED, InvolvementState.WORKING}:
        return CaseState.WORKING
    if InvolvementState.SENT in states:
        return CaseState.NEW
    return CaseState.FINISHED if InvolvementState.FINISHED in states else CaseState.UNTAKEN


class TaskState(StrEnum):
    """Whether something is still to be done."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"
