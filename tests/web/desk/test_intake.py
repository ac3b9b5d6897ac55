"""相談を受ける: one screen that works without scripts, flags secrets, keeps what is typed, opens one case."""

import re
from datetime import timedelta

import pytest

from madoguchi.accounts.roles import Role
from madoguchi.businesses.operations import notes
from madoguchi.consultations.models import Case, Consultation, Draft
from madoguchi.consultations.operations import drafts
from madoguchi.foundation import clock
from madoguchi.institutions.models import Organisation
from madoguchi.web.desk.sent import COOKIE
from tests import factories
from tests.accounts.people import a_hat, a_member, an_organisation, sign_in
from tests.businesses.businesses import a_business, on_the_books
from tests.consultations.cases import a_taken_case
from tests.consultations.requests import a_policy, a_read_desk, a_rule, a_topic
from tests.queries import cost

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/cases/new/"
NOW = clock.actual_now()


@pytest.fixture
def chamber():
    return an_organisation("みほん商工会")


@pytest.fixture
def adviser(client, chamber):
    membership = a_member(at=NOW - timedelta(days=9), organisation=chamber)
    sign_in(client, membership.user, membership)
    return membership


@pytest.fixture
def business(adviser, chamber):
    business = a_business("みほん商店", at=NOW, area_code="131016")
    on_the_books(business, chamber, at=NOW)
    notes.search_keys(business)
    return business


def told(**changes):
    return {
        "once": "once-1",
        "who": "anonymous",
        "words": "首都圏で売りたい",
        "channel": "visit",
        "urgency": "normal",
        "to": "myself",
        "has_talk": "on",
        "held_on": "2026-11-30",
        "minutes": "40",
        "body": "巡回で話した",
        "visibility": "shared",
    } | changes


def page(client, data=None, status=200, address=ADDRESS):
    response = client.get(address) if data is None else client.post(address, data)
    assert response.status_code == status, response.content.decode()[:3000]
    return response.content.decode().replace("<wbr>", "")


def test_the_whole_intake_is_one_screen_and_one_click(client, business):
    response = client.post(ADDRESS, told(who="known", business=business.key))
    case = Case.objects.get()
    assert response["Location"] == f"/desk/cases/{case.key}/"
    assert (case.business, case.channel, case.area_code) == (business, "visit", "131016")
    assert Consultation.objects.get().minutes == 40
    assert response.cookies[COOKIE].value == "once-1"


def test_sent_twice_it_is_one_case(client, business):
    locations = {client.post(ADDRESS, told(who="known", business=business.key))["Location"] for _ in range(2)}
    assert len(locations) == Case.objects.count() == 1


def once_of(shown: str) -> str:
    return re.findall(r'name="once" value="([^"]+)"', shown)[0]


def test_another_text_from_the_same_screen_comes_back_and_is_sent_by_pressing_again(client, business):
    client.post(ADDRESS, told())
    shown = page(client, told(words="お金を借りたい"), status=422)
    assert "この画面からは、もう送っています" in shown
    assert "お金を借りたい" in shown
    client.post(ADDRESS, told(words="お金を借りたい", once=once_of(shown)))
    assert Case.objects.count() == 2


def test_a_tray_of_an_organisation_that_the_pack_dropped_takes_cases(client, adviser, chamber):
    Organisation.objects.update(is_current=False)
    assert client.post(ADDRESS, told(to="own_tray", has_talk="")).status_code == 302
    assert Case.objects.get().involvements.get().organisation_id == chamber.pk


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"who": "known"}, "事業者をさがして選んでください"),
        ({"who": "known", "business": "nosuchkey"}, "いま名簿にありません"),
        ({"who": "new"}, "商号か、お名前を書いてください"),
        ({"who": "new", "new_name": "例示工房", "new_number": "123"}, "法人番号"),
        ({"who": ""}, "どれか一つを選んでください"),
        ({"email": "kobo@"}, "メールアドレスの形を確かめてください"),
        ({"words": " "}, "相談の内容を、ひとことで"),
        ({"held_on": ""}, "話した日を選んでください"),
        ({"minutes": "0"}, "1"),
        ({"to": "chosen"}, "送り先を選んでください"),
        ({"channel": "pigeon"}, "pigeon"),
    ],
)
def test_an_error_stands_at_its_field_and_nothing_typed_is_lost(client, adviser, changes, sentence):
    shown = page(client, told(**changes), status=422)
    assert sentence in shown
    assert "巡回で話した" in shown
    assert "data-autosave-refused" in shown
    assert not Case.objects.exists()


