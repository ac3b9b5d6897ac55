"""For which areas a programme is: 全国, prefectures, municipalities; as codes."""

import re
from collections.abc import Sequence

from madoguchi.importers.documents.found import GUESS, LIKELY, SURE, UNSURE, Found
from madoguchi.japan import areas
from madoguchi.japan.area_mentions import find_in
from madoguchi.japan.areas import NATION, Area, AreaKind

Codes = tuple[str, ...]

_SEPARATOR = re.compile(r"\s*[/／;；、,，]\s*")
# The regions that the national portal offers beside the prefectures; Hokkaido is both.
_REGIONS = {
    "北海道地方": ("01",),
    "東北地方": ("02", "03", "04", "05", "06", "07"),
    "関東・甲信越地方": ("08", "09", "10", "11", "12", "13", "14", "15", "19", "20"),
    "東海・北陸地方": ("16", "17", "18", "21", "22", "23", "24"),
    "近畿地方": ("25", "26", "27", "28", "29", "30"),
    "中国地方": ("31", "32", "33", "34", "35"),
    "四国地方": ("36", "37", "38", "39"),
    "九州・沖縄地方": ("40", "41", "42", "43", "44", "45", "46", "47"),
}
_WITHIN = re.compile(r"内(?:に|で|の|企業|事業|中小|産|所在|在住|小規模|商工|農|全域)")

_BEFORE_A_BODY = "　 【】[]（）()令和年度第期次元0123456789０１２３４５６７８９"


def of_field(text: str) -> Found[Codes] | None:
    """Read a list of names ("東京都 / 大阪府"); None when it is empty.

    Naming all 47 prefectures is naming the nation. The nation beside a few prefectures contradicts itself."""
    names = [name for name in _SEPARATOR.split(text.strip()) if name]
    codes: list[str] = []
    unknown: list[str] = []
    for name in names:
        known = _named(name)
        codes += known
        unknown += [] if known else [name]
    if not codes:
        return None
    own = [code for code in dict.fromkeys(codes) if code != NATION]
    everywhere = NATION in codes
    if len({code for code in own if areas.get(code).kind is AreaKind.PREFECTURE}) == 47 or not own:
        return Found((NATION,), text, (1, 1), None, SURE)
    if everywhere:
        reason = "「全国」と都道府県名の両方が書かれています。"
        return Found((NATION,), text, (1, 1), None, UNSURE, reason)
    reason = f"「{unknown[0]}」は地域の名前として読めません。" if unknown else ""
    return Found(tuple(own), text, (1, 1), None, LIKELY if unknown else SURE, reason)


def narrowed(stated: Found[Codes] | None, *, title: str, detail: str, text: Sequence[str]) -> Found[Codes]:
    """What the field states, made narrower where the title or the field of details names places inside.

    A municipality in the title or the detail field means the municipality; the nation beside a few
    prefectures means the prefecture that the title or the text names; nothing stated is read from them."""
    inner = _outermost(_areas_of(detail)) or _in_title(title)
    if stated is None:
        return _unstated(inner, title, detail, text)
    if stated.confidence == UNSURE:
        return _of_nation_and_prefecture(stated, inner, title, text)
    return _inside(stated, inner, title, detail, text) or stated


def _of_nation_and_prefecture(
    stated: Found[Codes], inner: Sequence[Area], title: str, text: Sequence[str]
) -> Found[Codes]:
    """The nation beside a few prefectures: the prefecture that the title or the text names."""
    listed = [code for code in _listed(stated.source) if code != NATION]
    told = inner or _local(text)
    if told and all(any(areas.covers(code, each.code) for code in listed) for each in told):
        return _found(told, title, UNSURE, "「全国」とありますが、題名や本文は地域を名指ししています。")
    if len(listed) == 1 and any(_WITHIN.search(line) for line in text[:6]):
        return _found([areas.get(listed[0])], title, UNSURE, "「全国」とありますが、「県内」などとあります。")
    return stated


