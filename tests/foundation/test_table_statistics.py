"""SQLite is told how its tables are filled; PostgreSQL finds out by itself."""

import pytest
from django.db import connection

from madoguchi.foundation import table_statistics, worker

pytestmark = pytest.mark.django_db


def known() -> set[str]:
    """The tables that there are statistics of."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl FROM sqlite_stat1")
        return {row[0] for row in cursor.fetchall()}


def test_how_the_tables_are_filled_is_known_afterwards():
    if connection.vendor != "sqlite":
        assert not table_statistics.refresh()
        return
    assert table_statistics.refresh()
    assert "django_migrations" in known()


def test_every_worker_takes_them():
    assert "table statistics" in {step.name for step in worker._steps_between_jobs("w")}
