"""Addresses in parts (住所の構成: 都道府県・市区町村・町字・番地以下・方書) and in one line (連結表記)."""

import re
from dataclasses import dataclass
from functools import cache

from madoguchi.japan import areas
from madoguchi.japan.digits import half_width
from madoguchi.japan.text import fold

# Where the number of the plot begins: 1-2-3, １丁目, 字 and 大字 belong to the town.
_NUMBER = re.compile(r"[0-9０-９〇一二三四五六七八九十]+(?:丁目|番|号|[-－‐−ー－の])|[0-9０-９]")


@dataclass(frozen=True, slots=True)
class Address:
    """An address in parts; `area_code` is empty when no municipality was recognised."""

    area_code: str
    town: str
    street: str


def in_one_line(area_code: str, town: str, street: str, building: str = "") -> str:
    """Return the address as written in one line; parts that are not known are left out."""
    try:
        begins = areas.get(area_code).full_name if area_code else ""
    except ValueError:
        begins = ""
    line = f"{begins}{town}{street}"
    return f"{line} {building}".strip() if building else line


def split(line: str) -> Address:
    """Split an address in one line into municipality, town and number.

    The municipality is the longest one whose full name, with or without its prefecture, the line begins
    with; without the prefecture only if no other municipality bears the name.
    """
    text = re.sub(r"\s+", "", line)
    code, rest = _area(text)
    return Address(code, *town_and_number(rest))


def town_and_number(rest: str) -> tuple[str, str]:
    """Split what follows the municipality into the town (町字) and from the number of the plot on."""
    found = _NUMBER.search(rest)
    cut = found.start() if found else len(rest)
    return rest[:cut], rest[cut:]


def fold_address(line: str) -> str:
    """Return an address for comparison: 一丁目2番3号 and 1の2の3 become 1-2-3; 大字 and spaces go."""
    folded = re.sub(r"\s+", "", fold(line))
    folded = re.sub(r"大字|(?<=[市区町村])字", "", folded)
    folded = _CHOME.sub(lambda found: f"{_KANJI_NUMBERS.get(found[1], found[1])}-", folded)
    folded = re.sub(r"(?<=[0-9])(?:番地の?|番|号|の)", "-", folded)
    return re.sub(r"-+", "-", folded.replace("ー", "-")).strip("-")


_KANJI_NUMBERS = {kanji: str(value) for value, kanji in enumerate("一二三四五六七八九十", start=1)} | {
    f"十{kanji}": str(value) for value, kanji in enumerate("一二三四五六七八九", start=11)
}
_CHOME = re.compile(r"([0-9]+|十?[一二三四五六七八九]|十)丁目")


def _area(text: str) -> tuple[str, str]:
    spelled = half_width(text)
    for name, code in _names():
        if code and spelled.startswith(name):
            return code, spelled[len(name) :]
    return "", text


@cache
def _names() -> tuple[tuple[str, str], ...]:
    """Beginnings of addresses, the longest first; a name that several areas share has no code."""
    codes: dict[str, str] = {}
    for area in areas.all_areas():
        if not (area.is_municipality or area.kind is areas.AreaKind.WARD):
            continue
        codes[area.full_name] = area.code
        prefecture = areas.prefecture_of(area.code)
        short = area.full_name.removeprefix(prefecture.name if prefecture else "")
        for name in {short, short.removeprefix(area.district)}:
            codes[name] = "" if name in codes else area.code
    return tuple(sorted(codes.items(), key=lambda item: -len(item[0])))
