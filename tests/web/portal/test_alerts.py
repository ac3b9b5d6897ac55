"""この条件をメールで受け取る: asking, confirming, changing, stopping; without an account."""

from datetime import date, timedelta

import pytest
import time_machine

from madoguchi.alerts import links
from madoguchi.alerts.kinds import Rhythm
from madoguchi.alerts.models import Subscription
from madoguchi.alerts.operations import telling
from madoguchi.finding import indexing
from madoguchi.foundation import clock
from madoguchi.mail.addresses import recipient_hash
from madoguchi.mail.models import Mail, Stop
from madoguchi.web.shared.log_filters import without_keys
from tests.alerts.subscriptions import ADDRESS, HERE, a_subscription, mails, the_link
from tests.alerts.test_telling import a_published
from tests.factories import a_region, a_term, an_edition
from tests.web.portal.fit_rules import STAFF, a_ruled_edition, tell
from tests.web.portal.pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]
SENT = "/alerts/sent/"


@pytest.fixture(autouse=True)
def _index(settings, tmp_path):
    settings.INDEX_DIR = tmp_path / "index"


def ask(client, address="/alerts/search/?q=設備", headers=HERE, **fields):
    return client.post(address, {"email": ADDRESS, "rhythm": "daily", **fields}, headers=headers)


def own_page(day=date(2023, 11, 1)):
    return links.manage_path(recipient_hash(ADDRESS), on=day)


def test_a_visitor_asks_confirms_is_told_and_stops(client, settings):
    a_region()
    a_term("kinds", "subsidy", "補助金")
    an_edition("mae", summary="設備の補助です。")
    indexing.catch_up()
    html = page(client, "/search/?q=設備&kind=subsidy&page=1")
    assert 'href="/alerts/search/?q=%E8%A8%AD%E5%82%99&amp;kind=subsidy"' in html
    html = page(client, "/alerts/search/?q=設備")
    assert "「設備」" in html
    assert "登録すると、メールが届くようになります。" in html
    assert ask(client).url == SENT
    assert "確認のメールを送りました" in page(client, SENT)

    link = the_link(mails("alerts.confirmation")[0], settings)
    assert "お知らせを受け取る" in page(client, link)
    assert not Subscription.objects.active().exists()  # a program that follows links confirms nothing
    begun = client.post(link, headers=HERE).content.decode().replace("<wbr>", "")
    assert "お知らせを始めました" in begun

    a_published("hojo", when=clock.now() + timedelta(minutes=1), summary="設備の費用を補助します。")
    indexing.catch_up()
    assert telling.tell(at=clock.now() + timedelta(hours=1)) == 1
    mine = the_link(mails()[0], settings)
    assert "「設備」" in page(client, mine)
    number = Subscription.objects.get().pk
    client.post(mine, {"action": "rhythm", "number": number, "rhythm": "weekly"}, headers=HERE)
    assert Subscription.objects.get().rhythm == Rhythm.WEEKLY
    stopped = client.post(mine, {"action": "stop", "number": number}, headers=HERE)
    assert "止めました。登録した内容は消しました" in page(client, stopped.url)
    assert not Subscription.objects.exists()
    assert not Stop.objects.exists()  # one question ended; others may still be asked


def test_the_answer_is_the_same_whatever_is_known_of_an_address(client):
    a_subscription([["q", "設備"]], kind="search")
    known, unknown = ask(client), ask(client, email="taro@example.jp")
    assert known.url == unknown.url == SENT
    lists = mails("alerts.own_list")
    assert [mail.to for mail in lists] == [ADDRESS]
    assert "もう届くようになっています" in lists[0].text


def test_asking_for_the_list_mails_only_whoever_has_one_and_says_the_same(client, settings):
    a_subscription()
    answers = [
        client.post("/alerts/", {"email": each}, headers=HERE).url for each in (ADDRESS, "taro@example.jp")
    ]
    assert answers == [SENT, SENT]
    [mail] = mails("alerts.own_list")
    assert "お気に入り（1件）" in page(client, the_link(mail, settings))


