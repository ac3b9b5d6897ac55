"""Counts views and searches in memory and adds them to the database every few seconds.

Requests only touch a dictionary: a slow, locked or read-only database never holds one up. What a process has
not written yet is lost when it is killed; these are statistics, not records.
"""

import atexit
import logging
import threading
import unicodedata
from collections.abc import Callable
from datetime import date

from django.db import InternalError, OperationalError, close_old_connections, connection, transaction

from madoguchi.usage.bots import is_bot
from madoguchi.usage.models import ResultsBucket

logger = logging.getLogger(__name__)

FLUSH_SECONDS = 5
FLUSH_HITS = 200
# So many different pages and searches are kept while the database cannot be written to; more are dropped.
MOST_KEPT = 10_000
LONGEST_KIND = LONGEST_AREA = 50
LONGEST_KEY = 200
LONGEST_QUERY = 100
# A query with so many digits may be a telephone, customer or My Number; see `may_keep`.
MOST_DIGITS = 6

# Both databases understand this; rows are added up by the database, so processes cannot lose each other's.
ADD_VIEWS = """
    INSERT INTO usage_dailycount (day, kind, "key", "count") VALUES (%s, %s, %s, %s)
    ON CONFLICT (kind, "key", day) DO UPDATE SET "count" = usage_dailycount."count" + excluded."count"
"""
ADD_SEARCHES = """
    INSERT INTO usage_searchcount (day, results, area, query, "count") VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (day, results, area, query)
    DO UPDATE SET "count" = usage_searchcount."count" + excluded."count"
"""

# The statement and the values of its row without the count.
Counted = tuple[str, tuple[date | str, ...]]


class Buffer:
    """Counts that are not in the database yet; shared by the threads of a process."""

    def __init__(self) -> None:
        """Start empty."""
        self._counts: dict[Counted, int] = {}
        self._lock = threading.Lock()
        self._hits = 0
        self._has_complained = False
        self.is_due = threading.Event()

    def add(self, counted: Counted, count: int = 1) -> None:
        """Add to a count; dropped when the buffer is full of others."""
        with self._lock:
            if counted not in self._counts and len(self._counts) >= MOST_KEPT:
                return
            self._counts[counted] = self._counts.get(counted, 0) + count
            self._hits += 1
            if self._hits >= FLUSH_HITS:
                self.is_due.set()

    def flush(self) -> bool:
        """Add everything to the database; while it cannot be written to, keep it and return False.

        Any other error is raised and its counts are lost: kept, they would spoil every later flush as well.
        """
        with self._lock:
            counts, self._counts, self._hits = self._counts, {}, 0
            self.is_due.clear()
        try:
            _write(counts)
        except (OperationalError, InternalError):  # locked or away; read-only, as PostgreSQL says it
            for counted, count in counts.items():
                self.add(counted, count)
            if not self._has_complained:  # once, not every few seconds of a long outage
                logger.warning("Usage counts cannot be written, they are kept in memory", exc_info=True)
            self._has_complained = True
            return False
        self._has_complained = False
        return True


def _write(counts: dict[Counted, int]) -> None:
    if not counts:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (ADD_VIEWS, ADD_SEARCHES):
            rows = [(*row, count) for (wanted, row), count in counts.items() if wanted == statement]
            # Sorted: two processes that lock the same rows in different orders would deadlock.
            cursor.executemany(statement, sorted(rows, key=str))


buffer = Buffer()


def count_view(kind: str, key: str, *, on: date, user_agent: str) -> None:
    """Count one look at an object (programme and its slug, say), unless it was a machine's."""
    if is_bot(user_agent):
        return
    if _fits(kind, LONGEST_KIND) and _fits(key, LONGEST_KEY):
        buffer.add((ADD_VIEWS, (on, kind, key)))


def count_search(query: str, *, found: int, area: str = "", on: date, user_agent: str) -> None:
    """Count one search by its folded text, unless it was a machine's or may hold personal data."""
    text = " ".join(unicodedata.normalize("NFKC", query).split())
    if is_bot(user_agent) or not may_keep(text) or (area and not _fits(area, LONGEST_AREA)):
        return
    results = ResultsBucket.SOME if found else ResultsBucket.ZERO
    buffer.add((ADD_SEARCHES, (on, results.value, area, text)))


def may_keep(text: str) -> bool:
    """Whether a query is free of what looks like an address, a number of a person, or a whole message."""
    digits = sum(character.isdigit() for character in text)
    return _fits(text, LONGEST_QUERY) and "@" not in text and digits <= MOST_DIGITS


def _fits(text: str, longest: int) -> bool:
    """Whether both databases take it: PostgreSQL refuses the NUL character."""
    return 0 < len(text) <= longest and text.isprintable()


def start_flushing() -> Callable[[], None]:
    """Start the thread that writes the counts of this process; return what stops it and writes the rest.

    To be called once in every serving process (not before it forks); the rest is also written at exit.
    """
    is_over = threading.Event()

    def run() -> None:
        while not is_over.is_set():
            buffer.is_due.wait(FLUSH_SECONDS)
            close_old_connections()
            try:
                is_written = buffer.flush()
            except Exception:
                logger.exception("Usage counts could not be written and are lost")
                is_written = True
            if not is_written:
                is_over.wait(FLUSH_SECONDS)
        connection.close()

    def stop() -> None:
        is_over.set()
        buffer.is_due.set()
        thread.join()
        buffer.flush()

    thread = threading.Thread(target=run, name="usage", daemon=True)
    thread.start()
    atexit.register(stop)
    return stop
