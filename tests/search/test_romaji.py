import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.search.romaji import readings


@pytest.mark.parametrize(
    ("typed", "kana"),
    [
        ("hojokin", "ほじょきん"),
        ("tyuusyou", "ちゅうしょう"),
        ("chuushou", "ちゅうしょう"),
        ("jyosei", "じょせい"),
        ("zyosei", "じょせい"),
        ("gakkou", "がっこう"),
        ("matcha", "まっちゃ"),
        ("shin'you", "しんよう"),
        ("shimbun", "しんぶん"),
        ("shinnyuu", "しんにゅう"),
        ("se-rusu", "せーるす"),
        ("kigyō", "きぎょう"),
    ],
)
def test_letters_are_read_as_they_are_typed(typed: str, kana: str) -> None:
    assert next(readings(typed)) == kana


def test_long_vowels_that_signs_leave_out_are_restored() -> None:
    assert list(readings("jigyo")) == ["じぎょ", "じぎょう"]


@pytest.mark.parametrize("typed", ["dx", "it", "seminar", "camera", "補助", "", "a1"])
def test_what_is_no_romanised_japanese_has_no_reading(typed: str) -> None:
    assert list(readings(typed)) == []


@given(st.text(alphabet="aiueoknstm'-jy", max_size=300))
def test_readings_stay_few(typed: str) -> None:
    assert len(list(readings(typed))) <= 64
