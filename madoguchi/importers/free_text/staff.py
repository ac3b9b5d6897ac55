"""How many employees a business may have: 従業員数20名以下, 小規模企業者, 901名以上."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from madoguchi.importers.documents.found import GUESS, LIKELY, SURE, UNSURE, Found
from madoguchi.importers.documents.lines import plain

_COUNTED = r"(?:従業員|従業者|労働者|社員|職員|使用人|雇用者)"
_LIMIT = re.compile(
    rf"{_COUNTED}(?!1人|1名)[^。\d]{{0,24}}?(?P<count>\d{{1,3}}(?:,\d{{3}})*)\s?(?:人|名)(?P<end>以下|以内|以上|未満|超|まで|を超え|を下回)"
)
_BARE = re.compile(r"^(?P<count>\d{1,4})\s?(?:人|名)\s?(?P<end>以下|以上|未満|以内)$")
_NONE = re.compile(r"制約なし|制限なし|問わない|規模(?:は|を)?問わ")
_SMALL = re.compile(r"小規模(?:企業|事業)者")
_LISTED = re.compile(r"小規模(?:企業|事業)者(?:支援|の支援|持続化|経営改善|等?持続化|共済)")
# New hires, a share of the staff, a fee for each: no limit of the size.
_OTHER = re.compile(
    r"新規|採用|若手|女性|外国人|正規|増|1人(?:当|あ|に)|参加|受講|うち|対象となる(?:従業員|労働者)|障害"
)
# 中小企業基本法 第2条; some trades have more by order (900, 200).
_OF_THE_LAW = frozenset({300, 100, 50})


@dataclass(frozen=True)
class Staff:
    """Regular employees: at most, at least; neither when there is no limit."""

    at_most: int | None = None
    at_least: int | None = None


def of_field(text: str) -> Found[Staff] | None:
    """Read a field that holds one band, such as 20名以下, 901名以上 or 従業員数の制約なし."""
    flat = plain(text).strip().replace(",", "")
    if _NONE.search(flat):
        return Found(Staff(), text, (1, 1), None, SURE)
    found = _BARE.match(flat.removeprefix("従業員数").strip(" :"))
    if found:
        return Found(_staff(int(found["count"]), found["end"]), text, (1, 1), None, SURE)
    return in_lines([text])


def in_lines(lines: Sequence[str]) -> Found[Staff] | None:
    """Find the limit in the lines of a text; of several (a law's limits by trade) the highest."""
    limits: list[tuple[Staff, int]] = []
    small: int | None = None
    for place, line in enumerate(lines):
        flat = plain(line)
        limits += [
            (_staff(int(found["count"].replace(",", "")), found["end"]), place)
            for found in _LIMIT.finditer(flat)
            if not _OTHER.search(flat[max(0, found.start() - 14) : found.end()])
        ]
        if small is None and _SMALL.search(_LISTED.sub("", flat)):
            small = place
    if limits:
        return _of(limits, lines)
    if small is not None and _speaks_of_small_alone(lines):
        reason = "小規模企業者（20人以下。商業・サービス業は5人以下）と書かれています。"
        return Found(Staff(at_most=20), lines[small], (small + 1, small + 1), None, GUESS, reason)
    return None


def _of(limits: Sequence[tuple[Staff, int]], lines: Sequence[str]) -> Found[Staff]:
    above = [each for each in limits if each[0].at_most is not None]
    chosen, place = max(above, key=lambda each: each[0].at_most or 0) if above else limits[0]
    where = (place + 1, place + 1)
    if len({staff for staff, _ in limits}) == 1:
        return Found(chosen, lines[place], where, None, LIKELY, "本文から読み取りました。")
    if {staff.at_most for staff, _ in above} >= _OF_THE_LAW:
        reason = "中小企業基本法の範囲（業種によって300人、100人、50人以下）です。"
        return Found(Staff(at_most=max(_OF_THE_LAW)), lines[place], where, None, UNSURE, reason)
    reason = "本文にいくつかの人数があります（業種などで変わります）。いちばん大きい数です。"
    return Found(chosen, lines[place], where, None, UNSURE, reason)


def _speaks_of_small_alone(lines: Sequence[str]) -> bool:
    """Whether small businesses are the only ones spoken of: 中小企業・小規模事業者 sets no such limit."""
    return not any("中小企業" in plain(line) or "大企業" in plain(line) for line in lines)


def _staff(count: int, end: str) -> Staff:
    if end in ("以下", "以内", "まで"):
        return Staff(at_most=count)
    if end in ("未満", "を下回"):
        return Staff(at_most=count - 1)
    return Staff(at_least=count if end == "以上" else count + 1)
