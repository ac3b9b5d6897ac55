"""A year in the text is a wish for that year's edition, not a word."""

import pytest

from madoguchi.search.results import Reason
from madoguchi.search.years import take_year
from tests.search.conftest import Index, document, keys

EDITIONS = (
    document("old", "融資", group="g", fiscal_year=2021),
    document("new", "融資", group="g", fiscal_year=2025),
    document("other", "融資の相談", group="h", fiscal_year=2025),
    document("desk", "融資の窓口", type="desk"),
)


@pytest.mark.parametrize(
    ("typed", "year", "narrow", "rest"),
    [
        ("令和3年度 台湾", 2021, True, "台湾"),
        ("令和3年度の補助金", 2021, True, "補助金"),
        ("令和元年度", 2019, True, ""),
        ("平成30年 融資", 2018, False, "融資"),
        ("r5 融資", 2023, False, "融資"),
        ("融資 r5年度", 2023, True, "融資"),
        ("2021年度融資", 2021, True, "融資"),
        ("融資 2021", 2021, False, "融資"),
    ],
)
def test_a_fiscal_year_is_taken_out_of_the_text(typed: str, year: int, narrow: bool, rest: str) -> None:
    assert take_year(typed) == ((year, narrow), rest)


@pytest.mark.parametrize(
    "typed",
    ["令和3年10月", "2021年4月1日", "2020年代", "it2021", "120210", "5年", "r500", "平成99年度", "hr5"],
)
def test_what_is_no_fiscal_year_stays(typed: str) -> None:
    assert take_year(typed) == (None, typed)


def test_a_year_written_as_fiscal_year_narrows(index: Index) -> None:
    result = index(*EDITIONS)("令和3年度 融資")
    assert keys(result) == ["old"]
    assert result.understood.fiscal_year == 2021
    assert [each.value for each in result.facets["fiscal_year"] if each.chosen] == ["2021"]


def test_a_year_written_short_puts_its_edition_first_and_hides_nothing(index: Index) -> None:
    result = index(*EDITIONS)("R3 融資")
    assert result.total == 3
    assert keys(result)[0] == "old"
    assert "new" not in keys(result)


def test_a_chosen_year_goes_before_one_in_the_text(index: Index) -> None:
    assert set(keys(index(*EDITIONS)("令和3年度 融資", filters={"fiscal_year": ("2025",)}))) == {
        "new",
        "other",
    }


def test_a_year_without_hits_is_given_up_like_a_filter(index: Index) -> None:
    nearest = index(*EDITIONS)("令和元年度 融資").nearest
    assert nearest is not None
    assert nearest.reason is Reason.FILTERS
    assert nearest.without == {"fiscal_year": 3}


def test_a_year_alone_lists_that_year(index: Index) -> None:
    assert keys(index(*EDITIONS)("令和3年度")) == ["old"]
