"""No region in code: names of places and institutions live in the region pack alone."""

from functools import cache

from madoguchi.japan import areas
from madoguchi.japan.area_mentions import spoken_name
from madoguchi.packs.check import check
from tests.house.places import PACKAGE, ROOT, shown

_TEXT = {".py", ".html", ".css", ".js", ".svg", ".po", ".txt", ".json", ".md", ".tsv", ".sql", ".typ"}
# Nationwide code tables name every place.
_NATIONWIDE = PACKAGE / "japan" / "data"
# Names that are also ordinary Japanese words, or bodies that every region has.
_ORDINARY = {
    "階上",
    "南部",
    "横浜",
    "平川",
    "三戸",
    "むつ",
    "板柳",
    "下北",
    "上北",
    "西北",
    "中南",
    "三八",
    "東青",
}
_EXCEPTIONS = {
    ("madoguchi/ops/setting_up.py", "aomori"): "the pack that comes with the software is loaded by default",
}


@cache
def region_words() -> frozenset[str]:
    """The pack's own words: its places, organisations and units."""
    pack = check(ROOT / "packs" / "aomori")
    prefecture = areas.get(pack.region.prefecture)
    places = [prefecture, *areas.municipalities(prefecture.code)]
    words = {"aomori", "Aomori", "AOMORI", "あおもり"}
    words |= {spoken_name(place) or place.name for place in places} | {place.name for place in places}
    words |= {f"{grouping.name}地域" for grouping in pack.region.groupings}
    own = {item.slug for item in pack.organisations if item.area and item.area != areas.NATION}
    words |= {
        name for item in pack.organisations if item.slug in own for name in (item.name, item.short_name)
    }
    words |= {unit.name for unit in pack.units if unit.organisation in own}
    return frozenset(word for word in words if len(word) > 1 and word not in _ORDINARY)


def region_mentions(text: str) -> set[str]:
    """The words of the region that stand in a text."""
    return {word for word in region_words() if word in text}


def test_code_names_no_region():
    found = {
        (shown(path), word)
        for path in sorted(PACKAGE.rglob("*"))
        if path.suffix in _TEXT and _NATIONWIDE not in path.parents
        for word in region_mentions(path.read_text(encoding="utf-8"))
    }
    assert found == set(_EXCEPTIONS)


def test_the_words_come_from_the_pack():
    assert {"青森", "弘前", "八戸市", "青森県よろず支援拠点"} & region_words() >= {"青森", "弘前", "八戸市"}
    assert len(region_words()) > 100


def test_a_name_of_the_region_is_caught():
    assert "青森" in region_mentions('title = "青森県の支援制度"')
    assert "aomori" in region_mentions('if region.key == "aomori":')
    assert region_mentions('title = "地域の支援制度"') == set()
