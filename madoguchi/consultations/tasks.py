"""What every worker does again and again for this room."""

from madoguchi.consultations import ladder
from madoguchi.consultations.operations import chasing, erasing
from madoguchi.foundation import clock
from madoguchi.japan.business_days import is_business_day

# Reminders go out while offices are open: mail that comes at night is mail nobody has read in the morning.
_FROM_HOUR, _UNTIL_HOUR = 8, 18


def chase() -> int:
    """Climb the chasing ladder, in office hours; return how many steps were taken."""
    now = clock.now()
    is_open = is_business_day(now.date(), calendar=ladder.CALENDAR) and _FROM_HOUR <= now.hour < _UNTIL_HOUR
    return chasing.chase(on=now.date(), at=now, access_at=clock.actual_now()) if is_open else 0


def erase() -> int:
    """Erase closed cases that need not be kept any longer; by the real date, not the believed one."""
    now = clock.actual_now()
    return erasing.erase_what_ran_out(on=now.date(), at=now)
