"""GET /api/v1/programmes, editions, desks, events, projects, organisations, vocabularies, changes."""

from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Field, Path, Query, Router, Schema
from pydantic import BaseModel

from madoguchi.api import cursors
from madoguchi.api.answers import answered
from madoguchi.api.problems import NOT_FOUND, NOT_UNDERSTOOD, Refused
from madoguchi.api.search import Conditions, understood
from madoguchi.catalogue.queries import published_editions
from madoguchi.finding import ask
from madoguchi.opendata import changes as feed
from madoguchi.opendata import records, shapes
from madoguchi.opendata.models import Kind

router = Router()

MOST = 100
# More programmes or desks than any region has: conditions choose among all of them.
_ALL_HITS = 10_000
_PLURALS = {
    Kind.PROGRAMME: "programmes",
    Kind.DESK: "desks",
    Kind.EVENT: "events",
    Kind.PROJECT: "projects",
    Kind.ORGANISATION: "organisations",
}
_EDITION = "edition"
_CHANGE = "change"
Item = TypeVar("Item", bound=BaseModel)

Cursor = Annotated[str, Field(description="続きのしるし。前の答えの next にあります", max_length=200)]
Slug = Annotated[str, Path(max_length=80, description="アドレスの中の名前")]
Limit = Annotated[int, Field(ge=1, le=MOST, description="1ページの件数")]


class Page(BaseModel, Generic[Item]):
    """Some records in the order of their slugs, and the address of those that follow."""

    items: list[Item]
    next: Annotated[str | None, Field(description="続きのアドレス。最後のページでは null")]
    ignored: Annotated[list[str], Field(description="だれも知らないので使わなかった条件")] = []


class Changes(BaseModel):
    """Changes in the order in which they became visible."""

    items: list[shapes.Change]
    next: Annotated[str | None, Field(description="すぐ続きがあるときのアドレス。ここまでなら null")]
    since: Annotated[str, Field(description="ここまで読んだしるし。次に since に書きます")]


class Vocabularies(BaseModel):
    """Every vocabulary."""

    items: list[shapes.Vocabulary]


class Paged(Schema):
    """Which page is wanted."""

    cursor: Cursor = ""
    limit: Limit = 20


class Chosen(Conditions):
    """Which page is wanted of what the search's conditions keep."""

    cursor: Cursor = ""
    limit: Limit = 20


class OfYear(Paged):
    """Of one fiscal year, or of all."""

    fiscal_year: Annotated[int | None, Field(ge=1989, le=2100, description="年度（西暦）")] = None


class EditionsAsked(OfYear):
    """Of one programme, or of all."""

    programme: Annotated[str, Field(description="支援制度の slug", max_length=80)] = ""


class EventsAsked(OfYear):
    """What is held between two days, both included."""

    first: Annotated[date | None, Field(description="この日から（ISO 8601）")] = None
    last: Annotated[date | None, Field(description="この日まで（ISO 8601）")] = None


class ChangesAsked(Schema):
    """Since when."""

    since: Annotated[str, Field(description="前の答えの since。書かなければ、はじめから", max_length=200)] = (
        ""
    )
    limit: Limit = MOST


@router.get(
    "/programmes",
    response=Page[shapes.Programme],
    summary="支援制度の一覧",
    url_name="programmes",
    openapi_extra=NOT_UNDERSTOOD,
)
def programmes(request: HttpRequest, asked: Query[Chosen]) -> HttpResponse:
    """公開されている支援制度を、すべての年度版とともに答えます。条件は /search と同じです。"""
    return _chosen(request, Kind.PROGRAMME, asked, Page[shapes.Programme])


@router.get(
    "/programmes/{slug}",
    response=shapes.Programme,
    summary="支援制度",
    url_name="programme",
    openapi_extra=NOT_FOUND,
)
def programme(request: HttpRequest, slug: Slug) -> HttpResponse:
    """一つの支援制度を、すべての年度版とともに答えます。"""
    return _one(request, Kind.PROGRAMME, slug)


