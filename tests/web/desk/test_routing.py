"""振り分けの決まり: a manager reads the rules as a table and sees why each fires for a sentence, or not."""

from datetime import timedelta

import pytest

from madoguchi.accounts.roles import Role
from madoguchi.foundation import clock
from tests import factories, minato
from tests.accounts.people import a_member, an_organisation, sign_in
from tests.consultations.requests import a_policy, a_read_desk, a_region, a_rule, a_topic
from tests.queries import cost

pytestmark = pytest.mark.django_db
NOW = clock.actual_now()
ADDRESS = "/desk/routing/"


@pytest.fixture
def manager(client):
    membership = a_member(at=NOW - timedelta(days=9), organisation=an_organisation(), role=Role.MANAGER)
    sign_in(client, membership.user, membership)
    return membership


def shown(client, **query):
    response = client.get(ADDRESS, query)
    assert response.status_code == 200
    return response.content.decode().replace("<wbr>", "")


def test_every_rule_is_a_row_in_words(client, manager):
    desk = a_read_desk("centre")
    factories.a_region(a_read_desk("general"))
    a_policy(chasing=[{"after_business_days": 3, "to": "desk", "text": "返事をしてください。"}])
    a_topic("market")
    a_rule(desk, topics=["market"], areas=["near"], industries=["E"], employees_at_most=20)
    a_rule(desk, answers={"who": ["founder"]}, languages=["en"])
    page = shown(client)
    for words in (
        "内容：market",
        "場所：近い圏",
        "業種：製造業",
        "従業員：20人まで",
        "これから始める人",
        "言葉：英語",
    ):
        assert words in page
    assert "3日後" in page
    assert "返事をしてください。" in page


def test_a_sentence_shows_why_each_rule_fired_or_did_not(client, manager):
    a_region(market=a_read_desk("centre"), funding=a_read_desk("bank"))
    a_topic("market", words=["売りたい"])
    a_topic("funding", words=["借りたい"])
    page = shown(client, text="首都圏で売りたい")
    assert "届く先は<b>「centre」</b>です" in page
    assert "これで決まりました" in page
    assert "当てはまりません" in page
    assert "当てはまりますが、先の決まりで決まりました" in page
    assert "× market" in page


def test_a_sentence_without_any_known_word_reaches_the_last_rule(client, manager):
    a_region()
    assert "届く先は<b>「general」</b>です" in shown(client, text="こんにちは")


@pytest.mark.parametrize(
    "query",
    [
        {"area": "999999"},
        {"industry": "ZZ"},
        {"employees": "-1"},
        {"employees": "9" * 30},
        {"text": "x" * 9000},
    ],
)
def test_absurd_trials_do_no_harm(client, manager, query):
    a_topic("market", words=["売りたい"])
    a_rule(a_read_desk("small"), topics=["market"], employees_at_most=5)
    a_region(market=a_read_desk("centre"))
    page = shown(client, **({"text": "首都圏で売りたい"} | query))
    assert f"届く先は<b>「{'general' if 'text' in query else 'centre'}」</b>です" in page


def test_a_trial_that_makes_sense_changes_what_is_said(client, manager):
    """The twin: a number that can be read does reach the rules."""
    a_topic("market", words=["売りたい"])
    a_rule(a_read_desk("small"), topics=["market"], employees_at_most=5)
    a_region(market=a_read_desk("centre"))
    assert "届く先は<b>「small」</b>です" in shown(client, text="首都圏で売りたい", employees="3")


def test_before_a_pack_is_loaded_the_page_says_so(client, manager):
    assert "まだ決まりがありません" in shown(client)


def test_the_rules_of_a_loaded_pack_can_be_tried(client, manager):
    minato.loaded()
    page = shown(client, text="機械を入れたい", industry="E", employees="5")
    assert "読む人がまだいない" in page
    assert "夏休み" in page


def test_an_adviser_is_not_shown_it(client):
    membership = a_member(at=NOW - timedelta(days=9), organisation=an_organisation())
    sign_in(client, membership.user, membership)
    assert client.get(ADDRESS).status_code == 403


def test_twenty_rules_take_the_same_queries_as_one(client, manager):
    a_region()

    def queries() -> int:
        return cost(lambda: client.get(ADDRESS, {"text": "売りたい"}))

    queries()
    before = queries()
    for number in range(20):
        a_rule(a_read_desk(f"desk-{number}"), topics=[f"topic-{number}"])
    assert queries() == before
