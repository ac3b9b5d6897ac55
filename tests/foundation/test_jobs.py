import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet

from madoguchi.foundation import clock, jobs
from madoguchi.foundation.audit import SYSTEM
from madoguchi.foundation.models import AuditEvent, OutboxEntry, WorkerBeat
from tests.foundation import sample_jobs

READY, RUNNING = TaskResultStatus.READY, TaskResultStatus.RUNNING
FAILED, SUCCESSFUL = TaskResultStatus.FAILED, TaskResultStatus.SUCCESSFUL


def noted():
    return list(OutboxEntry.objects.filter(topic="noted").order_by("pk").values_list("key", flat=True))


def the_job():
    return DBTaskResult.objects.get()


def make_due():
    DBTaskResult.objects.update(run_after=clock.actual_now())


def later(wait):
    return clock.actual_now() + wait


@pytest.mark.django_db
def test_a_job_runs_once():
    sample_jobs.note.enqueue("a")
    assert jobs.run_next("w") is True
    assert jobs.run_next("w") is False
    assert (noted(), the_job().status) == (["a"], SUCCESSFUL)


@transaction.atomic
def enqueue_and_fail():
    sample_jobs.note.enqueue("a")
    raise ZeroDivisionError


@pytest.mark.django_db(transaction=True)
def test_a_job_disappears_with_the_change_that_wanted_it():
    with pytest.raises(ZeroDivisionError):
        enqueue_and_fail()
    assert jobs.run_next("w") is False


@pytest.mark.django_db
def test_a_failed_job_waits_before_it_is_tried_again():
    sample_jobs.fail.enqueue("a")
    before = clock.actual_now()
    assert jobs.run_next("w") is True
    job = the_job()
    assert (job.status, job.exception_class_path) == (READY, "tests.foundation.sample_jobs.Unlucky")
    assert job.run_after >= before + jobs.WAITS[0]
    assert jobs.run_next("w") is False


@pytest.mark.django_db
def test_a_job_that_fails_at_every_try_fails_for_good(caplog):
    sample_jobs.fail.enqueue("a")
    for _ in range(len(jobs.WAITS) + 1):
        make_due()
        assert jobs.run_next("w") is True
    make_due()
    assert jobs.run_next("w") is False
    assert the_job().status == FAILED
    assert [record.levelname for record in caplog.records] == ["WARNING"] * len(jobs.WAITS) + ["ERROR"]
    assert "Unlucky" in caplog.text


@pytest.mark.django_db
def test_a_job_whose_function_is_gone_fails_like_any_other():
    sample_jobs.note.enqueue("a")
    DBTaskResult.objects.update(task_path="tests.foundation.sample_jobs.gone")
    assert jobs.run_next("w") is True
    assert the_job().exception_class_path == "builtins.ImportError"


def claim(worker_id):
    sample_jobs.note.enqueue("a")
    return jobs._claim(worker_id)


@pytest.mark.django_db
def test_the_job_of_a_dead_worker_goes_back_to_the_queue():
    claim("dead")
    jobs.beat("dead")
    assert jobs.reap(at=later(jobs.LEASE), by="w") == 1
    assert the_job().status == READY
    assert jobs.run_next("w") is True
    assert noted() == ["a"]


@pytest.mark.django_db
def test_without_the_reaper_it_would_run_for_ever():
    claim("dead")
    assert jobs.run_next("w") is False
    assert the_job().status == RUNNING


@pytest.mark.django_db
def test_the_job_of_a_living_worker_is_left_alone_however_long_it_takes():
    claim("slow")
    jobs.beat("slow")
    WorkerBeat.objects.update(seen_at=later(timedelta(hours=2)))
    assert jobs.reap(at=later(timedelta(hours=2)), by="w") == 0


@pytest.mark.django_db
def test_a_job_that_has_just_started_is_left_alone():
    claim("has not given a sign of life yet")
    assert jobs.reap(at=later(jobs.LEASE / 2), by="w") == 0


@pytest.mark.django_db
def test_a_job_whose_outcome_could_not_be_written_goes_back_to_the_queue(monkeypatch):
    sample_jobs.note.enqueue("a")

    def gone(*args, **fields):
        raise OperationalError("server closed the connection")

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "_settle", gone)
        with pytest.raises(OperationalError):
            jobs.run_next("w")
    jobs.beat("w")
    WorkerBeat.objects.update(seen_at=later(jobs.LEASE))
    assert jobs.reap(at=later(jobs.LEASE), by="another") == 0
    assert jobs.reap(at=later(jobs.LEASE), by="w") == 1


