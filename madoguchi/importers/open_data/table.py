"""The rows of such a table as records, or what has to be mended first, with row and column."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from madoguchi.foundation.tables import Table
from madoguchi.importers.free_text import periods, places
from madoguchi.importers.open_data.columns import HEADINGS, places_of
from madoguchi.japan import areas

Record = dict[str, Any]
_MOST = 5_000
_TITLE = 200
_LISTED = re.compile(r"[;；\n]")
_OPEN_ENDED = frozenset({"未定", "常時", "随時", "通年", "-", "ー", "－"})


@dataclass(frozen=True)
class Mistake:
    """A cell to mend: its row in the file, its heading, what stands there, what is wrong."""

    row: int
    heading: str
    typed: str
    sentence: str


@dataclass
class Plan:
    """The records of a table, what has to be mended, and the headings that nobody knows."""

    records: list[Record] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def plan(table: Table) -> Plan:
    """Look at every row; a table without a column of titles is one mistake."""
    at, unknown = places_of(table.headings)
    found = Plan(unknown=unknown)
    if "title" not in at:
        found.mistakes.append(Mistake(1, HEADINGS["title"][0], "", "制度名の列がありません。"))
        return found
    seen: dict[str, int] = {}
    for number, cells in table.rows:
        row = {name: cells[place].strip()[:_MOST] for name, place in at.items() if cells[place].strip()}
        mistakes = [
            Mistake(number, table.headings[at[name]], row.get(name, "")[:60], sentence)
            for name, sentence in _mistakes(row).items()
            if name in at
        ]
        record = {"id": _id(row), **row}
        if first := seen.get(record["id"]):
            mistakes.append(Mistake(number, table.headings[at["title"]], "", f"{first}行目と同じ制度です。"))
        seen.setdefault(record["id"], number)
        found.mistakes += mistakes
        if not mistakes:
            found.records.append(record)
    return found


def _mistakes(row: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with a row, by column."""
    wrong: dict[str, str] = {}
    title = row.get("title", "")
    if not title or len(title) > _TITLE:
        wrong["title"] = f"制度名を、{_TITLE}字までで書いてください。"
    if "code" in row and not _is_area(row["code"]):
        wrong["code"] = "全国地方公共団体コード（5桁か6桁）ではありません。"
    wrong |= {name: sentence for name in ("areas", "towns") if (sentence := _wrong_areas(row.get(name, "")))}
    wrong |= _wrong_days(row)
    for name in ("url", "apply_url"):
        if row.get(name) and not re.fullmatch(r"https?://[^\s<>\"]{1,190}", row[name]):
            wrong[name] = "https:// で始まるアドレスを書いてください。"
    return wrong


def _wrong_areas(text: str) -> str:
    if not text:
        return ""
    found = places.of_field(_parted(text))
    return "地域の名前として読めません。" if found is None else found.reason


def _wrong_days(row: Mapping[str, str]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for name in ("opens", "closes"):
        if row.get(name) and row[name] not in _OPEN_ENDED and day(row[name], is_end=name == "closes") is None:
            wrong[name] = "日付として読めません。例：2025-04-01"
    start, end = (day(row.get(name, ""), is_end=name == "closes") for name in ("opens", "closes"))
    if start and end and start >= end:
        wrong["closes"] = "受付の終わりが、始まりより前です。"
    return wrong


def day(text: str, *, is_end: bool) -> datetime | None:
    """The instant of a day column; None for 未定 and 常時."""
    return None if text in _OPEN_ENDED else periods.of_field(text, is_end=is_end)


def _parted(text: str) -> str:
    return " / ".join(part for part in _LISTED.split(text) if part)


def _is_area(code: str) -> bool:
    try:
        areas.get(code.zfill(5) if len(code) < 5 else code)
    except ValueError:
        return False
    return True


def _id(row: Mapping[str, str]) -> str:
    """Stable from file to file: the body's code and number; without a number the title stands for it."""
    told = f"{row.get('code', '')}-{row.get('number') or row.get('title', '')}".lower()
    if row.get("number") and re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", told) and len(told) <= 60:
        return told
    return hashlib.sha256(told.encode()).hexdigest()[:16]
