"""Readings: the names of Latin letters, and the order of the syllabary."""

import pytest

from madoguchi.japan.kana import order, spelled


@pytest.mark.parametrize(
    ("written", "read"), [("uijたーん", "ゆーあいじぇいたーん"), ("いちご", "いちご"), ("", "")]
)
def test_letters_are_read_by_their_names(written, read):
    assert spelled(written) == read


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("さーびす", "さいたま"),  # ー sounds like the vowel before it
        ("はは", "ばば"),  # marks count where all else is the same
        ("ばなな", "はらっぱ"),  # and nowhere else
        ("しゃかい", "しやくしょ"),
        ("わん", "21"),
    ],
)
def test_one_reading_stands_before_another(first, second):
    assert order(first) < order(second)