def test_what_was_typed_stays_and_the_error_says_what_to_do(client):
    response = ask(client, email="はなこ", rhythm="weekly")
    html = response.content.decode()
    assert response.status_code == 422
    assert "メールアドレスの形を確かめてください" in html
    assert 'value="はなこ"' in html
    assert 'aria-describedby="id_email_error"' in html or "aria-invalid" in html
    assert not Mail.objects.exists()


def test_an_address_is_mailed_three_times_a_day_at_most_and_nobody_is_told(client):
    answers = [ask(client, f"/alerts/search/?q=語{number}").url for number in range(5)]
    assert answers == [SENT] * 5
    assert Mail.objects.count() == 3


def test_a_place_that_asks_too_often_has_to_wait(client):
    answers = [ask(client, email=f"a{number}@example.jp").status_code for number in range(21)]
    assert answers[-2:] == [302, 429]


def test_a_form_of_another_site_is_refused(client):
    assert ask(client, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert not Mail.objects.exists()
    a_subscription()
    for address in (own_page(), "/alerts/"):
        sent = client.post(
            address, {"action": "stop_all", "email": ADDRESS}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert sent.status_code == 403
    assert Subscription.objects.exists()


def test_stopping_all_keeps_nothing_but_a_keyed_hash_until_it_is_confirmed_anew(client, settings):
    a_subscription()
    a_subscription(["programme:betsu"])
    client.post(own_page(), {"action": "stop_all"}, headers=HERE)
    assert not Subscription.objects.exists()
    assert Stop.objects.get().recipient_hash == recipient_hash(ADDRESS)
    ask(client)
    assert Stop.objects.exists()
    client.post(the_link(mails("alerts.confirmation")[-1], settings), headers=HERE)
    assert not Stop.objects.exists()


def test_one_cannot_stop_or_change_what_belongs_to_another_address(client):
    other = a_subscription(address="taro@example.jp")
    for fields in ({"action": "stop"}, {"action": "rhythm", "rhythm": "weekly"}):
        client.post(own_page(), {"number": other.pk, **fields}, headers=HERE)
    assert Subscription.objects.get().rhythm == Rhythm.DAILY


@pytest.mark.parametrize("sent", [{"action": "stop", "number": "x"}, {"action": "fly", "number": "1"}, {}])
def test_absurd_forms_are_refused(client, sent):
    a_subscription()
    assert client.post(own_page(), sent, headers=HERE).status_code == 400


def test_a_link_that_is_too_old_or_not_ours_says_what_to_do(client, settings):
    ask(client)
    link = the_link(mails("alerts.confirmation")[0], settings)
    with time_machine.travel(clock.actual_now() + timedelta(hours=49), tick=False):
        assert "リンクの期限が切れています" in page(client, link, status=410)
        assert client.post(link, headers=HERE).status_code == 410
    assert client.get("/alerts/confirm/xyz/").status_code == 404
    page(client, own_page(date(2023, 7, 1)), status=410)
    page(client, "/alerts/manage/xyz/", status=410)


def test_what_fits_is_mailed_for_the_answers_and_the_page_says_that_they_are_kept(client):
    a_region()
    a_ruled_edition("hojo", STAFF)
    tell(client, "employees", "12")
    assert 'href="/alerts/fit/"' in page(client, "/fit/results/")
    html = page(client, "/alerts/fit/")
    assert "メールアドレスと、上の答えです" in html
    assert "12人" in html
    assert ask(client, "/alerts/fit/").url == SENT
    assert Subscription.objects.get().question == {"employees": 12}


def test_favourites_are_mailed_as_they_are_now(client):
    an_edition("hojo")
    client.post("/favourites/change/", {"action": "add", "item": "programme:hojo"}, headers=HERE)
    assert 'href="/alerts/favourites/"' in page(client, "/favourites/")
    assert ask(client, "/alerts/favourites/").url == SENT
    assert Subscription.objects.get().question == ["programme:hojo"]


@pytest.mark.parametrize("address", ["/alerts/fit/", "/alerts/favourites/"])
def test_who_has_nothing_to_ask_for_is_led_back(client, address):
    assert client.get(address).status_code == 302


def test_keys_of_the_links_stay_out_of_the_log(client):
    assert without_keys(f"GET {own_page()} 200") == "GET /alerts/manage/…/ 200"
