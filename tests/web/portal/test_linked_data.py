"""What pages tell machines: Open Graph, JSON-LD, llms.txt."""

import json
import re
from datetime import date, time

import pytest

from madoguchi.web.shared.fragments.linked_data import head
from tests.factories import NEAR, a_desk, a_region, an_edition, an_event, an_organisation
from tests.web.portal.pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]


def things(html):
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html)
    return [json.loads(each) for each in found]


def test_a_programme_is_a_government_service_of_whoever_answers_for_it(client):
    a_region()
    an_edition("hojo", name="設備の補助", contacts=[{"label": "商工課", "telephone": "03-1234-5678"}])
    html = page(client, "/programmes/hojo/")
    [thing] = things(html)
    assert thing["@type"] == "GovernmentService"
    assert thing["name"] == "設備の補助"
    assert thing["url"] == "http://testserver/programmes/hojo/"
    assert thing["areaServed"] == [{"@type": "AdministrativeArea", "name": "東京都"}]
    assert thing["provider"] == {"@type": "Organization", "name": "商工課", "telephone": "03-1234-5678"}
    assert '<meta property="og:title" content="設備の補助">' in html
    assert '<meta property="og:site_name" content="窓口みほん">' in html


def test_an_event_is_told_date_by_date_and_what_is_over_is_not(client):
    event = an_event("kai", date(2023, 10, 1), date(2023, 11, 7), is_free=True)
    event.occurrences.filter(starts_on=date(2023, 11, 7)).update(starts_at=time(13, 30), place_name="会館")
    [thing] = things(page(client, "/events/kai/"))
    assert thing["startDate"] == "2023-11-07T13:30+09:00"
    assert thing["location"] == {"@type": "Place", "name": "会館"}
    assert thing["isAccessibleForFree"] is True


def test_desks_and_organisations_are_organisations_with_their_number(client):
    a_desk("mado", an_organisation("kikan", telephone="03-4444-5555"), telephone="03-2222-3333")
    assert things(page(client, "/desks/mado/"))[0]["telephone"] == "03-2222-3333"
    assert things(page(client, "/organisations/kikan/"))[0]["telephone"] == "03-4444-5555"


def test_no_text_can_leave_its_element():
    evil = '</script><script>alert(1)</script>"'
    html = head(title=evil, description=evil, url="u", site_name="", data=[{"@type": "Event", "name": evil}])
    assert "<script>alert" not in html
    assert things(html)[0]["name"] == evil
    assert html.count("</script>") == 1


def test_language_models_and_search_engines_are_told_where_things_are(client):
    a_region()
    text = page(client, "/llms.txt")
    assert text.startswith("# 窓口みほん\n")
    assert "(http://testserver/api/v1/openapi.json)" in text
    assert f"<loc>http://testserver/area/{NEAR}/</loc>" in page(client, "/sitemap.xml")
