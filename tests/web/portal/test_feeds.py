"""Atom for a search, a calendar for favourites."""

import re
from datetime import date, datetime
from xml.etree import ElementTree

import icalendar
import pytest
from django.test import Client

from madoguchi.finding import indexing
from tests.alerts.subscriptions import HERE, at
from tests.alerts.test_telling import a_published, an_open_edition
from tests.factories import a_region, an_event
from tests.web.portal.pages import page, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]
FEED = "/search/feed.atom?q=設備"
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture(autouse=True)
def _index(settings, tmp_path):
    settings.INDEX_DIR = tmp_path / "index"


def entries(text):
    found = ElementTree.fromstring(text).findall("a:entry", ATOM)  # noqa: S314 (our own answer)
    return [
        tuple(entry.findtext(f"a:{name}", None, ATOM) for name in ("id", "title", "updated"))
        for entry in found
    ]


def test_a_feed_names_what_a_search_finds_with_identifiers_that_stay():
    a_region()
    a_published("hojo", when=at(1, 8), name="設備の補助")
    a_published("yushi", when=at(1, 8), name="融資", summary="貸します。")
    indexing.catch_up()
    response = Client().get(FEED)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    expected = [
        ("tag:sample.madoguchi,2026:programme/hojo/2023.1", "設備の補助", "2023-11-01T08:00:00+09:00")
    ]
    assert [
        (key, title, str(datetime.fromisoformat(moment).astimezone(at(1).tzinfo).isoformat()))
        for key, title, moment in entries(response.content)
    ] == expected
    again = Client().get(FEED, headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304


def test_a_deadline_that_is_near_is_an_entry_of_its_own():
    an_open_edition(closes=at(9, 0), published=at(1, 8), name="設備の補助")
    indexing.catch_up()
    keys = [key.rsplit("hojo/")[-1] for key, _title, _at in entries(Client().get(FEED).content)]
    assert keys == ["2023.1", "2023-11-08/7", "2023-11-08/14"]


def test_a_search_page_leads_programs_to_its_feed(client):
    a_published("hojo", when=at(1, 8), name="設備の補助")
    indexing.catch_up()
    html = page(client, "/search/?q=設備&sort=newest")
    assert 'type="application/atom+xml"' in html
    assert 'href="/search/feed.atom?q=%E8%A8%AD%E5%82%99"' in html


def test_a_feed_costs_the_same_for_one_programme_and_for_twenty():
    a_published("p0", when=at(1, 8), name="設備")
    indexing.catch_up()
    one = queries_of(FEED)
    for number in range(1, 20):
        a_published(f"p{number}", when=at(1, 8), name="設備")
    indexing.catch_up()
    assert queries_of(FEED) == one


def test_deadlines_and_dates_of_favourites_are_a_calendar_to_subscribe_to(client):
    an_open_edition(closes=at(1, 0, month=12))
    an_event("kai", date(2023, 11, 7))
    for item in ("programme:hojo", "event:kai"):
        client.post("/favourites/change/", {"action": "add", "item": item}, headers=HERE)
    address = re.search(r'href="(/favourites/calendar/[^"]+)"', page(client, "/favourites/"))[1]
    response = Client().get(address)  # a calendar brings no cookie
    shown = {
        str(each["summary"]): each["dtstart"].dt
        for each in icalendar.Calendar.from_ical(response.content).walk("VEVENT")
    }
    assert shown == {"【締切】hojo": date(2023, 11, 30), "kai": date(2023, 11, 7)}


def test_a_calendar_that_we_did_not_sign_is_not_there(client):
    assert client.get("/favourites/calendar/xyz.ics").status_code == 404
