"""Errors of the API as problem JSON (RFC 9457), and how the description tells of them."""

from typing import Any

PROBLEM_JSON = "application/problem+json"

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
