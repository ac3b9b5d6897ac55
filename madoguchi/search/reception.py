"""Whether something can be applied for on a day."""

from enum import StrEnum

import numpy as np

from madoguchi.search.documents import MODES
from madoguchi.search.segments import FOREVER, Array


class Status(StrEnum):
    """The reception status on a day."""

    OPEN = "open"
    UPCOMING = "upcoming"
    ROLLING = "rolling"
    BOOKING = "booking"
    CLOSED = "closed"
    NOT_STATED = "not_stated"


STATUSES = tuple(Status)
_OF_MODE = np.array([STATUSES.index(Status(mode) if mode else Status.NOT_STATED) for mode in MODES], np.uint8)


def status_codes(mode: Array, window_starts: Array, opens: Array, closes: Array, day: int) -> Array:
    """Return each document's status on a day as an index into STATUSES.

    Dated windows decide; an open window with a mode shows the mode (a desk that takes bookings until
    March). Without windows the mode decides alone.
    """
    owner = np.repeat(np.arange(len(mode)), np.diff(window_starts))
    dated, running, coming = (np.zeros(len(mode), bool) for _ in range(3))
    dated[owner] = True
    running[owner[(opens <= day) & (closes >= day)]] = True
    coming[owner[opens > day]] = True
    stated = _OF_MODE[mode]
    now = np.where(stated == STATUSES.index(Status.NOT_STATED), STATUSES.index(Status.OPEN), stated)
    later = np.where(coming, STATUSES.index(Status.UPCOMING), STATUSES.index(Status.CLOSED))
    codes: Array = np.where(dated, np.where(running, now, later), stated).astype(np.uint8)
    return codes


def deadlines(mode: Array, window_starts: Array, closes: Array, day: int) -> Array:
    """Return the first closing day on or after the day for each document, FOREVER where none is known.

    What has a mode has no deadline: the end of its window is that of a year or a desk, and nobody has to
    apply by then.
    """
    first = np.full(len(mode), FOREVER, np.int32)
    owner = np.repeat(np.arange(len(mode)), np.diff(window_starts))
    coming = (closes >= day) & (mode[owner] == MODES.index(""))
    np.minimum.at(first, owner[coming], closes[coming])
    return first
