"""Days that can be meant: what is still to be done lies ahead, and not years away."""

from datetime import date, timedelta

from madoguchi.consultations.errors import DayPast, DayTooFar

_DAYS_OF_A_YEAR = 366


def require_ahead(day: date | None, *, on: date, years: int = 2) -> None:
    """Take today and what comes, up to so many years ahead, and no day at all.

    Raises DayPast, DayTooFar.
    """
    if day is None:
        return
    if day < on:
        raise DayPast
    if day > on + timedelta(days=years * _DAYS_OF_A_YEAR):
        raise DayTooFar.than(years)
