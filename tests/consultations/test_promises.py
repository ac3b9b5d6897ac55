"""Until when an answer is promised: counted in business days from when the desk can have read it."""

from datetime import UTC, date, datetime, time

import pytest

from madoguchi.consultations.promises import closing_time, day_of_receipt, promised_day


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


CLOSES = time(17, 15)
MONDAY = local(2026, 11, 30, 10)


@pytest.mark.parametrize(
    ("hours", "closes"),
    [
        ([{"days": "平日", "opens": "08:30", "closes": "17:15"}], CLOSES),
        ([{"days": "月〜金", "closes": "17:00"}, {"days": "平日", "closes": "19:00"}], time(19)),
        ([{"days": "相談会を開く日", "opens": "10:00", "closes": "16:00"}], None),
        ([{"days": "平日"}], None),
        ([], None),
    ],
)
def test_a_desk_closes_by_the_hours_of_its_ordinary_days(hours, closes):
    assert closing_time(hours) == closes


@pytest.mark.parametrize(
    ("local", "received"),
    [
        (MONDAY, date(2026, 11, 30)),
        (MONDAY.replace(hour=17, minute=14), date(2026, 11, 30)),
        (MONDAY.replace(hour=17, minute=15), date(2026, 12, 1)),
        (local(2026, 11, 28, 10), date(2026, 11, 30)),
        (local(2026, 11, 27, 20), date(2026, 11, 30)),
        (local(2026, 12, 28, 18), date(2027, 1, 4)),
        (local(2026, 11, 23, 10), date(2026, 11, 24)),
    ],
)
def test_what_comes_outside_the_hours_is_received_on_the_next_business_day(local, received):
    assert day_of_receipt(local, closes=CLOSES) == received


def test_without_known_hours_the_day_counts_to_its_end():
    assert day_of_receipt(MONDAY.replace(hour=23), closes=None) == date(2026, 11, 30)


def test_the_promise_counts_business_days_over_the_weekend():
    assert promised_day(MONDAY, days=3, closes=CLOSES) == date(2026, 12, 3)
    assert promised_day(local(2026, 11, 27, 10), days=3, closes=CLOSES) == date(2026, 12, 2)
