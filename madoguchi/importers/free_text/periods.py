"""When applications are taken: dates of either calendar with their times, and periods from them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from madoguchi.importers.documents.found import LIKELY, SURE, UNSURE, Found
from madoguchi.importers.documents.lines import plain
from madoguchi.japan.eras import era_named

TOKYO = ZoneInfo("Asia/Tokyo")
_YEAR = r"(?:(?P<era>令和|平成|R|H)\s?(?P<era_year>元|\d{1,2})\s?[年./-]\s?|(?P<year>20\d{2})\s?[年./-]\s?)?"
_DATE = re.compile(
    rf"(?<![\d.]){_YEAR}(?P<month>\d{{1,2}})\s?[月./-]\s?(?P<day>\d{{1,2}}|末)(?:\s?日|(?![\d分%]))"
    r"(?:\s?\((?:[月火水木金土日](?:曜日?)?)(?:[・、]?[^)]{0,4})?\))?"
    r"(?:\s?(?:の)?\s?(?P<clock>(?P<half>午前|午後)?\s?(?P<hour>\d{1,2})\s?(?::\s?(?P<minute>\d{2})(?!\d)|時\s?(?:(?P<minute2>\d{1,2})\s?分|(?P<halfhour>半))?)|正午))?"
)
_FROM = re.compile(r"^\s?(?:\([^)]{0,12}\))?\s?(?:から|より|~|-|→|以降|開始|受付開始)")
_UNTIL = re.compile(r"^\s?(?:\([^)]{0,12}\))?\s?(?:まで|必着|締切|〆切|消印|終了|受付終了)")
_LABEL = re.compile(
    r"(?:公募|募集|受付|受け付け|申請|申込み?|応募|提出|エントリー)\s?(?:の|書類の?)?\s?(?:受付)?\s?(?:期間|期限|締切日?|締め切り|〆切|開始日?|終了日?|日程|時期)"
    r"|(?:[0-9一二三]次)?(?:締切|〆切|締め切り)|受付(?=\s?[::])"
)
_OTHER = re.compile(
    r"(?:事業|実施|対象|補助|助成|履行|契約|交付対象|雇用|利用|稼働|実績報告[^。]{0,6}|請求[^。]{0,6}|業務|支援|返還|保存)"
    r"(?:の)?(?:実施)?(?:期間|期限)|実績報告|交付決定|説明会|問い?合わ?せ|電話|平日"
)


@dataclass(frozen=True)
class Period:
    """From when until when, in Japan; either may be unstated. Closing is the first moment after."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None


@dataclass(frozen=True)
class _Point:
    """A date of a text: where it stands, its day, its time, and what follows it."""

    day: date
    clock: time | None
    follows: str


def of_field(text: str, *, is_end: bool) -> datetime | None:
    """Read one field: an instant with its offset (UTC is Z), or a day of Japan; None when it is neither.

    A day as an end closes at the midnight after it."""
    written = text.strip()
    if not written:
        return None
    if re.match(r"\d{4}-\d{2}-\d{2}T", written):
        try:
            moment = datetime.fromisoformat(written)
            moment = moment.astimezone(TOKYO) if moment.tzinfo else moment.replace(tzinfo=TOKYO)
        except (ValueError, OverflowError):
            return None
        # "For ever" is written as the year 9999: no day may follow it.
        return moment if moment.year < MAXYEAR else None
    points = list(_points(plain(written), None))
    return _instant(points[0], is_end=is_end) if len(points) == 1 else None


def in_lines(lines: Sequence[str], *, year: int | None = None) -> tuple[Found[Period], ...]:
    """Find the reception periods of a text, behind a label or below a heading that names one.

    `year` is the western year of dates that state none."""
    found: list[Found[Period]] = []
    heading = 0
    for place, line in enumerate(lines):
        flat = plain(line)
        label = _LABEL.search(flat)
        told = label is not None and not _OTHER.search(flat[: label.start() + 8])
        near = heading > 0 and not _OTHER.search(flat)
        dated = _DATE.search(flat)
        leads = told and label is not None and (dated is None or label.start() < dated.start())
        rest, word = (flat[label.end() :], label[0]) if leads and label else (flat, "")
        periods = list(_periods(list(_points(rest, year)), word)) if told or near else []
        where = (place + 1, place + 1)
        found += [_of(period, line, where, is_near=not told) for period in periods]
        is_head = told and not periods and len(flat) < 25
        heading = 4 if is_head else 0 if label or re.match(r"[■◆●【]", flat) else heading - 1
    return tuple(dict.fromkeys(found))


