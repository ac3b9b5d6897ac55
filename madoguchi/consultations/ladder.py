"""The chasing ladder: who is reminded of a referral that nobody answers, after how many business days.

Plain knowledge of days; what is done about it stands in operations/chasing.py.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from madoguchi.foundation.words import gettext_noop
from madoguchi.japan.business_days import OfficeCalendar, add_business_days

CALENDAR = OfficeCalendar.PUBLIC_OFFICE


class Told(StrEnum):
    """Who is told at a step."""

    DESK = "desk"
    MANAGER = "manager"
    SENDER = "sender"
    BUSINESS = "business"


@dataclass(frozen=True)
class Step:
    """One row of the ladder; its number is its place in the table and never used for another row."""

    number: int
    after_business_days: int
    to: Told
    text: str


# What holds where a region pack says nothing.
DEFAULT: tuple[Step, ...] = (
    Step(1, 3, Told.DESK, gettext_noop("3開庁日のあいだ、返事のない引き継ぎがあります。")),
    Step(
        2,
        7,
        Told.MANAGER,
        gettext_noop("7開庁日のあいだ、返事のない引き継ぎがあります。担当を決めてください。"),
    ),
    Step(3, 7, Told.BUSINESS, gettext_noop("まだ引き受け手がありません。窓口に確かめています。")),
    Step(
        4,
        14,
        Told.SENDER,
        gettext_noop("14開庁日のあいだ、返事がありません。電話で確かめるか、ほかへ引き継いでください。"),
    ),
)
PROMISED_DAYS = 3


def steps_of(chasing: Sequence[Mapping[str, Any]]) -> tuple[Step, ...]:
    """The ladder as the region's policy writes it: [{after_business_days, to, text}]."""
    return tuple(
        Step(number, int(row["after_business_days"]), Told(row["to"]), str(row["text"]))
        for number, row in enumerate(chasing, start=1)
    )


def falls_on(step: Step, *, sent_on: date) -> date:
    """The day of a step: so many business days after the day of sending."""
    return add_business_days(sent_on, step.after_business_days, calendar=CALENDAR)


def due(
    steps: Iterable[Step], *, sent_on: date, on: date, taken: Collection[int] = frozenset()
) -> list[Step]:
    """The steps whose day has come and that were not taken, in their order."""
    return [step for step in steps if step.number not in taken and falls_on(step, sent_on=sent_on) <= on]


def days_waited(*, sent_on: date, on: date) -> int:
    """The business days that have passed since a day; 0 for one that has not come yet."""
    days, day = 0, sent_on
    while (day := add_business_days(day, 1, calendar=CALENDAR)) <= on:
        days += 1
    return days


def promised_on(*, sent_on: date, promised_days: int) -> date:
    """The last day of the promise to the business."""
    return add_business_days(sent_on, promised_days, calendar=CALENDAR)


def week_of(day: date) -> str:
    """The week of a day as ISO 8601 writes it: a person gets one summary in it."""
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02d}"
