from datetime import date

import pytest

from madoguchi.institutions.models import ThemeFile
from madoguchi.web.shared import context
from madoguchi.web.shared.hats import Visitor
from tests.factories import a_desk, a_region

pytestmark = pytest.mark.django_db


def a_file(name="region.css", content=":root{}", content_hash="a" * 64):
    return ThemeFile.objects.create(name=name, content=content, content_hash=content_hash)


def test_the_colours_of_the_pack_are_served_as_a_stylesheet(client):
    a_file()
    response = client.get("/theme/region.css")
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert response.content == b":root{}"


def test_a_picture_is_served_as_svg(client):
    a_file("logo.svg", "<svg/>")
    assert client.get("/theme/logo.svg")["Content-Type"] == "image/svg+xml"


def test_an_address_with_the_hash_may_be_kept_for_good_and_a_bare_one_not(client):
    a_file()
    assert "immutable" in client.get("/theme/region.css", {"v": "a" * 12})["Cache-Control"]
    assert "no-cache" in client.get("/theme/region.css", {"v": "old"})["Cache-Control"]
    assert "no-cache" in client.get("/theme/region.css")["Cache-Control"]


@pytest.mark.parametrize("is_kept", [False, True], ids=["asked first", "kept in memory"])
def test_who_already_has_the_file_is_not_sent_it_again(client, is_kept):
    a_file()
    if is_kept:
        client.get("/theme/region.css")
    response = client.get("/theme/region.css", headers={"if-none-match": f'"{"a" * 64}"'})
    assert (response.status_code, response.content) == (304, b"")
    assert response["ETag"] == f'"{"a" * 64}"'
    assert "no-cache" in response["Cache-Control"]


@pytest.mark.parametrize("is_kept", [False, True], ids=["asked first", "kept in memory"])
def test_who_has_an_older_file_is_sent_the_new_one(client, is_kept):
    a_file()
    if is_kept:
        client.get("/theme/region.css")
    response = client.get("/theme/region.css", headers={"if-none-match": '"older"'})
    assert (response.status_code, response.content) == (200, b":root{}")


@pytest.mark.parametrize("name", ["hero.svg", "region.js", "..%2fsettings.py", "x"])
def test_a_file_the_pack_does_not_have_is_not_found(client, name):
    a_file()
    assert client.get(f"/theme/{name}").status_code == 404


def test_before_a_pack_is_loaded_the_frame_is_neutral(db):
    region = context.region()
    assert region.site_name == "窓口（Madoguchi）"
    assert region.stylesheet_url == ""
    assert region.general_desk.telephone == ""
    assert region.logo_url.endswith("window.svg")


def test_the_frame_bears_the_name_and_the_general_desk_of_the_region(db):
    a_region(a_desk("yorozu", name="よろず相談", breaks="よろず|相談"))
    a_file("logo.svg", "<svg/>", "b" * 64)
    region = context.region()
    assert region.site_name == "窓口みほん"
    assert region.general_desk.name == "よろず|相談"
    assert region.logo_url == f"/theme/logo.svg?v={'b' * 12}"


def test_a_new_drawing_is_seen_at_once(db):
    file = a_file("areas.svg", "<svg>one</svg>", "1" * 64)
    assert context.region().area_drawing == "<svg>one</svg>"
    file.content, file.content_hash = "<svg>two</svg>", "2" * 64
    file.save()
    assert context.region().area_drawing == "<svg>two</svg>"


def test_the_frame_costs_two_queries(db, django_assert_num_queries):
    a_region()
    a_file("areas.svg", "<svg/>", "3" * 64)
    context.region()
    with django_assert_num_queries(2):
        context.region()


def test_a_set_date_is_said_and_the_real_one_is_not(db, settings):
    settings.TODAY = date(2023, 11, 1)
    assert context.frame(context.region(), Visitor.ANYBODY).believed_today == date(2023, 11, 1)
    settings.TODAY = None
    assert context.frame(context.region(), Visitor.ANYBODY).believed_today is None
