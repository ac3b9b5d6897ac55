import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.japan import contact


@pytest.mark.parametrize(
    ("text", "digits", "written", "extension"),
    [
        ("017-777-4066", "0177774066", "017-777-4066", ""),
        ("０１７－７７７－４０６６", "0177774066", "017-777-4066", ""),
        ("０１７ー７７７ー４０６６", "0177774066", "017-777-4066", ""),
        ("017(777)4066", "0177774066", "017-777-4066", ""),
        ("（017）777−4066", "0177774066", "017-777-4066", ""),
        ("TEL：017-777-4066", "0177774066", "017-777-4066", ""),
        ("+81-17-777-4066", "0177774066", "017-777-4066", ""),
        ("+81 (0)17-777-4066", "0177774066", "017-777-4066", ""),
        ("017-722-1111（内線3711）", "0177221111", "017-722-1111", "3711"),
        ("017-722-1111 内線 3711", "0177221111", "017-722-1111", "3711"),
        ("0177774066", "0177774066", "0177774066", ""),
        ("09012345678", "09012345678", "090-1234-5678", ""),
        ("0120123456", "0120123456", "0120-123-456", ""),
        ("08001234567", "08001234567", "0800-123-4567", ""),
    ],
)
def test_the_usual_ways_of_writing_a_phone_number_are_read(text, digits, written, extension):
    assert contact.parse_phone(text) == contact.PhoneNumber(digits, written, extension)


@pytest.mark.parametrize(
    "text", ["", "777-4066", "017-777-40666", "110", "010-1234-5678-9", "なし", "00177774066"]
)
def test_what_nobody_can_dial_is_refused(text):
    with pytest.raises(ValueError, match="市外局番"):
        contact.parse_phone(text)


def test_a_phone_link_leaves_the_extension_out():
    assert contact.tel_uri("017-777-4066") == "tel:0177774066"
    assert contact.tel_uri("017-722-1111（内線3711）") == "tel:0177221111"


def test_an_extension_is_shown_beside_the_number():
    assert contact.parse_phone("017-722-1111 (内線 3711)").label == "017-722-1111（内線3711）"
    assert contact.parse_phone("017-722-1111").label == "017-722-1111"


@pytest.mark.parametrize(
    "text", ["030-0801", "0300801", "〒030-0801", "〒０３０−０８０１", "０３０ー０８０１", " 030 0801 "]
)
def test_a_postal_code_is_brought_to_one_form(text):
    assert contact.normalise_postal_code(text) == "030-0801"


@pytest.mark.parametrize("text", ["030-080", "03008011", "abc-defg", ""])
def test_a_postal_code_needs_seven_digits(text):
    with pytest.raises(ValueError, match="7桁"):
        contact.normalise_postal_code(text)


@given(st.from_regex(r"0[1-9][0-9]{8}", fullmatch=True))
def test_a_label_reads_back_as_the_same_number(digits):
    phone = (
        contact.parse_phone(f"{digits[:3]}-{digits[3:6]}-{digits[6:]}内線12")
        if digits[1:3] not in {"50", "60", "70", "80", "90"}
        else contact.parse_phone(f"{digits}1内線12")
    )
    assert contact.parse_phone(phone.label) == phone
