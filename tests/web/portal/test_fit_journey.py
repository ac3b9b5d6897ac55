"""Questions and answers of わが社に合う支援."""

import pytest
from django.core import signing
from django.test import Client

from madoguchi.eligibility.dictionary import Additions, core_facts
from madoguchi.eligibility.operations import set_additions
from madoguchi.eligibility.rules.facts import FactType
from madoguchi.web.portal import fit_cookie
from madoguchi.web.shared import page_cache
from tests.factories import a_region, an_edition
from tests.web.portal.fit_rules import AREA, HERE, STAFF, a_ruled_edition, tell
from tests.web.portal.pages import page, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]

INTENTS = {"fact": "intents", "has_any": ["sales_channels"], "because": "販路をひろげること"}
AGE = {"fact": "age", "less_than": 40, "because": "40歳未満であること"}


def held(client):
    cookie = client.cookies.get(fit_cookie.NAME)
    return signing.loads(cookie.value, salt=fit_cookie.SALT) if cookie and cookie.value else {}


def test_an_owner_answers_and_sees_what_fits(client):
    a_region()
    a_ruled_edition("hojo", AREA, STAFF)
    first = client.get("/fit/question/")
    assert first.url == "/fit/question/employees/"
    assert "従業員は何人ですか。" in page(client, first.url)
    after = tell(client, "employees", "１２人")
    assert after.url == "/fit/question/area/"
    html = page(client, after.url)
    assert "1件中 0件がわかりました" in html
    assert "ほかの都道府県" in html
    assert tell(client, "area", "131016").url == "/fit/results/"
    assert held(client) == {"employees": 12, "area": "131016"}
    html = page(client, "/fit/results/")
    assert "1件の支援が、使えるかもしれません" in html
    assert "従業員が20人以下であること" in html


def test_who_does_not_know_goes_on_and_is_not_asked_again(client):
    a_ruled_edition("hojo", STAFF)
    assert tell(client, "employees", unknown="1").url == "/fit/results/"
    assert held(client) == {"employees": None}
    assert "要確認" in page(client, "/fit/results/")


def test_after_enough_answers_what_settles_little_is_asked_only_of_who_wants_to_go_on(client):
    keys = ["employees", "capital_yen", "age", "woman_led", "industry", "legal_form"]
    a_ruled_edition("hojo", STAFF, AREA)
    for key in keys[:5]:
        tell(client, key, unknown="1")
    assert 'href="/fit/question/"' in page(client, "/fit/")
    assert tell(client, keys[5], unknown="1").url == "/fit/results/"
    assert client.get("/fit/question/").url == "/fit/results/"
    assert "結果を見る" in page(client, "/fit/")
    assert 'href="/fit/question/?then=on"' in page(client, "/fit/results/")
    assert client.get("/fit/question/?then=on").url == "/fit/question/area/?then=on"
    assert 'name="then" value="on"' in page(client, "/fit/question/area/?then=on")
    assert tell(client, "woman_led", unknown="1", then="on").url == "/fit/question/area/?then=on"


def test_what_many_programmes_wait_for_is_asked_however_much_was_told(client):
    for number in range(4):
        a_ruled_edition(f"hojo-{number}", AREA)
    for key in ("employees", "capital_yen", "age", "woman_led", "industry"):
        tell(client, key, unknown="1")
    assert tell(client, "legal_form", unknown="1").url == "/fit/question/area/"


def test_any_answer_can_be_changed_and_one_goes_back_where_one_came_from(client):
    a_ruled_edition("hojo", AREA, STAFF)
    tell(client, "area", "131016")
    tell(client, "employees", "12")
    assert 'value="12"' in page(client, "/fit/question/employees/")
    assert tell(client, "employees", "25", then="results").url == "/fit/results/"
    assert tell(client, "employees", "25", then="answers").url == "/fit/answers/"
    assert held(client) == {"area": "131016", "employees": 25}


def test_an_answer_asked_for_on_a_programmes_page_leads_back_there(client):
    a_ruled_edition("hojo", STAFF, AREA)
    tell(client, "area", "131016")
    then = "programme:hojo"
    assert f'href="/fit/question/employees/?then={then}"' in page(client, "/programmes/hojo/")
    assert f'name="then" value="{then}"' in page(client, f"/fit/question/employees/?then={then}")
    assert tell(client, "employees", "12", then=then).url == "/programmes/hojo/"


