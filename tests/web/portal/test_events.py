from datetime import UTC, date, datetime, time

import icalendar
import pytest
from django.test import Client

from madoguchi.events.models import Precision
from tests.factories import (
    FAR,
    NEAR,
    a_region,
    a_term,
    an_edition,
    an_event,
    an_occurrence,
)
from tests.web.portal.pages import page, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]


def calendar(client, address):
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return icalendar.Calendar.from_ical(response.content)


def entries(client, address):
    return list(calendar(client, address).walk("VEVENT"))


# ── The list ────────────────────────────────────────────────────────────────────────────────────────
def test_coming_dates_stand_under_their_months(client):
    an_event("kai", date(2023, 11, 7), date(2024, 1, 10))
    html = page(client, "/events/")
    assert html.index("令和6年1月") > html.index("あと<b>6</b>日")


def test_what_is_over_is_folded_into_one_line(client):
    an_event("kai", date(2023, 4, 4), date(2023, 5, 9))
    html = page(client, "/events/")
    assert "これまでに開かれたもの（1件）" in html
    assert "令和5年4月〜令和5年5月" in html
    assert "2回" in html
    assert "これからの日程は、みつかりませんでした" in html


def test_what_is_going_on_today_is_not_over(client):
    an_occurrence(an_event("ten"), date(2023, 10, 30), ends_on=date(2023, 11, 2))
    assert "これまでに開かれたもの" not in page(client, "/events/")


@pytest.mark.parametrize(
    ("condition", "fitting"), [("area=near", "chikaku"), ("kind=forum", "forum"), ("purpose=it", "it-kai")]
)
def test_a_condition_leaves_what_fits(client, condition, fitting):
    a_region()
    a_term("purposes", "it", "IT化")
    a_term("event_kinds", "forum", "フォーラム")
    a_term("event_kinds", "seminar", "セミナー")
    day = date(2023, 11, 7)
    an_occurrence(an_event("chikaku"), day, area_code=NEAR)
    an_occurrence(an_event("forum", kind="forum"), day, area_code=FAR)
    an_occurrence(an_event("it-kai", purposes=["it"]), day, area_code=FAR)
    html = page(client, f"/events/?{condition}")
    assert {slug for slug in ("chikaku", "forum", "it-kai") if f"/events/{slug}/" in html} == {fitting}


def test_a_date_without_a_place_counts_for_the_areas_of_its_event(client):
    a_region()
    an_event("online", date(2023, 11, 7))
    assert "/events/online/" in page(client, "/events/?area=far")


@pytest.mark.parametrize(
    "nonsense",
    ["page=999999999999", "page=-1", "kind=%00", "area=%0d%0a", "page=abc", "purpose=" + "あ" * 500],
)
def test_absurd_addresses_give_a_page(client, nonsense):
    an_event("kai", date(2023, 11, 7))
    assert "/events/kai/" in page(client, f"/events/?{nonsense}")


def test_many_dates_cost_no_more_queries_than_one():
    a_region()
    an_event("kai", date(2023, 11, 7))
    one = queries_of("/events/")
    for number in range(20):
        an_event(f"k{number}", date(2023, 11, 8), date(2023, 3, 8))
    assert queries_of("/events/") == one


# ── One month ───────────────────────────────────────────────────────────────────────────────────────
def test_a_month_begins_its_weeks_on_sunday_and_marks_today_and_holidays(client):
    an_event("kai", date(2023, 11, 7))
    html = page(client, "/events/month/2023/11/")
    assert html.index('<th scope="col">日</th>') < html.index('<th scope="col">月</th>')
    assert "文化の日" in html
    assert 'aria-current="date"' in html
    assert "/events/kai/" in html


def test_a_month_leads_to_the_ones_beside_it(client):
    html = page(client, "/events/month/2023/12/")
    assert 'href="/events/month/2024/1/"' in html
    assert 'href="/events/month/2023/11/"' in html


def test_several_days_stand_on_each_of_them(client):
    an_occurrence(an_event("ten"), date(2023, 11, 6), ends_on=date(2023, 11, 8))
    table = page(client, "/events/month/2023/11/").split("<table")[1].split("</table>")[0]
    assert table.count("/events/ten/") == 3


def test_a_date_of_which_only_the_month_is_known_is_on_no_day(client):
    an_occurrence(
        an_event("itsuka"), date(2023, 11, 1), ends_on=date(2023, 11, 30), precision=Precision.MONTH
    )
    html = page(client, "/events/month/2023/11/")
    assert "/events/itsuka/" not in html.split("<table")[1].split("</table>")[0]
    assert "日が資料にないもの" in html


@pytest.mark.parametrize("month", ["2023/13", "2023/0", "1/1", "9999999999/1", "2101/1"])
def test_a_month_that_is_none_is_not_found(client, month):
    page(client, f"/events/month/{month}/", status=404)


@pytest.mark.parametrize(("month", "beside"), [("1989/1", "1988/12"), ("2100/12", "2101/1")])
def test_the_calendar_ends_somewhere(client, month, beside):
    assert beside not in page(client, f"/events/month/{month}/")


