"""The lines of yearly figures (C票 財務 of the Digital Agency's application model), in whole yen. No Django.

`payroll_yen` (給与支給総額) is not part of C票; the growth of a management innovation plan is measured by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from madoguchi.foundation.words import gettext_noop as _


class Part(StrEnum):
    """Where in the statements a line stands."""

    PROFIT = _("損益計算書")
    ASSETS = _("貸借対照表：資産")
    DEBTS = _("貸借対照表：負債・純資産")


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: its key in `YearlyFigures.amounts`, its Japanese name, and whether it may be below zero."""

    key: str
    label: str
    part: Part
    depth: int = 0
    is_signed: bool = False
    is_often_asked: bool = False


def _line(key: str, label: str, part: Part, depth: int = 0, **rest: bool) -> Line:
    return Line(key, label, part, depth, **rest)


LINES: tuple[Line, ...] = (
    _line("sales_yen", _("売上高"), Part.PROFIT, is_often_asked=True),
    _line("cost_of_sales_yen", _("売上原価"), Part.PROFIT, is_often_asked=True),
    _line("cost_depreciation_yen", _("うち減価償却費"), Part.PROFIT, 1),
    _line("labour_cost_yen", _("うち労務費"), Part.PROFIT, 1),
    _line("gross_profit_yen", _("売上総利益"), Part.PROFIT, is_signed=True, is_often_asked=True),
    _line("selling_admin_yen", _("販売費及び一般管理費"), Part.PROFIT, is_often_asked=True),
    _line("admin_depreciation_yen", _("うち減価償却費"), Part.PROFIT, 1),
    _line("personnel_yen", _("人件費"), Part.PROFIT, is_often_asked=True),
    _line("payroll_yen", _("給与支給総額"), Part.PROFIT, is_often_asked=True),
    _line("operating_profit_yen", _("営業利益"), Part.PROFIT, is_signed=True, is_often_asked=True),
    _line("other_income_yen", _("営業外収益"), Part.PROFIT),
    _line("other_expenses_yen", _("営業外費用"), Part.PROFIT),
    _line("ordinary_profit_yen", _("経常利益"), Part.PROFIT, is_signed=True, is_often_asked=True),
    _line("extraordinary_gain_yen", _("特別利益"), Part.PROFIT),
    _line("extraordinary_loss_yen", _("特別損失"), Part.PROFIT),
    _line("profit_before_tax_yen", _("税引前当期純利益"), Part.PROFIT, is_signed=True),
    _line("net_profit_yen", _("当期純利益"), Part.PROFIT, is_signed=True, is_often_asked=True),
    _line("assets_yen", _("資産合計"), Part.ASSETS, is_often_asked=True),
    _line("current_assets_yen", _("流動資産合計"), Part.ASSETS, 1, is_often_asked=True),
    _line("cash_yen", _("現金及び預金"), Part.ASSETS, 2, is_often_asked=True),
    _line("notes_receivable_yen", _("受取手形"), Part.ASSETS, 2),
    _line("accounts_receivable_yen", _("売掛金"), Part.ASSETS, 2),
    _line("securities_yen", _("有価証券"), Part.ASSETS, 2),
    _line("inventories_yen", _("棚卸資産"), Part.ASSETS, 2),
    _line("other_current_assets_yen", _("その他流動資産合計"), Part.ASSETS, 2),
    _line("advances_paid_yen", _("前払金"), Part.ASSETS, 2),
    _line("short_loans_made_yen", _("短期貸付金"), Part.ASSETS, 2),
    _line("doubtful_allowance_yen", _("貸倒引当金"), Part.ASSETS, 2, is_signed=True),
    _line("fixed_assets_yen", _("固定資産合計"), Part.ASSETS, 1),
    _line("tangible_assets_yen", _("有形固定資産合計"), Part.ASSETS, 2),
    _line("land_yen", _("うち土地"), Part.ASSETS, 3),
    _line("intangible_assets_yen", _("無形固定資産合計"), Part.ASSETS, 2),
    _line("other_fixed_assets_yen", _("その他固定資産合計"), Part.ASSETS, 2),
    _line("loans_made_yen", _("貸付金合計"), Part.ASSETS, 2),
    _line("liabilities_yen", _("負債合計"), Part.DEBTS, is_often_asked=True),
    _line("current_liabilities_yen", _("流動負債合計"), Part.DEBTS, 1, is_often_asked=True),
    _line("notes_payable_yen", _("支払手形"), Part.DEBTS, 2),
    _line("accounts_payable_yen", _("買掛金"), Part.DEBTS, 2),
    _line("short_borrowings_yen", _("短期借入金"), Part.DEBTS, 2, is_often_asked=True),
    _line("other_current_liabilities_yen", _("その他流動負債合計"), Part.DEBTS, 2),
    _line("unpaid_yen", _("未払金"), Part.DEBTS, 2),
    _line("advances_received_yen", _("前受金"), Part.DEBTS, 2),
    _line("deposits_received_yen", _("預り金"), Part.DEBTS, 2),
    _line("fixed_liabilities_yen", _("固定負債合計"), Part.DEBTS, 1),
    _line("long_borrowings_yen", _("長期借入金"), Part.DEBTS, 2, is_often_asked=True),
    _line("net_assets_yen", _("純資産合計"), Part.DEBTS, is_signed=True, is_often_asked=True),
    _line("capital_reserve_yen", _("資本準備金"), Part.DEBTS, 1),
)
BY_KEY = {line.key: line for line in LINES}
# Beyond this nobody means it (and eligibility takes no more).
MOST_YEN = 10**17

