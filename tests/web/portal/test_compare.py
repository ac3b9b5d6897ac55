"""Programmes side by side."""

import pytest

from madoguchi.finding import indexing
from tests.alerts.subscriptions import HERE
from tests.factories import a_desk, a_region, a_term, an_edition
from tests.web.portal.pages import page, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]


def test_an_owner_compares_two_programmes_row_by_row(client):
    a_term("kinds", "subsidy", "補助金")
    an_edition("hojo", name="設備の補助", headline="上限100万円", telephone="03-1234-5678")
    an_edition("yushi", name="設備の融資", requirements=[{"text": "県内で1年以上事業をしていること"}])
    html = page(client, "/compare/?p=yushi&p=hojo")
    assert html.index("設備の融資") < html.index("設備の補助")
    for fact in ("上限100万円", "tel:0312345678", "県内で1年以上事業をしていること", "窓口で確認"):
        assert fact in html
    assert '<th scope="row" class="row-head nb">いくら</th>' in html
    assert 'data-h="設備の融資"' in html  # on a telephone each line says whose it is
    assert 'href="/compare/?p=hojo"' in html  # leaves the other out


def test_four_at_most_are_compared_and_what_is_gone_is_said(client):
    for number in range(5):
        an_edition(f"p{number}")
    html = page(client, "/compare/?" + "&".join(f"p=p{number}" for number in range(5)))
    assert "くらべられるのは4つまでです" in html
    assert "/programmes/p4/" not in html
    assert "なくなった支援があったので、外しました" in page(client, "/compare/?p=p0&p=gone")


@pytest.mark.parametrize("query", ["", "?p=", "?p=<script>", "?p=x&p=y&p=z"])
def test_without_programmes_it_says_how_to_choose(client, query):
    assert "くらべる支援を選んでください" in page(client, f"/compare/{query}")


def test_results_and_favourites_offer_a_tick_for_programmes_alone(client, settings, tmp_path):
    settings.INDEX_DIR = tmp_path / "index"
    a_region(a_desk("mado"))
    an_edition("hojo")
    indexing.catch_up()
    tick = '<input type="checkbox" name="p" value="hojo" form="compare">'
    assert tick in page(client, "/search/")
    assert page(client, "/search/").count('name="p"') == 1
    for item in ("programme:hojo", "desk:mado"):
        client.post("/favourites/change/", {"action": "add", "item": item}, headers=HERE)
    html = page(client, "/favourites/")
    assert html.count('name="p"') == 1
    assert tick in html
    assert 'id="compare" action="/compare/"' in html


def test_a_comparison_costs_the_same_for_one_programme_and_for_four():
    for number in range(4):
        an_edition(f"p{number}")
    assert queries_of("/compare/?p=p0") == queries_of("/compare/?p=p0&p=p1&p=p2&p=p3")
