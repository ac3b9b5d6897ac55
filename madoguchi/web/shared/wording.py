"""Dates, times, days left, years and amounts in the words of the site; escaped, ready for a page."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.dates import MONTHS_3, WEEKDAYS_ABBR
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from madoguchi.japan import eras, yen
from madoguchi.japan.fiscal_year import FiscalYear

NEAR_DAYS = 14
# Reception windows are half-open: a deadline whose document names no time closes at the midnight that ends
# its day; people also write 23:59.
NO_TIME = {time(0, 0), time(23, 59)}


def _in_tokyo(moment: datetime) -> datetime:
    return timezone.localtime(moment, timezone.get_default_timezone())


def local_day(moment: date | datetime) -> date:
    """Return the calendar day in Tokyo of a date or an aware instant."""
    return _in_tokyo(moment).date() if isinstance(moment, datetime) else moment


def closing_day(closes_at: date | datetime) -> date:
    """Return the last day on which something is open: for the midnight that ends a day, that day."""
    if not isinstance(closes_at, datetime):
        return closes_at
    at = _in_tokyo(closes_at)
    return at.date() - timedelta(days=1) if at.time() == time(0, 0) else at.date()


def _is_japanese() -> bool:
    return (get_language() or "ja").startswith("ja")


def fiscal_year(start_year: int) -> str:
    """Return 令和5年度, or FY2023 on pages in another language."""
    return FiscalYear(start_year).label if _is_japanese() else f"FY{start_year}"


def prefecture(name: str) -> str:
    """Return what a prefecture is by its full name: 都 of 東京都, 道, 府 or 県; 都道府県 without a name."""
    kinds = {"都": gettext("都"), "道": gettext("道"), "府": gettext("府"), "県": gettext("県")}
    return kinds.get(name[-1:], gettext("都道府県"))


def prefectural_projects(name: str) -> str:
    """Return 県の取り組み, as the pages call the projects of the prefecture of that full name."""
    return gettext("%(prefecture)sの取り組み") % {"prefecture": prefecture(name)}


def in_man(amount_yen: int) -> str:
    """Return 300万円, or ¥3,000,000 on pages in another language."""
    return yen.in_man(amount_yen) if _is_japanese() else f"¥{amount_yen:,}"


def in_thousand(amount_yen: int) -> str:
    """Return 26,325千円, or ¥26,325,000 on pages in another language."""
    return yen.in_thousand(amount_yen) if _is_japanese() else f"¥{amount_yen:,}"


def _year(day: date) -> str:
    if not _is_japanese():
        return str(day.year)
    era, year = eras.era_year(day)
    return f"{era.name}{eras.year_label(year)}年"


def _month(day: date) -> str:
    # Django writes English months in small letters; Japanese has none to raise.
    return str(MONTHS_3[day.month]).capitalize()


def day(moment: date | datetime, *, today: date) -> str:
    """Return 11月10日（金）, with the era year before it when the year is not today's."""
    on = local_day(moment)
    parts = {"month": _month(on), "day": on.day, "weekday": WEEKDAYS_ABBR[on.weekday()]}
    if on.year == today.year:
        return gettext("%(month)s%(day)d日（%(weekday)s）") % parts
    return day_full(on)


def day_full(moment: date | datetime) -> str:
    """Return 令和5年11月10日（金）."""
    on = local_day(moment)
    return gettext("%(year)s%(month)s%(day)d日（%(weekday)s）") % {
        "year": _year(on),
        "month": _month(on),
        "day": on.day,
        "weekday": WEEKDAYS_ABBR[on.weekday()],
    }


def month(moment: date | datetime, *, today: date) -> str:
    """Return 11月, or 令和6年1月 when the year is not today's."""
    on = local_day(moment)
    return _month(on) if on.year == today.year else month_full(on)


def month_full(moment: date | datetime) -> str:
    """Return 令和5年11月."""
    on = local_day(moment)
    return gettext("%(year)s%(month)s") % {"year": _year(on), "month": _month(on)}


def time_of_day(moment: datetime) -> str:
    """Return 午後5時, 午前9時30分 or 正午 of an aware instant, in Tokyo."""
    at = _in_tokyo(moment)
    if (at.hour, at.minute) == (12, 0):
        return gettext("正午")
    parts = {"half": _half_of_day(at.hour), "hour": at.hour % 12, "minute": at.minute}
    if at.minute:
        return gettext("%(half)s%(hour)d時%(minute)02d分") % parts
    return gettext("%(half)s%(hour)d時") % parts


def until_time(closes_at: date | datetime) -> str:
    """Return 午後5時まで, or nothing when the deadline names no time."""
    if not isinstance(closes_at, datetime) or not states_time(closes_at):
        return ""
    return gettext("%(time)sまで") % {"time": time_of_day(closes_at)}


def _half_of_day(hour: int) -> str:
    return gettext("午前") if hour < 12 else gettext("午後")


def states_time(closes_at: date | datetime) -> bool:
    """Whether a deadline names a time of day, not only a day."""
    if not isinstance(closes_at, datetime):
        return False
    return _in_tokyo(closes_at).time().replace(second=0, microsecond=0) not in NO_TIME


def deadline(closes_at: date | datetime, *, today: date) -> SafeString:
    """Return day and time of a deadline, each kept on one line."""
    pieces = [day(closing_day(closes_at), today=today)]
    if isinstance(closes_at, datetime) and states_time(closes_at):
        pieces.append(time_of_day(closes_at))
    return format_html_join("", '<span class="nb">{}</span>', ((piece,) for piece in pieces))


def days_left(closes_at: date | datetime, *, today: date) -> SafeString:
    """Return あと6日, near from 14 days on; きょうまで on the day itself, nothing afterwards."""
    days = (closing_day(closes_at) - today).days
    if days < 0:
        return SafeString("")
    near = " left--near" if days <= NEAR_DAYS else ""
    if days == 0:
        return format_html('<span class="left{}">{}</span>', near, gettext("きょうまで"))
    say = ngettext("あと<b>{}</b>日", "あと<b>{}</b>日", days)
    return format_html('<span class="left{}">{}</span>', near, format_html(say, days))


def leaf(closes_at: date | datetime) -> dict[str, object]:
    """Return month, day and weekday of a calendar leaf, and the ISO date."""
    on = closing_day(closes_at)
    return {"month": _month(on), "day": on.day, "weekday": WEEKDAYS_ABBR[on.weekday()], "iso": on.isoformat()}
