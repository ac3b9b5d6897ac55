"""POST /api/v1/match: verdicts for what is told, problems for what cannot be read, and nothing kept."""

import json

import pytest
from django.apps import apps
from django.test import Client

from tests.queries import cost

PROFILE = {
    "area": "312011",
    "industry": "E",
    "legal_form": "kabushiki",
    "employees": 20,
    "receives:kuni-hojo": False,
}
URL = "/api/v1/match"


@pytest.fixture
def post(client, installed):
    """Send a body as it is."""

    def go(body, **headers):
        return client.post(URL, data=body, content_type="application/json", headers=headers)

    return go


def _match(client, facts, **more):
    body = {"facts": facts, "on": "2025-06-10", **more}
    return client.post(URL, data=body, content_type="application/json")


def test_every_programme_in_reach_has_a_verdict_with_reasons(client, installed):
    answer = _match(client, PROFILE).json()
    assert [(row["programme"], row["frame"], row["verdict"]) for row in answer["results"]] == [
        ("setsubi-hojo", "通常枠", "eligible"),
        ("keiei-sodan", "", "likely"),
        ("setsubi-hojo", "特別枠", "unknown"),
        ("senmonka-haken", "派遣", "unknown"),
    ]
    first = answer["results"][0]
    assert all(reason["source"] for reason in first["reasons"])
    assert answer["next_question"]["fact"] == "machines"
    assert answer["progress"] == {"settled": 1, "total": 3}


def test_questions_and_progress_are_of_the_year_that_is_asked_for(client, installed):
    answer = _match(client, {"industry": "E"}, fiscal_year=2024).json()
    assert answer["next_question"]["fact"] == "area"
    assert answer["progress"] == {"settled": 0, "total": 1}
    settled = _match(client, {"industry": "E", "area": "312011"}, fiscal_year=2024).json()
    assert (settled["next_question"], settled["progress"]) == (None, {"settled": 1, "total": 1})


def test_what_cannot_be_used_is_named_and_the_rest_goes_on(client, installed):
    told = {**PROFILE, "shoes": 1, "capital_yen": "many", "x" * 5000: 1}
    answer = _match(client, told).json()
    assert [(each["fact"][:9], each["code"]) for each in answer["problems"]] == [
        ("shoes", "unknown_fact"),
        ("capital_y", "bad_value"),
        ("xxxxxxxxx", "unknown_fact"),
    ]
    assert answer["results"][0]["verdict"] == "eligible"


@pytest.mark.parametrize(
    ("body", "status", "name"),
    [
        ("", 422, "asked"),
        ("[]", 422, "asked"),
        ("{}", 422, "facts"),
        ('{"facts": []}', 422, "facts"),
        ('{"facts": null}', 422, "facts"),
        ('{"facts": {}, "on": "2023-02-29"}', 422, "on"),
        ('{"facts": {}, "on": "0001-01-01"}', 422, "on"),
        ('{"facts": {}, "on": "9999-12-31"}', 422, "on"),
        ('{"facts": {}, "on": 86400}', 422, "on"),
        ('{"facts": {}, "on": "2023-06-01T00:00:00"}', 422, "on"),
        ('{"facts": {}, "fiscal_year": 1}', 422, "fiscal_year"),
        ('{"facts": {}, "fiscal_year": "x"}', 422, "fiscal_year"),
        ('{"facts": {}, "fiscalyear": 2024}', 422, "fiscalyear"),
        ('{"facts": {}, "\\ud800": 2024}', 422, "asked"),
        ("{", 400, "body"),
        ("facts=1", 400, "body"),
        (b"\xff\xfe", 400, "body"),
        ("[" * 1000 + "]" * 1000, 400, "body"),
        ('{"facts": {"intents": ' + "[" * 40_000 + "]" * 40_000 + "}}", 400, "body"),
        ('{"facts": {"employees": 1, "employees": 2}}', 400, "body"),
        ('{"facts": {"employees": ' + "9" * 5000 + "}}", 400, "body"),
    ],
)
def test_a_body_that_cannot_be_understood_is_answered_as_a_problem(post, body, status, name):
    answer = post(body)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert problem["status"] == status
    assert [each["name"] for each in problem["invalid-params"]] == [name]


