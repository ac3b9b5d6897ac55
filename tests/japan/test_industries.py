import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.japan import industries
from madoguchi.japan.industries import SmeClass

GROUPS = [group for division in industries.divisions() for group in industries.major_groups(division.code)]


def test_the_classification_has_20_divisions_and_99_groups():
    assert "".join(division.code for division in industries.divisions()) == "ABCDEFGHIJKLMNOPQRST"
    assert [group.code for group in GROUPS] == [f"{number:02d}" for number in range(1, 100)]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("A", "農業、林業"),
        ("ｅ", "製造業"),
        ("09", "食料品製造業"),
        ("７６", "飲食店"),
        ("99", "分類不能の産業"),
    ],
)
def test_a_code_bears_its_name(code, name):
    assert industries.get(code).name == name


@pytest.mark.parametrize("code", ["", "U", "00", "1", "製造業"])
def test_an_unknown_code_is_refused(code):
    with pytest.raises(ValueError, match="産業分類"):
        industries.get(code)


@pytest.mark.parametrize("name", ["農業，林業", "農業、林業", "農業,林業"])
def test_a_name_is_found_with_any_comma(name):
    assert industries.find(name) == industries.get("A")


def test_a_name_shared_with_its_only_group_means_the_division():
    assert industries.find("鉱業、採石業、砂利採取業") == industries.get("C")
    assert industries.find("飲食") is None


@pytest.mark.parametrize(
    ("code", "ancestor", "expected"),
    [
        ("09", "E", True),
        ("E", "E", True),
        ("0911", "09", True),
        ("0911", "091", True),
        ("0911", "E", True),
        ("E", "09", False),
        ("76", "E", False),
        ("09", "091", False),
    ],
)
def test_a_code_lies_within_its_group_and_division(code, ancestor, expected):
    assert industries.within(code, ancestor) is expected


@pytest.mark.parametrize(("code", "ancestor"), [("00", "E"), ("09", "U"), ("09", "")])
def test_within_refuses_unknown_codes(code, ancestor):
    with pytest.raises(ValueError, match="産業分類"):
        industries.within(code, ancestor)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("E", SmeClass.OTHER),
        ("H", SmeClass.OTHER),
        ("50", SmeClass.WHOLESALE),
        ("61", SmeClass.RETAIL),
        ("76", SmeClass.RETAIL),
        ("77", SmeClass.RETAIL),
        ("75", SmeClass.SERVICE),
        ("39", SmeClass.SERVICE),
        ("3911", SmeClass.SERVICE),
        ("37", SmeClass.OTHER),
        ("411", SmeClass.SERVICE),
        ("4113", SmeClass.SERVICE),
        ("413", SmeClass.OTHER),
        ("693", SmeClass.SERVICE),
        ("791", SmeClass.OTHER),
        ("R", SmeClass.SERVICE),
        ("96", SmeClass.SERVICE),
    ],
)
def test_an_industry_has_its_kind_in_the_sme_definition(code, kind):
    assert industries.sme_class(code) is kind


@pytest.mark.parametrize("code", ["G", "I", "K", "M", "N", "41", "69", "79"])
def test_a_code_too_coarse_for_the_definition_has_no_kind(code):
    assert industries.sme_class(code) is None


def test_each_kind_has_a_label():
    assert [kind.label for kind in SmeClass][:3] == ["卸売業", "小売業", "サービス業"]


@given(st.sampled_from(GROUPS))
def test_a_group_has_the_kind_of_its_division_where_that_has_one(group):
    division_kind = industries.sme_class(group.parent)
    assert division_kind is None or industries.sme_class(group.code) is division_kind
