"""The API itself, its errors as problem JSON (RFC 9457), and its address list."""

import logging
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, cast

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from madoguchi.api import limits
from madoguchi.api.answers import opened
from madoguchi.api.match import router as match_router
from madoguchi.api.problems import ANYWHERE, Refused, problem, reason_of, why_unreadable
from madoguchi.api.records import router as records_router
from madoguchi.api.search import router as search_router
from madoguchi.eligibility.rules.profile import from_json
from madoguchi.foundation.access import public
from madoguchi.foundation.outages import RETRY_AFTER_SECONDS, is_away

logger = logging.getLogger(__name__)

# Bytes: every fact told with twenty years of months takes a fifth of it; each unknown name costs an answer.
LONGEST_BODY = 100_000


class _Readable(JSONRenderer):
    """JSON in which Japanese can be read, and is half as long."""

    json_dumps_params = {"ensure_ascii": False}


class _SaidOnce(Parser):
    """JSON in which nothing is said twice: of two answers to a question, neither is the right one."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        if len(request.body) > LONGEST_BODY:
            raise RequestDataTooBig
        return cast("dict[str, Any]", from_json(request.body))


class _Described(NinjaAPI):
    """Says of every route what it may answer before it is reached, and how a key is sent."""

    def get_openapi_schema(self, **named: Any) -> OpenAPISchema:
        """The description, complete."""
        described = super().get_openapi_schema(**named)
        for methods in described["paths"].values():
            for method, operation in methods.items():
                operation["responses"] |= ANYWHERE
                if method == "get":
                    operation["responses"][304] = {"description": "前に受け取ったものと同じです"}
                operation["security"] = [{}, {"key": []}]
        key = {"type": "apiKey", "in": "header", "name": limits.KEY_HEADER}
        described["components"]["securitySchemes"] = {"key": key}
        return described


api = _Described(
    parser=_SaidOnce(),
    renderer=_Readable(),
    title="Madoguchi",
    version="1",
    description="地域の事業者支援の制度・窓口・催し・事業をさがします。",
    docs_url=None,
    urls_namespace="api",
)
api.add_router("", search_router)
api.add_router("", match_router)
api.add_router("", records_router)


@api.exception_handler(ValidationError)
def _not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer parameters of the wrong type, naming each."""
    # A name that was sent may hold half a character, which no answer could carry, or be as long as a body.
    names = (str(item["loc"][-1])[:80].encode(errors="replace").decode() for item in error.errors)
    reasons = map(reason_of, error.errors)
    return problem(422, "パラメーターを確かめてください。", zip(names, reasons, strict=True))


@api.exception_handler(Refused)
def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    """Answer what a route itself cannot answer."""
    return problem(error.status, error.title, error.problems)


@api.exception_handler(HttpError)
def _not_read(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer a body that is no JSON, or says something twice: ninja's own error hides why."""
    if isinstance(error.__cause__, RequestDataTooBig):
        return _too_long(request, error.__cause__)
    reason = why_unreadable(error.__cause__ or error)
    return problem(error.status_code, "本文を JSON として読めません。", [("body", reason)])


@api.exception_handler(RequestDataTooBig)
def _too_long(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    """Answer a body that is longer than any profile."""
    return problem(413, "本文が長すぎます。")


@api.exception_handler(Exception)
def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer a fault of ours, or say that the database is away for a moment."""
    logger.error("The API could not answer %s", request.path, exc_info=error)
    if is_away(error):
        title = "ただいま、つながりにくくなっています。しばらくしてから、もう一度お試しください。"
        return problem(503, title, headers={"Retry-After": RETRY_AFTER_SECONDS})
    return problem(500, "こちらの不具合で、答えられませんでした。")


@public
@csrf_exempt
def _unknown(request: HttpRequest, unknown: str) -> HttpResponse:
    """Answer an address of the API that leads nowhere."""
    return problem(404, "このアドレスはAPIにありません。")


def urls() -> tuple[list[URLPattern | URLResolver], str, str]:
    """Every route of the API and its description, each declared open to everybody."""
    routes, app_name, namespace = api.urls
    for route in routes:
        if isinstance(route, URLPattern):
            route.callback = public(_guarded(route.callback))
    return [*routes, path("<path:unknown>", _unknown)], app_name, namespace


def _guarded(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Count what is asked, refuse as the rest of the API does (ninja has no hook for it), open the answer."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        return opened(limits.refused(request) or _answer(view(request, *args, **named)))

    return asked


def _answer(response: HttpResponseBase) -> HttpResponseBase:
    if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
        return response
    allow = response["Allow"]
    return problem(405, f"この操作はできません。できるのは {allow} です。", headers={"Allow": allow})
