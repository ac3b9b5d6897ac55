"""The test database as another process or connection sees it."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.db import connection, transaction


def database_url() -> str:
    """MADOGUCHI_DATABASE_URL for a process that shall work on the test database."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    host = known["OPTIONS"].get("host") or known["HOST"]
    return f"postgres://{known['USER']}:{known['PASSWORD']}@/{known['NAME']}?host={host}&port={known['PORT']}"


@contextmanager
def locked(table: str) -> Iterator[None]:
    """Let another connection hold the table while this one, for once, does not wait for it."""
    is_locked, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                if connection.vendor == "postgresql":
                    cursor.execute(f"LOCK TABLE {table}")
                is_locked.set()
                may_end.wait()
        finally:
            connection.close()

    patience = ("PRAGMA busy_timeout = {}", 1, 10_000)
    if connection.vendor == "postgresql":
        patience = ("SET lock_timeout = {}", 1, 0)
    statement, impatient, usual = patience
    with ThreadPoolExecutor(1) as pool, connection.cursor() as cursor:
        holding = pool.submit(hold)
        is_locked.wait()
        cursor.execute(statement.format(impatient))
        try:
            yield
        finally:
            cursor.execute(statement.format(usual))
            may_end.set()
            holding.result()
