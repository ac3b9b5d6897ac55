"""Answers that cannot all be true: named, and counted as not told, for which is wrong is not guessed."""

from collections.abc import Iterator, Mapping
from typing import cast

from madoguchi.eligibility.rules.values import Facts, Range, Trouble

_PEOPLE = frozenset({"person", "job_seeker", "student", "worker"})


def contradictions(facts: Facts) -> Iterator[tuple[tuple[str, ...], Trouble]]:
    """The facts that contradict each other, and a sentence for each contradiction."""
    if facts.get("legal_form") == "sole" and _at_least(facts, "capital_yen", 1):
        yield _trouble("legal_form", "capital_yen", "個人事業主には資本金がありません。")
    if facts.get("applicant") in _PEOPLE and _at_least(facts, "employees", 1):
        yield _trouble("applicant", "employees", "個人で使う方に、従業員の数は要りません。")
    if facts.get("applicant") in _PEOPLE and facts.get("legal_form") not in (None, "sole"):
        yield _trouble("applicant", "legal_form", "個人で使う方に、法人や組合の形は要りません。")
    for year in _unequal_years(facts):
        sentence = f"{year}年の月ごとの売上の合計と、年間の売上が合いません。"
        yield _trouble("sales_monthly", "sales_yearly", sentence)
    if _is_other_total(facts):
        yield _trouble("costs", "cost_yen", "費用の内訳の合計と、かける予定の費用が合いません。")


def _trouble(one: str, other: str, sentence: str) -> tuple[tuple[str, ...], Trouble]:
    message = f"{sentence}どちらかを直してください。"
    return (one, other), Trouble(one, "contradiction", message)


def _at_least(facts: Facts, key: str, least: int) -> bool:
    value = facts.get(key)
    return isinstance(value, Range) and value.low is not None and value.low >= least


def _unequal_years(facts: Facts) -> Iterator[str]:
    monthly = cast("Mapping[str, int]", facts.get("sales_monthly", {}))
    yearly = cast("Mapping[str, int]", facts.get("sales_yearly", {}))
    months: dict[str, list[int]] = {}
    for month, amount in monthly.items():
        months.setdefault(month[:4], []).append(amount)
    for year, total in yearly.items():
        told = months.get(year, [])
        if sum(told) > total or (len(told) == 12 and sum(told) != total):
            yield year


def _is_other_total(facts: Facts) -> bool:
    """Whether the rows of costs cannot make up the cost that is told as a whole."""
    rows, total = facts.get("costs"), facts.get("cost_yen")
    if not isinstance(rows, tuple) or not rows or not isinstance(total, Range):
        return False
    known_yen = sum(row.yen or 0 for row in rows)
    is_less = total.low is not None and known_yen < total.low and all(row.yen is not None for row in rows)
    return is_less or (total.high is not None and known_yen > total.high)
