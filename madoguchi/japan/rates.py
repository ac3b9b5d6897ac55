"""Rates of support such as 2/3以内: exact fractions, never floats."""

import re
from fractions import Fraction

from madoguchi.japan.digits import half_width

_BOUNDS = re.compile(r"\s*(?:以内|以下|まで)$")
_SLASH = re.compile(r"(\d+)\s*[/⁄]\s*(\d+)")
_BUN_NO = re.compile(r"(\d+)\s*分の\s*(\d+)")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*(?:%|パーセント)")


def parse_rate(text: str) -> Fraction:
    """Read 2/3, ２／３以内, 3分の2 or 50%; raises ValueError on anything else.

    The bound (以内) is dropped: whether a rate is a ceiling is a fact of the programme, not of the number.
    """
    plain = _BOUNDS.sub("", half_width(text))
    if found := _SLASH.fullmatch(plain):
        return _fraction(found[1], found[2], shown=text)
    if found := _BUN_NO.fullmatch(plain):
        return _fraction(found[2], found[1], shown=text)
    if found := _PERCENT.fullmatch(plain):
        return Fraction(found[1]) / 100
    raise ValueError(f"「{text}」を割合として読み取れません。例：2/3、50%")


def as_slash(rate: Fraction) -> str:
    """Write a rate as 2/3; the whole is 10/10, as grant rules write it."""
    return "10/10" if rate == 1 else f"{rate.numerator}/{rate.denominator}"


def as_bun_no(rate: Fraction) -> str:
    """Write a rate as 3分の2; the whole is 10分の10."""
    return "10分の10" if rate == 1 else f"{rate.denominator}分の{rate.numerator}"


def _fraction(numerator: str, denominator: str, *, shown: str) -> Fraction:
    if int(denominator) == 0:
        raise ValueError(f"「{shown}」は分母が0のため、割合になりません。")
    return Fraction(int(numerator), int(denominator))
