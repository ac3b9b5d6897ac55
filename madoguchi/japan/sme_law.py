"""Who is a small or medium-sized business (中小企業者) and who a small one (小規模企業者), by law.

These are the nationwide definitions as data. A programme may set others: it names the rule it uses.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from madoguchi.japan import table


class RuleSet(StrEnum):
    """Where a definition comes from."""

    BASIC = "basic"
    """中小企業基本法 第2条: one rule per `industries.SmeClass`, under the same key."""
    ORDINANCE = "ordinance"
    """Wider limits that the orders under individual support acts set for some industries."""


@dataclass(frozen=True, slots=True)
class SmeRule:
    """Limits for one industry: within capital (資本金・出資総額) *or* regular employees suffices."""

    key: str
    rule_set: RuleSet
    industry: str
    clause: str
    capital_limit_yen: int
    employee_limit: int

    def is_met(self, *, capital_yen: int | None, employee_count: int | None) -> bool | None:
        """Tell whether a business is an SME; None while the figures known do not settle it.

        `employee_count` counts 常時使用する従業員: neither the owner, officers nor temporary staff.
        Not for a sole proprietor, who has no capital: see `is_met_by_individual`.
        """
        within = [
            None if figure is None else figure <= limit
            for figure, limit in (
                (capital_yen, self.capital_limit_yen),
                (employee_count, self.employee_limit),
            )
        ]
        if True in within:
            return True
        return None if None in within else False

    def is_met_by_individual(self, *, employee_count: int | None) -> bool | None:
        """Tell whether a sole proprietor (個人) is an SME: by employees alone; None while unknown."""
        return None if employee_count is None else employee_count <= self.employee_limit


@dataclass(frozen=True, slots=True)
class SmallBusinessRule:
    """The limit of regular employees up to which a business is small (小規模企業者)."""

    key: str
    rule_set: RuleSet
    industry: str
    clause: str
    employee_limit: int

    def is_met(self, *, employee_count: int | None) -> bool | None:
        """Tell whether a business is small; None while its number of employees is unknown."""
        return None if employee_count is None else employee_count <= self.employee_limit


@cache
def sme_rules() -> dict[str, SmeRule]:
    """Return the rules by key: the four of the Act first, then those of the orders."""
    return {
        row["key"]: SmeRule(
            key=row["key"],
            rule_set=RuleSet(row["rule_set"]),
            industry=row["industry"],
            clause=row["clause"],
            capital_limit_yen=int(row["capital_limit_yen"]),
            employee_limit=int(row["employee_limit"]),
        )
        for row in table.rows("sme_definitions.tsv")
    }


@cache
def small_business_rules() -> dict[str, SmallBusinessRule]:
    """Return the rules by key: the four of the Act first, then that of the orders."""
    return {
        row["key"]: SmallBusinessRule(
            key=row["key"],
            rule_set=RuleSet(row["rule_set"]),
            industry=row["industry"],
            clause=row["clause"],
            employee_limit=int(row["employee_limit"]),
        )
        for row in table.rows("small_business_definitions.tsv")
    }
