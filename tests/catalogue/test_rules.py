"""How reception stands: instants in Tokyo, half-open windows, and modes that end with their fiscal year."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.catalogue.rules import Window, next_deadline, reception_at
from madoguchi.catalogue.states import ReceptionMode, ReceptionStatus

TOKYO = ZoneInfo("Asia/Tokyo")
MAY_1 = datetime(2025, 5, 1, 9, tzinfo=TOKYO)
JUNE_30 = datetime(2025, 6, 30, 17, tzinfo=TOKYO)
INSTANT = timedelta(microseconds=1)


def status(*windows, at, mode=ReceptionMode.WINDOW, fiscal_year=2025):
    return reception_at(mode=mode, windows=windows, fiscal_year=fiscal_year, at=at)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (MAY_1 - INSTANT, "upcoming"),
        (MAY_1, "open"),
        (JUNE_30 - INSTANT, "open"),
        (JUNE_30, "closed"),
    ],
)
def test_a_window_is_open_from_its_first_instant_until_before_its_last(at, expected):
    assert status(Window(MAY_1, JUNE_30), at=at) == expected


def test_a_window_without_a_stated_start_has_opened():
    assert status(Window(None, JUNE_30), at=MAY_1) == "open"


def test_a_window_without_a_stated_end_stays_open():
    assert status(Window(MAY_1, None), at=JUNE_30 + timedelta(days=300)) == "open"


def test_a_window_that_was_closed_early_is_closed():
    assert status(Window(MAY_1, JUNE_30, closed_early=True), at=MAY_1) == "closed"


def test_between_two_windows_the_next_is_upcoming():
    second = Window(JUNE_30 + timedelta(days=10), None)
    assert status(Window(MAY_1, JUNE_30), second, at=JUNE_30) == "upcoming"


@pytest.mark.parametrize("mode", ["rolling", "booking"])
@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2025, 3, 31, 23, 59, 59, tzinfo=TOKYO), "upcoming"),
        (datetime(2025, 4, 1, 0, 0, tzinfo=TOKYO), None),
        (datetime(2026, 3, 31, 23, 59, 59, tzinfo=TOKYO), None),
        (datetime(2026, 4, 1, 0, 0, tzinfo=TOKYO), "closed"),
    ],
)
def test_what_stands_open_begins_and_ends_with_its_fiscal_year(mode, at, expected):
    assert status(at=at, mode=ReceptionMode(mode)) == (expected or mode)


def test_what_is_not_stated_stays_so_after_its_fiscal_year():
    at = datetime(2030, 1, 1, tzinfo=TOKYO)
    assert status(at=at, mode=ReceptionMode.NOT_STATED) == "not_stated"


def test_the_fiscal_year_ends_in_tokyo_not_in_greenwich():
    at = datetime(2026, 3, 31, 15, 0, tzinfo=ZoneInfo("UTC"))
    assert status(at=at, mode=ReceptionMode.ROLLING) == "closed"


def test_what_has_ended_is_closed_on_every_day():
    assert status(at=MAY_1, mode=ReceptionMode.ENDED) == "closed"


def test_the_next_deadline_is_the_earliest_that_has_not_passed():
    windows = [Window(None, MAY_1), Window(None, JUNE_30 + timedelta(1)), Window(None, JUNE_30)]
    assert next_deadline(windows, at=MAY_1) == JUNE_30
    assert next_deadline(windows, at=JUNE_30 + timedelta(9)) is None
    assert next_deadline([Window(None, JUNE_30, closed_early=True)], at=MAY_1) is None


instants = st.integers(0, 700 * 24).map(
    lambda hours: datetime(2025, 1, 1, tzinfo=TOKYO) + timedelta(hours=hours)
)
windows = st.builds(Window, st.none() | instants, st.none() | instants, st.booleans())


@settings(deadline=None)
@given(st.lists(windows, max_size=4), instants, st.sampled_from(list(ReceptionMode)))
def test_every_moment_has_a_status_and_an_open_one_a_future_deadline(found, at, mode):
    result = status(*found, at=at, mode=mode)
    assert isinstance(result, ReceptionStatus)
    deadline = next_deadline(found, at=at)
    assert deadline is None or deadline > at
