"""The real pack against figures that were counted and typed from the documents by hand."""

import re
from datetime import date

import pytest

from madoguchi.japan import areas, industries
from madoguchi.japan.contact import parse_phone
from madoguchi.packs.check import check
from madoguchi.packs.load import load
from tests.house.places import ROOT
from tests.minato import AT

# Guide Ⅲ of 令和5年度, section 16: places by months, April to September and October to March.
FB_DAYS = """
青森地区 20木 25木 22木 20木 24木 21木 18水 22水 21木 25木 22木 21木
弘前地区 19水 24水 21水 19水 23水 20水 16月 20月 20水 24水 21水 18月
八戸地区① 4火 9火 6火 4火 1火 5火 3火 7火 5火 10水 6火 5火
八戸地区② 21金 26金 23金 21金 25金 22金 20金 27月 22金 26金 20火 22金
五所川原地区 17月 17水 14水 12水 10木 13水 12木 15水 13水 17水 14水 13水
十和田地区 12水 16火 13火 11火 9水 12火 11水 14火 12火 16火 13火 12火
むつ地区 11火 15月 12月 10月 8火 11月 10火 13月 11月 15月 8木 11月
"""
# Report on 令和5年度: rows of each listing, repeats (再掲) among them, printed subtotal in thousand yen.
LISTINGS = {
    "policy-1": (37, 0, 956_168),
    "policy-2": (28, 1, 3_712_330),
    "policy-3": (6, 0, 12_034_032),
    "policy-4": (16, 2, 176_409),
    "policy-5": (9, 4, 102_803),
    "policy-67": (12, 5, 183_866),
    "policy-8": (11, 0, 120_836),
}
TELEPHONE = re.compile(r"0\d+-\d+-\d+")


@pytest.fixture(scope="module")
def aomori():
    return check(ROOT / "packs" / "aomori")


def test_the_pack_has_no_problems(aomori):
    assert [str(problem) for problem in aomori.problems] == []


def sections_with_programmes(pack, file):
    return {
        source.section
        for programme in pack.programmes
        for edition in programme.editions
        for source in edition.sources
        if source.file == file
    }


@pytest.mark.parametrize(("file", "count"), [("000", 25), ("002", 21)])
def test_each_entry_of_the_guides_is_a_programme(aomori, file, count):
    assert sections_with_programmes(aomori, file) >= {str(number) for number in range(1, count + 1)}


def test_the_printed_rows_are_119_for_107_projects(aomori):
    rows = [row for listing in aomori.listings for row in listing.rows]
    first = [row.project for row in rows if not row.repeat]
    assert (len(rows), len({row.project for row in rows}), sum(row.repeat for row in rows)) == (119, 107, 12)
    assert len(first) == len(set(first)) == 107


def test_every_listing_adds_up_to_its_printed_subtotal(aomori):
    counted = {
        listing.code: (
            len(listing.rows),
            sum(row.repeat for row in listing.rows),
            sum(row.printed_cost_thousand_yen for row in listing.rows),
        )
        for listing in aomori.listings
    }
    assert counted == LISTINGS
    assert {row.code: row.stated_subtotal_thousand_yen for row in aomori.listings} == {
        code: subtotal for code, (_, _, subtotal) in LISTINGS.items()
    }


def printed_fb_days() -> dict[str, list[tuple[date, str]]]:
    """The dates of the table with the weekday printed beside each."""
    months = [(2023, month) for month in range(4, 13)] + [(2024, month) for month in range(1, 4)]
    table = {}
    for line in FB_DAYS.split("\n"):
        place, *cells = line.split() or [""]
        days = [re.fullmatch(r"(\d+)(.)", cell).groups() for cell in cells]
        if place:
            table[place] = [(date(*ym, int(day)), name) for ym, (day, name) in zip(months, days, strict=True)]
    return table


def test_the_84_consultation_days_are_those_of_the_document(aomori):
    event = next(event for event in aomori.events if event.slug == "fb-sodankai-2023")
    held = {group.label: list(group.dates) for group in event.occurrences}
    assert held == {place: [day for day, _ in days] for place, days in printed_fb_days().items()}
    assert sum(len(days) for days in held.values()) == 84


def wrong_weekdays(table) -> list[date]:
    """Dates that fall on another weekday than the one printed beside them."""
    return [day for days in table.values() for day, name in days if "月火水木金土日"[day.weekday()] != name]


def test_the_printed_weekdays_are_right():
    assert wrong_weekdays(printed_fb_days()) == []


def test_a_wrong_weekday_is_seen():
    assert wrong_weekdays({"x": [(date(2023, 4, 20), "金"), (date(2023, 4, 21), "金")]}) == [
        date(2023, 4, 20)
    ]


def telephones(record) -> list[str]:
    """Every telephone and fax number anywhere inside a record."""
    found = []
    for name in type(record).model_fields:
        value = getattr(record, name)
        if name in ("telephone", "fax") and value:
            found.append(value)
        for inner in value if isinstance(value, list) else [value]:
            if hasattr(type(inner), "model_fields"):
                found += telephones(inner)
    return found


def test_every_telephone_number_can_be_dialled(aomori):
    numbers = {number for record in aomori.records() for number in telephones(record)}
    assert len(numbers) > 50
    assert [number for number in numbers if not TELEPHONE.fullmatch(number)] == []
    assert [number for number in numbers if parse_phone(number).written != number] == []


def test_every_code_of_an_area_and_an_industry_exists(aomori):
    records = [*aomori.projects, *aomori.events, *(e for p in aomori.programmes for e in p.editions)]
    groupings = {grouping.code for grouping in aomori.region.groupings}
    codes = {code for record in records for code in record.areas} - groupings
    assert {areas.get(code).code for code in codes} == codes
    known = {code for record in records for code in record.industries}
    assert {industries.get(code).code for code in known} == known


def test_the_groupings_hold_every_municipality_once(aomori):
    members = [code for grouping in aomori.region.groupings for code in grouping.members]
    there = [area.code for area in areas.municipalities(aomori.region.prefecture)]
    assert sorted(members) == sorted(there)


@pytest.mark.parametrize(
    "broken", ["0177349373", "017-7349373", "17-734-9373", "017-734-", "０１７-734-9373x"]
)
def test_a_telephone_number_with_a_hole_is_seen(broken):
    assert not TELEPHONE.fullmatch(broken)


@pytest.mark.django_db
def test_the_pack_can_be_loaded_and_the_second_time_changes_nothing(aomori):
    assert len(load(aomori, at=AT).added["programme"]) == len(aomori.programmes)
    assert not load(aomori, at=AT)
