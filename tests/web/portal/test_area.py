"""Pages of municipalities, their sheet, and the widget that others frame."""

import re
from datetime import date

import pytest
from django.test import Client

from madoguchi.finding import indexing
from tests.factories import FAR, NEAR, a_desk, a_region, a_term, an_edition, an_event
from tests.web.portal.pages import page, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]


@pytest.fixture(autouse=True)
def _index(settings, tmp_path):
    settings.INDEX_DIR = tmp_path / "index"


@pytest.fixture
def place():
    a_region()
    a_term("kinds", "subsidy", "補助金")
    an_edition("chikaku", name="区の補助金", areas=[NEAR])
    an_edition("toku", name="島の補助金", areas=[FAR])
    a_desk("mado", name="区の窓口", covers=[NEAR])
    an_event("kai", date(2023, 11, 20), name="区の相談会", areas=[NEAR])
    indexing.catch_up()


@pytest.mark.usefixtures("place")
def test_a_municipality_shows_what_can_be_used_there_now_and_whom_to_ask(client):
    html = page(client, f"/area/{NEAR}/")
    assert "千代田区で使える支援" in html
    for name in ("区の補助金", "区の窓口", "区の相談会", "tel:0300000001"):
        assert name in html
    assert "島の補助金" not in html
    assert f"/alerts/search/?area={NEAR}" in html
    assert "千代田区" in page(client, "/area/")


@pytest.mark.usefixtures("place")
def test_five_digits_lead_to_the_page_and_strangers_nowhere(client):
    assert client.get("/area/13101/").url == f"/area/{NEAR}/"
    for code in ("022039", "130001", "999999", "x"):  # elsewhere, a prefecture, nobody's, no code
        assert client.get(f"/area/{code}/").status_code == 404


@pytest.mark.usefixtures("place")
def test_a_sheet_to_hang_up_brings_the_code_and_the_telephone(client):
    html = page(client, f"/area/{NEAR}/sheet/")
    assert "data:image/svg+xml" in html
    assert f"/area/{NEAR}/</figcaption>" in html
    assert "tel:0300000001" in html


def test_a_municipality_without_anything_says_so(client):
    a_region()
    assert "受付の終わっていない支援は、ありません。" in page(client, f"/area/{FAR}/")


def test_a_municipality_costs_the_same_for_one_programme_and_for_twenty():
    a_region()
    an_edition("p0", areas=[NEAR])
    indexing.catch_up()
    one = queries_of(f"/area/{NEAR}/")
    for number in range(1, 20):
        an_edition(f"p{number}", areas=[NEAR])
    indexing.catch_up()
    assert queries_of(f"/area/{NEAR}/") == one


@pytest.mark.usefixtures("place")
def test_any_site_may_frame_the_widget_which_runs_no_script_and_sets_no_cookie():
    response = Client().get("/widget/", {"area": NEAR, "kind": "subsidy"})
    html = response.content.decode().replace("<wbr>", "")
    assert "区の補助金" in html
    assert "島の補助金" not in html
    policy = response["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src 'none'" in policy
    assert "X-Frame-Options" not in response
    assert not response.cookies
    assert "<script" not in html
    assert '<base target="_blank">' in html
    assert re.search(r'<html lang="ja">.*<title>千代田区で使える支援', html, re.DOTALL)


@pytest.mark.parametrize(
    "address", ["/", f"/area/{NEAR}/", "/widget/code/", "/alerts/", "/search/", "/compare/"]
)
@pytest.mark.usefixtures("place")
def test_no_other_page_may_be_framed(address):
    response = Client().get(address)
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"


@pytest.mark.usefixtures("place")
def test_the_code_to_copy_names_what_was_chosen_and_no_more(client):
    html = page(client, f"/widget/code/?area={NEAR}&kind=%22%3E%3Cscript%3E")
    assert f'&lt;iframe src="http://testserver/widget/?area={NEAR}" title="千代田区で使える支援"' in html
    assert f'&lt;madoguchi-widget name="千代田区で使える支援" area="{NEAR}" height="600"' in html
    assert "<script>" not in html
    assert client.get("/widget/widget.js").url.startswith("/static/shared/js/widget")
