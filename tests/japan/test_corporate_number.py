import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.japan import corporate_number

BASES = st.text("0123456789", min_size=12, max_size=12)


@pytest.mark.parametrize(
    "number",
    [
        "7000012050002",  # 国税庁
        "8000012010038",  # デジタル庁
        "5835678256246",  # the vector of python-stdnum
    ],
)
def test_published_numbers_are_valid(number):
    assert corporate_number.is_valid(number)


@pytest.mark.parametrize(
    "number", ["7000012050003", "700001205000", "70000120500021", "７000012050002", "", "T"]
)
def test_other_strings_are_not(number):
    assert not corporate_number.is_valid(number)


def test_a_typed_number_is_brought_to_thirteen_digits():
    assert corporate_number.normalise(" ７−0000−1205−0002 ") == "7000012050002"


@pytest.mark.parametrize(("text", "reason"), [("12345", "13桁"), ("7000012050003", "正しくありません")])
def test_a_wrong_number_is_refused_with_the_reason(text, reason):
    with pytest.raises(ValueError, match=reason):
        corporate_number.normalise(text)


def test_an_invoice_number_is_a_t_and_thirteen_digits():
    assert corporate_number.normalise_invoice_number("ｔ7-0000-1205-0002") == "T7000012050002"
    with pytest.raises(ValueError, match="「T」"):
        corporate_number.normalise_invoice_number("7000012050002")


def test_a_check_digit_is_refused_for_a_base_of_the_wrong_length():
    with pytest.raises(ValueError, match="12桁"):
        corporate_number.check_digit("1")


@given(BASES)
def test_a_number_with_its_check_digit_is_valid(base):
    assert corporate_number.is_valid(f"{corporate_number.check_digit(base)}{base}")


@given(BASES, st.integers(0, 11), st.integers(1, 9))
def test_a_changed_digit_is_noticed_unless_it_changes_by_nine(base, place, shift):
    """The checksum is taken modulo 9, so 0 and 9 in the same place look alike."""
    changed = f"{base[:place]}{(int(base[place]) + shift) % 10}{base[place + 1 :]}"
    if {base[place], changed[place]} == {"0", "9"}:
        return
    number = f"{corporate_number.check_digit(base)}{changed}"
    assert not corporate_number.is_valid(number)
