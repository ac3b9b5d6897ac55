"""Who may open what: the whole map stands in one committed table, so that each change is seen in review."""

from pathlib import Path

from django.urls import include, path

from madoguchi.foundation.access import public, requires
from tests.house.access_map import as_text, routes

TABLE = Path(__file__).with_name("access_map.txt")


def undeclared(patterns) -> list[str]:
    return [route for route, access in routes(patterns) if access == "UNDECLARED"]


def a_view(request):
    """A page that nobody thought about."""


def test_every_view_declares_who_may_open_it():
    assert "UNDECLARED" not in as_text()


def test_the_map_of_access_is_the_committed_one():
    assert as_text() == TABLE.read_text(encoding="utf-8"), (
        "addresses or access changed: python -m tests.house.access_map > tests/house/access_map.txt"
    )


def test_a_view_without_a_declaration_is_caught_however_deep():
    deep = [path("a/", include([path("b/", include([path("c/", a_view)]))]))]
    assert undeclared(deep) == ["a/b/c/"]


def test_declared_views_show_their_permission():
    patterns = [path("open/", public(a_view)), path("edit/", requires("catalogue.edit")(a_view))]
    assert list(routes(patterns)) == [("open/", "public"), ("edit/", "catalogue.edit")]
