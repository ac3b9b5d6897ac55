"""What a record of the API says, field by field, with how sure that is.

A field that states something goes before the text; where both speak and differ, that is told, less surely.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from madoguchi.importers.documents.found import LIKELY, SURE, UNSURE, Found
from madoguchi.importers.drafts import FeedDraft
from madoguchi.importers.free_text import caps, periods, places, shares, staff
from madoguchi.importers.free_text.periods import TOKYO, Period
from madoguchi.importers.free_text.shares import Share
from madoguchi.importers.free_text.staff import Staff
from madoguchi.importers.jgrants.records import Record
from madoguchi.japan import yen

FEED = "jgrants"
CREDIT = "Jグランツ（jGrants）からの出典"
_PAGE = "https://www.jgrants-portal.go.jp/subsidy/"
# A sum that is rather the whole budget of a programme than what one business gets.
_LARGE_YEN = 1_000_000_000
T = TypeVar("T")


def read(record: Record) -> FeedDraft:
    """The draft of a cleaned record; the same record always gives an equal draft."""
    text = tuple(record.get("detail", ()))
    spoken = (record["title"], record.get("subsidy_catch_phrase", ""), *text)
    found_share, found_cap = shares.in_lines(list(text)), caps.best(caps.in_lines(spoken[1:]))
    rate_text, areas = record.get("subsidy_rate", ""), _areas(record, text)
    return FeedDraft(
        external_id=record["id"],
        title=record["title"],
        catch_phrase=record.get("subsidy_catch_phrase", ""),
        text=text,
        url=record.get("url", f"{_PAGE}{record['id']}"),
        areas=areas,
        share=_share(shares.of_field(rate_text) if rate_text else None, found_share),
        cap_yen=_cap(record, caps.best(caps.in_lines([rate_text])) or found_cap, text),
        staff=_staff(record, text),
        periods=_periods(record, text),
        share_text=rate_text,
        uses=_list(record.get("use_purpose", "")),
        industries=_list(record.get("industry", "")),
        attachments=tuple(record.get("attachments", ())),
        issuer=record.get("institution_name", ""),
        contact="Jグランツの掲載ページ",
        stated=_stated(record, areas.value),
    )


def _stated(record: Record, read_areas: tuple[str, ...]) -> frozenset[str]:
    """Which fields the portal has a value of its own for; the rate is prose there too."""
    names = {
        "cap": "subsidy_max_limit",
        "period": "acceptance_end_datetime",
        "staff": "target_number_of_employees",
        "areas": "target_area_search",
    }
    told = {what for what, name in names.items() if record.get(name)}
    listed = places.of_field(record.get("target_area_search", ""))
    if listed is not None and listed.value != read_areas:
        told.discard("areas")  # a narrower place was read in the title or the text
    return frozenset(told | {"period"} if record.get("rounds") else told)


def _share(stated: Found[Share] | None, found: Found[Share] | None) -> Found[Share] | None:
    if stated is None:
        return found
    same = found is None or (found.value.low, found.value.high) == (stated.value.low, stated.value.high)
    if same or stated.value.high is None:
        return stated
    within = stated.value.low is not None and found is not None and _holds(found.value, stated.value)
    return stated if within else _doubted(stated, f"本文では「{_short(found)}」です。")


def _holds(outer: Share, inner: Share) -> bool:
    """Whether the text's range has the field's in it: the text speaks of more cases."""
    if None in (outer.low, outer.high, inner.low, inner.high):
        return False
    return outer.low <= inner.low and inner.high <= outer.high  # type: ignore[operator]


def _cap(record: Record, found: Found[int] | None, text: Sequence[str]) -> Found[int] | None:
    limit = record.get("subsidy_max_limit")
    if limit is None:
        return found
    stated = Found(limit, yen.format_yen(limit), (1, 1), None, SURE)
    named = {each.value for each in caps.in_lines(text) if each.confidence == LIKELY}
    if limit in named:
        return stated
    if named:
        return _doubted(stated, f"本文の上限は{yen.in_man(max(named))}です。")
    if limit >= _LARGE_YEN:
        return _doubted(stated, "事業全体の予算の額かもしれません。")
    return stated


def _staff(record: Record, text: Sequence[str]) -> Found[Staff] | None:
    stated = staff.of_field(record.get("target_number_of_employees", ""))
    found = staff.in_lines(text)
    if stated is None or stated.value == Staff():
        # "No limit" is what a form says when nobody chose: a limit that the text names goes before it.
        if stated is not None and found is not None and found.confidence >= UNSURE and found.value.at_most:
            return _doubted(stated, f"本文に「{found.source[:60]}」とあります。")
        return stated or found
    if found is None or found.value == stated.value or found.confidence < LIKELY:
        return stated
    return _doubted(stated, f"本文に「{found.source[:60]}」とあります。")


def _areas(record: Record, text: Sequence[str]) -> Found[tuple[str, ...]]:
    listed = [
        record.get("target_area_search", ""),
        *(r.get("target_area_search", "") for r in _rounds(record)),
    ]
    details = [
        record.get("target_area_detail", ""),
        *(r.get("target_area_detail", "") for r in _rounds(record)),
    ]
    names = " / ".join(dict.fromkeys(each for each in listed if each))
    stated = places.of_field(names)
    detail = " ".join(dict.fromkeys(each for each in details if each))
    return places.narrowed(stated, title=record["title"], detail=detail, text=text)


def _periods(record: Record, text: Sequence[str]) -> tuple[Found[Period], ...]:
    """Rounds of v2, else the dates of the record, else what the text says."""
    stated = [each for each in map(_period, [*_rounds(record), record]) if each is not None]
    stated = list({each.value: each for each in stated}.values())
    year = stated[0].value.opens_at.year if stated and stated[0].value.opens_at else None
    found = periods.in_lines(text, year=year)
    if not stated:
        return found[:3]
    ends = {_last_day(each.value) for each in found if each.value.opens_at and each.value.closes_at}
    ends |= {_last_day(each.value) for each in found} if ends else set()
    if ends and not ends & {_last_day(each.value) for each in stated}:
        return tuple(_doubted(each, f"本文に「{found[0].source[:60]}」とあります。") for each in stated)
    return tuple(stated)


def _period(fields: Record) -> Found[Period] | None:
    written = [fields.get("acceptance_start_datetime", ""), fields.get("acceptance_end_datetime", "")]
    opens_at, closes_at = (
        periods.of_field(written[0], is_end=False),
        periods.of_field(written[1], is_end=True),
    )
    source = "～".join(written)
    if opens_at is None and closes_at is None:
        return None
    if opens_at and closes_at and opens_at >= closes_at:
        reason = "受付の始まりが終わりより後になっています。"
        return Found(Period(None, closes_at), source, (1, 1), None, UNSURE, reason)
    if written[1] and "T" not in written[1]:
        return Found(
            Period(opens_at, closes_at), source, (1, 1), None, LIKELY, "締切の時刻が書かれていません。"
        )
    return Found(Period(opens_at, _whole_day(closes_at)), source, (1, 1), None, SURE)


def _whole_day(closes_at: datetime | None) -> datetime | None:
    """23:59 is how a form writes the end of a day."""
    if closes_at is not None and (closes_at.hour, closes_at.minute) == (23, 59):
        return (closes_at + timedelta(minutes=1)).replace(second=0, microsecond=0)
    return closes_at


def _last_day(period: Period) -> object:
    ends = period.closes_at
    return (ends - timedelta.resolution).astimezone(TOKYO).date() if ends else None


def _rounds(record: Record) -> list[Record]:
    return list(record.get("rounds", ()))


def _doubted(found: Found[T], reason: str) -> Found[T]:
    said = f"{found.reason}{reason}" if found.reason else reason
    return replace(found, confidence=UNSURE if found.confidence < SURE else LIKELY, reason=said)


def _short(found: Found[Share] | None) -> str:
    return found.source[:60] if found else ""


def _list(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in (each.strip() for each in text.split("/")) if part))
