"""都, 道, 府 or 県: the pages speak of what their own prefecture is."""

import pytest

from madoguchi.finding import indexing
from tests.factories import a_policy, a_project, a_region, an_edition
from tests.web.portal.pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]

OWN = {"010006": "道", "130001": "都", "140007": "県", "270008": "府"}
SAYING_IT = (
    "/",
    "/about/",
    "/organisations/",
    "/policies/",
    "/policies/p1/",
    "/programmes/programme/",
    "/projects/line/",
    "/search/",
    "/search/?type=project",
)


@pytest.fixture(autouse=True)
def _own_index(settings, tmp_path):
    settings.INDEX_DIR = tmp_path / "index"


def something_everywhere():
    a_policy("p1")
    a_project("line").programmes.add(an_edition().programme)
    indexing.catch_up()


@pytest.mark.parametrize(("code", "own"), OWN.items())
def test_every_page_names_the_prefecture_as_what_it_is(client, code, own):
    a_region(prefecture_code=code)
    something_everywhere()
    for address in SAYING_IT:
        html = page(client, address)
        assert f"{own}の取り組み" in html
        for other in {"県", "都", "道", "府"} - {own}:
            assert f"{other}の取り組み" not in html
            assert f"国・{other}・市町村" not in html


def test_before_a_pack_is_loaded_no_prefecture_is_assumed(client):
    assert "都道府県の取り組み" in page(client, "/about/")


def test_readers_of_english_are_told_of_the_prefecture(client):
    a_region(prefecture_code="130001")
    response = client.get("/policies/", headers={"accept-language": "en"})
    assert "<h1>What the prefecture does</h1>" in response.content.decode()
