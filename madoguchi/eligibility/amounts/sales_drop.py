"""A fall in sales as benefits ask for it: some consecutive months against the same months of an earlier year.

The sales of the months are added up on both sides. The year whose months are compared is also the one whose
annual sales must reach the minimum. What is not told yet is a span from what is certain to what is
possible, so that learning more figures that agree with each other never overturns an answer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Status = Literal["met", "unmet", "unknown"]
Monthly = Mapping[str, int | None]
Yearly = Mapping[int, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """Which months of `year` against which years, the least fall, and the least annual sales in yen."""

    year: int
    against: tuple[int, ...]
    at_least: Fraction
    consecutive_months: int = 2
    annual_minimum_yen: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.consecutive_months <= 12:
            raise ValueError("連続する月は1から12までです。")
        if not 0 < self.at_least <= 1:
            raise ValueError("減少の割合は0より大きく1以下です。")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Months of the year against the same months of another, in yen; gaps are 0 once the limit is reached.

    `now_yen` is what the sales are at most, `then_yen` what they were at least, `drop` the least fall.
    """

    months: tuple[str, ...]
    against: int
    now_yen: int
    then_yen: int
    drop: Fraction
    gap_yen: int
    annual_gap_yen: int | None


@dataclass(frozen=True, slots=True)
class SalesDrop:
    """The answer, the best comparison known, what could still be told, and years whose figures disagree."""

    status: Status
    best: Comparison | None
    missing_months: tuple[str, ...] = ()
    missing_years: tuple[int, ...] = ()
    contradictory_years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Span:
    """What an amount is at least and at most; `high` is None where nothing bounds it."""

    low: int
    high: int | None

    @property
    def is_exact(self) -> bool:
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class _Year:
    """What is told of one year; monthly and annual sales that disagree tell nothing."""

    year: int
    months: dict[int, int]
    annual_yen: int | None

    @property
    def is_contradictory(self) -> bool:
        known = sum(self.months.values())
        if self.annual_yen is None:
            return False
        return known > self.annual_yen or (len(self.months) == 12 and known != self.annual_yen)

    def sales(self, start: int, count: int) -> _Span:
        """The sales of some months, bounded by the annual sales where these are told."""
        if self.is_contradictory:
            return _Span(0, None)
        inside = range(start, start + count)
        known = [amount for month, amount in self.months.items() if month in inside]
        if len(known) == count:
            return _Span(sum(known), sum(known))
        if self.annual_yen is None:
            return _Span(sum(known), None)
        outside = [amount for month, amount in self.months.items() if month not in inside]
        rest = self.annual_yen - sum(outside)
        return _Span(rest if len(outside) == 12 - count else sum(known), rest)

    @property
    def annual(self) -> _Span:
        return self.sales(1, 12)


@dataclass(frozen=True, slots=True)
class _Pair:
    """A window of months in the year and in the year it is compared with."""

    start: int
    now: _Span
    then: _Span
    against: _Year
    requirement: Requirement

    @property
    def is_certain(self) -> bool:
        return (
            self.now.high is not None
            and self._falls(self.now.high, self.then.low)
            and self.against.annual.low >= self.requirement.annual_minimum_yen
        )

    @property
    def is_impossible(self) -> bool:
        annual = self.against.annual.high
        return (self.then.high is not None and not self._falls(self.now.low, self.then.high)) or (
            annual is not None and annual < self.requirement.annual_minimum_yen
        )

    def _falls(self, now_yen: int, then_yen: int) -> bool:
        """Compare whole numbers; from nothing there is no fall."""
        rate = self.requirement.at_least
        return then_yen > 0 and rate.denominator * (then_yen - now_yen) >= rate.numerator * then_yen

    def months_of(self, year: int) -> tuple[str, ...]:
        months = range(self.start, self.start + self.requirement.consecutive_months)
        return tuple(f"{year}-{month:02}" for month in months)

    def comparison(self) -> Comparison | None:
        """The pair in figures; None while neither exact nor certain, or where nothing was sold then."""
        is_settled = (self.now.is_exact and self.then.is_exact) or self.is_certain
        if not is_settled or self.now.high is None or self.then.low == 0:
            return None
        left = 1 - self.requirement.at_least
        allowed = self.then.low * left.numerator // left.denominator
        annual = self.against.annual
        minimum = self.requirement.annual_minimum_yen
        is_reached = annual.low >= minimum
        return Comparison(
            months=self.months_of(self.requirement.year),
            against=self.against.year,
            now_yen=self.now.high,
            then_yen=self.then.low,
            drop=Fraction(self.then.low - self.now.high, self.then.low),
            gap_yen=max(0, self.now.high - allowed),
            annual_gap_yen=0 if is_reached else minimum - annual.low if annual.is_exact else None,
        )


def sales_drop(requirement: Requirement, monthly: Monthly, yearly: Yearly) -> SalesDrop:
    """Tell whether sales fell as required; monthly sales by "YYYY-MM", annual ones by calendar year, in yen.

    Raises ValueError on negative sales.
    """
    if any(amount is not None and amount < 0 for amount in (*monthly.values(), *yearly.values())):
        raise ValueError("売上は0円以上です。")
    this_year = _year(requirement.year, monthly, yearly)
    others = [_year(year, monthly, yearly) for year in dict.fromkeys(requirement.against)]
    pairs = list(_pairs(requirement, this_year, others))
    certain = [pair for pair in pairs if pair.is_certain]
    possible = [pair for pair in pairs if not pair.is_impossible]
    status: Status = "met" if certain else "unknown" if possible else "unmet"
    asked = possible if status == "unknown" else []
    return SalesDrop(
        status=status,
        best=_best(certain) or _best(possible) or _best(pairs),
        missing_months=_missing_months(asked, this_year),
        missing_years=_missing_years(asked),
        contradictory_years=tuple(year.year for year in (this_year, *others) if year.is_contradictory),
    )


def _year(year: int, monthly: Monthly, yearly: Yearly) -> _Year:
    told = ((month, monthly.get(f"{year}-{month:02}")) for month in range(1, 13))
    return _Year(year, {month: amount for month, amount in told if amount is not None}, yearly.get(year))


def _pairs(requirement: Requirement, this_year: _Year, others: list[_Year]) -> Iterator[_Pair]:
    count = requirement.consecutive_months
    for start in range(1, 14 - count):
        for other in others:
            now, then = this_year.sales(start, count), other.sales(start, count)
            yield _Pair(start, now, then, other, requirement)


def _best(pairs: list[_Pair]) -> Comparison | None:
    known = (pair.comparison() for pair in pairs)
    return max((one for one in known if one is not None), key=lambda one: one.drop, default=None)


def _missing_months(pairs: list[_Pair], this_year: _Year) -> tuple[str, ...]:
    """The months that an open comparison still lacks."""
    missing: set[str] = set()
    for pair in pairs:
        for year, span in ((this_year, pair.now), (pair.against, pair.then)):
            if not span.is_exact:
                missing |= {name for name in pair.months_of(year.year) if int(name[5:]) not in year.months}
    return tuple(sorted(missing))


def _missing_years(pairs: list[_Pair]) -> tuple[int, ...]:
    """The years whose annual sales still decide."""
    return tuple(
        sorted(
            {
                pair.against.year
                for pair in pairs
                if pair.against.annual_yen is None
                and pair.against.annual.low < pair.requirement.annual_minimum_yen
            }
        )
    )
