import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from django.db import DataError, connection

from madoguchi.usage import counter
from madoguchi.usage.counter import ADD_SEARCHES, ADD_VIEWS, Buffer
from madoguchi.usage.models import DailyCount, SearchCount
from tests.databases import database_url, locked

DAY = date(2026, 11, 20)
A_BROWSER = "Mozilla/5.0 Firefox/132.0"
A_VIEW = (ADD_VIEWS, (DAY, "programme", "a"))
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def buffer(monkeypatch):
    monkeypatch.setattr(counter, "buffer", Buffer())
    return counter.buffer


def view(key="a", user_agent=A_BROWSER):
    counter.count_view("programme", key, on=DAY, user_agent=user_agent)


def search(query, found=1, user_agent=A_BROWSER, area=""):
    counter.count_search(query, found=found, area=area, on=DAY, user_agent=user_agent)


def views():
    return dict(DailyCount.objects.values_list("key", "count"))


@pytest.mark.django_db
def test_views_are_added_up_day_by_day(buffer):
    for key in ("a", "a", "b"):
        view(key)
    assert buffer.flush() is True
    view("a")
    buffer.flush()
    assert views() == {"a": 3, "b": 1}


@pytest.mark.django_db
def test_nothing_is_written_before_the_flush(buffer, django_assert_num_queries):
    with django_assert_num_queries(0):
        view()
    assert views() == {}


@pytest.mark.django_db
def test_machines_are_not_counted(buffer):
    view(user_agent="Googlebot/2.1")
    search("補助金", user_agent="Googlebot/2.1")
    buffer.flush()
    assert views() == {}
    assert not SearchCount.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "a" * 201, "a\x00b"])
def test_keys_that_do_not_fit_are_left_out(buffer, key):
    view(key)
    buffer.flush()
    assert views() == {}


@pytest.mark.django_db
def test_searches_are_counted_by_whether_they_found_something(buffer):
    search("補助金", found=12)
    search(" 補助金 ", found=1)
    search("補助金", found=0)
    buffer.flush()
    rows = SearchCount.objects.order_by("results").values_list("query", "results", "count")
    assert list(rows) == [("補助金", "some", 2), ("補助金", "zero", 1)]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "hanako@example.jp",
        "hanako＠example.jp",
        "0172345678",
        "0172-34-5678",
        "０１７ ２３４５",
        "あ" * 101,
        "a\x00b",
    ],
)
@pytest.mark.django_db
def test_searches_that_may_hold_personal_data_are_not_kept(buffer, query):
    search(query)
    buffer.flush()
    assert not SearchCount.objects.exists()


@pytest.mark.parametrize("query", ["補助金", "令和5年度 設備投資", "2023-11 講座", "あ" * 100])
def test_ordinary_searches_are_kept(query):
    assert counter.may_keep(query)


@pytest.mark.django_db
def test_an_area_that_does_not_fit_is_left_out(buffer):
    search("補助金", area="a" * 51)
    buffer.flush()
    assert not SearchCount.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_locked_database_loses_no_count_and_complains_once(buffer, caplog):
    view()
    with locked("usage_dailycount"):
        assert buffer.flush() is False
        view()
        assert buffer.flush() is False
    assert buffer.flush() is True
    assert views() == {"a": 2}
    assert len(caplog.records) == 1


@pytest.mark.django_db(transaction=True)
def test_a_read_only_database_loses_no_count(buffer):
    on, off = ("PRAGMA query_only = ON", "PRAGMA query_only = OFF")
    if connection.vendor == "postgresql":
        on, off = (f"SET default_transaction_read_only = {value}" for value in ("on", "off"))
    view()
    with connection.cursor() as cursor:
        cursor.execute(on)
        assert buffer.flush() is False
        cursor.execute(off)
    assert buffer.flush() is True
    assert views() == {"a": 1}


@pytest.mark.django_db
def test_counts_that_the_database_refuses_do_not_come_back(buffer, monkeypatch):
    def refuse(counts):
        raise DataError("value too long")

    view()
    with monkeypatch.context() as patched:
        patched.setattr(counter, "_write", refuse)
        with pytest.raises(DataError):
            buffer.flush()
    assert buffer.flush() is True
    assert views() == {}


def test_a_full_buffer_still_counts_what_it_knows(monkeypatch):
    monkeypatch.setattr(counter, "MOST_KEPT", 1)
    kept, written = Buffer(), []
    monkeypatch.setattr(counter, "_write", written.append)
    kept.add(A_VIEW)
    kept.add((ADD_VIEWS, (DAY, "programme", "b")))
    kept.add(A_VIEW)
    kept.flush()
    assert written == [{A_VIEW: 2}]


def test_many_hits_ask_for_a_flush(monkeypatch):
    monkeypatch.setattr(counter, "FLUSH_HITS", 2)
    full = Buffer()
    full.add(A_VIEW)
    assert not full.is_due.is_set()
    full.add(A_VIEW)
    assert full.is_due.is_set()


def add_and_flush(times):
    own = Buffer()
    try:
        for _ in range(times):
            own.add(A_VIEW)
            own.add((ADD_SEARCHES, (DAY, "some", "", "補助金")))
            assert own.flush()
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_four_threads_add_up_exactly():
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add_and_flush, [25] * 4))
    assert views() == {"a": 100}
    assert SearchCount.objects.get().count == 100


@pytest.mark.django_db(transaction=True)
def test_threads_that_share_a_buffer_add_up_exactly():
    shared, start = Buffer(), threading.Barrier(4, timeout=30)

    def add(times):
        start.wait()
        for _ in range(times):
            shared.add(A_VIEW)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, [1000] * 4))
    shared.flush()
    assert views() == {"a": 4000}


CHILD = """
import django
django.setup()
from tests.usage.test_counter import add_and_flush
add_and_flush(50)
"""


@pytest.mark.django_db(transaction=True)
def test_two_processes_add_up_exactly(tmp_path):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings",
        "MADOGUCHI_DATABASE_URL": database_url(),
        "MADOGUCHI_DATA_DIR": str(tmp_path),
    }
    processes = [subprocess.Popen([sys.executable, "-c", CHILD], cwd=ROOT, env=environment) for _ in range(2)]
    assert [process.wait() for process in processes] == [0, 0]
    assert views() == {"a": 100}


@pytest.mark.django_db
def test_without_adding_in_the_database_counts_are_lost(monkeypatch):
    careless = ADD_VIEWS.replace('usage_dailycount."count" + excluded', "excluded")
    monkeypatch.setattr(counter, "ADD_VIEWS", careless)
    for _ in range(2):
        own = Buffer()
        own.add((careless, (DAY, "programme", "a")))
        own.flush()
    assert views() == {"a": 1}


@pytest.mark.django_db(transaction=True)
def test_the_thread_writes_what_is_left_when_it_stops(buffer):
    stop = counter.start_flushing()
    view()
    stop()
    assert views() == {"a": 1}


@pytest.mark.django_db(transaction=True)
def test_an_error_does_not_end_the_thread(buffer, monkeypatch, caplog):
    has_failed = threading.Event()

    def fail_once():
        if not has_failed.is_set():
            has_failed.set()
            raise DataError("value too long")
        return Buffer.flush(buffer)

    monkeypatch.setattr(buffer, "flush", fail_once)
    stop = counter.start_flushing()
    buffer.is_due.set()
    has_failed.wait(timeout=30)
    view()
    stop()
    assert views() == {"a": 1}
    assert "could not be written" in caplog.text
