"""Errors of the API as problem JSON (RFC 9457), and how the description tells of them."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpResponse

PROBLEM_JSON = "application/problem+json"
# What pydantic finds wrong, by its own names (docs.pydantic.dev/latest/errors/validation_errors).
_REASONS = {
    "missing": "必要な項目です。",
    "extra_forbidden": "この名前の項目はありません。",
    "int_parsing": "整数を書いてください。",
    "int_type": "整数を書いてください。",
    "int_from_float": "整数を書いてください。",
    "int_parsing_size": "この数は大きすぎます。",
    "string_type": "文字で書いてください。",
    "list_type": "並び（JSON の配列）で書いてください。",
    "dict_type": "項目と値の組（JSON のオブジェクト）で書いてください。",
    "model_type": "項目と値の組（JSON のオブジェクト）で書いてください。",
    "model_attributes_type": "項目と値の組（JSON のオブジェクト）で書いてください。",
    "greater_than_equal": "{ge} 以上にしてください。",
    "less_than_equal": "{le} 以下にしてください。",
    "date_from_datetime_parsing": "暦にある日付を、2023-06-01 のように書いてください。",
    "date_parsing": "暦にある日付を、2023-06-01 のように書いてください。",
}

_TEXT = {"type": "string"}
_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "invalid-params"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "invalid-params": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "reason"],
                "properties": {"name": _TEXT, "reason": _TEXT},
            },
        },
    },
}


def _answer(description: str) -> dict[str, Any]:
    return {"description": description, "content": {PROBLEM_JSON: {"schema": _PROBLEM}}}


_NOT_UNDERSTOOD = {422: _answer("パラメーターを確かめてください")}
# What any route may answer before it is reached.
ANYWHERE: dict[int, Any] = {
    401: _answer("この鍵は使えません"),
    429: _answer("短い間に何度も聞かれました。Retry-After の秒数を待ってください"),
}
# For `openapi_extra`: a record that is not there, or not public.
NOT_FOUND: dict[str, Any] = {
    "responses": {404: _answer("この名前の公開データはありません"), **_NOT_UNDERSTOOD}
}
# For `openapi_extra`: the answer to parameters of the wrong type or out of bounds.
NOT_UNDERSTOOD: dict[str, Any] = {"responses": _NOT_UNDERSTOOD}
# The same where a body is sent, which may be no JSON, or too long.
BODY_NOT_UNDERSTOOD: dict[str, Any] = {
    "responses": {
        400: _answer("本文を JSON として読めません"),
        413: _answer("本文が長すぎます"),
        **_NOT_UNDERSTOOD,
    }
}


class Refused(Exception):
    """Why a route cannot answer: a status, a sentence, and the parameters that are wrong with the reasons."""

    def __init__(self, status: int, title: str, problems: Iterable[tuple[str, str]] = ()) -> None:
        """Take what the answer shall say."""
        super().__init__(title)
        self.status, self.title, self.problems = status, title, tuple(problems)


def problem(
    status: int,
    title: str,
    problems: Iterable[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """An error as an answer: a sentence, and for each parameter that is wrong its name and why."""
    wrong = [{"name": name, "reason": reason} for name, reason in problems]
    content = {"type": "about:blank", "title": title, "status": status, "invalid-params": wrong}
    return HttpResponse(
        json.dumps(content, ensure_ascii=False), status=status, content_type=PROBLEM_JSON, headers=headers
    )


def reason_of(error: Mapping[str, Any]) -> str:
    """What is wrong with a parameter, in a sentence, given what pydantic says of it."""
    given = error.get("ctx", {})
    if error["type"] == "value_error":
        return str(given["error"])  # a sentence of our own
    known = _REASONS.get(error["type"])
    return known.format(**given) if known else f"書き方を確かめてください（{error['msg']}）。"


def why_unreadable(error: BaseException) -> str:
    """Why a body is no JSON."""
    if isinstance(error, json.JSONDecodeError):
        return f"{error.lineno} 行目の {error.colno} 文字目から先を読めません（{error.msg}）。"
    if isinstance(error, UnicodeDecodeError):
        return "UTF-8 で書いてください。"
    return str(error)
