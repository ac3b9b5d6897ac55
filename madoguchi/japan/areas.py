"""Areas: the nation, 47 prefectures, 1,741 municipalities and the wards of designated cities.

Codes are the six-digit 全国地方公共団体コード, text with its leading zero and check digit. Five digits
are understood everywhere. The six villages of the Northern Territories, which have no offices, are left out.
Groups of municipalities (圏域) belong to a region: functions take them as an argument.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from madoguchi.japan import table
from madoguchi.japan.digits import half_width, is_digits

NATION = "000000"
_WEIGHTS = (6, 5, 4, 3, 2)


class AreaKind(StrEnum):
    """What an area is."""

    NATION = "nation"
    PREFECTURE = "prefecture"
    CITY = "city"
    TOWN = "town"
    VILLAGE = "village"
    SPECIAL_WARD = "special_ward"
    """特別区: one of the 23, a municipality of its own."""
    WARD = "ward"
    """行政区: part of a designated city."""


MUNICIPALITY_KINDS = frozenset({AreaKind.CITY, AreaKind.TOWN, AreaKind.VILLAGE, AreaKind.SPECIAL_WARD})


@dataclass(frozen=True, slots=True)
class Area:
    """One area; `parent` is a code, `district` the county (郡) or island an address puts before the name."""

    code: str
    name: str
    kana: str
    kind: AreaKind
    parent: str
    district: str = ""

    @property
    def is_municipality(self) -> bool:
        """Tell whether this is a city, town, village or special ward."""
        return self.kind in MUNICIPALITY_KINDS

    @property
    def full_name(self) -> str:
        """The name as an address begins: prefecture, county or city, name."""
        if self.parent in ("", NATION):
            return self.name
        return f"{get(self.parent).full_name}{self.district}{self.name}"


@dataclass(frozen=True, slots=True)
class Grouping:
    """A named group of areas, such as a 圏域; raises ValueError without members or under an area's code."""

    code: str
    name: str
    members: frozenset[str]

    def __post_init__(self) -> None:
        if not self.members:
            raise ValueError(f"圏域「{self.name}」に市町村がありません。")
        if self.code.isdigit():
            raise ValueError(f"圏域のコード「{self.code}」は市町村のコードと区別できません。")


def check_digit(five_digits: str) -> str:
    """Return the check digit of a five-digit area code; raises ValueError unless given five digits."""
    if not is_digits(five_digits, 5):
        raise ValueError("全国地方公共団体コードの検査数字は5桁の数字から求めます。")
    weighted = sum(int(digit) * weight for digit, weight in zip(five_digits, _WEIGHTS, strict=True))
    return str((11 - weighted % 11) % 10)


def normalise_code(text: str) -> str:
    """Return the six-digit form of a five- or six-digit code; raises ValueError on a wrong check digit.

    Also of a code nobody bears: whether the area exists is for `get` to say.
    """
    code = half_width(text)
    if code in (NATION, NATION[:5]):
        return NATION
    if is_digits(code, 5):
        return code + check_digit(code)
    if not is_digits(code, 6):
        raise ValueError(f"「{text}」は全国地方公共団体コードの形（5桁か6桁の数字）ではありません。")
    if code[5] != check_digit(code[:5]):
        raise ValueError(f"全国地方公共団体コード「{text}」の検査数字が合いません。")
    return code


@lru_cache(maxsize=4096)
def get(code: str) -> Area:
    """Return the area of a code; raises ValueError if the code is malformed or nobody's."""
    area = _areas().get(normalise_code(code))
    if area is None:
        raise ValueError(f"全国地方公共団体コード「{code}」の地域はありません。")
    return area


def all_areas() -> tuple[Area, ...]:
    """Return every area in the order of codes, the nation first."""
    return tuple(_areas().values())


def prefectures() -> tuple[Area, ...]:
    """Return the 47 prefectures from north to south."""
    return tuple(area for area in _areas().values() if area.kind is AreaKind.PREFECTURE)


def municipalities(prefecture: str) -> tuple[Area, ...]:
    """Return a prefecture's municipalities in the order of codes; raises ValueError on an unknown code."""
    return tuple(area for area in children(prefecture) if area.is_municipality)


def children(code: str) -> tuple[Area, ...]:
    """Return the areas directly below one; raises ValueError on an unknown code."""
    outer = get(code).code
    return tuple(area for area in _areas().values() if area.parent == outer)


def prefecture_of(code: str) -> Area | None:
    """Return the prefecture an area lies in, itself if it is one, None for the nation; raises ValueError."""
    area = get(code)
    while area.kind is not AreaKind.PREFECTURE:
        if not area.parent:
            return None
        area = get(area.parent)
    return area


def ancestors(code: str, *, groupings: Collection[Grouping] = ()) -> tuple[str, ...]:
    """Return the codes of what contains an area, nearest first, the nation last; raises ValueError.

    Groupings come before the prefectures and the nation: those the area or its city belongs to, and,
    for a grouping, those that hold all its members. The prefecture is that of all its members, if one.
    """
    chain = _chain(code, groupings)
    around = [
        each.code for each in groupings if each.code != code and covers(each.code, code, groupings=groupings)
    ]
    local = [each for each in chain if get(each).kind not in (AreaKind.PREFECTURE, AreaKind.NATION)]
    return (*local, *around, *(each for each in chain if each not in local))


def covers(outer: str, inner: str, *, groupings: Collection[Grouping] = ()) -> bool:
    """Tell whether one area contains another or equals it; raises ValueError on an unknown code.

    A grouping contains what its members contain; it lies within an area that contains all its members.
    """
    inner_members = _members(inner, groupings)
    outer_members = _members(outer, groupings)
    return all(any(_area_covers(out, each) for out in outer_members) for each in inner_members)


def _area_covers(outer: str, inner: str) -> bool:
    area = get(inner)
    while area.code != outer:
        if not area.parent:
            return False
        area = get(area.parent)
    return True


def _members(code: str, groupings: Iterable[Grouping]) -> frozenset[str]:
    for grouping in groupings:
        if grouping.code == code:
            return frozenset(get(member).code for member in grouping.members)
    return frozenset({get(code).code})


def _chain(code: str, groupings: Iterable[Grouping]) -> tuple[str, ...]:
    """The areas that contain every member of a grouping, or a single area, nearest first."""
    members = _members(code, groupings)
    first, *others = [_parents(member) for member in sorted(members)]
    return tuple(each for each in first if all(each in parents for parents in others))


def _parents(code: str) -> tuple[str, ...]:
    found: list[str] = []
    area = get(code)
    while area.parent:
        found.append(area.parent)
        area = get(area.parent)
    return tuple(found)


@cache
def _areas() -> dict[str, Area]:
    nation = Area(NATION, "全国", "ゼンコク", AreaKind.NATION, "")
    listed = (
        Area(row["code"], row["name"], row["kana"], AreaKind(row["kind"]), row["parent"], row["district"])
        for row in table.rows("areas.tsv")
    )
    return {area.code: area for area in (nation, *listed)}
