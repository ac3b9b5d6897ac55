"""Days on which offices work, on the public holidays known to jpholiday."""

from datetime import date, timedelta
from enum import Enum, auto

import jpholiday


class OfficeCalendar(Enum):
    """Whose days are counted."""

    WEEKDAYS_AND_HOLIDAYS = auto()
    """Closed on Saturdays, Sundays and public holidays."""
    PUBLIC_OFFICE = auto()
    """Also closed from 29 December to 3 January.

    行政機関の休日に関する法律 第1条第1項第3号; a municipality sets the same days by ordinance
    (地方自治法 第4条の2).
    """


def is_business_day(day: date, *, calendar: OfficeCalendar) -> bool:
    """Tell whether the offices of this calendar are open."""
    if day.weekday() >= 5 or jpholiday.is_holiday(day):
        return False
    return not (calendar is OfficeCalendar.PUBLIC_OFFICE and _is_year_end_closing(day))


def next_business_day(day: date, *, calendar: OfficeCalendar) -> date:
    """Return the first business day after `day`."""
    return business_day_on_or_after(day + timedelta(days=1), calendar=calendar)


def business_day_on_or_after(day: date, *, calendar: OfficeCalendar) -> date:
    """Return `day`, or the business day that follows a closed day.

    A deadline falling on a closed day moves so (行政機関の休日に関する法律 第2条), unless the
    rules of the programme say otherwise.
    """
    while not is_business_day(day, calendar=calendar):
        day += timedelta(days=1)
    return day


def add_business_days(day: date, count: int, *, calendar: OfficeCalendar) -> date:
    """Return the day `count` business days later, or earlier if negative; the first day is not counted.

    With a count of 0 the day itself comes back, open or not.
    """
    step = timedelta(days=1 if count > 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_business_day(day, calendar=calendar)
    return day


def _is_year_end_closing(day: date) -> bool:
    return (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
