"""Reading the catalogue."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from madoguchi.catalogue.models import (
    Edition,
    EditionContact,
    EditionRole,
    Programme,
    ReceptionWindow,
    Term,
)
from madoguchi.catalogue.rules import Window, next_deadline, reception_at, reception_days
from madoguchi.catalogue.states import EditionState, ReceptionMode, ReceptionStatus
from madoguchi.search.documents import Window as Days


@dataclass(frozen=True)
class Reception:
    """How an edition's reception stands at a moment, and when it closes next."""

    status: ReceptionStatus
    closes_at: datetime | None
    opens_at: datetime | None
    text: str


def published_editions() -> QuerySet[Edition]:
    """Every published edition with all that a page about it shows, newest fiscal year first."""
    contacts = EditionContact.objects.select_related("unit__organisation", "desk", "organisation").order_by(
        "position", "pk"
    )
    roles = EditionRole.objects.select_related("organisation", "unit").order_by("role", "pk")
    return (
        Edition.objects.filter(state=EditionState.PUBLISHED)
        .select_related("programme", "origin")
        .prefetch_related(
            "frames",
            "windows",
            Prefetch("contacts", queryset=contacts),
            Prefetch("roles", queryset=roles),
        )
        .order_by("-fiscal_year", "pk")
    )


def editions_of(slug: str) -> list[Edition]:
    """The published editions of a programme, newest first; empty when it is unknown or withdrawn."""
    return list(published_editions().filter(programme__slug=slug))


def relations_of(programme: Programme) -> list[tuple[Programme, str]]:
    """Programmes worth knowing beside one, each with the reason (may be empty); withdrawn ones left out."""
    shown = programme.related.filter(Exists(_published_of("other")))
    rows = shown.select_related("other").order_by("position", "pk")
    return [(row.other, row.note) for row in rows]


def before_and_after(programme: Programme) -> tuple[list[Programme], list[Programme]]:
    """The programmes that one followed, and those that followed it; withdrawn ones left out."""
    before = programme.predecessors.filter(Exists(_published_of("pk"))).order_by("name", "pk")
    after = programme.successors.filter(Exists(_published_of("pk"))).order_by("name", "pk")
    return list(before), list(after)


def _published_of(column: str) -> QuerySet[Edition]:
    return Edition.objects.filter(programme=OuterRef(column), state=EditionState.PUBLISHED)


def next_deadlines(*, at: datetime, limit: int) -> list[ReceptionWindow]:
    """The open reception windows that close next, with their editions, at most `limit`."""
    rows = ReceptionWindow.objects.filter(
        Q(opens_at=None) | Q(opens_at__lte=at),
        edition__state=EditionState.PUBLISHED,
        edition__reception_mode=ReceptionMode.WINDOW,
        closed_early=False,
        closes_at__gt=at,
    )
    return list(rows.select_related("edition__programme").order_by("closes_at", "pk")[:limit])


def newest_published(*, limit: int) -> list[Edition]:
    """The editions that were published last, at most `limit`."""
    rows = Edition.objects.filter(state=EditionState.PUBLISHED).select_related("programme")
    return list(rows.order_by("-published_at", "-fiscal_year", "-pk")[:limit])


def reception_of(edition: Edition, *, at: datetime) -> Reception:
    """How reception of a fetched edition stands at a moment."""
    windows = _windows(edition)
    status = reception_at(
        mode=ReceptionMode(edition.reception_mode), windows=windows, fiscal_year=edition.fiscal_year, at=at
    )
    opening = [w.opens_at for w in windows if w.opens_at and w.opens_at > at]
    return Reception(
        status, next_deadline(windows, at=at), min(opening, default=None), edition.reception_text
    )


def reception_days_of(edition: Edition) -> tuple[tuple[Days, ...], str]:
    """The days and the mode by which a search knows the reception of a fetched edition."""
    mode = ReceptionMode(edition.reception_mode)
    return reception_days(mode=mode, windows=_windows(edition), fiscal_year=edition.fiscal_year)


def _windows(edition: Edition) -> list[Window]:
    return [Window(w.opens_at, w.closes_at, w.closed_early) for w in edition.windows.all()]


def vocabulary(name: str) -> dict[str, Term]:
    """The terms of a vocabulary by code, in the pack's order."""
    terms = Term.objects.filter(vocabulary=name).order_by("position", "pk")
    return {term.code: term for term in terms}


def labels() -> dict[str, dict[str, str]]:
    """Every vocabulary's labels by code, in one query."""
    result: dict[str, dict[str, str]] = {}
    for term in Term.objects.order_by("vocabulary", "position", "pk"):
        result.setdefault(term.vocabulary, {})[term.code] = term.label
    return result
