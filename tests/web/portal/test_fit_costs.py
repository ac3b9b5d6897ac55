"""費用と組み合わせ: the plan of costs as a form, what it brings, on the results and on paper."""

import re
from fractions import Fraction

import pytest
from django.test import Client

from madoguchi.eligibility.rules.values import MOST_COSTS
from tests.queries import cost
from tests.web.portal.fit_rules import HERE, tell
from tests.web.portal.pages import page
from tests.web.portal.test_fit_journey import held
from tests.web.portal.test_fit_results import a_framed_edition, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]
ADDRESS = "/fit/costs/"
OVEN = {"name-1": "オーブン", "yen-1": "300"}
SIGN = {"name-2": "看板", "yen-2": "40"}


@pytest.fixture
def two_grants(client):
    """Two grants for a business of six, of which no document says whether both may be had."""
    a_framed_edition("setsubi", {"name": "枠", "rate": Fraction(2, 3), "cap_yen": 2_000_000})
    a_framed_edition("kanban", {"name": "枠", "rate": Fraction(1, 2)})
    tell(client, "employees", "6")


def send(client, **fields):
    return client.post(ADDRESS, fields, headers=HERE)


def result(client, address=ADDRESS):
    return text_of(page(client, address))


@pytest.mark.usefixtures("two_grants")
def test_costs_bring_the_best_combination_with_its_path_total_and_own_share(client):
    assert send(client, **OVEN, **SIGN).url == f"{ADDRESS}#result"
    text = result(client)
    assert "費用 3,400,000円 × 2/3 2,266,666円" in text
    assert "上限 2,000,000円まで 2,000,000円" in text
    assert "補助の合計 200万円 自己負担 140万円" in text
    assert "いっしょに使えるか、資料に定めがありません。窓口で確かめてください。" in text


@pytest.mark.usefixtures("two_grants")
def test_what_the_desk_may_allow_stands_apart_and_is_never_promised(client):
    send(client, **OVEN, **SIGN)
    text = result(client)
    settled, asked = text.split("窓口で確かめること")
    assert "kanban" not in settled
    assert "資料に定めがありません" in asked
    assert "補助の合計 220万円 自己負担 120万円" in asked


@pytest.mark.usefixtures("two_grants")
def test_it_stands_on_the_results_and_on_the_sheet_where_nothing_is_folded(client):
    assert "この費用で、いちばん多くなる組み合わせ" not in result(client, "/fit/results/")
    send(client, **OVEN, **SIGN)
    assert "補助の合計 200万円 自己負担 140万円" in result(client, "/fit/results/")
    html = page(client, "/fit/sheet/")
    assert "補助の合計 200万円 自己負担 140万円" in text_of(html)
    assert "<details" not in html[html.index("fit__sheetplan") : html.index("聞いてみたい支援")]


@pytest.mark.usefixtures("two_grants")
def test_each_programme_shows_its_own_grant_for_the_costs(client):
    send(client, **SIGN)
    assert "20万円 自己負担は20万円" in result(client, "/fit/results/")


@pytest.mark.usefixtures("two_grants")
@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"yen-1": "たくさん"}, "金額を数字で書いてください"),
        ({"yen-1": "-5"}, "0以上の額を"),
        ({"name-1": "長" * 31, "yen-1": "5"}, "30字までで"),
        ({"name-1": "オーブン", "name-2": "オーブン"}, "同じ名前の費用があります"),
    ],
)
def test_what_cannot_be_read_is_named_at_its_field_and_nothing_typed_is_lost(client, fields, says):
    sent = send(client, **{"name-3": "広告", "yen-3": "7", **fields})
    html = sent.content.decode()
    assert sent.status_code == 422
    assert says in html
    assert html.count('aria-invalid="true"') == 1
    for typed in (*fields.values(), "広告"):
        assert f'value="{typed}"' in html
    assert "costs" not in held(client)


@pytest.mark.usefixtures("two_grants")
def test_more_rows_can_be_had_without_losing_what_is_typed_or_being_told_off(client):
    fields = {f"name-{number}": f"物{number}" for number in range(1, 4)} | {"yen-1": "abc", "more": "1"}
    sent = send(client, **fields)
    html = sent.content.decode()
    assert sent.status_code == 200
    assert html.count("<fieldset") == 6
    assert 'value="物3"' in html
    assert 'value="abc"' in html
    assert "入力を" not in html
    full = send(
        client, **{f"name-{n}": f"物{n}" for n in range(1, MOST_COSTS + 1)}, more="1"
    ).content.decode()
    assert full.count("<fieldset") == MOST_COSTS
    assert 'name="more"' not in full


