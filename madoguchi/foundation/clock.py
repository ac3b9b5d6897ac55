"""The only place that reads the clock; views, API routes, commands and job handlers ask it."""

from datetime import date, datetime, time

from django.conf import settings
from django.utils import timezone


def actual_now() -> datetime:
    """Return the machine's time, in Tokyo: for leases and retries, which no believed date may move."""
    return timezone.localtime(timezone.now(), timezone.get_default_timezone())


def now() -> datetime:
    """Return the time the site believes in, in Tokyo: the real time of day on the believed date.

    With a believed date the time jumps back at midnight, so nothing may wait for it to pass.
    """
    actual = actual_now()
    believed: date | None = settings.TODAY
    if believed is None:
        return actual
    return datetime.combine(believed, actual.time(), tzinfo=actual.tzinfo)


def today() -> date:
    """Return the date the site believes in, as the calendar in Tokyo shows it."""
    return now().date()


def is_shifted() -> bool:
    """Whether the site believes in a date that was set for it (MADOGUCHI_TODAY)."""
    return settings.TODAY is not None


def moment_of(day: date) -> datetime:
    """The moment at which a question about a day is answered: now for today, its noon for any other day."""
    if day == today():
        return now()
    return datetime.combine(day, time(12), tzinfo=now().tzinfo)
