from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from madoguchi.foundation import clock

TOKYO = ZoneInfo("Asia/Tokyo")


@time_machine.travel("2026-11-20T14:59:59Z", tick=False)
def test_a_second_before_midnight_in_tokyo_it_is_still_today():
    assert clock.today() == date(2026, 11, 20)


@time_machine.travel("2026-11-20T15:00:00Z", tick=False)
def test_at_midnight_in_tokyo_the_next_day_begins():
    assert clock.today() == date(2026, 11, 21)
    assert clock.now() == datetime(2026, 11, 21, tzinfo=TOKYO)


@time_machine.travel("2026-11-20T15:00:00Z", tick=False)
def test_a_believed_date_keeps_the_real_time_of_day(settings):
    settings.TODAY = date(2023, 11, 1)
    assert clock.now() == datetime(2023, 11, 1, tzinfo=TOKYO)
    assert clock.today() == date(2023, 11, 1)
    assert clock.is_shifted()


@time_machine.travel("2026-11-20T15:00:00Z", tick=False)
def test_a_believed_date_does_not_move_the_machines_time(settings):
    settings.TODAY = date(2023, 11, 1)
    assert clock.actual_now() == datetime(2026, 11, 21, tzinfo=TOKYO)


@pytest.mark.parametrize("read", [clock.now, clock.actual_now])
def test_times_know_that_they_are_in_tokyo(read):
    assert read().utcoffset() == datetime(2026, 1, 1, tzinfo=TOKYO).utcoffset()


def test_without_a_believed_date_nothing_is_shifted():
    assert not clock.is_shifted()
