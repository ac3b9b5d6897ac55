"""Look-alikes: pairs that people took for one business or for two, and what the score says of them."""

import pytest

from madoguchi.businesses import fields, queries, rules

BASE = {
    "name": "株式会社みほん商店",
    "kana": "ミホンショウテン",
    "area_code": "131016",
    "town": "千代田",
    "street": "一丁目2番3号",
    "telephone": "03-1234-5678",
}

ONE_BUSINESS = [
    {"name": "みほん商店㈱", "kana": ""},
    {"name": "ミホン商店（株）", "street": "1-2-3"},
    {"name": "（有）みほん商店", "telephone": ""},
    {"name": "見本商店", "telephone": "０３（１２３４）５６７８"},
    {"name": "株式会社みほん商會", "street": "1の2の3"},
    {"name": "みほん商店", "town": "", "street": ""},
    {"name": "みほん商店 本店", "street": "１－２－３"},
    {"name": "株式会社みほん", "kana": "", "street": "1-2-3"},
]
TWO_BUSINESSES = [
    {"name": "株式会社みなと商店", "kana": "ミナトショウテン", "telephone": "", "street": "9-9"},
    {"area_code": "141046", "town": "日本大通", "street": "1", "telephone": ""},
    {"name": "別の会社", "kana": "ベツノカイシャ", "street": "9-9", "telephone": ""},
    {"name": "みほん運輸", "kana": "ミホンウンユ", "telephone": "03-9999-9999", "street": "5-6"},
]


def score(one, other):
    return rules.compare(
        *(queries.likeness_of(fields.draft(fields.clean(values))) for values in (one, other))
    )


@pytest.mark.parametrize("changes", ONE_BUSINESS)
def test_what_people_take_for_one_business_is_worth_a_look(changes):
    assert score(BASE, BASE | changes).is_worth_a_look


@pytest.mark.parametrize("changes", TWO_BUSINESSES)
def test_what_people_take_for_two_is_not(changes):
    assert not score(BASE, BASE | changes).is_worth_a_look


def test_the_same_record_twice_is_sure():
    assert score(BASE, BASE).points == 100
    assert score(BASE, BASE).is_sure


def test_a_score_is_the_same_from_both_sides():
    for changes in ONE_BUSINESS + TWO_BUSINESSES:
        assert score(BASE, BASE | changes) == score(BASE | changes, BASE)


def test_the_same_number_is_one_business_whatever_it_is_called():
    number = {"corporate_number": "5835678256246"}
    assert score(BASE | number, {"name": "まったく別の名前", **number}).points == 100


def test_two_numbers_are_two_businesses_whatever_they_share():
    one, other = {"corporate_number": "5835678256246"}, {"corporate_number": "2000012010019"}
    assert score(BASE | one, BASE | other).points == 0


def test_every_point_is_explained():
    found = score(BASE, BASE | {"name": "みほん商店㈱", "street": "1-2-3"})
    assert [clue.code for clue in found.clues] == ["same_name", "same_telephone", "same_address"]
    assert min(100, sum(clue.points for clue in found.clues)) == found.points


def test_what_is_missing_says_nothing():
    assert score({"name": "みほん商店"}, {"name": "別の店"}).clues == ()
