import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.web.portal.shapes import fit_typed


@pytest.mark.parametrize("text", ["12", "１２", " 12人", "約12名", "１２ 人", "1,2"])
def test_a_number_of_people_is_read_as_people_write_it(text):
    assert fit_typed.count(text) == 12


@pytest.mark.parametrize(
    "text", ["", "x", "-3", "1.5", "十二", "12345人以上です", "5千人", "2万", "9" * 5000]
)
def test_what_is_no_number_of_people_is_refused(text):
    with pytest.raises(ValueError, match="数字で"):
        fit_typed.count(text)


@pytest.mark.parametrize(
    ("text", "amount_yen"),
    [
        ("1,000", 10_000_000),
        ("１０００万円", 10_000_000),
        ("3億円", 300_000_000),
        ("12000000円", 12_000_000),
        ("1234.5678", 12_345_678),
        ("0", 0),
    ],
)
def test_money_is_read_in_units_of_ten_thousand_yen_unless_it_names_another(text, amount_yen):
    assert fit_typed.money(text) == amount_yen


@pytest.mark.parametrize("text", ["9" * 5000, "0." + "0" * 5000, "100000000000000001円", "1000000兆円"])
def test_money_beyond_what_can_be_kept_is_refused_in_a_sentence(text):
    with pytest.raises(ValueError, match="額を"):
        fit_typed.money(text)
    assert fit_typed.money("100000000000000000円") == 10**17


def test_a_loss_is_read_where_there_may_be_one():
    for text in ("-300", "▲300", "△300", "−300万円"):
        assert fit_typed.money(text, signed=True) == -3_000_000
        with pytest.raises(ValueError, match="0以上"):
            fit_typed.money(text)


def test_yen_typed_without_a_unit_are_not_taken_for_a_hundred_billion():
    with pytest.raises(ValueError, match="万円で書いてください"):
        fit_typed.money("10000000")


def test_a_fraction_of_a_yen_is_refused():
    with pytest.raises(ValueError, match="1円より"):
        fit_typed.money("0.00001")


@given(st.integers(-(10**9), 10**9))
def test_what_is_shown_in_the_field_is_read_as_the_same_amount(amount_yen):
    assert fit_typed.money(fit_typed.as_typed_money(amount_yen), signed=True) == amount_yen


@pytest.mark.parametrize(
    ("year", "month", "day", "text"),
    [
        ("2005", "", "", "2005"),
        ("平成17", "4", "", "2005-04"),
        ("Ｈ１７年", "４月", "1日", "2005-04-01"),
        ("令和元", "5", "1", "2019-05-01"),
    ],
)
def test_of_a_day_only_the_year_is_needed(year, month, day, text):
    assert fit_typed.day(year, month, day) == text


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (("", "4", ""), "年を書いて"),
        (("x", "", ""), "西暦"),
        (("2005", "", "3"), "月も"),
        (("2005", "x", ""), "月は数字"),
        (("2005", "1", "x"), "日は数字"),
    ],
)
def test_what_is_wrong_with_a_day_is_said(parts, sentence):
    with pytest.raises(ValueError, match=sentence):
        fit_typed.day(*parts)


def test_every_wrong_amount_of_a_grid_is_named():
    told, wrong = fit_typed.figures({"2022-01": "100", "2022-02": "x", "2022-03": ""})
    assert told == {"2022-01": 1_000_000}
    assert list(wrong) == ["2022-02"]
