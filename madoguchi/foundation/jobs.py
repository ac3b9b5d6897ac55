"""Background jobs on django-tasks: with retries, and with a second life when their worker dies.

`task.enqueue(id)` joins the caller's transaction. What django-tasks-db leaves to us: a failed task is not
tried again and the task of a killed worker stays RUNNING for ever. So a job may run more than once: handlers
are idempotent, take ids only, and call one operation.
"""

import logging
import os
import secrets
import socket
from datetime import datetime, timedelta
from traceback import format_exception
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django_tasks import TaskResultStatus
from django_tasks.utils import normalize_json
from django_tasks_db.models import DBTaskResult

from madoguchi.foundation import audit, clock
from madoguchi.foundation.models import WorkerBeat

Job = DBTaskResult[Any, Any]

logger = logging.getLogger(__name__)

# The wait before each further try; after the last one the job stays FAILED for somebody to look at.
WAITS = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
# A worker that was silent for this long is taken for dead. It gives a sign of life every few seconds.
LEASE = timedelta(minutes=2)
KEPT = timedelta(days=14)


def new_worker_id() -> str:
    """Return a name for a worker process that no other one has, at most 64 characters."""
    return f"{socket.gethostname()[:32]}:{os.getpid()}:{secrets.token_hex(4)}"


def beat(worker_id: str) -> None:
    """Give a sign of life."""
    WorkerBeat.objects.update_or_create(worker_id=worker_id, defaults={"seen_at": clock.actual_now()})


def sign_off(worker_id: str) -> None:
    """Say that this worker has stopped in good order."""
    WorkerBeat.objects.filter(worker_id=worker_id).delete()


def run_next(worker_id: str) -> bool:
    """Run the next job that is due, if there is one; return whether there was."""
    job = _claim(worker_id)
    if job is None:
        return False
    try:
        value = _call(job)
    except Exception as error:
        # Not BaseException: a worker that is told to exit leaves the job to the reaper.
        _settle_failure(job, error)
    else:
        _settle(job, status=TaskResultStatus.SUCCESSFUL, return_value=value)
    return True


def _claim(worker_id: str) -> Job | None:
    due = DBTaskResult.objects.ready()
    if not due.exists():  # asking first spares SQLite a write lock at every look
        return None
    with transaction.atomic():
        job: Job | None = due.get_locked()
        if job is not None:
            job.claim(worker_id)
    return job


def _call(job: Job) -> Any:
    arguments = job.args_kwargs
    return normalize_json(job.task.call(*arguments["args"], **arguments["kwargs"]))


def _settle_failure(job: Job, error: Exception) -> None:
    tries = len(job.worker_ids)
    details = {"job": str(job.pk), "task": job.task_path, "tries": tries}
    fields = {
        "exception_class_path": f"{type(error).__module__}.{type(error).__qualname__}",
        "traceback": "".join(format_exception(error)),
    }
    if tries > len(WAITS):
        logger.error("A job has failed for good: %(task)s %(job)s", details, exc_info=error)
        _settle(job, status=TaskResultStatus.FAILED, **fields)
    else:
        logger.warning("A job failed and will be tried again: %(task)s %(job)s", details, exc_info=error)
        run_after = clock.actual_now() + WAITS[tries - 1]
        _settle(job, status=TaskResultStatus.READY, run_after=run_after, **fields)


def _settle(job: Job, *, status: TaskResultStatus, **fields: object) -> None:
    """Write the outcome, unless the job was taken from this worker meanwhile and belongs to another one."""
    finished_at = None if status == TaskResultStatus.READY else clock.actual_now()
    mine = DBTaskResult.objects.filter(pk=job.pk, status=TaskResultStatus.RUNNING, started_at=job.started_at)
    if not mine.update(status=status, finished_at=finished_at, **fields):
        logger.warning("A job had been given to another worker: %s", job.pk)


def reap(*, at: datetime, by: str) -> int:
    """Give the jobs of workers that were silent for a lease back to the queue; return how many.

    `at` is the machine's time. `by` is the worker that asks, between two jobs: one that it still holds was
    lost too (the database was away when the outcome was to be written). A job that has used up its tries
    fails for good, because it may be what kills workers.
    """
    silent_since = at - LEASE
    alive = set(WorkerBeat.objects.filter(seen_at__gt=silent_since).values_list("worker_id", flat=True))
    alive.discard(by)
    reaped = 0
    for job in DBTaskResult.objects.running().filter(started_at__lte=silent_since):
        if job.worker_ids[-1] in alive:
            continue
        logger.warning("The worker of a job is silent, the job goes back to the queue: %s", job.pk)
        if len(job.worker_ids) > len(WAITS):
            _settle(job, status=TaskResultStatus.FAILED, traceback="The worker died at every try.")
        else:
            _settle(job, status=TaskResultStatus.READY)
        reaped += 1
    WorkerBeat.objects.filter(seen_at__lte=at - KEPT).delete()
    return reaped


def troubled() -> QuerySet[Job]:
    """Jobs that failed for good, and those that failed and wait for another try; the newest first."""
    failed = Q(status=TaskResultStatus.FAILED)
    again = Q(status=TaskResultStatus.READY) & ~Q(exception_class_path="")
    rows: QuerySet[Job] = DBTaskResult.objects.filter(failed | again)
    return rows.order_by("-enqueued_at", "-pk")


def try_again(*, job_id: str, at: datetime, by: audit.Actor) -> None:
    """Give a job that failed for good all its tries anew. Raises DBTaskResult.DoesNotExist for any other."""
    with transaction.atomic():
        failed = DBTaskResult.objects.filter(pk=job_id, status=TaskResultStatus.FAILED)
        if not failed.update(
            status=TaskResultStatus.READY, worker_ids=[], run_after=clock.actual_now(), finished_at=None
        ):
            raise DBTaskResult.DoesNotExist
        audit.record(
            "foundation.job_tried_again", at=at, by=by, subject_type="foundation.job", subject_id=job_id
        )


def workers(*, at: datetime) -> list[datetime]:
    """The last signs of life of the workers that are not taken for dead at this machine time."""
    alive = WorkerBeat.objects.filter(seen_at__gt=at - LEASE).order_by("-seen_at", "-pk")
    return list(alive.values_list("seen_at", flat=True))


def forget_finished(*, at: datetime) -> None:
    """Remove jobs that succeeded long ago; failed ones stay until somebody has looked at them."""
    old = Q(status=TaskResultStatus.SUCCESSFUL, finished_at__lte=at - KEPT)
    DBTaskResult.objects.filter(old).delete()