def _of(period: Period, line: str, where: tuple[int, int], *, is_near: bool) -> Found[Period]:
    whole = period.opens_at is not None and period.closes_at is not None
    certain = LIKELY if whole and not is_near else UNSURE
    return Found(period, line, where, None, certain, "本文の期間から読み取りました。")


def in_prose(text: str, *, year: int | None = None) -> Found[Period] | None:
    """Read a text that is about a period alone, such as 令和7年4月1日～5月30日17時必着."""
    flat = plain(text)
    periods = list(_periods(list(_points(flat, year)), "期間"))
    if not periods:
        return None
    certain = SURE if len(periods) == 1 and periods[0].closes_at else UNSURE
    reason = "" if certain == SURE else "期間がはっきりしません。"
    return Found(periods[0], text, (1, 1), None, certain, reason)


def _periods(points: Sequence[_Point], label: str) -> Iterator[Period]:
    """Pairs of dates joined by ～, and single ends with まで or behind 締切."""
    place = 0
    while place < len(points):
        point = points[place]
        following = points[place + 1] if place + 1 < len(points) else None
        if _FROM.match(point.follows) and following is not None and len(point.follows) < 16:
            opens_at, closes_at = _instant(point, is_end=False), _instant(following, is_end=True)
            if opens_at < closes_at:
                yield Period(opens_at, closes_at)
            place += 2
            continue
        if _UNTIL.match(point.follows) or re.search(r"期限|締|〆|終了", label):
            yield Period(None, _instant(point, is_end=True))
        elif _FROM.match(point.follows) or "開始" in label:
            yield Period(_instant(point, is_end=False), None)
        place += 1


def _points(flat: str, year: int | None) -> Iterator[_Point]:
    """The dates of a text; one without a year takes that of the date before it, or the next."""
    matches = [
        each for each in _DATE.finditer(flat) if each["era"] or each["year"] or "月" in each[0] or year
    ]
    known: tuple[int, int] | None = None
    for place, found in enumerate(matches):
        written = _year(found)
        if written is None and known is not None:
            month = int(found["month"])
            written = known[0] + 1 if month < known[1] else known[0]
        if written is None:
            written = year
        day = _day(written, found["month"], found["day"]) if written else None
        if day is None:
            continue
        known = (day.year, day.month)
        end = matches[place + 1].start() if place + 1 < len(matches) else len(flat)
        yield _Point(day, _clock(found), flat[found.end() : end])


def _year(found: re.Match[str]) -> int | None:
    if found["year"]:
        return int(found["year"])
    if found["era"]:
        return era_named(found["era"]).western_year(
            1 if found["era_year"] == "元" else int(found["era_year"])
        )
    return None


def _day(year: int, month: str, day: str) -> date | None:
    number = int(month)
    if not 1 <= number <= 12:
        return None
    try:
        return date(year, number, _last(year, number) if day == "末" else int(day))
    except ValueError:
        return None


def _last(year: int, month: int) -> int:
    following = date(year + (month == 12), month % 12 + 1, 1)
    return (following - timedelta(days=1)).day


def _clock(found: re.Match[str]) -> time | None:
    if found["clock"] is None:
        return None
    if found["hour"] is None:
        return time(12)
    hour = int(found["hour"]) + (12 if found["half"] == "午後" and int(found["hour"]) < 12 else 0)
    minute = 30 if found["halfhour"] else int(found["minute"] or found["minute2"] or 0)
    # 24時 and 23:59 both mean the end of the day.
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _instant(point: _Point, *, is_end: bool) -> datetime:
    if point.clock is not None:
        return datetime.combine(point.day, point.clock, TOKYO)
    day = point.day + timedelta(days=1) if is_end else point.day
    return datetime.combine(day, time(), TOKYO)