def test_where_to_write_is_kept_with_the_case_and_with_a_new_business(client, adviser):
    client.post(ADDRESS, told(who="new", new_name="例示工房", email="kobo@example.jp"))
    case = Case.objects.get()
    assert (case.contact_email, case.business.email) == ("kobo@example.jp", "kobo@example.jp")


def test_a_business_of_another_organisation_cannot_be_chosen(client, adviser):
    foreign = a_business("よその会社", at=NOW)
    on_the_books(foreign, an_organisation("よその機関"), at=NOW)
    shown = page(client, told(who="known", business=foreign.key), status=422)
    assert "よその会社" not in shown


def test_below_a_found_business_its_newest_cases_stand_and_no_secret_one_of_others(
    client, adviser, chamber, business
):
    hat = a_hat(at=NOW, organisation=chamber)
    for title in ("一番目", "二番目", "三番目"):
        a_taken_case(hat, title=title, business=business)
    a_taken_case(hat, title="後継ぎ", business=business, topics=[a_topic("succession", is_secret=True)])
    shown = page(client, address=f"{ADDRESS}found/?q=みほん")
    assert [title in shown for title in ("三番目", "二番目", "一番目", "後継ぎ")] == [
        True,
        True,
        False,
        False,
    ]


# ── Without scripts, and with them ──────────────────────────────────────────────────────────────────
def test_without_scripts_a_button_finds_businesses_and_keeps_the_rest(client, business):
    shown = page(client, told(go="search", q="みほん", who="known"))
    assert f'value="{business.key}"' in shown
    assert "巡回で話した" in shown
    assert not Case.objects.exists()


def test_while_typing_the_businesses_come_as_a_part_of_the_screen(client, business):
    shown = page(client, address=f"{ADDRESS}found/?q=みほん")
    assert business.key in shown
    assert "<html" not in shown
    assert "みつかりません" in page(client, address=f"{ADDRESS}found/?q=そんな店はない")


def test_the_chosen_business_stays_when_the_search_goes_on(client, business):
    assert business.key in page(client, address=f"{ADDRESS}found/?q=べつの&business={business.key}")


def topics(client, **data):
    return page(client, data, address=f"{ADDRESS}topics/")


def is_ticked(shown: str, code: str) -> bool:
    return bool(re.search(rf'value="{code}"[^>]*checked', shown))


def test_the_words_suggest_topics_and_a_secret_one_is_flagged_at_once(client, adviser):
    a_topic("market", words=["売りたい"])
    a_topic("succession", words=["継ぐ"], is_secret=True)
    shown = topics(client, words="売りたい。売りたい。店を継ぐ人もいない")
    assert is_ticked(shown, "market")
    assert is_ticked(shown, "succession")
    assert "秘密厳守の内容です" in shown


def test_what_the_adviser_took_away_does_not_come_back(client, adviser):
    a_topic("succession", words=["継ぐ"], is_secret=True)
    shown = topics(client, words="店を継ぐ人がいない", seen="succession")
    assert not is_ticked(shown, "succession")
    assert "秘密厳守の内容です" not in shown


def test_the_screen_says_where_the_rules_would_send_it(client, adviser):
    desk = a_read_desk("centre")
    factories.a_region(a_read_desk("general"))
    a_topic("market", words=["売りたい"])
    a_rule(desk, topics=["market"])
    assert "決まりどおりなら「centre」" in topics(client, words="売りたい", area="999999")


# ── Sending it on ───────────────────────────────────────────────────────────────────────────────────
def test_by_the_rules_it_goes_to_their_desk_and_comes_out_of_sight(client, adviser):
    a_policy()
    desk = a_read_desk("centre")
    factories.a_region(a_read_desk("general"))
    a_topic("market")
    a_rule(desk, topics=["market"])
    sent_on = told(to="by_rule", topics=["market"], is_agreed="on", has_talk="")
    assert client.post(ADDRESS, sent_on)["Location"] == "/desk/"
    involvement = Case.objects.get().involvements.get()
    assert (involvement.desk, involvement.routed_because) == (desk, "centreが受けます。")


def test_without_the_consent_the_box_says_so(client, adviser):
    factories.a_region(a_read_desk("general"))
    shown = page(client, told(to="by_rule"), status=422)
    assert "同意がまだ記録されていません" in shown


def test_desks_and_organisations_with_readers_can_be_chosen(client, adviser):
    factories.a_region(a_read_desk("general"))
    factories.a_desk("silent")
    shown = page(client)
    assert 'value="desk:general"' in shown
    assert 'value="organisation:of-general"' in shown
    assert "silent" not in shown
    client.post(ADDRESS, told(to="chosen", receiver="organisation:of-general", is_agreed="on"))
    assert Case.objects.get().involvements.get().organisation.slug == "of-general"


