"""The daily look at the feeds that the settings name."""

import logging
import threading
from datetime import timedelta

from django.conf import settings
from django.db import connection

from madoguchi.feeds import asking
from madoguchi.feeds.models import Feed, FeedRun
from madoguchi.feeds.operations.taking_in import take_in
from madoguchi.foundation import clock
from madoguchi.foundation.audit import SYSTEM
from madoguchi.importers.jgrants.client import Client
from madoguchi.institutions.queries import region

logger = logging.getLogger(__name__)

# Less than a day, so that it does not slip to later every day; a worker that starts anew does not ask again.
EVERY = timedelta(hours=20)


_asking = threading.Lock()


def look_aside() -> bool:
    """Begin a look in a thread of its own when one is due: at a question a second it takes minutes, in which
    the worker has other things to do. Whether one began."""
    if not is_due():
        return False
    threading.Thread(target=_look, name="feeds", daemon=True).start()
    return True


def is_due() -> bool:
    """Whether the settings want the portal to be asked and the last look is a day ago."""
    if Feed.JGRANTS not in settings.FEEDS or _asking.locked():
        return False
    since = clock.actual_now() - EVERY
    return not FeedRun.objects.filter(feed=Feed.JGRANTS, finished_at__gt=since).exists()


def look() -> None:
    """Ask the portal and take in what it says."""
    here = region()
    if here is None:
        return
    at = clock.actual_now()
    asked = asking.jgrants_api(Client(settings.JGRANTS_URL), prefecture=here.prefecture_name)
    report = take_in(
        feed=Feed.JGRANTS, records=asked.records, at=at, by=SYSTEM, is_complete=True, faults=asked.faults
    )
    logger.info("Looked at %s: %s, %d faults", Feed.JGRANTS, report.counts, len(asked.faults))


def _look() -> None:
    if not _asking.acquire(blocking=False):
        return
    try:
        look()
    except Exception:
        logger.exception("The look at the feeds failed; the next one is tried in an hour")
    finally:
        _asking.release()
        connection.close()