@pytest.mark.parametrize(
    "then",
    [
        "https://evil.example/",
        "programme:",
        "programme://evil.example/",
        "programme:hojo/../x",
        "programme:a\n",
    ],
)
def test_one_is_not_led_elsewhere_after_an_answer(client, then):
    a_ruled_edition("hojo", STAFF)
    assert tell(client, "employees", "3", then=then).url == "/fit/results/"


def test_back_leads_to_the_question_before(client):
    a_ruled_edition("hojo", AREA, STAFF)
    tell(client, "area", "131016")
    assert 'href="/fit/question/area/"' in page(client, "/fit/question/employees/")
    assert 'class="btn btn--3" href="/fit/"' in page(client, "/fit/question/area/")


def test_what_is_typed_wrongly_stays_with_a_sentence_at_the_field(client):
    a_ruled_edition("hojo", STAFF)
    response = tell(client, "employees", "たくさん")
    html = response.content.decode()
    assert response.status_code == 422
    assert 'value="たくさん"' in html
    assert "＊数字で書いてください" in html
    assert 'aria-invalid="true"' in html
    assert "no-store" in response["Cache-Control"]
    assert held(client) == {}


def test_industries_are_asked_more_finely_only_where_a_rule_needs_it(client):
    trade = {"fact": "industry", "within": ["E"], "because": "製造業であること"}
    a_ruled_edition("wide", trade)
    assert tell(client, "industry", "E").url == "/fit/results/"
    food = {"fact": "industry", "within": ["09"], "because": "食料品の製造業であること"}
    a_ruled_edition("fine", food)
    after = tell(client, "industry", "E")
    assert after.url == "/fit/question/industry/?more=1&within=E"
    assert "食料品製造業" in page(client, after.url)
    assert tell(client, "industry", unknown="1", within="E", more="1").url == "/fit/results/"
    assert held(client) == {"industry": "E"}
    tell(client, "industry", "09", within="E", more="1")
    assert held(client) == {"industry": "09"}


def test_a_year_is_enough_until_a_rule_needs_the_day(client):
    young = {"fact": "established_on", "at_most_ago": {"years": 5}, "because": "5年以内であること"}
    a_ruled_edition("hojo", young)
    assert tell(client, "established_on", year="平成17").url == "/fit/results/"
    after = tell(client, "established_on", year="2018")
    assert after.url == "/fit/question/established_on/?more=1"
    assert "月や日までわかると" in page(client, after.url)
    tell(client, "established_on", year="2018", month="12", more="1")
    assert held(client) == {"established_on": "2018-12"}


def test_nobody_is_asked_for_the_age_itself(client):
    a_ruled_edition("hojo", AGE)
    html = page(client, "/fit/question/age/")
    assert "39歳以下" in html
    assert "40歳以上" in html
    assert 'type="text"' not in html
    tell(client, "age", "~39")
    assert held(client) == {"age": {"to": 39}}
    assert "1件の支援" in page(client, "/fit/results/")


def test_a_set_is_told_whole_and_may_hold_nothing(client):
    a_ruled_edition("hojo", INTENTS)
    assert tell(client, "intents").status_code == 422
    assert tell(client, "intents", "-", "hire").status_code == 422
    tell(client, "intents", "sales_channels", "hire")
    assert held(client) == {"intents": ["sales_channels", "hire"]}
    tell(client, "intents", "-")
    assert held(client) == {"intents": []}
    assert "まだ、使えると言える支援はありません" in page(client, "/fit/results/")


def test_what_a_pack_adds_is_asked_too(client):
    set_additions(
        Additions(
            facts=[{"key": "boats", "label": "船の数", "type": "count", "question": "船は何隻ですか。"}],
            choices=[{"fact": "intents", "code": "fish", "label": "魚をとる"}],
        )
    )
    a_ruled_edition("hojo", {"fact": "boats", "at_least": 2, "because": "船が2隻以上あること"}, INTENTS)
    assert "船は何隻ですか。" in page(client, "/fit/question/boats/")
    html = page(client, "/fit/question/intents/")
    assert html.index("この地域の支援にあるもの") < html.index("魚をとる")


