"""Areas as the pages filter by them and name them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from madoguchi.institutions.models import Region
from madoguchi.japan import areas
from madoguchi.japan.areas import Grouping
from madoguchi.web.shared import wording


@dataclass(frozen=True)
class AreaChoice:
    """A 圏域 to choose: where its office sits and which municipalities belong to it."""

    code: str
    name: str
    seat: str
    members: str


def choices(region: Region | None) -> list[AreaChoice]:
    """The region's 圏域 in the pack's order."""
    if region is None:
        return []
    return [
        AreaChoice(
            row["code"],
            row["name"],
            row["seat"],
            "、".join(areas.get(code).name for code in row["members"]),
        )
        for row in region.groupings
    ]


def projects_title(region: Region | None) -> str:
    """県の取り組み, by what the region's prefecture is."""
    return wording.prefectural_projects(region.prefecture_name if region else "")


def name_of(code: str, groupings: Iterable[Grouping]) -> str:
    """The name of an area or grouping; an unknown code stays as it is."""
    for grouping in groupings:
        if grouping.code == code:
            return grouping.name
    try:
        return areas.get(code).name
    except ValueError:
        return code


def within(inner: str, outer: str, groupings: Collection[Grouping]) -> bool:
    """Whether an area lies in another; False when a code is unknown."""
    try:
        return areas.covers(outer, inner, groupings=groupings)
    except ValueError:
        return False


def touches(one: str, other: str, groupings: Collection[Grouping]) -> bool:
    """Whether two areas have something in common: one lies in the other."""
    return within(one, other, groupings) or within(other, one, groupings)
