"""Errors of the API as problem JSON (RFC 9457), and how the description tells of them."""

from typing import Any

PROBLEM_JSON = "application/problem+json"

_TEXT = {"type": "string"}
# For `openapi_extra`: the answer to parameters of the wrong type or out of bounds.
NOT_UNDERSTOOD: dict[str, Any] = {
    "responses": {
        422: {
            "description": "パラメーターを確かめてください",
            "content": {
                PROBLEM_JSON: {
                    "schema": {
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
                }
            },
        }
    }
}
