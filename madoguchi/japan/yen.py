"""Amounts of money: whole yen in, Japanese wording out, and back."""

import re
from fractions import Fraction

from madoguchi.japan.digits import half_width

_LARGE = {"兆": 10**12, "億": 10**8, "万": 10**4, "": 1}
_SMALL = {"千": 1000, "百": 100, "十": 10, "": 1}

_KANJI_DIGITS = str.maketrans("〇一二三四五六七八九", "0123456789")
_WORDS_AROUND = re.compile(r"^(?:上限額?|最大|限度額?)\s*|\s*(?:以内|以下|まで)$")
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SECTION = re.compile("".join(rf"(?:({_NUMBER})?({unit}))?" for unit in "千百十") + rf"({_NUMBER})?()")
_SECTIONS = re.compile(r"([^兆億万]*)([兆億万]?)")
# Longer than any budget; keeps pasted prose away from the number parser.
_LONGEST = 40


def format_yen(amount_yen: int) -> str:
    """Write 3,000,000円."""
    return f"{amount_yen:,}円"


def in_man(amount_yen: int) -> str:
    """Write 300万円, 10万5,000円 or 1億5,000万円: exact, with the large units people read aloud."""
    sign, left = ("-", -amount_yen) if amount_yen < 0 else ("", amount_yen)
    written = ""
    for unit, size in _LARGE.items():
        count, left = divmod(left, size)
        if count:
            written += f"{count:,}{unit}"
    return f"{sign}{written or '0'}円"


def in_thousand(amount_yen: int) -> str:
    """Write 3,000千円; an amount that is no multiple of 1,000 is written out rather than rounded."""
    thousands, rest = divmod(amount_yen, 1000)
    return format_yen(amount_yen) if rest else f"{thousands:,}千円"


def floor_to(amount_yen: int, unit: int = 1000) -> int:
    """Cut an amount down to a multiple of `unit` yen (千円未満切捨て); raises ValueError below zero."""
    if amount_yen < 0 or unit < 1:
        raise ValueError("切り捨ては0円以上の金額と1円以上の単位で行います。")
    return amount_yen - amount_yen % unit


def parse_yen(text: str) -> int:
    """Read 3,000千円, 300万円, 1億円, 上限10万8千円, ５千万円 or 1.5億円 as whole yen.

    Raises ValueError on anything else, units out of order and fractions of a yen included.
    """
    plain = _WORDS_AROUND.sub("", half_width(text)).translate(_KANJI_DIGITS)
    plain = re.sub(r"^[¥\\]|円$|\s", "", plain)
    if not plain or len(plain) > _LONGEST:
        raise _unreadable(text)
    sections = [(terms, unit) for terms, unit in _SECTIONS.findall(plain) if terms or unit]
    sizes = [_LARGE[unit] for _, unit in sections]
    if sizes != sorted(set(sizes), reverse=True):
        raise _unreadable(text)
    amounts = [_section(terms, shown=text) * size for (terms, _), size in zip(sections, sizes, strict=True)]
    amount = sum(amounts, Fraction())
    if amount.denominator != 1:
        raise ValueError(f"「{text}」は1円未満の端数になります。")
    return amount.numerator


def _section(terms: str, *, shown: str) -> Fraction:
    """Return what stands before one large unit, e.g. 3千5百 before 万."""
    found = _SECTION.fullmatch(terms)
    if not terms or not found:
        raise _unreadable(shown)
    parts = found.groups()
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return sum(
        (
            Fraction((number or "1").replace(",", "")) * _SMALL[unit]
            for number, unit in pairs
            if number or unit
        ),
        Fraction(),
    )


def _unreadable(text: str) -> ValueError:
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return ValueError(f"「{shown}」を金額として読み取れません。例：3,000,000円、300万円")
