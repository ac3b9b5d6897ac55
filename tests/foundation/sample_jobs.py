"""Jobs for the tests of jobs. django-tasks finds them by their path, so they stand in a module."""

import sys

from django.db import transaction
from django_tasks import task

from madoguchi.foundation import clock, outbox
from madoguchi.foundation.models import OutboxEntry


class Unlucky(Exception):
    pass


@task()
def note(key):
    with transaction.atomic():
        outbox.put("noted", key, at=clock.now())


@task()
def note_unguarded(key):
    OutboxEntry.objects.create(topic="noted", key=key, created_at=clock.now())


@task()
def fail(key):
    raise Unlucky(key)


@task()
def wait_for_a_line(key):
    """Tell the parent process that the job runs, note when it says go on."""
    print("started", flush=True)  # noqa: T201
    sys.stdin.readline()
    with transaction.atomic():
        outbox.put("noted", key, at=clock.now())
