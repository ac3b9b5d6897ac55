from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.japan.eras import HEISEI, REIWA
from madoguchi.japan.fiscal_year import FiscalYear

FISCAL_YEARS = st.integers(1927, 2100).map(FiscalYear)


def test_a_fiscal_year_runs_from_april_to_march():
    year = FiscalYear(2023)
    assert (year.starts_on, year.ends_on) == (date(2023, 4, 1), date(2024, 3, 31))


@pytest.mark.parametrize(
    ("day", "start"), [(date(2024, 3, 31), 2023), (date(2024, 4, 1), 2024), (date(2024, 1, 1), 2023)]
)
def test_a_day_falls_in_the_year_that_began_last_april(day, start):
    assert FiscalYear.of(day) == FiscalYear(start)


@pytest.mark.parametrize(
    ("start", "label", "short"),
    [
        (2023, "令和5年度", "R5"),
        (2019, "令和元年度", "R1"),
        (2018, "平成30年度", "H30"),
        (1989, "平成元年度", "H1"),
        (1988, "昭和63年度", "S63"),
    ],
)
def test_a_fiscal_year_is_named_as_its_budget_was(start, label, short):
    assert (FiscalYear(start).label, FiscalYear(start).short, str(FiscalYear(start))) == (label, short, label)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("令和5年度", 2023),
        ("令和５年度", 2023),
        ("R5", 2023),
        ("R５", 2023),
        ("r5", 2023),
        ("2023", 2023),
        ("２０２３年度", 2023),
        ("令和元年度", 2019),
        ("平成31年度", 2019),
        ("昭和63年度", 1988),
    ],
)
def test_the_usual_names_are_read(text, start):
    assert FiscalYear.parse(text) == FiscalYear(start)


def test_a_bare_number_is_read_in_the_era_of_its_document():
    assert FiscalYear.parse("5年度", era=REIWA) == FiscalYear(2023)
    assert FiscalYear.parse("元年度", era=HEISEI) == FiscalYear(1989)


def test_a_bare_number_without_an_era_is_refused():
    with pytest.raises(ValueError, match="元号がない"):
        FiscalYear.parse("5年度")


@pytest.mark.parametrize("text", ["令和0年度", "平成32年度", "昭和64年度", "5", "年度", "令和", ""])
def test_a_year_that_never_was_is_refused(text):
    with pytest.raises(ValueError, match=r"。|例"):
        FiscalYear.parse(text, era=REIWA)


@given(FISCAL_YEARS)
def test_every_year_survives_writing_and_reading(year):
    assert FiscalYear.parse(year.label) == FiscalYear.parse(year.short) == year


@given(FISCAL_YEARS)
def test_neighbouring_years_touch_and_are_ordered(year):
    assert year.previous < year < year.next
    assert year.next.previous == year
    assert (year.next.starts_on - year.ends_on).days == 1


@given(st.dates(min_value=date(1927, 4, 1), max_value=date(2100, 1, 1)))
def test_a_day_is_contained_in_its_year_alone(day):
    year = FiscalYear.of(day)
    assert year.contains(day)
    assert not year.previous.contains(day)
    assert not year.next.contains(day)
