"""GET /api/v1/search answers as the pages and the command line do; mistakes are problem JSON."""

import json

import pytest

from madoguchi.ops import cli
from tests.queries import cost


def slugs(response):
    return [row["slug"] for row in response.json()["results"]]


def test_what_is_asked_for_is_found(get):
    response = get(q="設備導入補助金", kind="補助金")
    assert response.status_code == 200
    assert slugs(response) == ["setsubi-hojo"]
    assert response.json()["ignored"] == []


def test_the_api_and_the_command_line_say_the_same(get, capsys):
    capsys.readouterr()
    cli.main(["search", "設備", "--kind", "補助金", "--format", "json"])
    from_command_line = json.loads(capsys.readouterr().out)
    from_api = get(q="設備", kind="補助金").json()
    assert from_api | {"took_ms": 0, "ignored": 0} == from_command_line | {"took_ms": 0, "ignored": 0}


def test_several_values_of_a_facet_mean_any_of_them(get):
    assert set(slugs(get(kind=["補助金", "専門家派遣"], type="programme"))) == {
        "setsubi-hojo",
        "senmonka-haken",
    }


def test_a_condition_that_nobody_knows_is_named_not_applied(get):
    response = get(q="設備導入補助金", kind="宇宙", on="someday")
    assert response.status_code == 200
    assert response.json()["ignored"] == ["kind=宇宙", "on=someday"]
    assert "setsubi-hojo" in slugs(response)


@pytest.mark.parametrize("wrong", [{"limit": "many"}, {"limit": 101}, {"limit": -1}, {"offset": 10_001}])
def test_numbers_out_of_bounds_are_a_problem_that_names_them(get, wrong):
    response = get(**wrong)
    problem = response.json()
    assert response.status_code == 422
    assert response["Content-Type"].startswith("application/problem+json")
    assert (problem["status"], problem["invalid-params"][0]["name"]) == (422, next(iter(wrong)))


def test_pages_follow_each_other_without_overlap(get):
    everything = slugs(get(limit=100))
    assert slugs(get(limit=3)) + slugs(get(limit=3, offset=3)) == everything[:6]


def test_other_methods_are_refused(client, installed):
    assert client.post("/api/v1/search", {"q": "x"}).status_code == 405


def test_japanese_can_be_read_in_the_answer(get):
    assert "設備導入補助金" in get(q="設備導入補助金").content.decode()


def test_an_answer_costs_no_query_of_the_database(get):
    get(q="設備")
    assert cost(lambda: get(q="相談")) == 0


def test_before_setup_nothing_is_found_and_nothing_breaks(client, db, tmp_path, settings):
    settings.INDEX_DIR = tmp_path / "nothing"
    response = client.get("/api/v1/search", {"q": "補助金"})
    assert (response.status_code, response.json()["total"]) == (200, 0)


@pytest.mark.parametrize("address", ["/api/v1/nothing", "/api/v1/search/", "/api/v1/a/b/c"])
def test_an_unknown_address_answers_with_problem_json(client, address):
    for response in (client.get(address), client.delete(address)):
        assert response.status_code == 404
        assert response["Content-Type"] == "application/problem+json"
        assert response.json()["status"] == 404
