"""The values that are read, as text: how they are kept, what a person may type, how they are shown."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from madoguchi.feeds.errors import UnreadableValue
from madoguchi.feeds.models import What
from madoguchi.importers.free_text import periods, places, shares, staff
from madoguchi.importers.free_text.periods import TOKYO, Period
from madoguchi.importers.free_text.shares import Share
from madoguchi.importers.free_text.staff import Staff
from madoguchi.japan import areas, eras, rates, yen
from madoguchi.japan.rates import parse_rate

_FLAT = "定額"
_NO_LIMIT = "制約なし"
EXAMPLES = {
    What.SHARE: "2/3、1/2〜2/3、定額",
    What.CAP: "300万円",
    What.PERIOD: "令和7年4月1日〜令和7年5月30日17時",
    What.STAFF: "20人以下、制約なし",
    What.AREAS: "全国、鳥取県 / 鳥取市",
}


def kept(what: What, value: Any) -> str:
    """The text that is kept of a value."""
    return _KEPT[what](value)


def read(what: What, text: str) -> Any:
    """The value of a text that was kept."""
    return _READ[what](text)


def typed(what: What, text: str) -> str:
    """What a person typed, as it is kept. Raises UnreadableValue."""
    try:
        value = _TYPED[what](text.strip())
    except ValueError as error:
        raise UnreadableValue from error
    if value is None:
        raise UnreadableValue
    return kept(what, value)


def shown(what: What, text: str) -> str:
    """A kept text as people read it, and may type it again."""
    return _SHOWN[what](read(what, text))


def _keep_share(value: Share) -> str:
    span = [str(rate) for rate in (value.low, value.high) if rate is not None]
    return "~".join(span) + ("+" if value.is_flat else "")


def _read_share(text: str) -> Share:
    span = [parse_rate(part if "/" in part else f"{part}/1") for part in text.rstrip("+").split("~") if part]
    return Share(span[0] if span else None, span[-1] if span else None, text.endswith("+"))


def _typed_share(text: str) -> Share | None:
    found = shares.of_field(text)
    return found.value if found else None


def _show_share(value: Share) -> str:
    parts = []
    if value.low is not None and value.high is not None:
        ends = dict.fromkeys((rates.as_slash(value.low), rates.as_slash(value.high)))
        parts.append("〜".join(ends))
    return "、".join([*parts, *([_FLAT] if value.is_flat else [])])


def _keep_periods(value: tuple[Period, ...]) -> str:
    return ";".join(f"{_iso(each.opens_at)}/{_iso(each.closes_at)}" for each in value)


def _iso(moment: datetime | None) -> str:
    return moment.astimezone(TOKYO).isoformat(timespec="minutes") if moment else ""


def _read_periods(text: str) -> tuple[Period, ...]:
    pairs = [part.partition("/") for part in text.split(";") if part]
    return tuple(Period(_moment(start), _moment(end)) for start, _, end in pairs)


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _typed_periods(text: str) -> tuple[Period, ...] | None:
    found = [periods.in_prose(part) for part in text.replace("；", ";").split(";")]
    return tuple(each.value for each in found if each) if all(found) else None


def _show_periods(value: tuple[Period, ...]) -> str:
    return "；".join(
        f"{_day(each.opens_at, is_end=False)}〜{_day(each.closes_at, is_end=True)}" for each in value
    )


def _day(moment: datetime | None, *, is_end: bool) -> str:
    """A day alone where the instant is the end or the beginning of one."""
    if moment is None:
        return ""
    local = moment.astimezone(TOKYO)
    if (local.hour, local.minute) == (0, 0):
        return eras.format_date((local - timedelta(days=is_end)).date())
    return f"{eras.format_date(local.date())}{local.hour}:{local.minute:02}"


def _read_staff(text: str) -> Staff:
    low, _, high = text.partition("~")
    return Staff(at_most=int(high) if high else None, at_least=int(low) if low else None)


def _typed_staff(text: str) -> Staff | None:
    found = staff.of_field(text)
    return found.value if found else None


def _show_staff(value: Staff) -> str:
    if value.at_most is not None:
        return f"{value.at_most}人以下"
    return f"{value.at_least}人以上" if value.at_least is not None else _NO_LIMIT


def _typed_areas(text: str) -> tuple[str, ...] | None:
    found = places.of_field(text)
    return found.value if found and not found.reason else None


def _typed_cap(text: str) -> int | None:
    amount = yen.parse_yen(text)
    return amount if 0 < amount < 10**15 else None


_KEPT: dict[What, Callable[[Any], str]] = {
    What.SHARE: _keep_share,
    What.CAP: str,
    What.PERIOD: _keep_periods,
    What.STAFF: lambda value: f"{value.at_least or ''}~{value.at_most or ''}",
    What.AREAS: ",".join,
}
_READ: dict[What, Callable[[str], Any]] = {
    What.SHARE: _read_share,
    What.CAP: int,
    What.PERIOD: _read_periods,
    What.STAFF: _read_staff,
    What.AREAS: lambda text: tuple(text.split(",")),
}
_TYPED: dict[What, Callable[[str], Any]] = {
    What.SHARE: _typed_share,
    What.CAP: _typed_cap,
    What.PERIOD: _typed_periods,
    What.STAFF: _typed_staff,
    What.AREAS: _typed_areas,
}
_SHOWN: dict[What, Callable[[Any], str]] = {
    What.SHARE: _show_share,
    What.CAP: yen.in_man,
    What.PERIOD: _show_periods,
    What.STAFF: _show_staff,
    What.AREAS: lambda codes: " / ".join(areas.get(code).name for code in codes),
}