# ── What is typed ───────────────────────────────────────────────────────────────────────────────────
def test_what_was_typed_is_kept_and_comes_back(client, adviser):
    a_topic("market")
    answer = client.post(
        "/desk/drafts/intake/", told(words="途中まで", topics="market", seen="market")
    ).json()
    assert answer["said"].endswith("に保存しました")
    shown = page(client)
    assert "途中まで" in shown
    assert "までの入力を戻しました" in shown
    assert is_ticked(shown, "market")
    assert 'value="once-1"' in shown


def test_it_can_be_thrown_away(client, adviser):
    client.post("/desk/drafts/intake/", told(words="途中まで"))
    response = client.post(f"{ADDRESS}forget/")
    assert "途中まで" not in client.get(response["Location"]).content.decode()
    assert not Draft.objects.exists()


def test_a_draft_is_nobody_elses(client, adviser, chamber):
    client.post("/desk/drafts/intake/", told(words="途中まで"))
    colleague = a_member(at=NOW - timedelta(days=9), organisation=chamber)
    sign_in(client, colleague.user, colleague)
    assert "途中まで" not in page(client)


@pytest.mark.parametrize(
    "content", [[], "text", {"topics": 5, "words": ["a"], "held_on": "x"}, {"who": None}]
)
def test_a_draft_of_another_shape_does_no_harm(client, adviser, content):
    Draft.objects.create(user=adviser.user, form=drafts.INTAKE, content=content, saved_at=NOW)
    before = Draft.objects.values_list("content", flat=True).get()
    shown = page(client)
    assert 'name="words"' in shown
    assert client.post(ADDRESS, told()).status_code == 302
    assert Case.objects.get().words == told()["words"]
    assert before == content
    assert not Draft.objects.exists()


def test_a_draft_of_this_shape_is_shown(client, adviser):
    """The twin: what stands in a draft does reach the page, so a shape it cannot read matters."""
    Draft.objects.create(user=adviser.user, form=drafts.INTAKE, content={"words": "途中まで"}, saved_at=NOW)
    assert "途中まで" in page(client)


def test_too_long_a_draft_is_told_in_words(client, adviser):
    response = client.post("/desk/drafts/intake/", {"words": "長" * drafts.MOST_BYTES})
    assert response.status_code == 422
    assert "長すぎて" in response.json()["said"]


@pytest.mark.parametrize("role", [Role.EXPERT, Role.AUDITOR, Role.OPERATOR])
def test_who_writes_no_cases_takes_none_in(client, chamber, role):
    membership = a_member(at=NOW - timedelta(days=9), organisation=chamber, role=role)
    sign_in(client, membership.user, membership)
    for address in (ADDRESS, f"{ADDRESS}found/", "/desk/held/", "/desk/routing/"):
        assert client.get(address).status_code in (302, 403)


def test_the_screen_takes_the_same_queries_for_many_topics_and_desks(client, adviser):
    factories.a_region(a_read_desk("general"))
    a_topic("market")

    def queries() -> int:
        return cost(lambda: client.get(ADDRESS))

    queries()
    before = queries()
    for number in range(20):
        a_topic(f"topic-{number}")
        a_rule(a_read_desk(f"desk-{number}"), topics=[f"topic-{number}"])
    assert queries() == before


def routed_to(client, **changes) -> str:
    """The desk that the rules name, as the screen says before and as it goes."""
    given = told(to="by_rule", is_agreed="on", has_talk="", body="", **changes)
    said = page(client, given, address=f"{ADDRESS}topics/")
    client.post(ADDRESS, given)
    desk = Case.objects.get().involvements.get().desk.slug
    assert desk in said
    return desk


def test_rules_for_a_trade_and_a_size_fire_by_the_record_of_the_business(client, business):
    factory = a_read_desk("factory")
    factories.a_region(a_read_desk("general"))
    a_policy()
    a_rule(factory, industries=["E"], employees_at_most=20)
    business.industry, business.employees = "09", 12
    business.save()
    assert routed_to(client, who="known", business=business.key) == "factory"


def test_a_rule_for_founders_fires_for_who_is_one(client, adviser):
    founders = a_read_desk("founders")
    factories.a_region(a_read_desk("general"))
    a_policy()
    a_rule(founders, answers={"who": ["founder"]})
    assert routed_to(client, who="new", new_name="例示工房", is_founder="on") == "founders"


def test_a_rule_for_a_language_fires_by_the_form(client, adviser):
    english = a_read_desk("english")
    factories.a_region(a_read_desk("general"))
    a_policy()
    a_rule(english, languages=["en"])
    assert routed_to(client, language="en") == "english"
    assert Case.objects.get().language == "en"
