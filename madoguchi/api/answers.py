"""An answer to a GET: its tag, since when it is so, and open to every site's scripts (CORS)."""

import hashlib
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from pydantic import BaseModel

_JSON = "application/json; charset=utf-8"


def answered(request: HttpRequest, content: BaseModel, *, changed_at: datetime | None = None) -> HttpResponse:
    """The content as JSON, or 304 where whoever asks has just this (If-None-Match, If-Modified-Since).

    `changed_at` is left out where an answer changes with time alone, as what is open does."""
    body = content.model_dump_json().encode()
    response = HttpResponse(body, content_type=_JSON)
    response["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response["Cache-Control"] = "public, no-cache"
    modified = int(changed_at.timestamp()) if changed_at else None
    if modified:
        response["Last-Modified"] = http_date(modified)
    return get_conditional_response(request, response["ETag"], modified, response) or response


def opened(response: HttpResponseBase) -> HttpResponseBase:
    """Let scripts of any site read the answer: everything here is public, and no cookie is asked for."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = "ETag, Last-Modified, Retry-After"
    return response
