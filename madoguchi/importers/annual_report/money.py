"""Amounts in lists and on pages: 4,789 under 千円, 1,200万円, 3億円, a dash for none."""

import re
from fractions import Fraction

UNITS = {"円": 1, "千円": 1_000, "万円": 10_000, "百万円": 1_000_000, "億円": 100_000_000}
_UNIT = "百万円|千円|万円|億円|円"
UNIT = re.compile(rf"(?:単位\s?[:は]?\s?)?({_UNIT})")
_BROKEN = re.compile(r"\((?:単位\s?[:は]?\s?)?(百万|千|万|億)\s[^()円]*円\s?\)")
AMOUNT = re.compile(
    rf"(?P<sign>[▲△-]?)\s?(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)\s?(?P<unit>{_UNIT})?"
)
_LARGE = re.compile(r"(?P<oku>\d[\d,]*)億(?P<man>\d[\d,]*)万円")


def unit_in(text: str) -> str | None:
    """Return the unit of money a heading names (（千円）, 単位：百万円), or None."""
    found = UNIT.search(text)
    return found[1] if found else None


def broken_unit_in(text: str) -> str | None:
    """Return the unit that a narrow column broke: 決算額（千 担当課, and 円） on the next line; or None."""
    found = _BROKEN.search(text)
    return f"{found[1]}円" if found else None


def in_yen(text: str, default_unit: str) -> int | None:
    """Return an amount written in plain half-width text as whole yen, None when it is none."""
    bare = text.strip().strip("()[]")
    if large := _LARGE.fullmatch(bare):
        return _whole(large["oku"]) * UNITS["億円"] + _whole(large["man"]) * UNITS["万円"]
    found = AMOUNT.fullmatch(bare)
    if found is None:
        return None
    exact = Fraction(found["number"].replace(",", "")) * UNITS[found["unit"] or default_unit]
    # A fraction of a yen cannot be an amount: 1.2345 under 百万円 has too many places.
    if exact.denominator != 1:
        return None
    return -exact.numerator if found["sign"] else exact.numerator


def is_amount(text: str) -> bool:
    """Tell whether a plain half-width text is an amount, a fraction of a unit included (310.5)."""
    bare = text.strip().strip("()[]")
    return AMOUNT.fullmatch(bare) is not None or _LARGE.fullmatch(bare) is not None


def _whole(digits: str) -> int:
    return int(digits.replace(",", ""))


def in_thousand(amount: int) -> int | float:
    """Return yen as thousands, whole where they are."""
    thousands, rest = divmod(amount, 1000)
    return amount / 1000 if rest else thousands
