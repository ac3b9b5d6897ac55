import pytest

from madoguchi.japan.company_names import fold_name, legal_form_of, to_katakana


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("株式会社みほん商店", "kabushiki"),
        ("みほん商店㈱", "kabushiki"),
        ("（有）みほん", "tokurei_yugen"),
        ("合同会社みほん", "godo"),
        ("ＮＰＯ法人みほん", "npo"),
        ("一般社団法人みほん", "ippan"),
        ("みほん事業協同組合", "jigyo_kyodo_kumiai"),
        ("みほん食堂", ""),
    ],
)
def test_a_name_states_its_form(name, form):
    assert legal_form_of(name) == form


@pytest.mark.parametrize(
    "written",
    [
        "株式会社ミホン商店",
        "みほん商店（株）",
        "ミホン 商店㈱",
        "㈱みほん・商店",
        "株式會社 みほん商店",
        "ﾐﾎﾝ商店",
    ],
)
def test_names_that_people_do_not_tell_apart_are_equal(written):
    assert fold_name(written) == "みほん商店"


def test_the_form_of_a_union_belongs_to_its_name():
    assert fold_name("みほん事業協同組合") == "みほん事業協同組合"


def test_a_name_of_nothing_but_its_form_keeps_it():
    assert fold_name("株式会社") == "株式会社"


def test_names_that_differ_stay_different():
    assert fold_name("みほん商会") != fold_name("みほん商店")


def test_a_reading_becomes_full_width_katakana():
    assert to_katakana("みほんｼｮｳﾃﾝ") == "ミホンショウテン"
