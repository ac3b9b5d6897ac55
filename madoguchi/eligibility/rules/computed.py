"""Conditions that need a calculation over several facts; the calculations themselves live in `amounts`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, cast, get_args

from madoguchi.eligibility.amounts import innovation_plan, sales_drop
from madoguchi.eligibility.amounts.innovation_plan import Figure, PlanYear
from madoguchi.eligibility.rules.leaves import Leaf
from madoguchi.eligibility.rules.status import Status
from madoguchi.eligibility.rules.values import Facts, exact, rate

_STATUS = {"met": Status.MET, "unmet": Status.UNMET, "unknown": Status.UNKNOWN}


@dataclass(frozen=True, slots=True)
class SalesDrop:
    """The sales of consecutive months fell by a rate against an earlier year."""

    requirement: sales_drop.Requirement

    @property
    def facts(self) -> tuple[str, ...]:
        """Monthly figures decide; yearly ones stand in for a year that is not told by month."""
        return ("sales_monthly", "sales_yearly")

    def ask(self, facts: Facts, on: date) -> Status:
        """Work it out from the months that are told."""
        monthly = cast("Mapping[str, int]", facts.get("sales_monthly", {}))
        yearly = cast("Mapping[str, int]", facts.get("sales_yearly", {}))
        by_year = {int(year): amount for year, amount in yearly.items()}
        return _STATUS[sales_drop.sales_drop(self.requirement, monthly, by_year).status]


@dataclass(frozen=True, slots=True)
class PlanGrowth:
    """A figure of a business plan grows by the rate that belongs to the plan's length."""

    figure: Figure
    by_years: tuple[tuple[int, Fraction], ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """The plan's length, and the figures of the first and the last year that this one is made of."""
        parts = _PARTS[self.figure]
        return ("plan_years", "plan_has_research", *(f"{when}_{part}" for part in parts for when in _WHEN))

    def ask(self, facts: Facts, on: date) -> Status:
        """Work it out from the figures that are told exactly."""
        research = facts.get("plan_has_research")
        return _STATUS[
            innovation_plan.plan_growth(
                self.figure,
                dict(self.by_years),
                years=exact(facts, "plan_years"),
                has_research=research if isinstance(research, bool) else None,
                base=plan_year(facts, "base"),
                target=plan_year(facts, "target"),
            )
        ]


_WHEN = ("base", "target")
_VALUE_ADDED = ("operating_profit_yen", "personnel_yen", "depreciation_yen")
_PARTS: dict[Figure, tuple[str, ...]] = {
    "value_added": _VALUE_ADDED,
    "value_added_per_head": (*_VALUE_ADDED, "headcount"),
    "payroll": ("payroll_yen",),
}


def plan_year(facts: Facts, when: str) -> PlanYear:
    """The figures of the base or the target year as far as they are told."""
    return PlanYear(
        operating_profit_yen=exact(facts, f"{when}_operating_profit_yen"),
        personnel_yen=exact(facts, f"{when}_personnel_yen"),
        depreciation_yen=exact(facts, f"{when}_depreciation_yen"),
        headcount=exact(facts, f"{when}_headcount"),
        payroll_yen=exact(facts, f"{when}_payroll_yen"),
    )


def parse(name: str, data: Any) -> Leaf:
    """The comparison of a `compute:` condition; raises ValueError with a Japanese sentence."""
    if name not in _COMPUTATIONS:
        raise ValueError(f"計算「{name}」はありません（ある計算: {'、'.join(sorted(_COMPUTATIONS))}）")
    if not isinstance(data, Mapping):
        raise ValueError("with: に、計算のための値を書いてください")
    return _COMPUTATIONS[name](data)


def _sales_drop(data: Mapping[str, Any]) -> Leaf:
    wanted = {"year", "against", "consecutive_months", "at_least", "annual_minimum_yen"}
    if set(data) != wanted:
        raise ValueError(f"with には {'、'.join(sorted(wanted))} を書いてください")
    against = data["against"]
    if not isinstance(against, list) or not against:
        raise ValueError("against には、くらべる年を一つ以上、一覧で書いてください")
    if not all(_is_year(year) for year in (*against, data["year"])):
        raise ValueError("year と against には、西暦の年を書いてください")
    if not all(_is_whole(data[name]) for name in ("consecutive_months", "annual_minimum_yen")):
        raise ValueError("consecutive_months と annual_minimum_yen は、0以上の整数で書いてください")
    return SalesDrop(
        sales_drop.Requirement(
            year=data["year"],
            against=tuple(against),
            at_least=rate(data["at_least"]),
            consecutive_months=data["consecutive_months"],
            annual_minimum_yen=data["annual_minimum_yen"],
        )
    )


def _is_year(value: object) -> bool:
    return _is_whole(value) and 1900 <= cast("int", value) <= 2200


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


_YEARS = re.compile(r"[1-9][0-9]?")


def _plan_growth(data: Mapping[str, Any]) -> Leaf:
    if set(data) != {"figure", "by_years"} or data["figure"] not in get_args(Figure):
        raise ValueError(f"with には by_years と figure（{'、'.join(get_args(Figure))}）を書いてください")
    by_years = data["by_years"]
    if (
        not isinstance(by_years, Mapping)
        or not by_years
        or not all(_YEARS.fullmatch(str(key)) for key in by_years)
    ):
        raise ValueError('by_years は {3: "9%"} のように書いてください')
    return PlanGrowth(
        data["figure"], tuple(sorted((int(key), rate(value)) for key, value in by_years.items()))
    )


_COMPUTATIONS: dict[str, Callable[[Mapping[str, Any]], Leaf]] = {
    "sales_drop": _sales_drop,
    "plan_growth": _plan_growth,
}
