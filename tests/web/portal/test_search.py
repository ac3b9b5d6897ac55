import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from madoguchi.catalogue.models import Programme
from madoguchi.catalogue.states import ReceptionMode
from madoguchi.finding import indexing
from tests.factories import a_desk, a_project, a_region, a_term, an_edition, an_event, an_organisation


@pytest.fixture(autouse=True)
def _in_november(settings, tmp_path, db):
    settings.TODAY = date(2023, 11, 1)
    settings.INDEX_DIR = tmp_path / "index"


def page(client, part=False, **parameters):
    headers = {"hx-request": "true"} if part else {}
    response = client.get("/search/", parameters, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def words(html):
    return re.sub(r"\s+", "", re.sub(r"<[^>]*>", "", html))


def test_an_owner_finds_the_newest_edition_and_the_older_one_below_it(client):
    programme = Programme.objects.create(slug="kakushin", name="経営革新の支援")
    an_edition(programme=programme, fiscal_year=2021)
    an_edition(programme=programme, headline="低利の融資")
    indexing.catch_up()
    html = page(client, q="経営革新")
    assert html.count('<article class="hit') == 1
    assert 'href="/programmes/kakushin/"' in html
    assert 'href="/programmes/kakushin/2021/"' in html
    assert "令和3年度版もあります" in html
    assert "低利の融資" in html
    assert "<mark>" in html


def test_a_year_that_is_chosen_leads_to_its_own_edition(client):
    programme = Programme.objects.create(slug="kakushin", name="経営革新の支援")
    an_edition(programme=programme, fiscal_year=2021)
    an_edition(programme=programme)
    indexing.catch_up()
    html = page(client, q="経営革新", fiscal_year="2021")
    assert '<h3><a href="/programmes/kakushin/2021/">' in html


def test_without_words_everything_is_shown_the_newest_first(client):
    an_edition("old", fiscal_year=2021)
    an_edition("new", fiscal_year=2023)
    indexing.catch_up()
    html = page(client)
    assert "2件みつかりました" in words(html)
    assert html.index("/programmes/new/") < html.index("/programmes/old/")
    assert "合う順" not in html


def test_a_chosen_condition_can_be_taken_off(client):
    a_term("kinds", "subsidy", "補助金")
    an_edition("hojo", name="販路の補助")
    indexing.catch_up()
    html = page(client, q="販路", kind="subsidy")
    assert '<a class="tag" href="/search/?q=%E8%B2%A9%E8%B7%AF">補助金' in html
    assert re.search(r'id="w-kind-subsidy" name="kind" value="subsidy" checked', html)


def test_a_year_read_from_the_words_is_ticked(client):
    an_edition("hojo", name="販路の補助", fiscal_year=2021)
    indexing.catch_up()
    html = page(client, q="販路 令和3年度")
    assert 'id="w-fiscal_year-2021" name="fiscal_year" value="2021" checked' in html


def test_words_of_a_status_and_a_year_are_said_in_japanese(client):
    an_edition("hojo")
    indexing.catch_up()
    text = words(page(client, status="rolling", fiscal_year="2023", type="programme"))
    for label in ("随時", "令和5年度", "支援制度"):
        assert label + "の条件を外す" in text


def test_a_desk_shows_its_number_an_event_its_next_date_a_project_its_cost(client):
    a_desk("kawa", name="川の相談", telephone="03-1234-5678", place_name="川の館")
    an_event("fair", date(2023, 10, 3), date(2023, 11, 7), name="川の集い", fee="無料")
    a_project("line", name="川の事業", cost_yen=26_325_000, department="商工課")
    a_region(prefecture_code="140007")
    an_organisation("river", name="川の協会", telephone="03-9999-0000")
    indexing.catch_up()
    html = page(client, q="川の")
    text = words(html)
    assert 'href="tel:0312345678"' in html
    assert "川の館" in text
    assert "11月7日（火）" in text
    assert "26,325千円" in text
    assert "商工課" in text
    assert "県の取り組み" in text
    assert 'href="/organisations/river/"' in html


def test_nothing_found_says_what_to_drop_what_is_near_and_whom_to_ask(client):
    a_term("kinds", "subsidy", "補助金")
    a_region(a_desk("yorozu", name="よろず相談", telephone="03-0000-0001"))
    an_edition("hojo", name="観光農園の補助", reception_mode=ReceptionMode.ROLLING)
    indexing.catch_up()
    html = page(client, q="観光農園", kind="subsidy", status="open")
    text = words(html)
    assert "ちょうど合う支援は、みつかりませんでした" in text
    assert "「受付中」を外す1件" in text
    assert 'href="/programmes/hojo/"' in html
    assert 'href="tel:0300000001"' in html
    assert 'href="/desks/yorozu/"' in html


def test_where_nothing_is_near_the_everyday_problems_lead_on(client):
    a_term("purposes", "market", "販路開拓", say="売り先を広げたい")
    an_edition(name="設備の補助")
    indexing.catch_up()
    html = page(client, q="ロケットエンジン")
    assert 'href="/search/?purpose=market"' in html
    assert "売り先を広げたい" in html


def test_a_slip_of_the_pen_is_understood_and_said(client):
    an_edition("hanro", name="販路開拓の補助")
    indexing.catch_up()
    text = words(page(client, q="販炉開拓"))
    assert "もしかして「販路開拓」" in text
    assert "1件みつかりました" in text


def test_a_condition_nobody_knows_is_said_not_swallowed(client):
    an_edition("hojo")
    indexing.catch_up()
    text = words(page(client, kind="zzz"))
    assert "わからない条件があったので、使わずにさがしました：kind=zzz" in text


def test_a_very_long_question_is_said_to_be_cut(client):
    an_edition("hojo", name="販路の補助")
    indexing.catch_up()
    assert "言葉が長いので" in words(page(client, q="販路の補助を使いたい。" * 80))


def test_htmx_gets_the_part_below_the_box_and_everybody_else_a_page(client):
    an_edition("hojo", name="販路の補助")
    indexing.catch_up()
    part = page(client, part=True, q="販路")
    assert part.startswith("<title>「販路」の検索結果")
    assert "<html" not in part
    assert "1件みつかりました" in words(part)
    whole = page(client, q="販路")
    assert "<html" in whole
    assert 'hx-trigger="change"' in whole
    response = client.get("/search/", {"q": "販路"})
    assert "HX-Request" in response["Vary"]


def test_it_works_as_a_plain_form(client):
    an_edition("hojo", name="販路の補助")
    indexing.catch_up()
    html = page(client, q="販路")
    assert re.search(r'<form class="facets" action="/search/" method="get">', html)
    assert '<input type="hidden" name="q" value="販路">' in html


@pytest.mark.parametrize(
    "parameters",
    [
        {"page": "999999999"},
        {"page": "-1"},
        {"page": "１"},
        {"q": "a\x00b\x1f"},
        {"q": "<script>alert(1)</script>"},
        {"q": "\ud800".encode("utf-8", "surrogatepass")},
        {"fiscal_year": "0001"},
        {"fiscal_year": "9999"},
        {"area": "999999", "industry": "ZZ", "type": "x", "sort": "x", "on": "2023-13-01"},
        {"q": "。" * 5000},
    ],
)
def test_absurd_questions_get_a_clear_page(client, parameters):
    an_edition("hojo")
    indexing.catch_up()
    html = page(client, **parameters)
    assert "<script>alert" not in html


def test_a_page_beyond_the_end_is_the_last(client):
    for at in range(21):
        an_edition(f"hojo-{at}")
    indexing.catch_up()
    html = page(client, page="500")
    assert html.count('<article class="hit') == 1
    assert '<span aria-current="page">2</span>' in html


def test_before_a_pack_is_loaded_the_page_says_that_nothing_is_there(client):
    assert "みつかりませんでした" in words(page(client, q="販路"))


def test_searching_costs_the_same_queries_for_many_hits(client):
    def queries(q):
        with CaptureQueriesContext(connection) as captured:
            page(client, q=q)
        return len(captured)

    a_region()
    an_edition("one", name="山の補助")
    for at in range(8):
        an_edition(f"many-{at}", name=f"海の補助 {at}")
    indexing.catch_up()
    page(client)  # the region is read for the first page, and kept
    assert queries("山") == queries("海") == 0


def test_no_inline_styles_or_scripts(client):
    an_edition("hojo")
    indexing.catch_up()
    html = page(client)
    assert " style=" not in html
    assert "<style" not in html
    assert not re.search(r"<script(?![^>]*\bsrc=)", html)