@router.get(
    "/editions",
    response=Page[shapes.Edition],
    summary="年度版の一覧",
    url_name="editions",
    openapi_extra=NOT_UNDERSTOOD,
)
def editions(request: HttpRequest, asked: Query[EditionsAsked]) -> HttpResponse:
    """公開されている年度版を、支援制度の slug と年度の順に答えます。"""
    rows = published_editions().order_by("programme__slug", "fiscal_year", "pk")
    if asked.programme:
        rows = rows.filter(programme__slug=asked.programme)
    if asked.fiscal_year:
        rows = rows.filter(fiscal_year=asked.fiscal_year)
    after = cursors.read(_EDITION, asked.cursor)
    if after:
        slug, year = _place(after)
        rows = rows.filter(Q(programme__slug__gt=slug) | Q(programme__slug=slug, fiscal_year__gt=year))
    found = list(rows[: asked.limit + 1])
    shown = found[: asked.limit]
    last = f"{shown[-1].programme.slug}:{shown[-1].fiscal_year}" if len(found) > len(shown) else ""
    following = _next(request, _EDITION, last)
    page = Page[shapes.Edition](items=records.editions(shown), next=following)
    return answered(request, page, changed_at=_changed())


@router.get(
    "/editions/{slug}/{fiscal_year}",
    response=shapes.Edition,
    summary="年度版",
    url_name="edition",
    openapi_extra=NOT_FOUND,
)
def edition(
    request: HttpRequest, slug: Slug, fiscal_year: Annotated[int, Path(ge=1989, le=2100)]
) -> HttpResponse:
    """一つの支援制度の、一つの年度の版を答えます。"""
    rows = published_editions().filter(programme__slug=_clean(slug), fiscal_year=fiscal_year)
    found = records.editions(list(rows))
    if not found:
        raise Refused(404, "この年度の版はありません。")
    return answered(request, found[0], changed_at=_changed())


@router.get(
    "/desks",
    response=Page[shapes.Desk],
    summary="窓口の一覧",
    url_name="desks",
    openapi_extra=NOT_UNDERSTOOD,
)
def desks(request: HttpRequest, asked: Query[Chosen]) -> HttpResponse:
    """相談できる窓口を答えます。条件は /search と同じです。"""
    return _chosen(request, Kind.DESK, asked, Page[shapes.Desk])


@router.get("/desks/{slug}", response=shapes.Desk, summary="窓口", url_name="desk", openapi_extra=NOT_FOUND)
def desk(request: HttpRequest, slug: Slug) -> HttpResponse:
    """一つの窓口を答えます。"""
    return _one(request, Kind.DESK, slug)


@router.get(
    "/events",
    response=Page[shapes.Event],
    summary="催しの一覧",
    url_name="events",
    openapi_extra=NOT_UNDERSTOOD,
)
def events(request: HttpRequest, asked: Query[EventsAsked]) -> HttpResponse:
    """セミナーや相談会を、日程とともに答えます。"""
    rows = _of_year(Kind.EVENT, asked.fiscal_year)
    if asked.first or asked.last:
        held = Q(occurrences__ends_on__gte=asked.first or date.min)
        rows = rows.filter(held, occurrences__starts_on__lte=asked.last or date.max).distinct()
    return _listed(request, Kind.EVENT, rows, asked, Page[shapes.Event])


@router.get(
    "/events/{slug}", response=shapes.Event, summary="催し", url_name="event", openapi_extra=NOT_FOUND
)
def event(request: HttpRequest, slug: Slug) -> HttpResponse:
    """一つの催しを、日程とともに答えます。"""
    return _one(request, Kind.EVENT, slug)


@router.get(
    "/projects",
    response=Page[shapes.Project],
    summary="事業の一覧",
    url_name="projects",
    openapi_extra=NOT_UNDERSTOOD,
)
def projects(request: HttpRequest, asked: Query[OfYear]) -> HttpResponse:
    """予算の事業を答えます。支援制度とは別のもので、programmes が結びつけます。"""
    return _listed(
        request, Kind.PROJECT, _of_year(Kind.PROJECT, asked.fiscal_year), asked, Page[shapes.Project]
    )


@router.get(
    "/projects/{slug}", response=shapes.Project, summary="事業", url_name="project", openapi_extra=NOT_FOUND
)
def project(request: HttpRequest, slug: Slug) -> HttpResponse:
    """一つの事業を答えます。"""
    return _one(request, Kind.PROJECT, slug)


@router.get(
    "/organisations",
    response=Page[shapes.Organisation],
    summary="支援機関の一覧",
    url_name="organisations",
    openapi_extra=NOT_UNDERSTOOD,
)
def organisations(request: HttpRequest, asked: Query[Paged]) -> HttpResponse:
    """事業者を支える機関を答えます。"""
    return _listed(
        request, Kind.ORGANISATION, records.public(Kind.ORGANISATION), asked, Page[shapes.Organisation]
    )


