"""How reception stands at a moment, and what a programme gives at most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from madoguchi.catalogue.states import ReceptionMode, ReceptionStatus
from madoguchi.japan.fiscal_year import FiscalYear

_TOKYO = ZoneInfo("Asia/Tokyo")
# These modes belong to their fiscal year: a guide of 令和3年度 does not say that a desk is open in 令和5年度.
_STANDING = {
    ReceptionMode.ROLLING: ReceptionStatus.ROLLING,
    ReceptionMode.BOOKING: ReceptionStatus.BOOKING,
}
_SAID = {
    ReceptionMode.ENDED: ReceptionStatus.CLOSED,
    ReceptionMode.NOT_STATED: ReceptionStatus.NOT_STATED,
}


@dataclass(frozen=True)
class Window:
    """A reception window, half-open: at the closing instant it is closed. None is an unstated end."""

    opens_at: datetime | None
    closes_at: datetime | None
    closed_early: bool = False


def reception_at(
    *, mode: ReceptionMode, windows: Sequence[Window], fiscal_year: int, at: datetime
) -> ReceptionStatus:
    """How reception of an edition stands at a moment; a standing one closes with its fiscal year.

    What the document does not say stays unsaid, also afterwards: nothing is declared closed by guessing."""
    if mode is ReceptionMode.WINDOW:
        return _of_windows(windows, at)
    if mode in _SAID:
        return _SAID[mode]
    if at.astimezone(_TOKYO).date() > FiscalYear(fiscal_year).ends_on:
        return ReceptionStatus.CLOSED
    return _STANDING[mode]


def _of_windows(windows: Sequence[Window], at: datetime) -> ReceptionStatus:
    live = [window for window in windows if not window.closed_early]
    if any(_has_opened(window, at) and not _has_closed(window, at) for window in live):
        return ReceptionStatus.OPEN
    if any(not _has_opened(window, at) for window in live):
        return ReceptionStatus.UPCOMING
    return ReceptionStatus.CLOSED


def _has_opened(window: Window, at: datetime) -> bool:
    return window.opens_at is None or window.opens_at <= at


def _has_closed(window: Window, at: datetime) -> bool:
    return window.closes_at is not None and window.closes_at <= at


def next_deadline(windows: Sequence[Window], *, at: datetime) -> datetime | None:
    """The closing instant that comes next, or None when none is stated or all have passed."""
    ends = [w.closes_at for w in windows if w.closes_at and w.closes_at > at and not w.closed_early]
    return min(ends, default=None)