def test_sales_by_month_are_typed_into_a_grid_of_the_years_that_matter(client):
    month = {
        "fact": "sales_monthly",
        "month": "2022-04",
        "at_most": 1_000_000,
        "because": "4月の売上が100万円以下であること",
    }
    a_ruled_edition("hojo", month)
    html = page(client, "/fit/question/sales_monthly/")
    assert html.count('name="2022-') == 12
    sent = {"2022-04": "90", "2022-05": "x"}
    response = client.post("/fit/question/sales_monthly/", sent, headers=HERE)
    assert response.status_code == 422
    assert 'value="90"' in response.content.decode()
    client.post("/fit/question/sales_monthly/", {"2022-04": "90"}, headers=HERE)
    assert held(client) == {"sales_monthly": {"2022-04": 900_000}}


@pytest.mark.parametrize("key", ["nani", "used:nani", "used:", "\x00", "area%2F..", "x" * 300])
def test_a_question_that_does_not_exist_is_not_found(client, key):
    assert client.get(f"/fit/question/{key}/").status_code == 404


@pytest.mark.parametrize(
    "value", ["", "999999", "131016' OR 1=1", "\x00", "１", "x" * 5000, "-", "~", "near"]
)
def test_an_area_that_does_not_exist_is_refused(client, value):
    a_ruled_edition("hojo", AREA)
    assert tell(client, "area", value).status_code == 422
    assert held(client) == {}


@pytest.mark.parametrize("query", ["within=Z", "within=", "within=09&more=1", "then=x", "more"])
def test_absurd_parameters_show_the_plain_question(client, query):
    a_ruled_edition("hojo", AREA)
    page(client, f"/fit/question/industry/?{query}")


def test_a_question_costs_the_same_for_one_programme_and_for_twenty(client):
    a_region()
    a_ruled_edition("first", AREA, STAFF)
    one = queries_of("/fit/question/area/")
    for number in range(20):
        a_ruled_edition(f"more-{number}", AREA, STAFF)
    assert queries_of("/fit/question/area/") == one


def test_a_site_without_programmes_has_nothing_to_ask(client):
    assert client.get("/fit/question/").url == "/fit/results/"
    for address in (
        "/fit/",
        "/fit/results/",
        "/fit/answers/",
        "/fit/sheet/",
        "/fit/plan/",
        "/fit/sales-drop/",
    ):
        page(client, address)


