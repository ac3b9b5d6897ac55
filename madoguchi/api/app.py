"""The API itself, its errors as problem JSON (RFC 9457), and its address list."""

from typing import Any, cast

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from madoguchi.api.match import router as match_router
from madoguchi.api.problems import PROBLEM_JSON
from madoguchi.api.search import router as search_router
from madoguchi.eligibility.rules.profile import from_json
from madoguchi.foundation.access import public

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


api = NinjaAPI(
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


@api.exception_handler(ValidationError)
def _not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer parameters of the wrong type, naming each."""
    # A name that was sent may hold half a character, which no answer could carry, or be as long as a body.
    names = (str(item["loc"][-1])[:80].encode(errors="replace").decode() for item in error.errors)
    problems = [{"name": name, "reason": item["msg"]} for name, item in zip(names, error.errors, strict=True)]
    return _problem(request, 422, "パラメーターを確かめてください。", problems)


@api.exception_handler(HttpError)
def _not_read(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer a body that is no JSON, or says something twice: ninja's own error hides why."""
    if isinstance(error.__cause__, RequestDataTooBig):
        return _too_long(request, error.__cause__)
    reason = str(error.__cause__ or error)
    return _problem(
        request, error.status_code, "本文を JSON として読めません。", [{"name": "body", "reason": reason}]
    )


@api.exception_handler(RequestDataTooBig)
def _too_long(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    """Answer a body that is longer than any profile."""
    return _problem(request, 413, "本文が長すぎます。", [])


def _problem(request: HttpRequest, status: int, title: str, problems: list[dict[str, str]]) -> HttpResponse:
    response = api.create_response(
        request,
        {"type": "about:blank", "title": title, "status": status, "invalid-params": problems},
        status=status,
    )
    response["Content-Type"] = PROBLEM_JSON
    return response


@public
@csrf_exempt
def _unknown(request: HttpRequest, unknown: str) -> HttpResponse:
    """Answer an address of the API that leads nowhere."""
    problem = {"type": "about:blank", "title": "このアドレスはAPIにありません。", "status": 404}
    response = api.create_response(request, problem, status=404)
    response["Content-Type"] = PROBLEM_JSON
    return response


def urls() -> tuple[list[URLPattern | URLResolver], str, str]:
    """Every route of the API and its description, each declared open to everybody."""
    routes, app_name, namespace = api.urls
    for route in routes:
        if isinstance(route, URLPattern):
            public(route.callback)
    return [*routes, path("<path:unknown>", _unknown)], app_name, namespace
