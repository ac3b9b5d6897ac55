"""Counting queries."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext


def cost(read: Callable[[], object]) -> int:
    """How many queries a reading takes; lazy querysets have to be used up inside."""
    with CaptureQueriesContext(connection) as captured:
        read()
    return len(captured)
