"""The four answers to a condition, and how they combine (docs/rule-format.md has the truth tables)."""

from collections.abc import Iterable
from enum import IntEnum, StrEnum


class Status(IntEnum):
    """What is known of one condition."""

    UNMET = 0
    UNKNOWN = 1
    JUDGEMENT = 2
    MET = 3


class Verdict(StrEnum):
    """What is known of a programme for one business."""

    ELIGIBLE = "eligible"
    LIKELY = "likely"
    UNKNOWN = "unknown"
    INELIGIBLE = "ineligible"


_VERDICTS = {
    Status.MET: Verdict.ELIGIBLE,
    Status.JUDGEMENT: Verdict.LIKELY,
    Status.UNKNOWN: Verdict.UNKNOWN,
    Status.UNMET: Verdict.INELIGIBLE,
}


def verdict_of(status: Status) -> Verdict:
    """The verdict that follows from the status of a whole rule."""
    return _VERDICTS[status]


def at_least(n: int, statuses: Iterable[Status]) -> Status:
    """The status of "at least n of these hold"; `all` is n of n and `any` is one of n."""
    met = judgement = unknown = 0
    for status in statuses:
        if status is Status.MET:
            met += 1
        elif status is Status.JUDGEMENT:
            judgement += 1
        elif status is Status.UNKNOWN:
            unknown += 1
    if met >= n:
        return Status.MET
    if met + judgement + unknown < n:
        return Status.UNMET
    return Status.JUDGEMENT if met + judgement >= n else Status.UNKNOWN


_OPPOSITE = {
    Status.MET: Status.UNMET,
    Status.UNMET: Status.MET,
    Status.UNKNOWN: Status.UNKNOWN,
    Status.JUDGEMENT: Status.JUDGEMENT,
}


def opposite(status: Status) -> Status:
    """The status of "not": what only people can decide stays theirs."""
    return _OPPOSITE[status]
