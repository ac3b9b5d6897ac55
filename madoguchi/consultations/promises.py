"""Until when a business is promised an answer: business days, counted from when the desk can have read it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from madoguchi.consultations import ladder
from madoguchi.consultations.ladder import CALENDAR
from madoguchi.japan.business_days import is_business_day, next_business_day

# How the hours of ordinary working days begin; hours of special days (相談会を開く日) close nothing.
_ORDINARY_DAYS = ("平日", "月", "毎日")


def closing_time(hours: Iterable[Mapping[str, Any]]) -> time | None:
    """When a desk closes on working days by its hours [{days, opens, closes}]; None where nothing says so."""
    said = [
        time.fromisoformat(row["closes"])
        for row in hours
        if row.get("closes") and row["days"].startswith(_ORDINARY_DAYS)
    ]
    return max(said, default=None)


def special_days(hours: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The days of a desk that is open on certain days only; empty for any other."""
    days = tuple(row["days"] for row in hours)
    return () if any(each.startswith(_ORDINARY_DAYS) for each in days) else days


def day_of_receipt(local: datetime, *, closes: time | None) -> date:
    """The business day on which a desk has a request that comes at this local time."""
    day = local.date()
    is_closed = closes is not None and local.time() >= closes
    if is_closed or not is_business_day(day, calendar=CALENDAR):
        return next_business_day(day, calendar=CALENDAR)
    return day


def promised_day(local: datetime, *, days: int, closes: time | None) -> date:
    """The last day of the promise: so many business days after the day of receipt."""
    return ladder.promised_on(sent_on=day_of_receipt(local, closes=closes), promised_days=days)
