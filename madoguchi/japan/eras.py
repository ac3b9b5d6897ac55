"""Dates of the Japanese era calendar, from 昭和 on."""

import re
from dataclasses import dataclass
from datetime import date

from madoguchi.japan.digits import half_width

_WEEKDAYS = "月火水木金土日"


@dataclass(frozen=True, slots=True)
class Era:
    """An era (元号) and the days it covers; `last_day` is None while it lasts."""

    name: str
    letter: str
    first_day: date
    last_day: date | None

    def contains(self, day: date) -> bool:
        """Tell whether the day belongs to this era."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)

    def western_year(self, year: int) -> int:
        """Return the western year in which the era's year falls; raises ValueError below 元年."""
        if year < 1:
            raise ValueError(f"{self.name}{year}年という年はありません。")
        return self.first_day.year + year - 1


# 元号法 and its 政令; 昭和 under 登極令 (1926-12-25).
SHOWA = Era("昭和", "S", date(1926, 12, 25), date(1989, 1, 7))
HEISEI = Era("平成", "H", date(1989, 1, 8), date(2019, 4, 30))
REIWA = Era("令和", "R", date(2019, 5, 1), None)
ERAS = (SHOWA, HEISEI, REIWA)

_BY_SIGN = {sign: era for era in ERAS for sign in (era.name, era.letter)}
ERA_SIGNS = "|".join(_BY_SIGN)

_ERA_DATE = re.compile(
    rf"({ERA_SIGNS})\s*(元|\d{{1,2}})(?:年\s*(\d{{1,2}})月\s*(\d{{1,2}})日|[./-](\d{{1,2}})[./-](\d{{1,2}}))"
)
_WESTERN_DATE = re.compile(r"(\d{4})(?:年\s*(\d{1,2})月\s*(\d{1,2})日|[./-](\d{1,2})[./-](\d{1,2}))")
_WEEKDAY_NOTE = re.compile(r"\s*\(([月火水木金土日])(?:曜日?)?\)$")


def era_named(sign: str) -> Era:
    """Return the era called `sign` (令和 or R, either case); raises ValueError if there is none."""
    try:
        return _BY_SIGN[half_width(sign).upper()]
    except KeyError:
        raise ValueError(f"「{sign}」という元号は扱えません。昭和・平成・令和で入力してください。") from None


def era_of(day: date) -> Era:
    """Return the era in force on a day; raises ValueError before 昭和."""
    for era in ERAS:
        if era.contains(day):
            return era
    raise ValueError("昭和より前の日付は扱えません。")


def era_year(day: date) -> tuple[Era, int]:
    """Return the era in force on a day and the year within it."""
    era = era_of(day)
    return era, day.year - era.first_day.year + 1


def year_label(year: int) -> str:
    """Write a year of an era as people do: 1 is 元."""
    return "元" if year == 1 else str(year)


def format_date(day: date, *, weekday: bool = False) -> str:
    """Write a day as 令和5年11月1日, with （水） when the weekday is wanted."""
    era, year = era_year(day)
    written = f"{era.name}{year_label(year)}年{day.month}月{day.day}日"
    return f"{written}（{_WEEKDAYS[day.weekday()]}）" if weekday else written


def parse_date(text: str) -> date:
    """Read a day written in an era or a western year; raises ValueError on a day that never was.

    Accepts 令和５年１１月１日（水）, R5.11.1, 昭和64年1月7日, 2023年11月1日 and 2023-11-01.
    A weekday that contradicts the date is refused: one of the two is a slip.
    """
    plain = half_width(text)
    note = _WEEKDAY_NOTE.search(plain)
    bare = plain[: note.start()] if note else plain
    day = _day(bare.upper(), shown=text)
    if note and _WEEKDAYS[day.weekday()] != note[1]:
        raise ValueError(f"「{text}」の曜日が日付と合っていません。")
    return day


def _day(plain: str, *, shown: str) -> date:
    if found := _ERA_DATE.fullmatch(plain):
        era = era_named(found[1])
        year = era.western_year(1 if found[2] == "元" else int(found[2]))
        day = _existing(year, found[3] or found[5], found[4] or found[6], shown=shown)
        if not era.contains(day):
            raise ValueError(f"「{shown}」は{era.name}の期間にありません。")
        return day
    if found := _WESTERN_DATE.fullmatch(plain):
        return _existing(int(found[1]), found[2] or found[4], found[3] or found[5], shown=shown)
    raise ValueError(f"「{shown}」を日付として読み取れません。例：令和5年11月1日")


def _existing(year: int, month: str, day: str, *, shown: str) -> date:
    try:
        return date(year, int(month), int(day))
    except ValueError:
        raise ValueError(f"「{shown}」という日付はありません。") from None