# ── One event ───────────────────────────────────────────────────────────────────────────────────────
def test_an_event_groups_its_dates_by_place_and_folds_the_past(client):
    event = an_event("kai", booking="要予約")
    for place in ("東の会場", "西の会場"):
        an_occurrence(event, date(2023, 4, 4), place_name=place)
        an_occurrence(event, date(2023, 11, 7), place_name=place)
    event.contacts.create(position=0, label="係", telephone="03-1234-5678")
    html = page(client, "/events/kai/")
    assert "日程（4回）" in html
    assert html.count("終わった日程（1回）") == 2
    assert "あと<b>6</b>日" in html
    assert 'href="tel:0312345678"' in html


def test_an_event_that_is_over_says_so(client):
    an_event("kai", date(2023, 4, 4))
    html = page(client, "/events/kai/")
    assert "予定はありません" in html
    assert "終了" in html


def test_an_event_leads_to_its_programme(client):
    an_event("kai", date(2023, 11, 7), programme=an_edition("hojo").programme)
    assert "/programmes/hojo/" in page(client, "/events/kai/")


@pytest.mark.parametrize("address", ["/events/nani/", "/events/nani/calendar.ics"])
def test_an_unknown_event_is_not_found(client, address):
    page(client, address, status=404)


def test_an_event_with_many_dates_costs_no_more_queries():
    a_region()
    event = an_event("kai", date(2023, 11, 7))
    one = queries_of("/events/kai/")
    for number in range(1, 25):
        an_occurrence(event, date(2023, 11, number), place_name=f"{number}号館")
    assert queries_of("/events/kai/") == one


# ── Calendars ───────────────────────────────────────────────────────────────────────────────────────
def test_a_date_without_hours_lasts_the_whole_day(client):
    an_event("kai", date(2023, 11, 7))
    (entry,) = entries(client, "/events/kai/calendar.ics")
    assert entry.decoded("dtstart") == date(2023, 11, 7)
    assert entry.decoded("dtend") == date(2023, 11, 8)
    assert str(entry["url"]) == "http://testserver/events/kai/"


def test_a_date_with_hours_starts_and_ends_at_instants(client):
    an_occurrence(an_event("kai"), date(2023, 11, 7), starts_at=time(13), ends_at=time(15, 30))
    (entry,) = entries(client, "/events/kai/calendar.ics")
    assert entry.decoded("dtstart") == datetime(2023, 11, 7, 4, tzinfo=UTC)
    assert entry.decoded("dtend") == datetime(2023, 11, 7, 6, 30, tzinfo=UTC)


def test_several_days_end_on_the_day_after_the_last(client):
    an_occurrence(an_event("ten"), date(2023, 11, 6), ends_on=date(2023, 11, 8))
    (entry,) = entries(client, "/events/ten/calendar.ics")
    assert entry.decoded("dtend") == date(2023, 11, 9)


def test_a_month_without_a_day_stays_out_of_the_calendar_and_the_page_says_so(client):
    an_occurrence(
        an_event("itsuka"), date(2023, 12, 1), ends_on=date(2023, 12, 31), precision=Precision.MONTH
    )
    assert entries(client, "/events/itsuka/calendar.ics") == []
    assert "取りこむカレンダーに入りません" in page(client, "/events/itsuka/")


def test_lines_end_as_the_standard_wants_and_the_stamp_is_now(client):
    an_event("kai", date(2023, 11, 7))
    response = client.get("/events/kai/calendar.ics")
    assert response.content.count(b"\n") == response.content.count(b"\r\n") > 5
    (entry,) = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    assert entry.decoded("dtstamp").astimezone().date() in (date(2023, 10, 31), date(2023, 11, 1))
    assert response["Content-Disposition"] == 'attachment; filename="kai.ics"'


def test_a_date_keeps_its_identifier_when_others_come_before_it(client):
    event = an_event("kai", date(2023, 11, 7))
    (before,) = entries(client, "/events/kai/calendar.ics")
    event.occurrences.update(position=5)
    an_occurrence(event, date(2023, 11, 1), position=0)
    after = entries(Client(), "/events/kai/calendar.ics")
    assert str(before["uid"]) in {str(entry["uid"]) for entry in after}
    assert len({str(entry["uid"]) for entry in after}) == 2


def test_the_same_day_at_two_places_is_two_entries(client):
    event = an_event("kai")
    an_occurrence(event, date(2023, 11, 7), place_name="東")
    an_occurrence(event, date(2023, 11, 7), place_name="西")
    found = entries(client, "/events/kai/calendar.ics")
    assert len({str(entry["uid"]) for entry in found}) == 2
    assert {str(entry["location"]) for entry in found} == {"東", "西"}


def test_the_feed_holds_every_event_lately_and_to_come(client):
    an_event("kai", date(2023, 11, 7), date(2023, 10, 1), date(2022, 4, 1))
    an_event("hoka", date(2024, 1, 7))
    days = {entry.decoded("dtstart") for entry in entries(client, "/events/feed.ics")}
    assert days == {date(2023, 10, 1), date(2023, 11, 7), date(2024, 1, 7)}


def test_an_empty_feed_is_still_a_calendar(client):
    assert entries(client, "/events/feed.ics") == []
