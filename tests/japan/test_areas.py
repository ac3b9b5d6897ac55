from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.japan import areas
from madoguchi.japan.areas import AreaKind, Grouping

AOMORI, HACHINOHE, SANNOHE_TOWN, SAPPORO_CHUO, TOKYO_MINATO = "020001", "022039", "024414", "011011", "131032"
NANBU = Grouping("test-nanbu", "南の圏域", frozenset({HACHINOHE, SANNOHE_TOWN}))


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("020001", "青森県"),
        ("022012", "青森市"),
        ("022039", "八戸市"),
        ("023213", "鰺ヶ沢町"),
        ("024503", "新郷村"),
        ("131016", "千代田区"),
        ("271004", "大阪市"),
        ("472018", "那覇市"),
    ],
)
def test_published_codes_bear_their_names(code, name):
    assert areas.get(code).name == name


def test_the_nation_has_47_prefectures_and_1741_municipalities():
    kinds = Counter(area.kind for area in areas.all_areas())
    assert kinds == {
        AreaKind.NATION: 1,
        AreaKind.PREFECTURE: 47,
        AreaKind.CITY: 792,
        AreaKind.TOWN: 743,
        AreaKind.VILLAGE: 183,
        AreaKind.SPECIAL_WARD: 23,
        AreaKind.WARD: 171,
    }
    assert sum(area.is_municipality for area in areas.all_areas()) == 1741


def test_a_prefecture_lists_its_municipalities():
    kinds = Counter(area.kind for area in areas.municipalities(AOMORI))
    assert kinds == {AreaKind.CITY: 10, AreaKind.TOWN: 22, AreaKind.VILLAGE: 8}


def test_all_codes_carry_their_check_digit_and_a_parent_that_exists():
    for area in areas.all_areas():
        if area.code != areas.NATION:
            assert area.code[5] == areas.check_digit(area.code[:5])
            assert areas.get(area.parent)


def test_five_digits_and_full_width_are_understood():
    assert areas.normalise_code("02203") == areas.normalise_code("０２２０３９") == HACHINOHE
    assert areas.normalise_code("00000") == areas.NATION


@pytest.mark.parametrize(
    ("code", "reason"), [("022038", "検査数字"), ("2203", "形"), ("", "形"), ("02299", "地域はありません")]
)
def test_a_wrong_code_is_refused_with_the_reason(code, reason):
    with pytest.raises(ValueError, match=reason):
        areas.get(code)


def test_a_check_digit_is_refused_for_a_wrong_length():
    with pytest.raises(ValueError, match="5桁"):
        areas.check_digit("022039")


def test_a_full_name_begins_like_an_address():
    assert areas.get(HACHINOHE).full_name == "青森県八戸市"
    assert areas.get(SANNOHE_TOWN).full_name == "青森県三戸郡三戸町"
    assert areas.get(SAPPORO_CHUO).full_name == "北海道札幌市中央区"
    assert areas.get(areas.NATION).full_name == "全国"


def test_a_ward_lies_in_its_city_prefecture_and_the_nation():
    assert areas.ancestors(SAPPORO_CHUO) == ("011002", "010006", areas.NATION)
    assert areas.ancestors(TOKYO_MINATO) == ("130001", areas.NATION)
    assert areas.ancestors(areas.NATION) == ()


def test_the_prefecture_of_an_area_is_found_from_any_level():
    assert {areas.prefecture_of(code) for code in (SAPPORO_CHUO, "011002", "010006")} == {areas.get("010006")}
    assert areas.prefecture_of(areas.NATION) is None


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        (areas.NATION, HACHINOHE, True),
        (AOMORI, HACHINOHE, True),
        ("02203", HACHINOHE, True),
        (HACHINOHE, AOMORI, False),
        ("010006", HACHINOHE, False),
    ],
)
def test_an_area_covers_itself_and_what_lies_in_it(outer, inner, expected):
    assert areas.covers(outer, inner) is expected


def test_a_grouping_covers_its_members_and_lies_in_their_prefecture():
    assert areas.covers("test-nanbu", HACHINOHE, groupings=[NANBU])
    assert not areas.covers("test-nanbu", "022012", groupings=[NANBU])
    assert areas.covers(AOMORI, "test-nanbu", groupings=[NANBU])
    assert not areas.covers(HACHINOHE, "test-nanbu", groupings=[NANBU])


def test_a_grouping_stands_between_municipality_and_prefecture():
    assert areas.ancestors(HACHINOHE, groupings=[NANBU]) == ("test-nanbu", AOMORI, areas.NATION)
    assert areas.ancestors("test-nanbu", groupings=[NANBU]) == (AOMORI, areas.NATION)


def test_a_grouping_across_prefectures_lies_in_the_nation_alone():
    across = Grouping("across", "県境の圏域", frozenset({HACHINOHE, "032131"}))
    assert areas.ancestors("across", groupings=[across]) == (areas.NATION,)


def test_an_unknown_grouping_is_refused():
    with pytest.raises(ValueError, match="形"):
        areas.covers("test-nanbu", HACHINOHE)


@pytest.mark.parametrize(
    ("code", "members", "reason"),
    [("x", frozenset(), "市町村がありません"), ("022", frozenset({HACHINOHE}), "区別")],
)
def test_an_unusable_grouping_is_refused(code, members, reason):
    with pytest.raises(ValueError, match=reason):
        Grouping(code, "圏域", members)


@given(st.sampled_from(areas.all_areas()[1:]))
def test_what_covers_an_area_are_itself_and_its_ancestors(area):
    covering = {each.code for each in areas.all_areas() if areas.covers(each.code, area.code)}
    assert covering == {area.code, *areas.ancestors(area.code)}


@given(st.sampled_from(areas.all_areas()[1:]), st.integers(0, 4), st.integers(1, 9))
def test_a_changed_digit_is_noticed_unless_the_check_digit_is_one(area, place, shift):
    """Two of the eleven remainders, 0 and 10, share the check digit 1."""
    changed = area.code[:place] + str((int(area.code[place]) + shift) % 10) + area.code[place + 1 : 5]
    if area.code[5] != "1":
        assert areas.check_digit(changed) != area.code[5]
