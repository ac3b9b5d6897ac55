"""Growth of a management innovation plan (経営革新計画): what is reached, what is lacking.

付加価値額 = 営業利益 + 人件費 + 減価償却費 (中小企業等経営強化法). Which rate holds for which length is
the programme's to say; no rate is written here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Literal

Figure = Literal["value_added", "value_added_per_head", "payroll"]
Status = Literal["met", "unmet", "unknown"]

_VALUE_ADDED = ("operating_profit_yen", "personnel_yen", "depreciation_yen")
_NEEDED: dict[Figure, tuple[str, ...]] = {
    "value_added": _VALUE_ADDED,
    "value_added_per_head": (*_VALUE_ADDED, "headcount"),
    "payroll": ("payroll_yen",),
}


class Unclear(StrEnum):
    """Why growth cannot be judged."""

    MISSING = "missing"
    """A figure or the length of the plan is not told yet."""
    BASE_NOT_POSITIVE = "base_not_positive"
    """The figure to grow from is zero or less: a rate of growth says nothing."""
    NO_HEADS = "no_heads"
    """Nobody is employed: there is no figure per head."""
    NO_THRESHOLD = "no_threshold"
    """The document states no rate for this length of plan."""
    ONLY_WITH_RESEARCH = "only_with_research"
    """The plan is longer than any with a stated rate, and no research makes it longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanYear:
    """The figures of one year in yen, None while unknown; only the operating profit may be a loss."""

    operating_profit_yen: int | None = None
    personnel_yen: int | None = None
    depreciation_yen: int | None = None
    payroll_yen: int | None = None
    headcount: int | None = None

    def __post_init__(self) -> None:
        amounts = (self.personnel_yen, self.depreciation_yen, self.payroll_yen, self.headcount)
        if any(amount is not None and amount < 0 for amount in amounts):
            raise ValueError("営業利益のほかは0以上です。")

    @property
    def value_added_yen(self) -> int | None:
        """付加価値額, None while one of its three parts is unknown."""
        parts = (self.operating_profit_yen, self.personnel_yen, self.depreciation_yen)
        known = [part for part in parts if part is not None]
        return sum(known) if len(known) == len(parts) else None

    def total_yen(self, figure: Figure) -> int | None:
        """The figure before it is divided by heads."""
        return self.payroll_yen if figure == "payroll" else self.value_added_yen

    def divisor(self, figure: Figure) -> int | None:
        """By how many heads the total is divided."""
        return self.headcount if figure == "value_added_per_head" else 1

    def value(self, figure: Figure) -> Fraction | None:
        """The figure in yen, None while unknown and per head where there is nobody."""
        total, heads = self.total_yen(figure), self.divisor(figure)
        return None if total is None or not heads else Fraction(total, heads)


@dataclass(frozen=True, slots=True)
class Gap:
    """What one length of plan asks for: the total of the target year (of all heads), and the lack, in yen.

    `gap_yen` is the smallest whole amount that reaches the rate, 0 once reached, None while the target is
    unknown.
    """

    years: int
    threshold: Fraction
    needed_yen: int
    gap_yen: int | None


@dataclass(frozen=True, slots=True)
class Growth:
    """How a figure grows, against every length of plan, and the answer for the length chosen."""

    figure: Figure
    status: Status
    base: Fraction | None
    target: Fraction | None
    growth: Fraction | None
    gaps: tuple[Gap, ...]
    unclear: Unclear | None
    missing: tuple[str, ...]


def growth(figure: Figure, base: PlanYear, target: PlanYear) -> Fraction | None:
    """The rate of growth (3/20 for 15%); None while unknown and where the base is zero or less."""
    before, after = base.value(figure), target.value(figure)
    if before is None or after is None or before <= 0:
        return None
    return after / before - 1


def plan_growth(
    figure: Figure,
    by_years: Mapping[int, Fraction],
    *,
    years: int | None,
    has_research: bool | None,
    base: PlanYear,
    target: PlanYear,
) -> Status:
    """Tell whether the figure grows by the rate of the plan's length or more (以上)."""
    return simulate(figure, by_years, years=years, has_research=has_research, base=base, target=target).status


def simulate(
    figure: Figure,
    by_years: Mapping[int, Fraction],
    *,
    years: int | None,
    has_research: bool | None,
    base: PlanYear,
    target: PlanYear,
) -> Growth:
    """Work out growth, the gap to each rate, and what is unclear or still missing."""
    rate = growth(figure, base, target)
    unclear = _unclear(figure, by_years, years=years, has_research=has_research, base=base, target=target)
    status: Status = "unknown"
    if unclear is None and rate is not None and years is not None:
        status = "met" if rate >= by_years[years] else "unmet"
    return Growth(
        figure=figure,
        status=status,
        base=base.value(figure),
        target=target.value(figure),
        growth=rate,
        gaps=_gaps(figure, by_years, base, target),
        unclear=unclear,
        missing=_missing(figure, years, base, target),
    )


def _unclear(
    figure: Figure,
    by_years: Mapping[int, Fraction],
    *,
    years: int | None,
    has_research: bool | None,
    base: PlanYear,
    target: PlanYear,
) -> Unclear | None:
    """What stands in the way for good comes before what only has to be told."""
    before = base.value(figure)
    if years is not None and years not in by_years:
        is_long = years > max(by_years, default=0)
        return Unclear.ONLY_WITH_RESEARCH if is_long and has_research is False else Unclear.NO_THRESHOLD
    if 0 in (base.divisor(figure), target.divisor(figure)):
        return Unclear.NO_HEADS
    if before is not None and before <= 0:
        return Unclear.BASE_NOT_POSITIVE
    return Unclear.MISSING if _missing(figure, years, base, target) else None


def _gaps(
    figure: Figure, by_years: Mapping[int, Fraction], base: PlanYear, target: PlanYear
) -> tuple[Gap, ...]:
    before, heads, total = base.value(figure), target.divisor(figure), target.total_yen(figure)
    if before is None or before <= 0 or not heads:
        return ()
    gaps = []
    for years, rate in sorted(by_years.items()):
        needed = _ceiling(before * (1 + rate) * heads)
        gaps.append(Gap(years, rate, needed, None if total is None else max(0, needed - total)))
    return tuple(gaps)


def _ceiling(amount: Fraction) -> int:
    return -(-amount.numerator // amount.denominator)


def _missing(figure: Figure, years: int | None, base: PlanYear, target: PlanYear) -> tuple[str, ...]:
    """The keys of the facts still to be told."""
    lacking = [] if years is not None else ["plan_years"]
    for prefix, year in (("base", base), ("target", target)):
        lacking += [f"{prefix}_{name}" for name in _NEEDED[figure] if getattr(year, name) is None]
    return tuple(lacking)
