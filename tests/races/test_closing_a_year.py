"""Somebody writes a figure while the secretariat closes the year: the lock waits, and then sees the draft.

On SQLite one transaction writes at a time anyway; the race is PostgreSQL's."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from madoguchi.results.errors import NotFinished
from madoguchi.results.models import IndicatorValue, ReportYear
from madoguchi.results.operations import years
from madoguchi.results.states import YearState
from tests.results.years import AT, a_world, enter

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite: one writer at a time"),
]
VALUES = "results_indicatorvalue"


@contextmanager
def without_the_trigger():
    def run(what):
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {VALUES} {what} TRIGGER {VALUES}_closed")

    run("DISABLE")
    try:
        yield
    finally:
        run("ENABLE")


def lock_while_a_draft_is_written():
    """What became of the lock, begun while a transaction that wrote a draft was still open."""
    world = a_world()
    secretary, officer = world.secretary, world.officer(world.commerce)
    # Nothing is owed: only the draft can keep the year open.
    world.year.returns.all().delete()
    written, may_end = threading.Event(), threading.Event()

    def write():
        try:
            with transaction.atomic():
                enter(world, "12件", hat=officer)
                written.set()
                may_end.wait(10)
        finally:
            connection.close()

    def lock():
        try:
            years.lock(year=ReportYear.objects.get(), hat=secretary, at=AT)
        except NotFinished:
            return "refused"
        else:
            return "locked"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        writing = pool.submit(write)
        assert written.wait(10)
        locking = pool.submit(lock)
        # Long enough for the lock to go through, if nothing held it up.
        threading.Event().wait(1)
        may_end.set()
        writing.result(20)
        return locking.result(20)


def test_a_year_is_not_closed_over_a_draft_that_is_being_written():
    assert lock_while_a_draft_is_written() == "refused"
    assert ReportYear.objects.get().state == YearState.OPEN


def test_without_the_trigger_the_year_would_close_over_the_draft():
    with without_the_trigger():
        assert lock_while_a_draft_is_written() == "locked"
    assert IndicatorValue.objects.get().state == "draft"
