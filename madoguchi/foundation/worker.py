"""The loop of a worker process: jobs, the sealer, and the periodic steps that rooms have registered."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import close_old_connections, connection

from madoguchi.foundation import clock, jobs, sealer, table_statistics

logger = logging.getLogger(__name__)

IDLE_SECONDS = 0.5
BEAT_SECONDS = 10
SEAL_SECONDS = 1
REAP_SECONDS = 30
FORGET_SECONDS = 3600


@dataclass(frozen=True)
class Step:
    """Something to do again and again; safe to run twice and to be cut off."""

    name: str
    run: Callable[[], object]
    every_seconds: float


_registered: dict[str, Step] = {}


def register_step(name: str, run: Callable[[], object], every_seconds: float) -> None:
    """Let every worker run this between its jobs, from start-up on; a name that is taken is a ValueError."""
    if name in _registered:
        raise ValueError(f"A step named {name!r} is registered already")
    _registered[name] = Step(name=name, run=run, every_seconds=every_seconds)


class Schedule:
    """Runs steps when they are due. One that fails is logged and tried again when it is next due."""

    def __init__(self, steps: Sequence[Step]) -> None:
        """Take the steps; each is due at once."""
        self._steps = steps
        self._due_at = dict.fromkeys((step.name for step in steps), 0.0)

    def run_due(self, elapsed: float) -> None:
        """Run what is due, given the seconds since the start."""
        for step in self._steps:
            if elapsed >= self._due_at[step.name]:
                _guarded(step.name, step.run)
                self._due_at[step.name] = elapsed + step.every_seconds


def work_once() -> int:
    """Run every step once and all jobs that are due; return the number of jobs."""
    worker_id = jobs.new_worker_id()
    jobs.beat(worker_id)
    Schedule(_steps_between_jobs(worker_id)).run_due(0)
    done = 0
    while jobs.run_next(worker_id):
        done += 1
    sealer.seal(at=clock.now())
    jobs.sign_off(worker_id)
    return done


def work_forever(stop: threading.Event) -> None:
    """Work until `stop` is set (by the handler of SIGTERM); the job at hand is finished first.

    The signs of life and the sealing have a thread of their own, so that a long job holds up neither.
    """
    worker_id = jobs.new_worker_id()
    jobs.beat(worker_id)
    is_over = threading.Event()
    pulse = threading.Thread(target=_pulse, args=(worker_id, is_over), name="pulse", daemon=True)
    pulse.start()
    try:
        _work(worker_id, stop)
    finally:
        is_over.set()
        pulse.join()
    _guarded("seal", lambda: sealer.seal(at=clock.now()))
    _guarded("sign off", lambda: jobs.sign_off(worker_id))


def _work(worker_id: str, stop: threading.Event) -> None:
    schedule = Schedule(_steps_between_jobs(worker_id))
    started = time.monotonic()
    while not stop.is_set():
        close_old_connections()
        schedule.run_due(time.monotonic() - started)
        was_busy = _guarded("jobs", lambda: jobs.run_next(worker_id))
        if not was_busy:
            stop.wait(IDLE_SECONDS)


def _steps_between_jobs(worker_id: str) -> list[Step]:
    own = [
        Step("reap", lambda: jobs.reap(at=clock.actual_now(), by=worker_id), REAP_SECONDS),
        Step("forget", lambda: jobs.forget_finished(at=clock.actual_now()), FORGET_SECONDS),
        Step("table statistics", table_statistics.refresh, table_statistics.EVERY_SECONDS),
    ]
    return [*own, *_registered.values()]


def _pulse(worker_id: str, is_over: threading.Event) -> None:
    schedule = Schedule(
        [
            Step("beat", lambda: jobs.beat(worker_id), BEAT_SECONDS),
            Step("seal", lambda: sealer.seal(at=clock.now()), SEAL_SECONDS),
        ]
    )
    started = time.monotonic()
    try:
        while not is_over.is_set():
            close_old_connections()
            schedule.run_due(time.monotonic() - started)
            is_over.wait(SEAL_SECONDS)
    finally:
        connection.close()


def _guarded(name: str, run: Callable[[], object]) -> bool:
    """Run it and return whether it did something; an error is logged and life goes on."""
    try:
        return bool(run())
    except Exception:
        logger.exception("A step of the worker failed: %s", name)
        return False