@pytest.mark.usefixtures("two_grants")
def test_emptied_rows_go_and_a_whole_cost_told_before_becomes_the_first_row(client):
    tell(client, "cost_yen", "123")
    assert 'id="yen-1" name="yen-1" value="123"' in page(client, ADDRESS)
    send(client, **OVEN)
    assert held(client) == {"employees": 6, "costs": [{"name": "オーブン", "yen": 3_000_000}]}
    send(client)
    assert held(client) == {"employees": 6}


@pytest.mark.usefixtures("two_grants")
def test_a_row_without_an_amount_is_kept_and_said_to_be_left_out(client):
    send(client, **OVEN, **{"name-2": "広告"})
    assert "額がまだの費用（広告）は、入れていません。" in result(client)
    assert "広告 額はまだ" in result(client, "/fit/answers/")


@pytest.mark.usefixtures("two_grants")
def test_a_whole_cost_that_is_another_than_the_rows_is_a_contradiction(client):
    send(client, **OVEN)
    tell(client, "cost_yen", "123")
    assert "費用の内訳の合計と、かける予定の費用が合いません" in result(client, "/fit/results/")


def test_kinds_are_offered_where_grants_tell_them_apart(client):
    a_framed_edition("haken", {"name": "枠", "rate": Fraction(1, 3)}, grant={"of": "謝金"})
    tell(client, "employees", "6")
    assert "<option>謝金</option>" in page(client, ADDRESS)
    send(client, **OVEN, **{"kind-1": "謝金", "name-2": "ほか", "kind-2": "知らない種類", "yen-2": "1"})
    assert "<option selected>謝金</option>" in page(client, ADDRESS)
    assert [row.get("kind") for row in held(client)["costs"]] == ["謝金", None]
    assert "補助の合計 100万円" in result(client)


@pytest.mark.usefixtures("two_grants")
def test_without_anything_to_work_out_it_says_so(client):
    tell(client, "employees", "60")
    send(client, **OVEN)
    assert "額を計算できる支援はありません" in result(client)


def test_the_question_about_costs_is_this_page(client):
    assert client.get("/fit/question/costs/?then=results").url == f"{ADDRESS}?then=results"


@pytest.mark.usefixtures("two_grants")
def test_from_the_page_of_a_programme_it_leads_back_there(client):
    address = f"{ADDRESS}?then=programme:setsubi"
    assert 'name="then" value="programme:setsubi"' in page(client, address)
    sent = send(client, **OVEN, then="programme:setsubi")
    assert sent.url == f"{address}#result"
    assert 'href="/programmes/setsubi/#who"' in page(client, address)
    assert "#who" not in page(client, f"{ADDRESS}?then=programme:nowhere")
    assert 'name="then"' not in page(client, f"{ADDRESS}?then=//evil.example")


@pytest.mark.usefixtures("two_grants")
def test_another_site_cannot_plant_costs(client):
    assert client.post(ADDRESS, OVEN, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert "costs" not in held(client)


@pytest.mark.usefixtures("two_grants")
def test_what_the_browser_cannot_keep_is_said(client, monkeypatch):
    monkeypatch.setattr("madoguchi.web.portal.fit_cookie.LONGEST", 10)
    sent = send(client, **OVEN)
    assert sent.status_code == 422
    assert "これ以上おぼえておけません" in sent.content.decode().replace("<wbr>", "")
    assert 'value="オーブン"' in sent.content.decode()


@pytest.mark.usefixtures("two_grants")
def test_more_grants_cost_no_more_queries(client):
    send(client, **OVEN)
    page(client, ADDRESS)
    few = cost(lambda: page(client, ADDRESS))
    for number in range(5):
        a_framed_edition(f"p{number}", {"name": "枠", "rate": Fraction(1, 3)})
    page(client, ADDRESS)
    assert cost(lambda: page(client, ADDRESS)) == few


def test_it_is_empty_for_a_stranger():
    html = page(Client(), ADDRESS)
    assert html.count("<fieldset") == 3
    assert not re.search(r'id="(?:name|yen)-\d" [^>]*value="[^"]', html)
