"""What a business's record says to eligibility: plain facts by key; what is not known is left out.

Eligibility knows facts, not businesses, so this returns plain data in the words of `madoguchi facts`.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from madoguchi.businesses import figures, queries
from madoguchi.businesses.choices import EmployeesCounted, LegalForm, Source
from madoguchi.businesses.models import Business, YearlyFigures

# The field of a record or of a register that answers each fact.
FIELDS = {
    "applicant": "is_founder",
    "legal_form": "legal_form",
    "area": "area_code",
    "head_office_area": "area_code",
    "industry": "industry",
    "capital_yen": "capital_yen",
    "employees": "employees",
    "established_on": "founded_on",
}
_CORPORATE = frozenset(LegalForm.values) - {LegalForm.SOLE, LegalForm.LLP, LegalForm.VOLUNTARY_GROUP}
_MONTHS = 12


def facts_of(business: Business, *, on: date, with_figures: bool = True) -> dict[str, Any]:
    """The facts that a business's record settles on a day, for `eligibility` to read.

    Employees counted otherwise than 常時使用する従業員 are a range or not told. Yearly sales
    are those of calendar years alone: another accounting year is none of them. `with_figures` is
    False for who may see the record without its figures.
    """
    rows = _ended(business, on) if with_figures else []
    told: dict[str, Any] = {
        "applicant": "founder" if business.is_founder else "business",
        "legal_form": business.legal_form,
        "area": business.area_code,
        "head_office_area": business.area_code if business.legal_form in _CORPORATE else "",
        "industry": business.industry,
        "capital_yen": business.capital_yen,
        "employees": _employees(business),
        "established_on": business.founded_on,
        "sales_yearly": _calendar_years(rows),
        **_newest(rows),
    }
    return {key: value for key, value in told.items() if value not in ("", None, {})}


def sources_of(business: Business, facts: Iterable[str], *, on: date) -> dict[str, Source]:
    """Who said each of these facts; what has no origin of its own was said with the name."""
    origins, rows = queries.origins_of(business), _ended(business, on)
    figures_by = {"sales_yearly": next(iter(rows), None)}
    newest = next((row for row in rows if _is_a_year(row)), None)
    said: dict[str, Source] = {}
    for key in facts:
        field = origins.get(FIELDS.get(key, ""), origins.get("name"))
        told_by = field if key in FIELDS else figures_by.get(key, newest)
        if told_by is not None:
            said[key] = Source(told_by.source)
    return said


def _ended(business: Business, on: date) -> list[YearlyFigures]:
    return list(business.figures.filter(ends_on__lte=on).order_by("-ends_on", "-pk"))


def _employees(business: Business) -> Any:
    count = business.employees
    if count is None or business.employees_counted in ("", EmployeesCounted.REGULAR):
        return count
    # With officers and short-time staff it is a most; insured people are neither a least nor a most.
    return {"from": 0, "to": count} if business.employees_counted == EmployeesCounted.EVERYBODY else None


def _calendar_years(rows: Sequence[YearlyFigures]) -> dict[str, int]:
    return {
        str(row.ends_on.year): row.amounts["sales_yen"]
        for row in rows
        if "sales_yen" in row.amounts
        and (row.begins_on.month, row.begins_on.day) == (1, 1)
        and (row.ends_on.month, row.ends_on.day) == (12, 31)
        and row.begins_on.year == row.ends_on.year
    }


def _newest(rows: Sequence[YearlyFigures]) -> dict[str, Any]:
    """The base year of a plan: the newest period of a whole year that has ended."""
    row = next((each for each in rows if _is_a_year(each)), None)
    if row is None:
        return {}
    return {
        "base_operating_profit_yen": row.amounts.get("operating_profit_yen"),
        "base_personnel_yen": row.amounts.get("personnel_yen"),
        "base_depreciation_yen": figures.depreciation_yen(row.amounts),
        "base_payroll_yen": row.amounts.get("payroll_yen"),
        "base_headcount": row.employees,
    }


def _is_a_year(row: YearlyFigures) -> bool:
    return (
        row.ends_on.year - row.begins_on.year
    ) * _MONTHS + row.ends_on.month - row.begins_on.month == _MONTHS - 1
