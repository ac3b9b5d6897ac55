"""How reception stands at a moment, and what a programme gives at most."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from madoguchi.catalogue.states import ReceptionMode, ReceptionStatus
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.search.documents import Window as Days

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
    """How reception of an edition stands at a moment; a standing one opens and closes with its fiscal year.

    What the document does not say stays unsaid, also afterwards: nothing is declared closed by guessing."""
    if mode is ReceptionMode.WINDOW:
        return _of_windows(windows, at)
    if mode in _SAID:
        return _SAID[mode]
    year, day = FiscalYear(fiscal_year), at.astimezone(_TOKYO).date()
    if day < year.starts_on:
        return ReceptionStatus.UPCOMING
    return _STANDING[mode] if day <= year.ends_on else ReceptionStatus.CLOSED


def reception_days(
    *, mode: ReceptionMode, windows: Sequence[Window], fiscal_year: int
) -> tuple[tuple[Days, ...], str]:
    """The days and the mode by which a search says the same of a whole day as `reception_at`.

    A day counts as open when it is open at any moment of it."""
    if mode is ReceptionMode.WINDOW:
        days = tuple(_days(window) for window in windows if not window.closed_early)
        # Without a mode no days would read as "not stated".
        return days, "" if days else "closed"
    if mode in _SAID:
        return (), "closed" if _SAID[mode] is ReceptionStatus.CLOSED else ""
    year = FiscalYear(fiscal_year)
    return ((year.starts_on, year.ends_on),), _STANDING[mode].value


def _days(window: Window) -> Days:
    first = window.opens_at.astimezone(_TOKYO).date() if window.opens_at else None
    # At the closing instant it is closed: what closes at midnight was last open on the day before.
    closes_at = window.closes_at
    last = (closes_at - timedelta.resolution).astimezone(_TOKYO).date() if closes_at else None
    return first, last


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
