"""What a business tells, read into typed values: exact, known to lie in a range, or not known."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from madoguchi.eligibility.amounts.grant import CostRow
from madoguchi.eligibility.rules.facts import CODES, NUMBERS, SERIES, Dictionary, Fact, FactType

Number = int | Fraction


@dataclass(frozen=True, slots=True)
class Range:
    """A number or a day that lies between two ends; None is an open end, equal ends are exact."""

    low: Any
    high: Any

    @property
    def is_exact(self) -> bool:
        """Whether nothing is left open."""
        return self.low is not None and self.low == self.high


Value = Range | bool | str | frozenset[str] | Mapping[str, int] | tuple[CostRow, ...]
Facts = Mapping[str, Value]
"""What is known, by the key of the fact. A key that is missing is not known."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something told that cannot be used: the fact, a stable code, and a sentence for people."""

    fact: str
    code: str
    message: str


def exact(facts: Facts, key: str) -> int | None:
    """A number that is told exactly; None for a range and for what is not told."""
    value = facts.get(key)
    return value.low if isinstance(value, Range) and value.is_exact else None


# Beyond these nobody means it; the bulk engine keeps yen in 64 bits.
MOST_YEN = 10**17
MOST_COUNT = 10**9
# More rows of costs could not all be tried with every grant while somebody waits.
MOST_COSTS = 8
LONGEST_COST_NAME = 30
_PERCENT = re.compile(r"(-?\d{1,9}(?:\.\d{1,6})?)\s*[%％]")
_FRACTION = re.compile(r"(-?\d{1,9})/(\d{1,9})")
_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_YEAR = re.compile(r"[0-9]{4}")


def read_value(fact: Fact, raw: object, dictionary: Dictionary) -> Value:
    """Read one value; raises ValueError with a Japanese sentence that says what is expected."""
    if fact.type in NUMBERS:
        return _range(fact, raw)
    if fact.type is FactType.DATE:
        return _days(raw)
    if fact.type is FactType.BOOLEAN:
        if not isinstance(raw, bool):
            raise ValueError("はい（true）か、いいえ（false）で答えてください。")
        return raw
    if fact.type in CODES:
        return _code(fact, raw, dictionary)
    return _several(fact, raw, dictionary)


def _several(fact: Fact, raw: object, dictionary: Dictionary) -> Value:
    if fact.type in SERIES:
        return _series(fact, raw)
    if fact.type is FactType.COSTS:
        return _costs(raw)
    if not isinstance(raw, list | tuple | set | frozenset):
        raise ValueError("コードの一覧で答えてください。")
    return frozenset(_code(fact, item, dictionary) for item in raw)


def _range(fact: Fact, raw: object) -> Range:
    if isinstance(raw, Mapping):
        if not raw or set(raw) - {"from", "to"}:
            raise ValueError('幅は {"from": 6, "to": 20} のように書いてください。')
        low, high = (None if raw.get(end) is None else number(fact, raw[end]) for end in ("from", "to"))
        if low is not None and high is not None and low > high:
            raise ValueError("幅の下が上より大きくなっています。")
        return Range(low, high)
    exact = number(fact, raw)
    return Range(exact, exact)


def number(fact: Fact, raw: object) -> Number:
    """Read a whole number, or for a percentage "9%" or "1/3"; raises ValueError."""
    if fact.type is FactType.PERCENT:
        return rate(raw)
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise ValueError("整数で答えてください。")
    most = MOST_COUNT if fact.type is FactType.COUNT else MOST_YEN
    if raw < 0 and not fact.signed:
        raise ValueError("0以上の数で答えてください。")
    if abs(raw) > most:
        raise ValueError("数が大きすぎます。")
    return raw


def rate(raw: object) -> Fraction:
    """Read "9%", "4.5%", "1/3" exactly; raises ValueError. A float would already have lost the value."""
    text = raw.strip() if isinstance(raw, str) else ""
    if found := _PERCENT.fullmatch(text):
        return Fraction(found[1]) / 100
    if (found := _FRACTION.fullmatch(text)) and int(found[2]):
        return Fraction(int(found[1]), int(found[2]))
    raise ValueError('割合は "9%" か "1/3" のように書いてください。')


def _days(raw: object) -> Range:
    found = _DAY.fullmatch(raw) if isinstance(raw, str) else None
    if not found:
        raise ValueError("日付は 2019-04-01 のように書いてください（2019-04 や 2019 でもかまいません）。")
    year, month, day = int(found[1]), found[2], found[3]
    try:
        first = date(year, int(month or 1), int(day or 1))
        last_month = int(month or 12)
        last = first if day else date(year, last_month, calendar.monthrange(year, last_month)[1])
    except (ValueError, calendar.IllegalMonthError) as error:
        raise ValueError("実際にある日付を書いてください。") from error
    return Range(first, last)


def _code(fact: Fact, raw: object, dictionary: Dictionary) -> str:
    if not isinstance(raw, str):
        raise ValueError("コードの文字で答えてください。")
    return dictionary.canonical(fact, raw)


def _series(fact: Fact, raw: object) -> Mapping[str, int]:
    if not isinstance(raw, Mapping):
        raise ValueError("月や年と金額の組で答えてください。")
    form, sample = (_MONTH, "2022-04") if fact.type is FactType.MONTHLY else (_YEAR, "2022")
    series: dict[str, int] = {}
    for period, amount in raw.items():
        if not isinstance(period, str) or not form.fullmatch(period):
            raise ValueError(f"「{period}」は {sample} のように書いてください。")
        if amount is not None:
            if isinstance(amount, bool) or not isinstance(amount, int) or not 0 <= amount <= MOST_YEN:
                raise ValueError(f"{period} の金額を、0以上の整数で書いてください。")
            series[period] = amount
    return series


def _costs(raw: object) -> tuple[CostRow, ...]:
    if not isinstance(raw, list | tuple):
        raise ValueError('費用は [{"name": "オーブン", "yen": 3000000}] のような一覧で答えてください。')
    if len(raw) > MOST_COSTS:
        raise ValueError(f"費用は{MOST_COSTS}行までです。小さいものはまとめてください。")
    rows = tuple(_cost(number, row) for number, row in enumerate(raw, 1))
    names = [row.key for row in rows]
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise ValueError(f"費用「{twice}」が二度あります。名前を変えるか、一つにまとめてください。")
    return rows


def _cost(place: int, row: object) -> CostRow:
    """One row; without a name it is called by its place."""
    if not isinstance(row, Mapping) or set(row) - {"name", "kind", "yen"}:
        raise ValueError(f"{place}行目の費用は、name（名前）、kind（種類）、yen（円）で書いてください。")
    name, kind = (row.get(part) or "" for part in ("name", "kind"))
    if not all(isinstance(text, str) and len(text) <= LONGEST_COST_NAME for text in (name, kind)):
        raise ValueError(
            f"{place}行目の費用の名前と種類は、{LONGEST_COST_NAME}字までの文字で書いてください。"
        )
    amount = row.get("yen")
    is_whole = isinstance(amount, int) and not isinstance(amount, bool)
    if amount is not None and not (is_whole and 0 <= amount <= MOST_YEN):
        raise ValueError(f"{place}行目の費用の額を、0以上の整数で書いてください。")
    return CostRow(name.strip() or f"費用{place}", amount, kind.strip())
