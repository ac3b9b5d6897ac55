"""Every error of the API is problem JSON with a Japanese sentence, whichever library found it."""

import json
import sqlite3

import pytest
from django.db import OperationalError

from madoguchi.api import search as search_route
from madoguchi.api.problems import reason_of, why_unreadable


def problem_of(response, status):
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    told = response.json()
    assert (told["status"], told["type"]) == (status, "about:blank")
    return told


@pytest.mark.parametrize(
    ("method", "address", "allow"),
    [
        ("POST", "/api/v1/search", "GET"),
        ("DELETE", "/api/v1/facts", "GET"),
        ("GET", "/api/v1/match", "POST"),
    ],
)
def test_a_method_that_is_not_offered_is_refused_with_what_is(client, method, address, allow):
    response = client.generic(method, address)
    assert allow in problem_of(response, 405)["title"]
    assert response["Allow"] == allow


REASONS = {
    "limit=abc": "整数を書いてください。",
    "limit=101": "100 以下にしてください。",
    "offset=-1": "0 以上にしてください。",
    "limit=1.5": "整数を書いてください。",
    "limit=" + "9" * 5000: "この数は大きすぎます。",
}


@pytest.mark.parametrize(("query", "reason"), REASONS.items(), ids=[query[:12] for query in REASONS])
def test_a_parameter_out_of_bounds_is_told_in_japanese(client, query, reason):
    told = problem_of(client.get(f"/api/v1/search?{query}"), 422)
    assert told["invalid-params"] == [{"name": query.split("=")[0], "reason": reason}]


def test_what_is_not_in_the_table_keeps_what_the_library_says():
    assert "odd" in reason_of({"type": "odd_type", "msg": "Something odd"})


BODIES = {
    "{bad": "1 行目の 2 文字目から先を読めません",
    '{"facts": 1, "facts": 2}': "「facts」が二度書かれています。",
    b"\xff\xfe\x00": "UTF-8 で書いてください。",
}


@pytest.mark.parametrize(("body", "reason"), BODIES.items(), ids=str)
def test_a_body_that_is_no_json_is_told_where_it_breaks(client, body, reason):
    response = client.post("/api/v1/match", body, content_type="application/json")
    [wrong] = problem_of(response, 400)["invalid-params"]
    assert wrong["name"] == "body"
    assert wrong["reason"].startswith(reason)


SHAPES = {
    "[]": ("asked", "項目と値の組"),
    "{}": ("facts", "必要な項目です。"),
    '{"facts": []}': ("facts", "項目と値の組"),
    '{"facts": {}, "size": 1}': ("size", "この名前の項目はありません。"),
    '{"facts": {}, "on": "someday"}': ("on", "日付は 2023-06-01 のように書いてください"),
    '{"facts": {}, "on": "2023-02-30"}': ("on", "暦にある日付"),
    '{"facts": {}, "fiscal_year": "now"}': ("fiscal_year", "整数を書いてください。"),
    '{"facts": {}, "fiscal_year": 1}': ("fiscal_year", "1989 以上にしてください。"),
}


@pytest.mark.parametrize(("body", "wrong"), SHAPES.items(), ids=SHAPES)
def test_a_body_of_the_wrong_shape_is_told_in_japanese(client, body, wrong):
    response = client.post("/api/v1/match", body, content_type="application/json")
    [told] = problem_of(response, 422)["invalid-params"]
    assert told["name"] == wrong[0]
    assert told["reason"].startswith(wrong[1])


def failing(error):
    def answer(*_, **__):
        raise error

    return answer


def test_a_fault_of_ours_is_a_problem_too_and_reaches_the_log(client, monkeypatch, caplog):
    monkeypatch.setattr(search_route.ask, "answer", failing(RuntimeError("broken inside")))
    response = client.get("/api/v1/search")
    assert "broken" not in json.dumps(problem_of(response, 500))
    assert "broken inside" in caplog.text


def test_a_database_out_of_reach_is_a_problem_that_passes(client, monkeypatch):
    locked = OperationalError("database is locked")
    locked.__cause__ = sqlite3.OperationalError()
    locked.__cause__.sqlite_errorname = "SQLITE_BUSY"
    monkeypatch.setattr(search_route.ask, "answer", failing(locked))
    response = client.get("/api/v1/search")
    problem_of(response, 503)
    assert response["Retry-After"] == "120"


def test_an_error_of_ours_keeps_its_sentence():
    assert why_unreadable(ValueError("入れ子が深すぎます。")) == "入れ子が深すぎます。"
