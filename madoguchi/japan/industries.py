"""The Japan Standard Industrial Classification (日本標準産業分類, 14th revision, in force since 2024-04-01).

Holds the 20 divisions (大分類, A-T) and the 99 major groups (中分類, 01-99). Finer codes are understood
by their first two digits.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from madoguchi.japan import table
from madoguchi.japan.digits import half_width


class SmeClass(StrEnum):
    """The four kinds of business that the SME definition of 中小企業基本法 第2条 tells apart."""

    WHOLESALE = "wholesale"
    RETAIL = "retail"
    SERVICE = "service"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The kind as the Act names it."""
        return _SME_LABELS[self]


_SME_LABELS = {
    SmeClass.WHOLESALE: "卸売業",
    SmeClass.RETAIL: "小売業",
    SmeClass.SERVICE: "サービス業",
    SmeClass.OTHER: "製造業、建設業、運輸業その他の業種",
}


@dataclass(frozen=True, slots=True)
class Industry:
    """A division or a major group; `parent` is the division's letter, empty for a division."""

    code: str
    name: str
    parent: str

    @property
    def is_division(self) -> bool:
        """Tell whether this is one of the 20 divisions."""
        return not self.parent


def get(code: str) -> Industry:
    """Return the industry of a division letter or a two-digit code; raises ValueError if there is none."""
    try:
        return _table()[half_width(code).upper()]
    except KeyError:
        raise ValueError(f"「{code}」という産業分類のコードはありません。") from None


def find(name: str) -> Industry | None:
    """Return the industry of this exact name, whichever comma it is written with."""
    return _by_name().get(_spelled(name))


def divisions() -> tuple[Industry, ...]:
    """Return the 20 divisions in order."""
    return tuple(industry for industry in _table().values() if industry.is_division)


def major_groups(division: str) -> tuple[Industry, ...]:
    """Return the major groups of a division in order; raises ValueError on an unknown one."""
    letter = get(division).code
    return tuple(industry for industry in _table().values() if industry.parent == letter)


def within(code: str, ancestor: str) -> bool:
    """Tell whether `code` is `ancestor` or lies under it; raises ValueError on an unknown code."""
    industry, outer = _nearest(code), half_width(ancestor).upper()
    get(outer[:2])
    return half_width(code).upper().startswith(outer) or outer in {industry.code, industry.parent}


def sme_class(code: str) -> SmeClass | None:
    """Return the kind of business in the SME definition, or None where the code is too coarse to tell.

    Division G, for one, holds broadcasting (サービス業) and telecommunications (その他). The mapping of
    the 中小企業庁 FAQ on 中小企業の定義 was written down from memory: 飲食店 and 持ち帰り・配達飲食サービス業
    count as 小売業. Raises ValueError on an unknown code.
    """
    plain, industry = half_width(code).upper(), _nearest(code)
    prefixes = _sme_prefixes()
    for candidate in (plain[:3], plain[:2], industry.parent):
        if candidate in prefixes:
            return prefixes[candidate]
    below = {kind for prefix, kind in prefixes.items() if _covers(plain, prefix)}
    return below.pop() if len(below) == 1 else None


def _covers(code: str, prefix: str) -> bool:
    return prefix.startswith(code) or (prefix[:2] in _table() and _table()[prefix[:2]].parent == code)


def _nearest(code: str) -> Industry:
    """The listed industry of a code of any depth, 4-digit 細分類 included."""
    plain = half_width(code).upper()
    return get(plain[:2] if plain.isdigit() and len(plain) <= 4 else plain)


def _spelled(name: str) -> str:
    return half_width(name).replace(",", "、").replace("，", "、")


@cache
def _table() -> dict[str, Industry]:
    return {
        row["code"]: Industry(row["code"], row["name"], row["parent"]) for row in table.rows("jsic_2023.tsv")
    }


@cache
def _by_name() -> dict[str, Industry]:
    # Some divisions share their name with their only major group; the division, listed first, wins.
    return {_spelled(industry.name): industry for industry in reversed(_table().values())}


@cache
def _sme_prefixes() -> dict[str, SmeClass]:
    return {row["jsic_prefix"]: SmeClass(row["sme_class"]) for row in table.rows("sme_classes.tsv")}