def test_ten_megabytes_are_too_long(post):
    answer = post('{"facts": {"x": "' + "a" * 10_000_000 + '"}}')
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")


@pytest.mark.parametrize(
    "facts",
    [
        '{"employees": NaN, "capital_yen": Infinity, "age": -Infinity}',
        '{"\\ud800": 1, "legal_form": "\\ud800", "industry": "\\u0000"}',
        '{"a\\u0000b": 1, "\\u202e": 1, "\\u001b[31m": 1}',
        '{"employees": ' + "9" * 300 + "}",
        '{"intents": ' + "[" * 500 + "]" * 500 + "}",
    ],
)
def test_whatever_is_told_is_named_in_an_answer_that_can_be_read(post, facts):
    answer = post(f'{{"facts": {facts}}}')
    assert answer.status_code == 200
    assert answer.json()["problems"]
    assert answer.json()["results"]


def test_rows_of_costs_bring_each_grant_line_by_line_and_the_best_lawful_combination(client, installed):
    told = {**PROFILE, "machines": 1, "costs": [{"name": "プレス機", "yen": 1_333_333}, {"name": "工具"}]}
    answer = _match(client, told).json()
    grant = answer["results"][0]["grant"]
    assert (grant["low_yen"], grant["undetermined"]) == (666_000, "かかる費用がわかると、計算できます。")
    told["costs"].pop()
    answer = _match(client, told).json()
    assert answer["results"][0]["grant"]["lines"] == [
        {"text": "費用 1,333,333円 × 1/2", "yen": 666_666},
        {"text": "1,000円未満を切り捨て", "yen": 666_000},
        {"text": "上限 1,000,000円におさまります", "yen": 666_000},
        {"text": "自己負担", "yen": 667_333},
    ]
    combination = answer["combination"]
    assert (combination["total_yen"], combination["own_share_yen"]) == (666_000, 667_333)
    assert [(used["programme"], used["costs"]) for used in combination["grants"]] == [
        ("setsubi-hojo", ["プレス機"])
    ]
    assert (combination["if_allowed"], combination["untold_costs"]) == (None, [])
    assert _match(client, PROFILE).json()["combination"] is None


def test_a_row_of_costs_that_cannot_be_read_is_named_with_its_place(client, installed):
    answer = _match(client, {**PROFILE, "costs": [{"yen": 1}, {"yen": "many"}]}).json()
    assert [each["message"] for each in answer["problems"]] == [
        "費用の内訳: 2行目の費用の額を、0以上の整数で書いてください。"
    ]
    assert answer["combination"] is None


def test_a_stranger_site_may_ask_because_there_is_nothing_to_forge(installed):
    asked = Client(enforce_csrf_checks=True).post(
        URL,
        data={"facts": {}},
        content_type="application/json",
        headers={"Origin": "https://elsewhere.example"},
    )
    assert asked.status_code == 200
    assert not asked.cookies


def _rows():
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def test_nothing_of_it_is_kept(client, installed):
    before = _rows()
    assert _match(client, PROFILE).status_code == 200
    assert _rows() == before


def test_much_that_is_told_costs_no_more_queries_than_nothing(client, installed):
    _match(client, {})
    few = cost(lambda: _match(client, {}))
    assert cost(lambda: _match(client, {**PROFILE, **{f"fact{n}": n for n in range(50)}})) == few
    assert few <= 3


def test_it_is_asked_by_post_alone(client, installed):
    assert client.get(URL).status_code == 405


def test_a_body_longer_than_any_profile_is_refused_before_it_is_read(post):
    facts = ",".join(f'"name{number}": 0' for number in range(10_000))
    assert post(f'{{"facts": {{{facts}}}}}').status_code == 413


def test_every_fact_and_twenty_years_of_months_fit_into_a_body(post, client, installed):
    known = client.get("/api/v1/facts").json()["facts"]
    told = {fact["key"]: [choice["code"] for choice in fact["choices"]] or "x" * 30 for fact in known}
    told["sales_monthly"] = {
        f"{year}-{month:02}": 10**11 for year in range(2000, 2020) for month in range(1, 13)
    }
    assert post(json.dumps({"facts": told})).status_code == 200
