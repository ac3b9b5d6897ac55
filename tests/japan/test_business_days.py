from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.japan.business_days import (
    OfficeCalendar,
    add_business_days,
    business_day_on_or_after,
    is_business_day,
    next_business_day,
)

PLAIN = OfficeCalendar.WEEKDAYS_AND_HOLIDAYS
OFFICE = OfficeCalendar.PUBLIC_OFFICE
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2040, 12, 31))


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 9, 22),  # 国民の休日 between two holidays
        date(2024, 2, 12),  # 振替休日
        date(2026, 11, 21),  # Saturday
        date(2026, 1, 1),
    ],
)
def test_holidays_and_weekends_are_closed(day):
    assert not is_business_day(day, calendar=PLAIN)


@pytest.mark.parametrize("day", [date(2025, 12, 29), date(2025, 12, 31), date(2025, 1, 2), date(2025, 1, 3)])
def test_public_offices_alone_close_at_the_turn_of_the_year(day):
    assert is_business_day(day, calendar=PLAIN)
    assert not is_business_day(day, calendar=OFFICE)


@pytest.mark.parametrize("day", [date(2026, 12, 28), date(2027, 1, 4)])
def test_public_offices_are_open_until_28_december_and_from_4_january(day):
    assert is_business_day(day, calendar=OFFICE)


def test_the_next_business_day_skips_three_holidays_in_a_row():
    assert next_business_day(date(2026, 9, 18), calendar=OFFICE) == date(2026, 9, 24)


def test_a_deadline_on_a_closed_day_moves_to_the_next_open_one():
    assert business_day_on_or_after(date(2025, 12, 31), calendar=OFFICE) == date(2026, 1, 5)
    assert business_day_on_or_after(date(2025, 12, 26), calendar=OFFICE) == date(2025, 12, 26)


def test_counting_leaves_out_the_first_day():
    assert add_business_days(date(2023, 11, 1), 2, calendar=OFFICE) == date(2023, 11, 6)
    assert add_business_days(date(2023, 11, 6), -2, calendar=OFFICE) == date(2023, 11, 1)
    assert add_business_days(date(2023, 11, 3), 0, calendar=OFFICE) == date(2023, 11, 3)


@given(DAYS, st.integers(1, 30))
def test_going_forth_and_back_ends_on_the_day_or_the_open_day_before(day, count):
    back = add_business_days(add_business_days(day, count, calendar=OFFICE), -count, calendar=OFFICE)
    assert back <= day
    assert (back == day) == is_business_day(day, calendar=OFFICE)
