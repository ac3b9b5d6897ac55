"""What a subscription is told, and that it is told once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import IntegrityError, connection

from madoguchi.alerts import news
from madoguchi.alerts.kinds import Kind, Rhythm
from madoguchi.alerts.models import Subscription, Told
from madoguchi.alerts.operations import managing, telling
from madoguchi.catalogue.models import Edition, Programme, ReceptionWindow
from madoguchi.catalogue.states import EditionState, ReceptionMode
from madoguchi.finding import indexing
from madoguchi.foundation.models import AuditEvent
from madoguchi.mail import stops
from madoguchi.mail.addresses import recipient_hash
from madoguchi.mail.kinds import Series
from madoguchi.mail.models import Mail, Stop
from madoguchi.mail.operations import sending
from madoguchi.mail.states import MailState
from tests.alerts.subscriptions import ADDRESS, a_subscription, asked, at, mails
from tests.factories import an_edition, an_event
from tests.queries import cost
from tests.web.portal.fit_rules import STAFF, a_ruled_edition

pytestmark = pytest.mark.django_db


def an_open_edition(slug="hojo", *, closes, opens=None, published=None, **fields):
    """An edition with one window."""
    edition = an_edition(slug, reception_mode=ReceptionMode.WINDOW, state=EditionState.DRAFT, **fields)
    ReceptionWindow.objects.create(edition=edition, position=0, opens_at=opens, closes_at=closes)
    Edition.objects.filter(pk=edition.pk).update(state=EditionState.PUBLISHED, published_at=published)
    return edition


def a_published(slug="hojo", when=None, **fields):
    edition = an_edition(slug, state=EditionState.DRAFT, **fields)
    Edition.objects.filter(pk=edition.pk).update(state=EditionState.PUBLISHED, published_at=when)
    return edition


def told():
    return mails()[-1].text


def test_somebody_hears_of_a_deadline_fourteen_seven_and_one_day_before_and_on_no_other_day():
    an_open_edition(closes=at(1, 0, month=12), telephone="03-1234-5678")
    a_subscription(when=at(1))
    days = [day for day in range(2, 31) if telling.tell(at=at(day))]
    assert days == [16, 23, 29]
    first, _second, last = (mail.text for mail in mails())
    assert "締切は11月30日（木）、あと14日です" in first
    assert "電話 03-1234-5678" in first
    assert "/programmes/hojo/" in first
    assert "あと1日です" in last


def test_on_its_last_day_a_deadline_is_today():
    an_open_edition(closes=at(3, 0))
    a_subscription(when=at(1))
    telling.tell(at=at(2))
    assert "きょうが締切です" in told()


def test_without_news_nothing_is_mailed():
    an_edition("hojo")
    a_subscription()
    assert telling.tell(at=at(2)) == 0
    assert mails() == []
    assert Subscription.objects.get().told_on == date(2023, 11, 2)


def test_what_was_published_before_is_no_news():
    a_published(when=at(1, 8))
    a_subscription(when=at(1))
    assert telling.tell(at=at(2)) == 0


def test_a_search_hears_of_a_new_programme_that_it_finds_and_of_no_other(settings, tmp_path):
    settings.INDEX_DIR = tmp_path / "index"
    an_edition("mae")
    indexing.catch_up()
    a_subscription([["q", "設備"]], kind=Kind.SEARCH)
    a_published("hojo", when=at(2), summary="設備の費用を補助します。")
    a_published("yushi", when=at(2), summary="低利で貸します。")
    indexing.catch_up()
    assert telling.tell(at=at(3)) == 1
    assert "「設備」" in told()
    assert "新しく加わりました" in told()
    assert "/programmes/hojo/" in told()
    assert "yushi" not in told()


def test_a_business_hears_only_of_what_it_can_use_and_why():
    a_subscription({"employees": 12}, kind=Kind.FACTS)
    for slug, most in (("hojo", 20), ("chiisai", 5)):
        edition = a_ruled_edition(slug, {**STAFF, "at_most": most}, state=EditionState.DRAFT)
        Edition.objects.filter(pk=edition.pk).update(state=EditionState.PUBLISHED, published_at=at(2))
    assert telling.tell(at=at(3)) == 1
    assert "判定：該当" in told()
    assert "従業員が20人以下であること" in told()
    assert "chiisai" not in told()


def test_a_change_is_told_with_what_changed_and_a_mended_word_is_not():
    programme = Programme.objects.create(slug="hojo", name="hojo")
    first = a_published(programme=programme, when=at(1, 8), who="中小企業")
    a_subscription()
    Edition.objects.filter(pk=first.pk).update(state=EditionState.SUPERSEDED)
    second = a_published(programme=programme, when=at(2), who="中小企業", revision=2, summary="直しました。")
    assert telling.tell(at=at(3)) == 0
    Edition.objects.filter(pk=second.pk).update(state=EditionState.SUPERSEDED)
    a_published(programme=programme, when=at(3), who="小規模事業者", revision=3)
    assert telling.tell(at=at(4)) == 1
    assert "内容が変わりました" in told()
    assert "だれが：小規模事業者" in told()


def test_an_opening_is_told_when_it_has_come():
    an_open_edition(opens=at(3, 0), closes=at(31, month=12))
    a_subscription()
    assert [day for day in (2, 3, 4) if telling.tell(at=at(day))] == [3]
    assert "受付が始まりました" in told()


def test_favourites_hear_of_the_date_of_an_event_and_searches_of_new_events(settings, tmp_path):
    settings.INDEX_DIR = tmp_path / "index"
    an_event("kai", date(2023, 11, 10))
    indexing.catch_up()
    a_subscription(["event:kai"])
    a_subscription([["q", "会"]], kind=Kind.SEARCH)
    an_event("atarashii", date(2023, 12, 24))
    indexing.catch_up()
    assert telling.tell(at=at(3)) == 2
    favourites, search = (mail.text for mail in mails())
    assert "開催日は11月10日（金）、あと7日です" in favourites
    assert "/events/atarashii/" in search
    assert "/events/kai/" not in search


def test_a_weekly_digest_comes_once_in_seven_days():
    an_edition("hojo")
    a_subscription(rhythm=Rhythm.WEEKLY)
    telling.tell(at=at(2))
    a_published("betsu", when=at(3))
    assert Subscription.objects.get().told_on == date(2023, 11, 2)
    telling.tell(at=at(8))
    assert Subscription.objects.get().told_on == date(2023, 11, 2)
    telling.tell(at=at(9))
    assert Subscription.objects.get().told_on == date(2023, 11, 9)


def test_nobody_is_told_who_has_not_confirmed():
    an_open_edition(closes=at(8))
    asked()
    assert telling.tell(at=at(2)) == 0


def test_the_mail_is_in_the_language_of_whoever_asked_and_can_be_stopped_with_one_click():
    an_open_edition(closes=at(8))
    a_subscription(language="en")
    telling.tell(at=at(2))
    mail = mails()[0]
    assert (mail.language, mail.series) == ("en", Series.ALERTS)
    assert "/mail/stop/" in mail.text


def test_one_that_fails_holds_up_nobody_else(monkeypatch, caplog):
    an_open_edition(closes=at(8))
    a_subscription(["programme:hojo", "programme:x"], address="taro@example.jp")
    a_subscription()
    real = telling.tell_one

    def fails_first(subscription, *rest, **named):
        if subscription.address == "taro@example.jp":
            raise RuntimeError
        return real(subscription, *rest, **named)

    monkeypatch.setattr(telling, "tell_one", fails_first)
    assert telling.tell(at=at(2)) == 1
    assert "could not be told" in caplog.text
    assert "taro" not in caplog.text


def test_a_digest_is_audited_without_words():
    an_open_edition(closes=at(8))
    a_subscription()
    telling.tell(at=at(2))
    assert AuditEvent.objects.get(action="alerts.told").data == {"entries": 1}


def test_the_board_costs_the_same_for_one_programme_and_for_twenty():
    a_published("p0", when=at(2))
    one = cost(lambda: news.board(at=at(3)))
    for number in range(1, 20):
        a_published(f"p{number}", when=at(2))
    assert cost(lambda: news.board(at=at(3))) == one


def test_what_was_never_confirmed_is_erased_after_two_days():
    asked(when=at(1))
    assert managing.tidy(at=at(3, 8), actual=at(3, 8)) == 0
    assert managing.tidy(at=at(3, 9), actual=at(3, 9)) == 1
    assert not Subscription.objects.exists()
    assert Mail.objects.get().to == ""


def test_the_link_in_the_mail_erases_everything_but_the_keyed_hash():
    a_subscription()
    sending.stop(way=stops.Way(recipient_hash(ADDRESS), Series.ALERTS), at=at(2))
    assert managing.tidy(at=at(2), actual=at(2)) == 1
    assert not Subscription.objects.exists()
    assert not Mail.objects.exclude(to="").filter(kind="alerts.digest").exists()


def test_an_address_whose_server_refuses_for_ever_gets_no_more_until_it_confirms_anew():
    an_open_edition(closes=at(8))
    a_subscription(when=at(1))
    telling.tell(at=at(2))
    Mail.objects.filter(kind="alerts.digest").update(
        state=MailState.FAILED, result="refused 550", created_at=at(2)
    )
    assert managing.tidy(at=at(2), actual=at(2)) == 1
    assert Stop.objects.get().recipient_hash == recipient_hash(ADDRESS)
    a_subscription(when=at(4))
    assert not Stop.objects.exists()
    assert managing.tidy(at=at(4), actual=at(4)) == 0


def tell_at_once(monkeypatch):
    """Two workers have read the same turn and what is new in it, and tell at the same moment."""
    ready = threading.Barrier(2)
    subscription = Subscription.objects.get()
    today = news.board(at=at(2))
    read = telling._items

    def read_by_both(*of, **named):
        items = read(*of, **named)
        ready.wait()
        return items

    monkeypatch.setattr(telling, "_items", read_by_both)

    def work():
        try:
            return telling.tell_one(Subscription.objects.get(pk=subscription.pk), today, at=at(2))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return [pool.submit(work) for _ in range(2)]


@pytest.mark.django_db(transaction=True)
def test_two_workers_mail_once(monkeypatch):
    an_open_edition(closes=at(8))
    a_subscription()
    assert sorted(each.result() for each in tell_at_once(monkeypatch)) == [False, True]
    assert len(mails()) == 1
    assert Told.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_taking_turns_two_workers_collide(monkeypatch):
    monkeypatch.setattr(telling, "_take_turn", lambda subscription, on: True)
    an_open_edition(closes=at(8))
    a_subscription()
    collisions = [each.exception() for each in tell_at_once(monkeypatch)]
    assert [type(each) for each in collisions if each] == [IntegrityError]


@pytest.mark.django_db(transaction=True)
def test_without_turns_and_ledger_two_mails_go_out(monkeypatch):
    monkeypatch.setattr(telling, "_take_turn", lambda subscription, on: True)
    monkeypatch.setattr(Told.objects, "bulk_create", lambda rows: None)
    an_open_edition(closes=at(8))
    a_subscription()
    for each in tell_at_once(monkeypatch):
        each.result()
    assert len(mails()) == 2
