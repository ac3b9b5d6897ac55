"""What stays the same until something is published: made once by each process, and kept.

The stamp of the index moves for every process when a pack, an edition or a word changed. A minute is the
longest that anything is kept, for where no worker brings the change into the index.
"""

import time
from collections.abc import Callable, Hashable
from typing import Generic, NamedTuple, TypeVar

from django.conf import settings
from django.utils.translation import get_language

from madoguchi.finding import indexing

SECONDS = 60
_NO_INDEX = (0, 0)

Value = TypeVar("Value")


class State(NamedTuple):
    """What was published, the language of the reader, and the minute."""

    stamp: tuple[int, int]
    language: str
    minute: int


def state() -> State:
    """The state now. Ask for it before the data: what is kept may be newer than its state, never older."""
    return State(indexing.stamp(), get_language() or settings.LANGUAGE_CODE, int(time.monotonic() // SECONDS))


class Kept(Generic[Value]):
    """At most so many values by their key and the state they were made in; shared by the threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[Hashable, Value] = {}

    def get(self, now: State, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of a key, made when there is none of this state; never kept where there is no index."""
        if now.stamp == _NO_INDEX:
            return make()
        whole = (now, key)
        try:
            return self._values[whole]
        except KeyError:
            value = make()
        if len(self._values) >= self._most:
            self._values.clear()
        self._values[whole] = value
        return value
