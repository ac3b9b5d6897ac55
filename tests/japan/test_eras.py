from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.japan import eras

DAYS = st.dates(min_value=date(1926, 12, 25), max_value=date(2117, 12, 31))


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(2019, 4, 30), "平成31年4月30日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2023, 11, 1), "令和5年11月1日"),
    ],
)
def test_a_day_is_written_in_the_era_in_force_on_it(day, written):
    assert eras.format_date(day) == written


def test_the_weekday_is_added_when_wanted():
    assert eras.format_date(date(2023, 11, 1), weekday=True) == "令和5年11月1日（水）"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("令和５年11月１日", date(2023, 11, 1)),
        ("令和５年１１月１日（水）", date(2023, 11, 1)),
        ("令和5年11月1日(水曜日)", date(2023, 11, 1)),
        ("R5.11.1", date(2023, 11, 1)),
        ("ｒ5.11.1", date(2023, 11, 1)),
        ("H31.4.30", date(2019, 4, 30)),
        ("昭和64年1月7日", date(1989, 1, 7)),
        ("2023年11月1日", date(2023, 11, 1)),
        ("2023-11-01", date(2023, 11, 1)),
        ("2023/11/1", date(2023, 11, 1)),
    ],
)
def test_the_usual_ways_of_writing_a_day_are_read(text, day):
    assert eras.parse_date(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "令和0年1月1日",
        "昭和64年2月1日",
        "令和元年4月30日",
        "平成31年5月1日",
        "令和5年2月29日",
        "大正15年1月1日",
        "5年11月1日",
        "",
    ],
)
def test_a_day_that_never_was_is_refused(text):
    with pytest.raises(ValueError, match="。"):
        eras.parse_date(text)


def test_a_weekday_that_contradicts_the_date_is_refused():
    with pytest.raises(ValueError, match="曜日"):
        eras.parse_date("令和5年11月1日（木）")


def test_days_before_showa_are_refused():
    with pytest.raises(ValueError, match="昭和より前"):
        eras.format_date(date(1926, 12, 24))


def test_an_unknown_era_is_refused():
    with pytest.raises(ValueError, match="元号"):
        eras.era_named("大正")


@given(DAYS)
def test_every_day_survives_writing_and_reading(day):
    assert eras.parse_date(eras.format_date(day, weekday=True)) == day