def _inside(
    stated: Found[Codes], inner: Sequence[Area], title: str, detail: str, text: Sequence[str]
) -> Found[Codes] | None:
    """The places inside what is stated that the detail field, the title or the text names."""
    if stated.value == (NATION,):
        reason = "「全国」とありますが、題名に地域の名前があります。"
        return _found(inner, title, UNSURE, reason) if inner and _is_local_body(title) else None
    below = [each for each in inner if _is_below(each, stated.value)]
    if below and len(below) == len(inner):
        reason = "題名や地域の詳細の欄に、その中の市区町村などの名前があります。"
        return _found(below, detail or title, LIKELY, reason)
    local = [each for each in _local(text) if each.is_municipality and _is_below(each, stated.value)]
    if len(stated.value) == len(local) == 1 and not inner:
        return _found(local, local[0].name, UNSURE, "本文に、その中の市区町村の「内」とあります。")
    return None


def _is_below(area: Area, codes: Codes) -> bool:
    return any(code != area.code and areas.covers(code, area.code) for code in codes)


def in_lines(lines: Sequence[str], *, title: str = "") -> Found[Codes] | None:
    """Find the areas in a title, else in a text; None when none is named."""
    inner = _in_title(title)
    if inner:
        return _found(inner, title, LIKELY, "題名から読み取りました。")
    local = _local(lines)
    return _found(local, lines[0], UNSURE, "本文から読み取りました。") if local else None


def _unstated(inner: Sequence[Area], title: str, detail: str, text: Sequence[str]) -> Found[Codes]:
    if inner:
        return _found(inner, detail or title, LIKELY, "題名などから読み取りました。")
    local = _local(text)
    if local:
        return _found(local, text[0], UNSURE, "本文から読み取りました。")
    return Found((NATION,), "", (1, 1), None, GUESS, "対象の地域が書かれていません。")


def _found(named: Sequence[Area], source: str, confidence: float, reason: str) -> Found[Codes]:
    return Found(tuple(dict.fromkeys(each.code for each in named)), source, (1, 1), None, confidence, reason)


def _named(name: str) -> list[str]:
    if name == "全国":
        return [NATION]
    if name in _REGIONS:
        return [area.code for area in areas.prefectures() if area.code[:2] in _REGIONS[name]]
    exact = [area.code for area in areas.prefectures() if name in (area.name, area.name[:-1])]
    return exact or [area.code for area in _areas_of(name)]


def _listed(text: str) -> list[str]:
    return [code for name in _SEPARATOR.split(text) for code in _named(name)]


def _areas_of(text: str) -> list[Area]:
    """The places a text names with their 市, 町, 村, 県: a bare name may be a person or a company."""
    named = [mention.area for mention in find_in(text) if mention.area is not None]
    return [
        area for area in dict.fromkeys(named) if area.name in text or area.name[:-1] + area.name[-1] in text
    ]


def _in_title(title: str) -> list[Area]:
    return _outermost(_areas_of(title))


def _outermost(named: Sequence[Area]) -> list[Area]:
    """The most exact places: 愛媛県今治市 is the city, not the prefecture too."""
    return [
        area
        for area in named
        if not any(other != area and areas.covers(area.code, other.code) for other in named)
    ]


def _local(lines: Sequence[str]) -> list[Area]:
    """The place whose inside a text speaks of: 県内に事業所 after the name, 〇〇市内の事業者."""
    found: list[Area] = []
    for line in lines:
        named = (each for each in find_in(line) if _WITHIN.match(line[each.end :]))
        found += [mention.area for mention in named if mention.area]
    return _outermost(list(dict.fromkeys(found)))[:3]


def _is_local_body(title: str) -> bool:
    """Whether a name such as 〇〇市 begins a title: the body that pays, not a place of an event."""
    return any(not title[: mention.start].strip(_BEFORE_A_BODY) for mention in find_in(title))
