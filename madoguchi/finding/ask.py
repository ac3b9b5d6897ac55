"""What a visitor may ask: parameters in, a search out. The same for pages, API and command line."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from madoguchi.finding import engine, words
from madoguchi.japan import areas, industries
from madoguchi.search.reception import Status
from madoguchi.search.results import Hit, SearchRequest, SearchResult, Sort

TYPES = ("programme", "desk", "event", "project", "organisation")
FACETS = ("status", "kind", "purpose", "industry", "area", "organisation", "fiscal_year", "type")
PAGE_SIZE = 20
# Beyond this nobody reads on, and a robot that tries costs nothing.
LAST_PAGE = 500
# 受け付けている: an application can be made, a desk be visited, a place be booked.
# Fiscal years that have a name: from 平成 on.
_FIRST_YEAR, _LAST_YEAR = "1989", "2100"
ACCEPTING = (Status.OPEN.value, Status.ROLLING.value, Status.BOOKING.value)

_URLS = {
    "programme": "/programmes/{}/",
    "desk": "/desks/{}/",
    "event": "/events/{}/",
    "project": "/projects/{}/",
    "organisation": "/organisations/{}/",
}
_VOCABULARY_OF = {"kind": "kinds", "purpose": "purposes"}


@dataclass(frozen=True)
class Asked:
    """A search as it was understood; `ignored` names what no facet knows, for saying so."""

    on: date
    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    ignored: tuple[str, ...] = ()

    def without(self, facet: str, value: str | None = None) -> "Asked":
        """The same search with one chosen value, or a whole facet, left out; on its first page."""
        rest = {name: values for name, values in self.filters.items() if name != facet}
        kept = tuple(v for v in self.filters.get(facet, ()) if value is not None and v != value)
        return replace(self, filters=rest | ({facet: kept} if kept else {}), page=1)

    def parameters(self) -> list[tuple[str, str]]:
        """The query string's pairs that lead to this search."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [(name, value) for name in FACETS for value in self.filters.get(name, ())]
        if self.sort is not Sort.RELEVANCE:
            pairs.append(("sort", self.sort.value))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return pairs


def read(parameters: Mapping[str, Sequence[str]], *, today: date) -> Asked:
    """Understand the parameters of a query string; never raises, unknown values are named in `ignored`.

    `on` (ISO date) is the day whose reception status counts; `open_on` also keeps only what accepts then."""
    ignored: list[str] = []
    filters: dict[str, tuple[str, ...]] = {}
    for facet in FACETS:
        values = [value for raw in parameters.get(facet, ()) for value in _values(facet, raw, ignored)]
        if values:
            filters[facet] = tuple(dict.fromkeys(values))
    on = _day(parameters, "on", ignored) or today
    open_on = _day(parameters, "open_on", ignored)
    if open_on:
        on = open_on
        filters["status"] = ACCEPTING
    sort = _first(parameters, "sort")
    if sort and sort not in [choice.value for choice in Sort]:
        ignored.append(f"sort={sort}")
        sort = ""
    return Asked(
        on=on,
        text=_clean(_first(parameters, "q")),
        filters=filters,
        sort=Sort(sort) if sort else Sort.RELEVANCE,
        page=_page(_first(parameters, "page")),
        ignored=tuple(item[:60] for item in ignored[:10]),
    )


def answer(asked: Asked, *, limit: int = PAGE_SIZE, offset: int | None = None) -> SearchResult:
    """Search; `limit` hits of the asked page, or from `offset` on."""
    known = words.read()
    general = known.get("general_desk", "")
    return engine.current().search(
        SearchRequest(
            on=asked.on,
            text=asked.text,
            filters=asked.filters,
            sort=asked.sort,
            offset=(asked.page - 1) * limit if offset is None else offset,
            limit=limit,
            # What feeds bring for the nation and for other prefectures stands behind the region's own.
            area=known.get("home", ""),
            fallback_keys=(general,) if general else (),
        )
    )


def as_json(result: SearchResult) -> dict[str, Any]:
    """The answer as the API and the command line print it; kinds are the official words."""
    labels = words.read().get("labels", {}).get("kinds", {})
    return {
        "total": result.total,
        "took_ms": round(result.took_ms, 2),
        "results": [_hit_json(hit, labels) for hit in result.hits],
    }