# ── Whose answers they are ──────────────────────────────────────────────────────────────────────────
def test_everything_kept_is_shown_and_goes_in_one_click(client):
    a_region()
    a_ruled_edition("hojo", AREA, STAFF)
    tell(client, "area", "131016")
    tell(client, "employees", unknown="1")
    html = page(client, "/fit/answers/")
    assert "千代田区" in html
    assert "わからない" in html
    erased = client.post("/fit/erase/", headers=HERE)
    assert erased.url == "/fit/?erased=1"
    assert held(client) == {}
    assert "答えを消しました" in page(client, erased.url)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client):
    a_ruled_edition("hojo", STAFF)
    cookie = tell(client, "employees", "12").cookies[fit_cookie.NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 90 * 24 * 60 * 60


ADDRESSES = [
    "/fit/",
    "/fit/answers/",
    "/fit/results/",
    "/fit/sheet/",
    "/fit/question/employees/",
    "/fit/plan/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_else_is_shown_the_answers(client, address):
    a_region()
    a_ruled_edition("hojo", AREA, STAFF)
    tell(client, "area", "134015")
    tell(client, "employees", "17")
    response = client.get(address)
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    html = page(Client(), address)
    assert "八丈町</span>" not in html
    assert "17人" not in html


def test_if_pages_with_answers_were_kept_others_would_see_them(client, monkeypatch):
    a_ruled_edition("hojo", STAFF)
    tell(client, "employees", "17")
    monkeypatch.setattr(page_cache, "_may_be_kept", lambda response: True)
    assert "17人" in page(client, "/fit/answers/")
    client.cookies.clear()
    assert "17人" in page(client, "/fit/answers/")


def test_the_next_visitor_of_the_same_process_sees_none(client):
    a_ruled_edition("hojo", STAFF)
    tell(client, "employees", "17")
    assert "17人" in page(client, "/fit/answers/")
    client.cookies.clear()
    assert "17人" not in page(client, "/fit/answers/")


def forged(answers, salt=fit_cookie.SALT):
    return signing.dumps(answers, salt=salt)


@pytest.mark.parametrize(
    "cookie",
    ["kowareta", forged({"employees": 3}, "somebody else"), forged({"employees": 3})[:-2], forged([1])],
    ids=["no cookie of ours", "for another use", "cut short", "no answers"],
)
def test_a_cookie_that_cannot_be_trusted_calmly_begins_anew(client, cookie):
    a_ruled_edition("hojo", STAFF)
    client.cookies[fit_cookie.NAME] = cookie
    for address in ("/fit/results/", "/fit/answers/", "/fit/question/employees/"):
        assert "3人" not in page(client, address)
    response = client.get("/fit/")
    assert "前の答えを読めませんでした" in response.content.decode().replace("<wbr>", "")
    assert response.cookies[fit_cookie.NAME].value == ""


def test_the_same_cookie_signed_by_us_is_believed(client):
    a_ruled_edition("hojo", STAFF)
    client.cookies[fit_cookie.NAME] = forged({"employees": 3})
    assert "3人" in page(client, "/fit/answers/")


@pytest.mark.parametrize(
    "old", [{"gone": 3}, {"employees": "many"}, {"employees": -1}, {"area": "9"}, {"intents": [["x"]]}]
)
def test_an_answer_that_no_longer_reads_is_left_out(client, old):
    a_ruled_edition("hojo", STAFF)
    client.cookies[fit_cookie.NAME] = forged({**old, "capital_yen": 5})
    html = page(client, "/fit/answers/")
    assert "資本金" in html
    assert "many" not in html


def test_more_than_a_browser_keeps_is_refused_with_a_sentence(client, monkeypatch):
    a_ruled_edition("hojo", STAFF)
    monkeypatch.setattr(fit_cookie, "LONGEST", 10)
    response = tell(client, "employees", "12")
    assert response.status_code == 422
    assert "おぼえておけません" in response.content.decode()


def test_every_answer_there_is_fits_into_one_cookie():
    figures = {
        f"{year}-{month:02}": 12_345_678 + month * year
        for year in range(2019, 2023)
        for month in range(1, 13)
    }
    plain = {
        FactType.YEN: 123_456_789,
        FactType.COUNT: 1234,
        FactType.DATE: "2005-04-01",
        FactType.BOOLEAN: True,
        FactType.CHOICE: "kigyo_kumiai",
        FactType.INDUSTRY: "09",
        FactType.AREA: "131016",
        FactType.MONTHLY: figures,
        FactType.YEARLY: {str(year): 123_456_789 for year in range(2019, 2023)},
        FactType.COSTS: [{"name": f"オーブンと発酵機 {number}", "yen": 1_234_567} for number in range(8)],
    }
    everything = {
        fact.key: [choice.code for choice in fact.choices] if fact.type is FactType.SET else plain[fact.type]
        for fact in core_facts()
    }
    assert fit_cookie.fits(everything)


@pytest.mark.parametrize(
    "address", ["/fit/erase/", "/fit/question/employees/", "/fit/plan/", "/fit/sales-drop/"]
)
@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}]
)
def test_a_form_from_another_site_changes_nothing(client, address, headers):
    a_ruled_edition("hojo", STAFF)
    tell(client, "employees", "12")
    assert client.post(address, {"value": "3"}, headers=headers).status_code == 403
    assert held(client) == {"employees": 12}


def test_without_the_check_a_form_from_elsewhere_would_be_taken(client, monkeypatch):
    a_ruled_edition("hojo", STAFF)
    monkeypatch.setattr("madoguchi.web.portal.views.fit.is_same_origin", lambda request: True)
    tell(client, "employees", "12", headers={"Sec-Fetch-Site": "cross-site"})
    assert held(client) == {"employees": 12}


def test_looking_erases_nothing(client):
    assert client.get("/fit/erase/").status_code == 405


def test_the_home_page_leads_there(client):
    an_edition("hojo")
    assert 'href="/fit/"' in page(client, "/")


def test_answers_that_contradict_each_other_are_named_and_count_for_nothing(client):
    a_ruled_edition("hojo", STAFF)
    tell(client, "applicant", "worker")
    tell(client, "employees", "17")
    for address in ("/fit/results/", "/fit/answers/"):
        assert "個人で使う方に、従業員の数は要りません。" in page(client, address)
    assert "17人" in page(client, "/fit/answers/")


def test_answers_that_agree_are_not_called_contradictory(client):
    a_ruled_edition("hojo", STAFF)
    tell(client, "applicant", "business")
    tell(client, "employees", "17")
    assert "食い違っている" not in page(client, "/fit/results/")