@router.get(
    "/organisations/{slug}",
    response=shapes.Organisation,
    summary="支援機関",
    url_name="organisation",
    openapi_extra=NOT_FOUND,
)
def organisation(request: HttpRequest, slug: Slug) -> HttpResponse:
    """一つの機関を答えます。"""
    return _one(request, Kind.ORGANISATION, slug)


@router.get("/vocabularies", response=Vocabularies, summary="語彙の一覧", url_name="vocabularies")
def vocabularies(request: HttpRequest) -> HttpResponse:
    """種類・お困りごとなどのコードと名前を、すべて答えます。"""
    return answered(request, Vocabularies(items=records.vocabularies()))


@router.get(
    "/changes",
    response=Changes,
    summary="変わったもの",
    url_name="changes",
    openapi_extra=NOT_UNDERSTOOD,
)
def changes(request: HttpRequest, asked: Query[ChangesAsked]) -> HttpResponse:
    """前に聞いたときから、新しくなったもの・変わったもの・なくなったものを、順に、もれなく答えます。"""
    after = cursors.read(_CHANGE, asked.since)
    if after and not (after.isascii() and after.isdigit() and len(after) < 18):
        raise cursors.CursorUnknown("since")
    found = feed.since(int(after or 0), limit=asked.limit + 1)
    shown = found[: asked.limit]
    read_to = cursors.written(_CHANGE, str(shown[-1].position)) if shown else asked.since
    following = _address(request, since=read_to) if len(found) > len(shown) else None
    items = [feed.shown(row) for row in shown]
    return answered(request, Changes(items=items, next=following, since=read_to))


def _chosen(request: HttpRequest, kind: Kind, asked: Chosen, page: type[Page[Any]]) -> HttpResponse:
    """A page of a kind, of what conditions keep where there are any."""
    conditions = understood(asked, type=kind.value)
    rows = records.public(kind)
    has_conditions = bool(conditions.text or set(conditions.filters) - {"type"})
    if has_conditions:
        hits = ask.answer(conditions, limit=_ALL_HITS, offset=0).hits
        rows = rows.filter(slug__in={hit.slug for hit in hits})
    return _listed(request, kind, rows, asked, page, conditions=conditions if has_conditions else None)


def _of_year(kind: Kind, fiscal_year: int | None) -> QuerySet[Model]:
    rows = records.public(kind)
    return rows if fiscal_year is None else rows.filter(fiscal_year=fiscal_year)


def _listed(
    request: HttpRequest,
    kind: Kind,
    rows: QuerySet[Model],
    asked: Paged | Chosen,
    page: type[Page[Any]],
    *,
    conditions: ask.Asked | None = None,
) -> HttpResponse:
    after = cursors.read(kind.value, asked.cursor)
    slugs = list(rows.filter(slug__gt=after).values_list("slug", flat=True)[: asked.limit + 1])
    shown = slugs[: asked.limit]
    following = _next(request, kind.value, shown[-1] if len(slugs) > len(shown) else "")
    content = page(
        items=records.read(kind, shown),
        next=following,
        ignored=list(conditions.ignored) if conditions else [],
    )
    # What is open changes with time alone.
    return answered(request, content, changed_at=None if conditions else _changed())


def _one(request: HttpRequest, kind: Kind, slug: str) -> HttpResponse:
    rows = records.public(kind).filter(slug=_clean(slug)).values_list("slug", flat=True)
    found = records.read(kind, list(rows))
    if not found:
        raise Refused(404, "この名前の公開データはありません。")
    return answered(request, found[0], changed_at=_changed())


def _changed() -> datetime | None:
    last = feed.last_change()
    return last.happened_at if last else None


def _next(request: HttpRequest, kind: str, last: str) -> str | None:
    return _address(request, cursor=cursors.written(kind, last)) if last else None


def _address(request: HttpRequest, **parameters: str) -> str:
    """The address that was asked for, with other parameters."""
    query = request.GET.copy()
    for name, value in parameters.items():
        query[name] = value
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _place(after: str) -> tuple[str, int]:
    slug, _, year = after.rpartition(":")
    if not (slug and year.isascii() and year.isdigit() and len(year) == 4):
        raise cursors.CursorUnknown
    return slug, int(year)


def _clean(slug: str) -> str:
    """PostgreSQL refuses a text with this character."""
    return slug.replace("\0", "")
