"""What a single condition asks of a business: pure comparisons of one fact with what a rule states.

Each is hashable without its sentence, so that the same comparison in many rules is asked once.
"""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol, cast

from madoguchi.eligibility.rules.facts import Dictionary
from madoguchi.eligibility.rules.status import Status
from madoguchi.eligibility.rules.values import Facts, Number, Range


class Leaf(Protocol):
    """One comparison."""

    @property
    def facts(self) -> tuple[str, ...]:
        """The keys it looks at."""

    def ask(self, facts: Facts, on: date) -> Status:
        """How it stands for what is known, for an application on a day."""


@dataclass(frozen=True, slots=True)
class Between:
    """A number lies between two ends (both belong to it unless said otherwise); None is an open end.

    `period` picks an entry of monthly or yearly figures: "2022-04", "2022", or "-1" for the year before
    that of the application.
    """

    fact: str
    low: Number | None = None
    high: Number | None = None
    low_open: bool = False
    high_open: bool = False
    period: str = ""

    @property
    def facts(self) -> tuple[str, ...]:
        """The one key."""
        return (self.fact,)

    def ask(self, facts: Facts, on: date) -> Status:
        """Compare what is known of the number with both ends."""
        value = facts.get(self.fact)
        if value is None:
            return Status.UNKNOWN
        if self.period:
            figure = cast("Mapping[str, int]", value).get(period_of(self.period, on))
            value = None if figure is None else Range(figure, figure)
        return Status.UNKNOWN if value is None else self.ask_range(cast("Range", value))

    def ask_range(self, value: Range) -> Status:
        """Met when the whole range lies inside, unmet when all of it lies outside."""
        if self._outside(value):
            return Status.UNMET
        inside_low = self.low is None or (value.low is not None and not self._below(value.low))
        inside_high = self.high is None or (value.high is not None and not self._above(value.high))
        return Status.MET if inside_low and inside_high else Status.UNKNOWN

    def _outside(self, value: Range) -> bool:
        too_low = value.high is not None and self._below(value.high)
        return too_low or (value.low is not None and self._above(value.low))

    def _below(self, number: Number) -> bool:
        return self.low is not None and (number <= self.low if self.low_open else number < self.low)

    def _above(self, number: Number) -> bool:
        return self.high is not None and (number >= self.high if self.high_open else number > self.high)


def period_of(period: str, on: date) -> str:
    """The entry that a period means on a day: years from 0 downwards count from the day's year."""
    if len(period) >= 4:
        return period
    return str(on.year + int(period))


@dataclass(frozen=True, slots=True)
class Ago:
    """A span counted back from the day of the application."""

    years: int = 0
    months: int = 0
    days: int = 0

    def before(self, on: date) -> date:
        """The day that lies the span before; 29 February and the 31st become the last day of the month.

        Before the first day of the calendar there is no day: that one is given."""
        months = on.year * 12 + on.month - 1 - self.years * 12 - self.months
        year, month = divmod(months, 12)
        if year < 1:
            return date.min
        last = calendar.monthrange(year, month + 1)[1]
        day = date(year, month + 1, min(on.day, last))
        return date.fromordinal(max(1, day.toordinal() - self.days))


@dataclass(frozen=True, slots=True)
class Bound:
    """A day, stated or counted back; `strict` when the day itself does not belong."""

    day: date | None = None
    ago: Ago | None = None
    strict: bool = False

    def on(self, on: date) -> date:
        """The day itself for an application on a day."""
        return self.day if self.day is not None else cast("Ago", self.ago).before(on)


@dataclass(frozen=True, slots=True)
class Day:
    """A date lies on or after, and on or before, a day."""

    fact: str
    first: Bound | None = None
    last: Bound | None = None

    @property
    def facts(self) -> tuple[str, ...]:
        """The one key."""
        return (self.fact,)

    def between(self, on: date) -> Between:
        """The same comparison with its ends worked out for a day."""
        return Between(
            self.fact,
            low=cast("Number", self.first.on(on)) if self.first else None,
            high=cast("Number", self.last.on(on)) if self.last else None,
            low_open=bool(self.first and self.first.strict),
            high_open=bool(self.last and self.last.strict),
        )

    def ask(self, facts: Facts, on: date) -> Status:
        """Compare what is known of the date."""
        value = facts.get(self.fact)
        return Status.UNKNOWN if value is None else self.between(on).ask_range(cast("Range", value))


@dataclass(frozen=True, slots=True)
class Truth:
    """A yes-or-no fact has this answer."""

    fact: str
    value: bool

    @property
    def facts(self) -> tuple[str, ...]:
        """The one key."""
        return (self.fact,)

    def ask(self, facts: Facts, on: date) -> Status:
        """Compare the answer."""
        value = facts.get(self.fact)
        if value is None:
            return Status.UNKNOWN
        return Status.MET if value is self.value else Status.UNMET


@dataclass(frozen=True, slots=True)
class Within:
    """A code is one of these or lies under one; a wider code than asked for leaves it open.

    `covered` holds the codes with all codes under them, `wider` those above; both are worked out once.
    """

    fact: str
    codes: frozenset[str]
    wider: frozenset[str]
    dictionary: Dictionary

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Within) and (self.fact, self.codes) == (other.fact, other.codes)

    def __hash__(self) -> int:
        return hash((self.fact, self.codes))

    @property
    def facts(self) -> tuple[str, ...]:
        """The one key."""
        return (self.fact,)

    def ask(self, facts: Facts, on: date) -> Status:
        """Look the code up."""
        value = facts.get(self.fact)
        return Status.UNKNOWN if value is None else self.ask_code(cast("str", value))

    def ask_code(self, code: str) -> Status:
        """Met for one of the codes or one under them, unknown for one above them."""
        if code in self.codes:
            return Status.MET
        fact = self.dictionary.get(self.fact)
        if fact and not self.codes.isdisjoint(self.dictionary.ancestors(fact, code)):
            return Status.MET
        return Status.UNKNOWN if code in self.wider else Status.UNMET


@dataclass(frozen=True, slots=True)
class Has:
    """A set holds one of these codes, or with `every` all of them."""

    fact: str
    codes: frozenset[str]
    every: bool = False

    @property
    def facts(self) -> tuple[str, ...]:
        """The one key."""
        return (self.fact,)

    def ask(self, facts: Facts, on: date) -> Status:
        """Compare the sets; a set that is told is told whole."""
        value = facts.get(self.fact)
        if value is None:
            return Status.UNKNOWN
        there = self.codes & cast("frozenset[str]", value)
        return Status.MET if (there == self.codes if self.every else there) else Status.UNMET


@dataclass(frozen=True, slots=True)
class Judgement:
    """Something only people can decide; `by` says who, `about` tells it from others."""

    by: str
    about: str

    @property
    def facts(self) -> tuple[str, ...]:
        """None: no answer of the business settles it."""
        return ()

    def ask(self, facts: Facts, on: date) -> Status:
        """Always theirs."""
        return Status.JUDGEMENT


@dataclass(frozen=True, slots=True)
class Unwritten:
    """Nobody has written down yet what is asked: nothing a business tells can settle it."""

    @property
    def facts(self) -> tuple[str, ...]:
        """None."""
        return ()

    def ask(self, facts: Facts, on: date) -> Status:
        """Not known."""
        return Status.UNKNOWN
