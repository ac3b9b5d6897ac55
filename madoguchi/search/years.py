"""The fiscal year that a text asks for."""

import re
from typing import NamedTuple

from madoguchi.japan.fiscal_year import FiscalYear

# 令和3年度, R3, 2021年度, 2021年; a bare 2021 only between spaces. A date (令和3年10月) names no fiscal year.
_YEAR = re.compile(
    r"(?<![0-9a-z])((?:令和|平成|[rh])\s?(?:元|\d{1,2})|(?:19|20)\d\d(?=年)|(?<!\S)20\d\d(?!\S))"
    r"(?:年(度)?+)?+(?:の(?=\S))?(?![0-9a-z代月]|\s*\d+月)"
)


class Year(NamedTuple):
    """A fiscal year by the year it begins in; `narrow` where it was written as one (年度)."""

    number: int
    narrow: bool


def take_year(folded: str) -> tuple[Year | None, str]:
    """Return the first fiscal year in a folded text, and the text without it."""
    for found in _YEAR.finditer(folded):
        try:
            year = FiscalYear.parse(found[1])
        except ValueError:
            continue
        rest = f"{folded[: found.start()]} {folded[found.end() :]}"
        return Year(year.start_year, found[2] is not None), rest.strip()
    return None, folded
