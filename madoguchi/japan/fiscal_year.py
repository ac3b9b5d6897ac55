"""The fiscal year (年度) of public bodies: 1 April to 31 March (財政法 第11条, 地方自治法 第208条)."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from madoguchi.japan.digits import half_width
from madoguchi.japan.eras import ERA_SIGNS, Era, era_named, era_year, year_label

_WESTERN = re.compile(r"(\d{4})(?:年度)?")
_WITH_ERA = re.compile(rf"({ERA_SIGNS})\s*(元|\d{{1,2}})(?:年度)?")
_WITHOUT_ERA = re.compile(r"(元|\d{1,2})年度")


@dataclass(frozen=True, slots=True, order=True)
class FiscalYear:
    """One fiscal year, named by the western year it starts in.

    >>> FiscalYear(2023).label
    '令和5年度'
    """

    start_year: int

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the fiscal year a day falls in."""
        return cls(day.year if day.month >= 4 else day.year - 1)

    @classmethod
    def parse(cls, text: str, *, era: Era | None = None) -> Self:
        """Read 令和5年度, R5, 2023 or 2023年度; raises ValueError if it cannot be told which year is meant.

        「5年度」 is read only when the caller knows the era its document uses and passes it.
        平成31年度 is FY2019, which before the change of era went by that name.
        """
        plain = half_width(text).upper()
        if found := _WESTERN.fullmatch(plain):
            return cls(int(found[1]))
        if found := _WITH_ERA.fullmatch(plain):
            return cls._in_era(era_named(found[1]), found[2], shown=text)
        if found := _WITHOUT_ERA.fullmatch(plain):
            if era is None:
                raise ValueError(f"「{text}」は元号がないため、どの年度か分かりません。例：令和5年度")
            return cls._in_era(era, found[1], shown=text)
        raise ValueError(f"「{text}」を年度として読み取れません。例：令和5年度")

    @classmethod
    def _in_era(cls, era: Era, year: str, *, shown: str) -> Self:
        fiscal_year = cls(era.western_year(1 if year == "元" else int(year)))
        starts_before_its_end = era.last_day is None or fiscal_year.starts_on <= era.last_day
        if not (starts_before_its_end and era.first_day <= fiscal_year.ends_on):
            raise ValueError(f"「{shown}」という年度はありません。")
        return fiscal_year

    @property
    def starts_on(self) -> date:
        """The first day, 1 April."""
        return date(self.start_year, 4, 1)

    @property
    def ends_on(self) -> date:
        """The last day, 31 March, included."""
        return date(self.start_year + 1, 3, 31)

    def contains(self, day: date) -> bool:
        """Tell whether a day falls in this fiscal year."""
        return self.starts_on <= day <= self.ends_on

    @property
    def previous(self) -> Self:
        """The fiscal year before."""
        return type(self)(self.start_year - 1)

    @property
    def next(self) -> Self:
        """The fiscal year after."""
        return type(self)(self.start_year + 1)

    @property
    def label(self) -> str:
        """The name in the era calendar, 令和5年度; raises ValueError before 昭和2年度.

        FY2019 is 令和元年度 although it began in 平成31年: the ministries agreed on 2019-04-01
        that the year's budget carries the new era's name for the whole year
        (改元に伴う元号による年表示の取扱いについて). Hence the era in force in October, which also
        gives 昭和63年度 for FY1988, the year in which 平成 began.
        """
        era, year = self._era_year()
        return f"{era.name}{year_label(year)}年度"

    @property
    def short(self) -> str:
        """The name in tables, R5."""
        era, year = self._era_year()
        return f"{era.letter}{year}"

    def _era_year(self) -> tuple[Era, int]:
        return era_year(date(self.start_year, 10, 1))

    def __str__(self) -> str:
        return self.label
