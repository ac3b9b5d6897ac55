"""GET /api/v1/search: the search as JSON, the same as `madoguchi search --format json`."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from madoguchi.api.problems import NOT_UNDERSTOOD
from madoguchi.finding import ask
from madoguchi.foundation import clock

router = Router()


class Conditions(Schema):
    """What may be asked; a facet may be given several times (any of them), all facets together."""

    q: Annotated[str, Field(description="さがす言葉。文のままでもよい")] = ""
    on: Annotated[str, Field(description="受付状況をみる日（ISO 8601）")] = ""
    open_on: Annotated[str, Field(description="その日に受け付けているものだけ（ISO 8601）")] = ""
    status: Annotated[
        list[str], Field(description="open・upcoming・rolling・booking・closed・not_stated")
    ] = []
    kind: Annotated[list[str], Field(description="種類（コードまたは正式な名前）")] = []
    purpose: Annotated[list[str], Field(description="お困りごと（コードまたは正式な名前）")] = []
    industry: Annotated[list[str], Field(description="日本標準産業分類の大分類・中分類")] = []
    area: Annotated[list[str], Field(description="全国地方公共団体コード（5桁・6桁）または圏域")] = []
    organisation: Annotated[list[str], Field(description="機関")] = []
    fiscal_year: Annotated[list[str], Field(description="年度（西暦）")] = []


class SearchParameters(Conditions):
    """The conditions, which kinds are wanted, and which of the hits."""

    limit: Annotated[int, Field(ge=0, le=100)] = 20
    offset: Annotated[int, Field(ge=0, le=10_000)] = 0
    sort: Annotated[str, Field(description="relevance・deadline・newest")] = "relevance"
    type: Annotated[list[str], Field(description="programme・desk・event・project・organisation")] = []


class Found(Schema):
    """One thing that was found, in its newest edition."""

    type: str
    slug: str
    name: str
    fiscal_year: int | None
    kinds: list[str]
    score: float
    snippet: str
    url: str


class Answer(Schema):
    """A page of what was found; `ignored` names parameters that no facet knows."""

    total: int
    took_ms: float
    results: list[Found]
    ignored: list[str]


def understood(conditions: Conditions, **more: str) -> ask.Asked:
    """The search that conditions mean; `more` are further facets."""
    given = conditions.model_dump(exclude={"limit", "offset", "cursor"}) | more
    lists = {name: value if isinstance(value, list) else [value] for name, value in given.items()}
    return ask.read(lists, today=clock.today())


@router.get("/search", response=Answer, summary="さがす", url_name="search", openapi_extra=NOT_UNDERSTOOD)
def search(request: HttpRequest, parameters: Query[SearchParameters]) -> dict[str, Any]:
    """制度・窓口・催し・事業・機関をさがします。"""
    asked = understood(parameters)
    result = ask.answer(asked, limit=parameters.limit, offset=parameters.offset)
    return {**ask.as_json(result), "ignored": list(asked.ignored)}
