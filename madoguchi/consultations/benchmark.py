"""The six ratios of ローカルベンチマーク (経済産業省) from a situation sheet, with the way to each.

The keys are those of `situation_fields` in a pack; without its figures a ratio has no value. No Django.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from madoguchi.foundation.words import gettext_noop

_MONTHS = 12
Figures = Mapping[str, int]


class Unit(StrEnum):
    """What a number counts."""

    YEN = "yen"
    PEOPLE = "people"
    PERCENT = "percent"
    TIMES = "times"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a calculation: what, and how much."""

    label: str
    value: Fraction
    unit: Unit


@dataclass(frozen=True, slots=True)
class Ratio:
    """One ratio: how it is made in words, the lines that lead to it, and its value (None: not worked out)."""

    key: str
    label: str
    formula: str
    unit: Unit
    lines: tuple[Line, ...]
    value: Fraction | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    label: str
    formula: str
    unit: Unit
    needs: tuple[str, ...]
    lines: Callable[[Figures], list[Line]]
    value: Callable[[Figures], Fraction | None]


def ratios(figures: Figures) -> list[Ratio]:
    """The six ratios in the order of the sheet."""
    return [_ratio(key, rule, figures) for key, rule in _RULES.items()]


def _ratio(key: str, rule: _Rule, figures: Figures) -> Ratio:
    missing = tuple(name for name in rule.needs if name not in figures)
    if missing:
        return Ratio(key, rule.label, rule.formula, rule.unit, (), None, missing)
    lines = tuple(rule.lines(figures))
    return Ratio(key, rule.label, rule.formula, rule.unit, lines, rule.value(figures), ())


def _over(above: int | Fraction, below: int | Fraction) -> Fraction | None:
    """A quotient; None where nothing, or less, is below the line and it would mislead."""
    return Fraction(above) / Fraction(below) if below > 0 else None


def _yen(label: str, amount: int | Fraction) -> Line:
    return Line(label, Fraction(amount), Unit.YEN)


def _growth(figures: Figures) -> Fraction | None:
    quotient = _over(figures["sales"], figures["sales_before"])
    return None if quotient is None else quotient - 1


def _net_debt(figures: Figures) -> int:
    return figures["borrowings"] - figures["cash"]


def _ebitda(figures: Figures) -> int:
    return figures["operating_profit"] + figures["depreciation"]


def _working_capital(figures: Figures) -> int:
    return figures["receivables"] + figures["inventory"] - figures["payables"]


SALES, SALES_BEFORE = gettext_noop("売上高"), gettext_noop("前の年の売上高")
PROFIT, PEOPLE = gettext_noop("営業利益"), gettext_noop("従業員の数")
NET_DEBT, EBITDA = gettext_noop("借入金 － 現金・預金"), gettext_noop("営業利益 ＋ 減価償却費")
WORKING = gettext_noop("売掛金・受取手形 ＋ 棚卸資産 － 買掛金・支払手形")
A_MONTH, NET, TOTAL = gettext_noop("1か月の売上高"), gettext_noop("純資産"), gettext_noop("総資産")

_RULES: dict[str, _Rule] = {
    "sales_growth": _Rule(
        gettext_noop("売上増加率"),
        gettext_noop("売上高 ÷ 前の年の売上高 － 1"),
        Unit.PERCENT,
        ("sales", "sales_before"),
        lambda f: [_yen(SALES, f["sales"]), _yen(SALES_BEFORE, f["sales_before"])],
        _growth,
    ),
    "profit_rate": _Rule(
        gettext_noop("営業利益率"),
        gettext_noop("営業利益 ÷ 売上高"),
        Unit.PERCENT,
        ("operating_profit", "sales"),
        lambda f: [_yen(PROFIT, f["operating_profit"]), _yen(SALES, f["sales"])],
        lambda f: _over(f["operating_profit"], f["sales"]),
    ),
    "productivity": _Rule(
        gettext_noop("労働生産性"),
        gettext_noop("営業利益 ÷ 従業員の数"),
        Unit.YEN,
        ("operating_profit", "employees"),
        lambda f: [
            _yen(PROFIT, f["operating_profit"]),
            Line(PEOPLE, Fraction(f["employees"]), Unit.PEOPLE),
        ],
        lambda f: _over(f["operating_profit"], f["employees"]),
    ),
    "debt_years": _Rule(
        gettext_noop("EBITDA有利子負債倍率"),
        gettext_noop("（借入金 － 現金・預金）÷（営業利益 ＋ 減価償却費）"),
        Unit.TIMES,
        ("borrowings", "cash", "operating_profit", "depreciation"),
        lambda f: [_yen(NET_DEBT, _net_debt(f)), _yen(EBITDA, _ebitda(f))],
        lambda f: _over(_net_debt(f), _ebitda(f)),
    ),
    "working_capital_months": _Rule(
        gettext_noop("営業運転資本回転期間"),
        gettext_noop("（売掛金・受取手形 ＋ 棚卸資産 － 買掛金・支払手形）÷ 1か月の売上高"),
        Unit.MONTHS,
        ("receivables", "inventory", "payables", "sales"),
        lambda f: [_yen(WORKING, _working_capital(f)), _yen(A_MONTH, Fraction(f["sales"], _MONTHS))],
        lambda f: _over(_working_capital(f), Fraction(f["sales"], _MONTHS)),
    ),
    "equity_rate": _Rule(
        gettext_noop("自己資本比率"),
        gettext_noop("純資産 ÷ 総資産"),
        Unit.PERCENT,
        ("net_assets", "total_assets"),
        lambda f: [_yen(NET, f["net_assets"]), _yen(TOTAL, f["total_assets"])],
        lambda f: _over(f["net_assets"], f["total_assets"]),
    ),
}