Amounts = Mapping[str, int]


def mistakes(amounts: Mapping[str, object]) -> dict[str, str]:
    """What cannot be kept: by key of the line a Japanese sentence."""
    found: dict[str, str] = {}
    for key, value in amounts.items():
        line = BY_KEY.get(key)
        if line is None:
            found[key] = f"「{key}」という項目はありません。"
        elif isinstance(value, bool) or not isinstance(value, int):
            found[key] = "円の整数で入力してください。"
        elif value < 0 and not line.is_signed:
            found[key] = "0以上の金額を入力してください。"
        elif abs(value) > MOST_YEN:
            found[key] = "金額が大きすぎます。"
    return found


@dataclass(frozen=True, slots=True)
class _Sum:
    """Lines that belong together by arithmetic: `total` = the sum of `plus` - the sum of `minus`."""

    total: str
    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()


_SUMS = (
    _Sum("gross_profit_yen", ("sales_yen",), ("cost_of_sales_yen",)),
    _Sum("operating_profit_yen", ("gross_profit_yen",), ("selling_admin_yen",)),
    _Sum("ordinary_profit_yen", ("operating_profit_yen", "other_income_yen"), ("other_expenses_yen",)),
    _Sum("assets_yen", ("liabilities_yen", "net_assets_yen")),
    _Sum("liabilities_yen", ("current_liabilities_yen", "fixed_liabilities_yen")),
)
# Statements are often rounded to thousands line by line.
_ROUNDING_YEN = 2_000


def doubts(amounts: Amounts) -> list[str]:
    """What does not add up: sentences to look at, never a reason to refuse what the statements say."""
    found = []
    for rule in _SUMS:
        if not all(key in amounts for key in (rule.total, *rule.plus, *rule.minus)):
            continue
        wanted = sum(amounts[key] for key in rule.plus) - sum(amounts[key] for key in rule.minus)
        if abs(wanted - amounts[rule.total]) > _ROUNDING_YEN:
            parts = "＋".join(BY_KEY[key].label for key in rule.plus)
            parts += "".join(f"－{BY_KEY[key].label}" for key in rule.minus)
            total = BY_KEY[rule.total].label
            found.append(f"{total}が、{parts}（{wanted:,}円）と合いません。")
    return found


def depreciation_yen(amounts: Amounts) -> int | None:
    """Depreciation in cost of sales and in selling and administration together; None while one is missing."""
    parts = [amounts.get(key) for key in ("cost_depreciation_yen", "admin_depreciation_yen")]
    return None if None in parts else sum(part for part in parts if part is not None)


def value_added_yen(amounts: Amounts) -> int | None:
    """付加価値額 = 営業利益＋人件費＋減価償却費 (as 経営革新計画 counts it); None while one is missing."""
    parts = (amounts.get("operating_profit_yen"), amounts.get("personnel_yen"), depreciation_yen(amounts))
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None
