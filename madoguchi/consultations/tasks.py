"""What every worker does again and again for this room."""

import logging
import shlex
import subprocess
from pathlib import Path

from django.conf import settings

from madoguchi.consultations import ladder
from madoguchi.consultations.kinds import Scan
from madoguchi.consultations.models import Attachment
from madoguchi.consultations.operations import attaching, chasing, closing, erasing, naming, retention
from madoguchi.foundation import clock
from madoguchi.japan.business_days import is_business_day

logger = logging.getLogger(__name__)

# Reminders go out while offices are open: mail that comes at night is mail nobody has read in the morning.
_FROM_HOUR, _UNTIL_HOUR = 8, 18
# What clamscan and clamdscan say by their exit code.
_RESULTS = {0: Scan.CLEAN, 1: Scan.INFECTED}
_FILES_AT_ONCE = 10
_SCAN_SECONDS = 120


def chase() -> int:
    """Climb the chasing ladder, in office hours; return how many steps were taken."""
    now = clock.now()
    is_open = is_business_day(now.date(), calendar=ladder.CALENDAR) and _FROM_HOUR <= now.hour < _UNTIL_HOUR
    return chasing.chase(on=now.date(), at=now, access_at=clock.actual_now()) if is_open else 0


def ask_businesses() -> int:
    """Ask the businesses how things went, in office hours; return how many were asked."""
    now = clock.now()
    is_open = is_business_day(now.date(), calendar=ladder.CALENDAR) and _FROM_HOUR <= now.hour < _UNTIL_HOUR
    return closing.ask_businesses(on=now.date(), at=now) if is_open else 0


def name_managers() -> int:
    """Let managers see secret cases whose people have left; memberships go by the machine's time."""
    return naming.name_managers(at=clock.now(), access_at=clock.actual_now())


def scan_files() -> int:
    """Search what was not searched yet for viruses, with the installation's command; return how many.

    A command that ends otherwise than with clean or infected leaves the file waiting, and is said in the log.
    """
    if not settings.VIRUS_SCANNER:
        return 0
    waiting = list(Attachment.objects.filter(scan=Scan.WAITING).order_by("pk")[:_FILES_AT_ONCE])
    for each in waiting:
        result = _scanned(attaching.path_of(each))
        if result is not None:
            attaching.keep_scan(attachment=each, result=result, at=clock.now())
    return len(waiting)


def _scanned(path: Path) -> Scan | None:
    command = [*shlex.split(settings.VIRUS_SCANNER), str(path)]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=_SCAN_SECONDS)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        logger.exception("The virus scanner could not be run")
        return None
    if done.returncode not in _RESULTS:
        logger.error("The virus scanner ended with %s", done.returncode)
    return _RESULTS.get(done.returncode)


def erase() -> int:
    """Erase what need not be kept any longer; by the real date, not the believed one."""
    now = clock.actual_now()
    done = erasing.erase_what_ran_out(on=now.date(), at=now)
    return done + retention.erase_what_ran_out(on=now.date(), at=now)


def warn() -> int:
    """Tell managers what will be erased, in office hours; by the real date, as it is erased."""
    now = clock.actual_now()
    is_open = is_business_day(now.date(), calendar=ladder.CALENDAR) and _FROM_HOUR <= now.hour < _UNTIL_HOUR
    return retention.warn(on=now.date(), at=now) if is_open else 0
