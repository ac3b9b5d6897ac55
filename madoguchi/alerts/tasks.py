"""What every worker does again and again for this room."""

from madoguchi.alerts.operations import managing, telling
from madoguchi.foundation import clock

# Digests are there when people begin their day.
_FROM_HOUR = 7


def tell() -> int:
    """Send the digests of the day, from seven in the morning; return how many."""
    now = clock.now()
    return telling.tell(at=now) if now.hour >= _FROM_HOUR else 0


def tidy() -> int:
    """Erase what has ended; links end by the real time."""
    return managing.tidy(at=clock.now(), actual=clock.actual_now())