def url_of(hit_type: str, slug: str) -> str:
    """The address of a record's page, from the root of the site."""
    return _URLS[hit_type].format(slug)


def url_of_hit(hit: Hit) -> str:
    """The page that says what was found: of an edition that is not its programme's newest, that edition's."""
    newest = all((hit.fiscal_year or 0) >= (other.fiscal_year or 0) for other in hit.other_editions)
    if hit.type == "programme" and not newest:
        return f"{url_of(hit.type, hit.slug)}{hit.fiscal_year}/"
    return url_of(hit.type, hit.slug)


def value_label(facet: str, value: str) -> str:
    """A facet's value in words; the value itself where nobody named it."""
    known = words.read()
    if facet in _VOCABULARY_OF:
        return str(known.get("labels", {}).get(_VOCABULARY_OF[facet], {}).get(value, value))
    if facet == "organisation":
        return str(known.get("organisations", {}).get(value, value))
    if facet == "area":
        return words.area_names().get(value, value)
    if facet == "industry":
        return _industry_label(value)
    return value


def known_values(facet: str) -> tuple[str, ...]:
    """What may be asked of a facet, in words where it has them; none where there are too many to list."""
    if facet in _VOCABULARY_OF:
        return tuple(words.read().get("labels", {}).get(_VOCABULARY_OF[facet], {}).values())
    return {"type": TYPES, "status": tuple(status.value for status in Status)}.get(facet, ())


def _hit_json(hit: Hit, labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "type": hit.type,
        "slug": hit.slug,
        "name": hit.name,
        "fiscal_year": hit.fiscal_year,
        "kinds": [labels.get(kind, kind) for kind in hit.payload.get("kinds", ())],
        "score": round(hit.score, 4),
        "snippet": " ".join("".join(piece.text for piece in hit.snippet).split()),
        "url": url_of_hit(hit),
    }


def _values(facet: str, raw: str, ignored: list[str]) -> Iterable[str]:
    value = _clean(raw)
    if not value:
        return
    known = _known(facet, value)
    if known is None:
        ignored.append(f"{facet}={value}")
    else:
        yield known


def _known(facet: str, value: str) -> str | None:
    """The code a value stands for: codes and official words are understood."""
    if facet in _VOCABULARY_OF:
        terms = words.read().get("labels", {}).get(_VOCABULARY_OF[facet], {})
        by_label = {label: code for code, label in terms.items()}
        return value if value in terms else by_label.get(value)
    return _CODES[facet](value)


def _year(value: str) -> str | None:
    is_year = value.isascii() and value.isdigit() and _FIRST_YEAR <= value <= _LAST_YEAR and len(value) == 4
    return value if is_year else None


def _organisation(value: str) -> str | None:
    return value if value in words.read().get("organisations", {}) else None


def _area(value: str) -> str | None:
    names = words.area_names()
    if value in names:
        return value
    try:
        code = areas.normalise_code(value)
    except ValueError:
        return next((code for code, name in names.items() if name == value), None)
    return code if code in names or code == areas.NATION else None


def _industry(value: str) -> str | None:
    try:
        return industries.get(value).code
    except ValueError:
        found = industries.find(value)
        return found.code if found else None


_CODES: Mapping[str, Callable[[str], str | None]] = {
    "type": {name: name for name in TYPES}.get,
    "status": {status.value: status.value for status in Status}.get,
    "fiscal_year": _year,
    "industry": _industry,
    "area": _area,
    "organisation": _organisation,
}


def _industry_label(value: str) -> str:
    try:
        return industries.get(value).name
    except ValueError:
        return value


def _day(parameters: Mapping[str, Sequence[str]], name: str, ignored: list[str]) -> date | None:
    raw = _first(parameters, name)
    if not raw:
        return None
    try:
        return date.fromisoformat(raw)
    except ValueError:
        ignored.append(f"{name}={raw}")
        return None


def _page(raw: str) -> int:
    if not (raw.isascii() and raw.isdigit()):
        return 1
    return min(max(int(raw[:6]), 1), LAST_PAGE)


def _first(parameters: Mapping[str, Sequence[str]], name: str) -> str:
    values = parameters.get(name, ())
    return _clean(values[0]) if values else ""


def _clean(raw: str) -> str:
    """Text without control characters and lone surrogates, which no page may echo."""
    return "".join(c for c in raw if unicodedata.category(c) not in ("Cc", "Cs") or c == " ").strip()
