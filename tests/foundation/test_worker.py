import logging
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from madoguchi.foundation import audit, clock, jobs, worker
from madoguchi.foundation.models import AuditSeal, OutboxEntry, WorkerBeat
from tests.databases import database_url
from tests.foundation import sample_jobs

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.usefixtures("data_dir")


@pytest.fixture(autouse=True)
def no_other_steps(monkeypatch):
    monkeypatch.setattr(worker, "_registered", {})


def noted():
    return list(OutboxEntry.objects.filter(topic="noted").values_list("key", flat=True))


@pytest.mark.django_db
def test_working_once_runs_steps_and_jobs_and_seals():
    ran = []
    worker.register_step("index", lambda: ran.append("index"), every_seconds=60)
    sample_jobs.note.enqueue("a")
    sample_jobs.note.enqueue("b")
    with transaction.atomic():
        audit.record("test.a", at=AT, by=audit.SYSTEM, subject_type="thing", subject_id=1)
    assert worker.work_once() == 2
    assert ran == ["index"]
    assert sorted(noted()) == ["a", "b"]
    assert AuditSeal.objects.count() == 1
    assert not WorkerBeat.objects.exists()


@pytest.mark.django_db
def test_a_step_that_fails_stops_nothing(caplog):
    ran = []
    worker.register_step("broken", lambda: 1 / 0, every_seconds=60)
    worker.register_step("index", lambda: ran.append("index"), every_seconds=60)
    sample_jobs.note.enqueue("a")
    with caplog.at_level(logging.ERROR):
        assert worker.work_once() == 1
    assert ran == ["index"]
    assert "broken" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_two_steps_cannot_have_the_same_name():
    worker.register_step("index", lambda: None, every_seconds=60)
    with pytest.raises(ValueError, match="index"):
        worker.register_step("index", lambda: None, every_seconds=60)


def test_a_step_runs_when_it_is_due():
    ran = []
    schedule = worker.Schedule([worker.Step("index", lambda: ran.append("x"), every_seconds=10)])
    for elapsed in (0, 5, 9.9, 10, 15, 25, 26):
        schedule.run_due(elapsed)
    assert len(ran) == 3


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_told_to_stop_leaves_nothing_behind():
    stop = threading.Event()
    worker.register_step("stop", stop.set, every_seconds=60)
    worker.work_forever(stop)
    assert not WorkerBeat.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_does_not_end_the_work(monkeypatch, caplog):
    stop, tries = threading.Event(), []

    def away(worker_id):
        tries.append(worker_id)
        if len(tries) == 2:
            stop.set()
        raise OSError("the database is away")

    monkeypatch.setattr(jobs, "run_next", away)
    monkeypatch.setattr(worker, "IDLE_SECONDS", 0)
    worker.work_forever(stop)
    assert len(tries) == 2
    assert "the database is away" in caplog.text


CHILD = """
import signal, threading
import django
django.setup()
from madoguchi.foundation import worker
stop = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stop.set())
worker.work_forever(stop)
"""


@pytest.fixture
def a_worker_process(transactional_db, data_dir):
    """A real worker process in the middle of a job that waits for a line."""
    sample_jobs.wait_for_a_line.enqueue("a")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings",
        "MADOGUCHI_DATABASE_URL": database_url(),
        "MADOGUCHI_DATA_DIR": str(data_dir),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        assert process.stdout.readline() == "started\n"
        yield process
        process.kill()


def test_a_worker_finishes_its_job_before_it_ends(a_worker_process):
    a_worker_process.send_signal(signal.SIGTERM)
    a_worker_process.stdin.write("go on\n")
    a_worker_process.stdin.flush()
    assert a_worker_process.wait() == 0
    assert noted() == ["a"]
    assert DBTaskResult.objects.get().status == TaskResultStatus.SUCCESSFUL
    assert not WorkerBeat.objects.exists()


def test_the_job_of_a_killed_worker_is_done_by_the_next_one(a_worker_process, monkeypatch):
    a_worker_process.kill()
    a_worker_process.wait()
    job = DBTaskResult.objects.get()
    assert job.status == TaskResultStatus.RUNNING
    assert WorkerBeat.objects.filter(worker_id=job.worker_ids[-1]).exists()

    assert jobs.reap(at=clock.actual_now() + jobs.LEASE, by="next") == 1
    DBTaskResult.objects.update(task_path="tests.foundation.sample_jobs.note")
    assert worker.work_once() == 1
    assert noted() == ["a"]
