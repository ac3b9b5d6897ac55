import re
from datetime import date

import pytest
from django.test import Client

from madoguchi.catalogue.states import EditionState
from madoguchi.institutions.kinds import OrganisationKind
from tests.factories import SOURCES, a_desk, a_region, a_source, an_edition, an_event, an_organisation
from tests.web.portal.pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]

FLOW = [{**SOURCES[0], "section": "flow"}]


@pytest.mark.parametrize("address", ["/flow/", "/about/", "/accessibility/", "/privacy/"])
def test_a_page_of_words_stands_even_before_a_pack_is_loaded(client, address):
    html = page(client, address)
    assert html.count("<h1") == 1
    assert 'aria-label="現在の場所"' in html


def test_the_road_names_its_steps_and_five_outcomes(client):
    html = page(client, "/flow/")
    for word in ("窓口相談", "巡回相談", "はじめの対応", "ほかの機関とつながる"):
        assert word in html
    assert html.split("相談の先にあるもの")[1].count("<h3>") == 5


def test_the_road_leads_to_those_who_take_consultations(client):
    a_source(sections=[{"section": "flow", "title": "経営相談フロー", "line": 9, "becomes": "narrative"}])
    an_organisation("chuokai", kind=OrganisationKind.ASSOCIATION, sources=FLOW)
    a_desk("mado", an_organisation("centre"))
    an_organisation("hosho", kind=OrganisationKind.GUARANTEE, sources=FLOW)
    an_organisation("kenkyukai", kind=OrganisationKind.ASSOCIATION)
    html = page(client, "/flow/")
    found = {
        slug for slug in ("chuokai", "centre", "hosho", "kenkyukai") if f"/organisations/{slug}/" in html
    }
    assert found == {"chuokai", "centre"}
    assert "経営相談フロー" in html


def test_about_names_the_documents_it_was_written_from(client):
    a_region(credit="県の資料によります。")
    a_source(title="支援ガイド令和5", publisher="県庁")
    html = page(client, "/about/")
    for word in ("支援ガイド令和5", "県庁", "令和5年度", "県の資料によります。"):
        assert word in html


def test_the_accessibility_policy_aims_and_does_not_claim(client):
    html = page(client, "/accessibility/")
    assert "JIS X 8341-3:2016" in html
    assert "準拠しているとは書きません" in html


def test_privacy_names_the_three_cookies(client):
    html = page(client, "/privacy/")
    assert "その答えを90日間保存します" in html
    assert 'href="/fit/answers/"' in html
    assert "お気に入り" in html
    assert "言語" in html
    assert "Set-Cookie" not in client.get("/privacy/").headers


def test_privacy_says_how_long_searches_are_kept(client):
    html = page(client, "/privacy/")
    assert "13か月で消します" in html
    assert "3回に満たない言葉は、30日を過ぎると消します" in html


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
@pytest.mark.parametrize("address", ["/", "/search/", "/about/", "/favourites/", "/favourites/change/"])
def test_a_page_takes_nothing_but_looks_and_forms(method, address):
    response = getattr(Client(enforce_csrf_checks=True), method)(address)
    assert response.status_code == 405
    assert response["Allow"]


def test_a_form_without_its_token_is_still_refused():
    assert Client(enforce_csrf_checks=True).post("/about/").status_code == 403


def test_machines_are_told_what_to_leave_alone_and_where_the_list_is(client):
    text = page(client, "/robots.txt")
    assert "Disallow: /search/?\n" in text
    assert "Sitemap: http://testserver/sitemap.xml\n" in text


def test_the_sitemap_lists_every_page_of_its_own(client):
    an_edition("hojo")
    an_edition("draft", state=EditionState.DRAFT)
    a_desk("mado", an_organisation("centre"))
    an_event("fair", date(2023, 11, 7))
    response = client.get("/sitemap.xml")
    assert response["Content-Type"].startswith("application/xml")
    found = re.findall("<loc>(.*?)</loc>", response.content.decode())
    for path in (
        "/",
        "/fit/",
        "/programmes/hojo/",
        "/desks/mado/",
        "/organisations/centre/",
        "/events/fair/",
    ):
        assert f"http://testserver{path}" in found
    assert "http://testserver/programmes/draft/" not in found
