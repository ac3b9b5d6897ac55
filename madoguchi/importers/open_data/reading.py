"""What a row of the table says, field by field; what no column states is read out of its texts."""

import re

from madoguchi.importers.documents.found import LIKELY, SURE, UNSURE, Found
from madoguchi.importers.drafts import FeedDraft
from madoguchi.importers.free_text import caps, periods, places, shares, staff
from madoguchi.importers.free_text.periods import Period
from madoguchi.importers.open_data.table import Record, day
from madoguchi.japan import areas
from madoguchi.japan.contact import parse_phone
from madoguchi.japan.yen import parse_yen

CREDIT = "自治体のオープンデータ（支援制度情報）からの出典"
_TEXTS = ("summary", "who", "use", "text", "amount", "how", "reception")
_HEADS = {"who": "対象者", "use": "使いみち", "text": "内容", "how": "申し込み方", "amount": "給付額"}


def read(record: Record) -> FeedDraft:
    """The draft of a row; the same row always gives an equal draft."""
    lines = [line.strip() for name in _TEXTS for line in record.get(name, "").splitlines() if line.strip()]
    return FeedDraft(
        external_id=record["id"],
        title=record["title"],
        catch_phrase=record.get("summary", ""),
        text=tuple(_text(record)),
        url=record.get("url") or record.get("apply_url", ""),
        areas=_areas(record, lines),
        share=shares.of_field(record["share"]) if record.get("share") else shares.in_lines(lines),
        cap_yen=_cap(record, lines),
        staff=staff.of_field(record["staff"]) if record.get("staff") else staff.in_lines(lines),
        periods=_periods(record, lines),
        share_text=record.get("share", ""),
        industries=tuple(part for part in re.split(r"[;；、\n]", record.get("industries", "")) if part),
        issuer=record.get("body", ""),
        contact=_contact(record),
        telephone=_telephone(record),
        stated=_stated(record),
    )


def _text(record: Record) -> list[str]:
    lines: list[str] = []
    for name, head in _HEADS.items():
        if record.get(name):
            lines += [f"■{head}", *(line.strip() for line in record[name].splitlines() if line.strip())]
    return lines


def _areas(record: Record, lines: list[str]) -> Found[tuple[str, ...]]:
    """The towns, else the areas, else the body whose data it is: an empty column means the whole nation."""
    for name in ("towns", "areas"):
        found = places.of_field(re.sub(r"[;；\n]", " / ", record.get(name, "")))
        if found:
            return found
    if record.get("code"):
        code = areas.get(record["code"].zfill(5) if len(record["code"]) < 5 else record["code"]).code
        return Found((code,), record["code"], (1, 1), None, LIKELY, "公開した自治体の地域としました。")
    return places.narrowed(None, title=record["title"], detail=record.get("body", ""), text=lines)


def _cap(record: Record, lines: list[str]) -> Found[int] | None:
    written = record.get("amount", "")
    try:
        # A bare number of an amount column is yen.
        return Found(parse_yen(written), written, (1, 1), None, SURE) if written else _found_cap(lines)
    except ValueError:
        return caps.best(caps.in_lines([f"上限額 {written}"])) or _found_cap(lines)


def _found_cap(lines: list[str]) -> Found[int] | None:
    return caps.best(caps.in_lines(lines))


def _periods(record: Record, lines: list[str]) -> tuple[Found[Period], ...]:
    opens_at = day(record.get("opens", ""), is_end=False)
    closes_at = day(record.get("closes", ""), is_end=True)
    if opens_at is None and closes_at is None:
        spoken = periods.in_prose(record["reception"]) if record.get("reception") else None
        return (spoken,) if spoken else periods.in_lines(lines)[:3]
    source = f"{record.get('opens', '')}～{record.get('closes', '')}"
    note = "受付備考もごらんください。" if record.get("reception") else ""
    return (Found(Period(opens_at, closes_at), source, (1, 1), None, UNSURE if note else SURE, note),)


def _contact(record: Record) -> str:
    name = record.get("contact") or record.get("operator") or record.get("body") or "公開した自治体"
    return " ".join(str(name).split())[:150]


def _telephone(record: Record) -> str:
    try:
        label = parse_phone(record.get("telephone", "")).label
    except ValueError:
        return ""
    return label if re.fullmatch(r"0\d{1,4}-\d{1,4}-\d{3,4}", label) else ""


def _stated(record: Record) -> frozenset[str]:
    names = {"share": "share", "cap": "amount", "period": "closes", "staff": "staff", "areas": "areas"}
    return frozenset(what for what, name in names.items() if record.get(name))
