from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.japan import rates


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("2/3", Fraction(2, 3)),
        ("２／３以内", Fraction(2, 3)),
        ("3分の2", Fraction(2, 3)),
        ("３分の２以内", Fraction(2, 3)),
        ("50%", Fraction(1, 2)),
        ("30％", Fraction(3, 10)),
        ("12.5パーセント", Fraction(1, 8)),
        ("10/10", Fraction(1)),
    ],
)
def test_the_usual_ways_of_writing_a_rate_are_read(text, rate):
    assert rates.parse_rate(text) == rate


@pytest.mark.parametrize("text", ["", "2/0", "0分の1", "定額", "2/3又は1/2", "-1/2"])
def test_what_is_no_single_rate_is_refused(text):
    with pytest.raises(ValueError, match="割合"):
        rates.parse_rate(text)


def test_the_whole_is_written_as_ten_tenths():
    assert (rates.as_slash(Fraction(1)), rates.as_bun_no(Fraction(1))) == ("10/10", "10分の10")


def test_a_rate_is_written_as_a_fraction():
    assert (rates.as_slash(Fraction(2, 3)), rates.as_bun_no(Fraction(2, 3))) == ("2/3", "3分の2")


@given(st.fractions(min_value=0, max_value=2))
def test_every_written_rate_reads_back_exactly(rate):
    assert rates.parse_rate(rates.as_slash(rate)) == rates.parse_rate(rates.as_bun_no(rate)) == rate