@pytest.mark.django_db
def test_a_job_that_kills_every_worker_fails_for_good():
    claim("1")
    DBTaskResult.objects.update(worker_ids=[str(n) for n in range(len(jobs.WAITS) + 1)])
    assert jobs.reap(at=later(jobs.LEASE), by="w") == 1
    assert the_job().status == FAILED


def settle_late(*, started_again_at):
    """A worker that was taken for dead fails its job while another one is at it."""
    late = claim("late")
    DBTaskResult.objects.update(started_at=started_again_at or late.started_at)
    jobs._settle_failure(late, sample_jobs.Unlucky())
    return the_job().status


@pytest.mark.django_db
def test_a_worker_that_lost_its_job_does_not_write_the_outcome():
    assert settle_late(started_again_at=later(jobs.LEASE)) == RUNNING


@pytest.mark.django_db
def test_the_same_worker_with_its_job_writes_the_outcome():
    assert settle_late(started_again_at=None) == READY


@pytest.mark.django_db
def test_what_is_long_done_is_forgotten_and_what_failed_is_kept():
    for key in ("succeeded", "failed"):
        sample_jobs.note.enqueue(key)
    DBTaskResult.objects.update(status=FAILED, finished_at=clock.actual_now())
    first = DBTaskResult.objects.first()
    DBTaskResult.objects.filter(pk=first.pk).update(status=SUCCESSFUL)
    jobs.forget_finished(at=later(timedelta(days=1)))
    assert DBTaskResult.objects.count() == 2
    jobs.forget_finished(at=later(jobs.KEPT))
    assert the_job().status == FAILED


@pytest.mark.django_db
def test_workers_have_names_of_their_own():
    assert jobs.new_worker_id() != jobs.new_worker_id()
    assert len(jobs.new_worker_id()) <= 64


def a_job_that_failed_for_good():
    sample_jobs.fail.enqueue("a")
    for _ in range(len(jobs.WAITS) + 1):
        make_due()
        jobs.run_next("w")
    return the_job()


@pytest.mark.django_db
def test_a_job_that_failed_for_good_gets_all_its_tries_anew():
    job = a_job_that_failed_for_good()
    assert list(jobs.troubled()) == [job]
    jobs.try_again(job_id=str(job.pk), at=clock.now(), by=SYSTEM)
    job.refresh_from_db()
    assert (job.status, job.worker_ids) == (READY, [])
    assert AuditEvent.objects.get().action == "foundation.job_tried_again"
    with pytest.raises(DBTaskResult.DoesNotExist):
        jobs.try_again(job_id=str(job.pk), at=clock.now(), by=SYSTEM)


@pytest.mark.django_db
def test_a_job_that_was_never_tried_is_in_no_trouble():
    sample_jobs.note.enqueue("a")
    assert not jobs.troubled().exists()


@pytest.mark.django_db
def test_a_worker_counts_while_it_gives_signs_of_life():
    jobs.beat("w")
    assert len(jobs.workers(at=clock.actual_now())) == 1
    assert jobs.workers(at=later(jobs.LEASE)) == []


def work(worker_id):
    try:
        while jobs.run_next(worker_id):
            pass
    finally:
        connection.close()


def work_side_by_side(count):
    with ThreadPoolExecutor(count) as pool:
        list(pool.map(work, map(str, range(count))))


@pytest.mark.django_db(transaction=True)
def test_four_workers_run_each_of_forty_jobs_once():
    for number in range(40):
        sample_jobs.note.enqueue(str(number))
    work_side_by_side(4)
    assert sorted(map(int, noted())) == list(range(40))


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_two_workers_run_the_same_job(monkeypatch):
    both_have_read = threading.Barrier(2, timeout=30)

    def read_without_lock(rows):
        job = rows.first()
        both_have_read.wait()
        return job

    monkeypatch.setattr(DBTaskResultQuerySet, "get_locked", read_without_lock)
    monkeypatch.setattr(jobs.transaction, "atomic", nullcontext)
    sample_jobs.note_unguarded.enqueue("a")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run_one, "12"))
    assert noted() == ["a", "a"]


def run_one(worker_id):
    try:
        jobs.run_next(worker_id)
    finally:
        connection.close()
