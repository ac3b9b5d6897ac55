from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from madoguchi.web.shared import wording

TODAY = date(2023, 11, 1)
TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture(autouse=True)
def _japanese():
    with translation.override("ja"):
        yield


def test_a_day_of_this_year_has_no_year():
    assert wording.day(date(2023, 11, 10), today=TODAY) == "11月10日（金）"


def test_a_day_of_another_year_names_the_era_year():
    assert wording.day(date(2024, 1, 5), today=TODAY) == "令和6年1月5日（金）"


def test_the_first_year_of_an_era_is_written_as_gannen():
    assert wording.day_full(date(2019, 5, 1)) == "令和元年5月1日（水）"


def test_an_instant_is_told_on_the_calendar_of_tokyo():
    assert wording.day(datetime(2023, 11, 9, 16, 0, tzinfo=UTC), today=TODAY) == "11月10日（金）"


@pytest.mark.parametrize(("on", "words"), [(date(2023, 12, 1), "12月"), (date(2024, 1, 1), "令和6年1月")])
def test_a_month_names_its_year_only_when_it_is_another(on, words):
    assert wording.month(on, today=TODAY) == words


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (17, 0, "午後5時"),
        (9, 30, "午前9時30分"),
        (12, 0, "正午"),
        (12, 5, "午後0時05分"),
        (0, 15, "午前0時15分"),
    ],
)
def test_times_of_day_are_said_as_people_say_them(hour, minute, words):
    assert wording.time_of_day(datetime(2023, 11, 10, hour, minute, tzinfo=TOKYO)) == words


def test_a_deadline_keeps_day_and_time_each_on_one_line():
    closes_at = datetime(2023, 11, 10, 17, tzinfo=TOKYO)
    assert wording.deadline(closes_at, today=TODAY) == (
        '<span class="nb">11月10日（金）</span><span class="nb">午後5時</span>'
    )
    assert wording.until_time(closes_at) == "午後5時まで"


@pytest.mark.parametrize(
    "closes_at",
    [
        date(2023, 11, 10),
        datetime(2023, 11, 11, 0, 0, tzinfo=TOKYO),
        datetime(2023, 11, 10, 23, 59, 59, tzinfo=TOKYO),
    ],
)
def test_a_deadline_without_a_time_is_the_day_it_ends(closes_at):
    assert wording.deadline(closes_at, today=TODAY) == '<span class="nb">11月10日（金）</span>'
    assert wording.until_time(closes_at) == ""
    assert wording.leaf(closes_at)["day"] == 10


@pytest.mark.parametrize(
    ("closes_at", "html"),
    [
        (date(2023, 11, 7), '<span class="left left--near">あと<b>6</b>日</span>'),
        (date(2023, 11, 15), '<span class="left left--near">あと<b>14</b>日</span>'),
        (date(2023, 11, 16), '<span class="left">あと<b>15</b>日</span>'),
        (date(2023, 11, 1), '<span class="left left--near">きょうまで</span>'),
        (datetime(2023, 11, 2, 0, 0, tzinfo=TOKYO), '<span class="left left--near">きょうまで</span>'),
        (date(2023, 10, 31), ""),
    ],
)
def test_days_left_are_counted_to_the_last_open_day(closes_at, html):
    assert wording.days_left(closes_at, today=TODAY) == html


def test_english_readers_see_the_western_year():
    with translation.override("en"):
        assert "2024" in wording.day(date(2024, 1, 5), today=TODAY)
        assert "令和" not in wording.day_full(date(2024, 1, 5))


def test_years_and_amounts_are_told_as_each_reader_writes_them():
    assert wording.fiscal_year(2023) == "令和5年度"
    assert (wording.in_man(3_000_000), wording.in_thousand(26_325_000)) == ("300万円", "26,325千円")
    with translation.override("en"):
        assert wording.fiscal_year(2023) == "FY2023"
        assert (wording.in_man(3_000_000), wording.in_thousand(26_325_000)) == ("¥3,000,000", "¥26,325,000")
