"""Amounts that a text calls the limit of what is paid, in yen."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from madoguchi.importers.documents.found import GUESS, LIKELY, UNSURE, Found
from madoguchi.importers.documents.lines import plain
from madoguchi.japan.yen import parse_yen

MONEY = r"(?:約\s?)?\d[\d,.]*\s?(?:億|千万|百万|十万|万|千|百)?\s?(?:\d[\d,]*\s?(?:千万|百万|万|千)?)?\s?円"
_LIMIT = r"(?:上限(?:額|金額)?|限度(?:額)?|最大|最高|上限単価)"
_MARKS = r"[\s(「『:・は、がで/とし=…]{0,6}"
_PER = r"(?:1[^\d\s,.]{1,8}(?:当たり|あたり|につき|ごと)\s?)?"
CAP = re.compile(
    rf"{_LIMIT}{_MARKS}{_PER}{_MARKS}(?:総額|合計|原則|年間|最大)?{_MARKS}(?P<after>{MONEY})"
    rf"|(?P<before>{MONEY})\s?(?:を|が|の|\()?\s?(?P<word>上限|限度|以内|まで(?!の))"
)
_HEADING = re.compile(
    r"(?:補助|助成|支援|交付|給付|奨励|上限|限度)[^。]{0,14}(?:額|上限|限度|金額)[^。]{0,6}$|^.{0,8}(?:上限額|限度額).{0,8}$"
)
_LESS = re.compile(r"下限|以上|予算|総事業費|売上|資本|出資|年商|所得|課税")
# What is multiplied or paid for each piece is no limit.
_NO_LIMIT = re.compile(r"[×xX*]\s?\d|/\s?(?:台|人|名|戸|㎡|kW)|下限|円\s?以上|予算")
_UNIT_AFTER = re.compile(r"\s?[/／](?!社|者|事業者|件|企業|年|期)\s?[^\s\d]|\s?を?加算")
_UNIT_BEFORE = re.compile(
    r"(?:1|一)\s?(?:台|人|名|戸|棟|基|箇所|か所|ヶ所|日|時間|月|泊|回|本|頭|kW|TEU|㎡)[^。、]{0,4}(?:当たり|あたり|につき|ごと)[^。、]{0,12}$"
)


@dataclass(frozen=True)
class Amount:
    """An amount called a limit: as written, whether by name (上限), whether for one unit only."""

    yen: int
    written: str
    is_called: bool
    is_per_unit: bool


def amounts(flat: str) -> Iterator[Amount]:
    """Yield the amounts of a text in half width that are called a limit."""
    for found in CAP.finditer(flat):
        written = found["after"] or found["before"]
        yen = _yen(written)
        around = flat[max(0, found.start() - 12) : found.start()]
        if yen is None or _LESS.search(around) or _LESS.match(flat[found.end() : found.end() + 2]):
            continue
        called = found["after"] is not None or found["word"] in ("上限", "限度")
        per_unit = bool(
            _UNIT_AFTER.match(flat[found.end() :])
            or _UNIT_BEFORE.search(flat[max(0, found.start() - 30) : found.end() - len(written)])
        )
        yield Amount(yen, found[0], called, per_unit)


def in_lines(lines: Sequence[str]) -> tuple[Found[int], ...]:
    """Find the limits in the lines of a text, the surest and then the highest first; per unit come last."""
    found: list[tuple[int, Found[int]]] = []
    heading = False
    for place, line in enumerate(lines):
        flat = plain(line)
        here = list(amounts(flat))
        if heading and not here:
            found += _below_heading(flat, line, place)
        found += [_ranked(each, line, place) for each in here]
        heading = bool(_HEADING.search(flat)) and "円" not in flat and not _LESS.search(flat)
    found.sort(key=lambda each: (each[0], -each[1].value))
    return tuple(each for _, each in found)


def _ranked(amount: Amount, line: str, place: int) -> tuple[int, Found[int]]:
    where = (place + 1, place + 1)
    if amount.is_per_unit:
        return 2, Found(amount.yen, line, where, None, GUESS, "1台、1人などの単位ごとの金額のようです。")
    if amount.is_called:
        return 0, Found(amount.yen, line, where, None, LIKELY, "本文の「上限」から読み取りました。")
    return 1, Found(amount.yen, line, where, None, GUESS, "「以内」「まで」の金額です。")


def best(found: Sequence[Found[int]]) -> Found[int] | None:
    """The highest of the surest limits; less sure when the text names several."""
    if not found:
        return None
    first = found[0]
    rivals = {each.value for each in found if each.confidence == first.confidence}
    if len(rivals) == 1:
        return first
    lower = UNSURE if first.confidence > UNSURE else GUESS
    reason = "本文にいくつかの上限があります。いちばん大きい額です。"
    return Found(first.value, first.source, first.lines, None, lower, reason)


def _below_heading(flat: str, line: str, place: int) -> Iterator[tuple[int, Found[int]]]:
    """The amount of the line below a heading such as 補助上限額; the highest, less surely, of several."""
    values = {yen for each in re.findall(MONEY, flat) if (yen := _yen(each)) is not None}
    if not values or len(flat) > 100 or _NO_LIMIT.search(flat):
        return
    where = (place + 1, place + 1)
    if len(values) == 1 and len(flat) < 60:
        yield 0, Found(values.pop(), line, where, None, LIKELY, "見出しの次の行から読み取りました。")
    else:
        yield 0, Found(max(values), line, where, None, UNSURE, "見出しの次の行にいくつかの金額があります。")


def _yen(written: str) -> int | None:
    try:
        return parse_yen(re.sub(r"約|\s", "", written))
    except ValueError:
        return None
