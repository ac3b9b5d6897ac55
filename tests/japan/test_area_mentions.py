import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.japan import areas
from madoguchi.japan.area_mentions import find_in

AOMORI = "020001"


def found(text, within=None):
    """The passages found, each with the names of its candidates."""
    return [
        (text[each.start : each.end], [area.full_name for area in each.candidates])
        for each in find_in(text, within=within)
    ]


@pytest.mark.parametrize(
    ("text", "passage", "name"),
    [
        ("八戸市で創業したい", "八戸市", "青森県八戸市"),
        ("八戸で創業したい", "八戸", "青森県八戸市"),
        ("⼋⼾で創業したい", "⼋⼾", "青森県八戸市"),
        ("三戸郡三戸町の店", "三戸郡三戸町", "青森県三戸郡三戸町"),
        ("鯵ケ沢町", "鯵ケ沢町", "青森県西津軽郡鰺ヶ沢町"),
        ("つがるで農業", "つがる", "青森県つがる市"),
        ("ニセコで宿を営む", "ニセコ", "北海道虻田郡ニセコ町"),
        ("弘前地域の商店街", "弘前", "青森県弘前市"),
    ],
)
def test_a_place_is_found_with_and_without_its_suffix(text, passage, name):
    assert found(text) == [(passage, [name])]


def test_the_longest_name_wins():
    assert found("東京都東村山市") == [("東京都", ["東京都"]), ("東村山市", ["東京都東村山市"])]


@pytest.mark.parametrize("text", ["広島県府中市", "広島県の府中市"])
def test_the_prefecture_written_before_decides_between_namesakes(text):
    assert found(text)[1] == ("府中市", ["広島県府中市"])


def test_namesakes_all_stay_candidates_and_none_is_the_area():
    (mention,) = find_in("府中市の会社")
    assert {area.code for area in mention.candidates} == {"132063", "342084"}
    assert mention.area is None
    assert find_in("八戸市")[0].area == areas.get("022039")


def test_within_an_area_its_own_namesake_wins():
    assert found("南部町", within=AOMORI) == [("南部町", ["青森県三戸郡南部町"])]
    assert found("横浜で", within=AOMORI) == [("横浜", ["青森県上北郡横浜町"])]


def test_a_place_outside_the_given_area_is_still_found():
    assert found("仙台市へ販路を広げる", within=AOMORI) == [("仙台市", ["宮城県仙台市"])]


def test_a_bare_name_may_mean_the_prefecture_and_its_capital():
    assert found("青森で働く") == [("青森", ["青森県", "青森県青森市"])]


def test_a_ward_is_told_by_its_city():
    assert found("札幌市中央区") == [("札幌市", ["北海道札幌市"]), ("中央区", ["北海道札幌市中央区"])]


@pytest.mark.parametrize(
    "text",
    [
        "中央会の本部",
        "青果の中央市場",
        "町村会の南部支所",
        "金融機関市民講座",
        "国立大学との共同研究",
        "県南部で雪が降る",
        "おむつの製造",
        "むつかしい手続",
        "昭和の建物",
        "",
    ],
)
def test_an_everyday_word_is_not_taken_for_a_place(text):
    assert found(text) == []


def test_a_district_of_a_city_is_not_taken_for_a_town_elsewhere():
    assert found("青森市長島一丁目") == [("青森市", ["青森県青森市"])]


def test_an_unknown_area_to_look_within_is_refused():
    with pytest.raises(ValueError, match="形"):
        find_in("八戸市", within="青森")


@given(st.sampled_from([area for area in areas.all_areas() if area.is_municipality]))
def test_every_municipality_is_found_by_its_full_name(area):
    last = find_in(f"所在地：{area.full_name}。")[-1]
    assert area in last.candidates
    assert last.area == area


@given(st.text(alphabet="青森八戸市町村の府中県 つがるⅢ⼾", max_size=30))
def test_mentions_stand_in_order_and_inside_the_text(text):
    mentions = find_in(text)
    bounds = [edge for each in mentions for edge in (each.start, each.end)]
    assert bounds == sorted(bounds)
    assert all(0 <= each.start < each.end <= len(text) for each in mentions)
