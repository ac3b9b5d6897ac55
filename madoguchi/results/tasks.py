"""What every worker does again and again for this room."""

from madoguchi.foundation import clock
from madoguchi.results.operations import telling


def remind() -> int:
    """Remind units of what they owe on the days that were planned before the deadline."""
    return telling.remind_by_calendar(on=clock.today(), access_at=clock.actual_now())
