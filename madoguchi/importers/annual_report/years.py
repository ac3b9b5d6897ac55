"""Fiscal years as headings of columns: ４年度, R5, 令和5年度実績, 2023年度, 前年度."""

import re
from collections import Counter
from collections.abc import Iterable

from madoguchi.importers.annual_report.layout import Layout
from madoguchi.importers.documents.lines import Line
from madoguchi.japan.eras import HEISEI, REIWA, Era, era_named

_SIGNS = "令和|平成|昭和|[RHSrhs]"
YEAR = re.compile(
    rf"(?:(?P<era>{_SIGNS})\s?\.?(?P<in_era>元|\d{{1,2}})(?![\d.,])(?:\s?年度?)?"
    r"|(?P<western>(?:19|20)\d\d)(?:\s?年度?)?(?!\d)"
    r"|(?P<bare>元|\d{1,2})\s?年度"
    r"|(?P<relative>前々年度|前年度|昨年度|本年度|当年度|今年度))"
)
_RELATIVE = {"前々年度": -2, "前年度": -1, "昨年度": -1, "本年度": 0, "当年度": 0, "今年度": 0}


_BOTH = re.compile(
    r"((?:令和|平成|[RH])\s?(?:元|\d{1,2}))\s?年?\s?\((?:19|20)\d\d(?:年)?\)\s?(?:年?度)?"
    r"|((?:19|20)\d\d)\s?年?\s?\((?:令和|平成|[RH])\s?(?:元|\d{1,2})年?\)\s?(?:年?度)?"
)


def one_year(text: str) -> str:
    """Return a text in which a year written twice, 令和5(2023)年度, stands once."""
    return _BOTH.sub(lambda found: f"{found[1] or found[2]}年度", text)


def western(found: re.Match[str], era: Era, report_year: int | None) -> int | None:
    """Return the western year a match of `YEAR` means, None when the document does not tell."""
    if found["western"]:
        return int(found["western"])
    if found["relative"]:
        return None if report_year is None else report_year + _RELATIVE[found["relative"]]
    if found["era"]:
        return _in_era(era_named(found["era"]), found["in_era"])
    return _in_era(era, found["bare"])


def _in_era(era: Era, year: str) -> int:
    return era.western_year(1 if year == "元" else max(int(year), 1))


def era_of(lines: Iterable[Line]) -> Era:
    """Return the era most years of the document are written in."""
    text = "".join(line.plain for line in lines)
    return HEISEI if text.count("平成") > text.count("令和") and "令和" not in text[:2000] else REIWA


def report_year(lines: Iterable[Line], layout: Layout, era: Era) -> int | None:
    """Return the year the document reports on: the one its titles name, else the one it names most."""
    titled: Counter[int] = Counter()
    named: Counter[int] = Counter()
    for place, line in enumerate(lines):
        for found in YEAR.finditer(line.plain):
            year = western(found, era, None)
            if year is None or found["bare"]:
                continue
            named[year] += 1
            if place < 60 and any(word in line.text for word in layout.file.report_year_words):
                titled[year] += 1
    counted = titled or named
    return max(counted, key=lambda year: (counted[year], year)) if counted else None
