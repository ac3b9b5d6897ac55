import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.japan import yen

AMOUNTS = st.integers(0, 10**15)


@pytest.mark.parametrize(
    ("amount", "plain", "man", "thousand"),
    [
        (3_000_000, "3,000,000円", "300万円", "3,000千円"),
        (150_000_000, "150,000,000円", "1億5,000万円", "150,000千円"),
        (105_000, "105,000円", "10万5,000円", "105千円"),
        (100_000_001, "100,000,001円", "1億1円", "100,000,001円"),
        (0, "0円", "0円", "0千円"),
        (-15_000, "-15,000円", "-1万5,000円", "-15千円"),
    ],
)
def test_amounts_are_written_without_rounding(amount, plain, man, thousand):
    assert (yen.format_yen(amount), yen.in_man(amount), yen.in_thousand(amount)) == (plain, man, thousand)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("3,000千円", 3_000_000),
        ("300万円", 3_000_000),
        ("3百万円", 3_000_000),
        ("三百万円", 3_000_000),
        ("1億円", 100_000_000),
        ("1.5億円", 150_000_000),
        ("上限3,000千円", 3_000_000),
        ("上限額 300万円以内", 3_000_000),
        ("10万8千円", 108_000),
        ("５千万円", 50_000_000),
        ("千円", 1_000),
        ("¥３，０００", 3_000),
        ("1億2千3百万4千円", 123_004_000),
        ("3000000", 3_000_000),
    ],
)
def test_the_usual_ways_of_writing_an_amount_are_read(text, amount):
    assert yen.parse_yen(text) == amount


@pytest.mark.parametrize(
    "text",
    ["", "円", "万円", "3,00円", "1万1億円", "1万2万円", "5百3千円", "-3円", "無料", "1" * 41, "1" * 5000],
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError, match="金額として読み取れません"):
        yen.parse_yen(text)


def test_a_fraction_of_a_yen_is_refused():
    with pytest.raises(ValueError, match="1円未満"):
        yen.parse_yen("1.5円")


def test_an_amount_is_cut_down_to_thousands():
    assert yen.floor_to(1_234_999) == 1_234_000
    assert yen.floor_to(1_234_999, unit=10_000) == 1_230_000


@pytest.mark.parametrize(("amount", "unit"), [(-1, 1000), (1, 0)])
def test_cutting_a_debt_or_by_nothing_is_refused(amount, unit):
    with pytest.raises(ValueError, match="切り捨て"):
        yen.floor_to(amount, unit)


@given(AMOUNTS)
def test_every_written_amount_reads_back_exactly(amount):
    written = {yen.format_yen(amount), yen.in_man(amount), yen.in_thousand(amount)}
    assert {yen.parse_yen(text) for text in written} == {amount}


@given(AMOUNTS, st.integers(1, 10**6))
def test_cutting_loses_less_than_a_unit(amount, unit):
    cut = yen.floor_to(amount, unit)
    assert cut % unit == 0
    assert 0 <= amount - cut < unit
