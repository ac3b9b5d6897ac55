import pytest

from madoguchi.japan.addresses import Address, fold_address, in_one_line, split


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("神奈川県横浜市中区日本大通１", Address("141046", "日本大通", "1")),
        ("横浜市中区日本大通1", Address("141046", "日本大通", "1")),
        ("岩手県下閉伊郡山田町八幡町3番20号", Address("034827", "八幡町", "3番20号")),
        ("東京都千代田区霞が関三丁目1番1号", Address("131016", "霞が関", "三丁目1番1号")),
        ("山田町八幡町3-20", Address("034827", "八幡町", "3-20")),
        ("どこかの 町1-2", Address("", "どこかの町", "1-2")),
        ("", Address("", "", "")),
    ],
)
def test_an_address_falls_into_its_parts(line, parts):
    assert split(line) == parts


def test_a_name_that_several_towns_share_is_not_guessed():
    assert split("池田町一番町1").area_code == ""


def test_parts_join_to_one_line():
    assert (
        in_one_line("034827", "八幡町", "3-20", "みほんビル2階")
        == "岩手県下閉伊郡山田町八幡町3-20 みほんビル2階"
    )
    assert in_one_line("", "どこか", "1") == "どこか1"
    assert in_one_line("999999", "どこか", "1") == "どこか1"


@pytest.mark.parametrize(
    "written",
    [
        "本町一丁目2番3号",
        "本町１－２－３",
        "本町1丁目2-3",
        "本町1の2の3",
        "本町 1ー2ー3",
        "大字本町1-2番地の3",
    ],
)
def test_writings_of_one_address_are_equal(written):
    assert fold_address(written) == "本町1-2-3"


def test_other_numbers_stay_different():
    assert fold_address("本町1-23") != fold_address("本町12-3")
    assert fold_address("本町十一丁目1") == "本町11-1"
