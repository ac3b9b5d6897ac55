"""The daily look at the feeds: off unless the settings name one, once a day, and never twice at once."""

from datetime import timedelta
from functools import partial

import pytest

from madoguchi.feeds import tasks
from madoguchi.feeds.models import FeedItem, FeedRun
from madoguchi.foundation import clock
from madoguchi.importers.jgrants.client import Client
from tests.factories import a_region
from tests.importers.jgrants.api import LIST, a_detail, a_row, detail_path, portal, said

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings, monkeypatch):
    a_region(prefecture_code="310000")
    monkeypatch.setattr(tasks, "Client", partial(Client, sleep=lambda _seconds: None))
    with portal() as running:
        settings.JGRANTS_URL, settings.FEEDS = running.url, ["jgrants"]
        running.answers = {LIST: said(a_row()), detail_path(2): said(a_detail())}
        yield running


def test_no_feed_is_asked_unless_the_settings_name_it(server, settings):
    settings.FEEDS = []
    assert tasks.is_due() is False


def test_a_look_takes_in_what_the_portal_says_and_is_over_for_the_day(server):
    assert tasks.is_due()
    tasks.look()
    assert FeedItem.objects.get().title == "みなと県設備更新補助金"
    assert tasks.is_due() is False
    FeedRun.objects.update(finished_at=clock.actual_now() - timedelta(days=1))
    assert tasks.is_due()


def test_while_one_looks_nobody_else_begins(server):
    with tasks._asking:
        assert tasks.is_due() is False
        assert tasks.look_aside() is False
