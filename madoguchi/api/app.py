"""The API itself, its errors as problem JSON (RFC 9457), and its address list."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.renderers import JSONRenderer

from madoguchi.api.match import router as match_router
from madoguchi.api.problems import PROBLEM_JSON
from madoguchi.api.search import router as search_router
from madoguchi.foundation.access import public


class _Readable(JSONRenderer):
    """JSON in which Japanese can be read, and is half as long."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
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
    problems = [{"name": str(item["loc"][-1]), "reason": item["msg"]} for item in error.errors]
    response = api.create_response(
        request,
        {
            "type": "about:blank",
            "title": "パラメーターを確かめてください。",
            "status": 422,
            "invalid-params": problems,
        },
        status=422,
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
