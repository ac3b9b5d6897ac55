"""The shared history of a business: what it came with before, as the reader may see it, newest first."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Window
from django.db.models.functions import RowNumber

from madoguchi.accounts.hats import Hat
from madoguchi.businesses.queries import with_merged
from madoguchi.consultations.models import Case, Closing, Consultation, Involvement


@dataclass(frozen=True)
class PastCase:
    """One case of a business: how it stands, who has it, when it was last talked about, what it led to."""

    business: int
    key: str
    number: str
    title: str
    topic: str | None
    state: str
    is_secret: bool
    opened_at: datetime
    organisation: str | None
    adviser: str | None
    last_talk_on: date | None
    outcome: str | None


@dataclass(frozen=True)
class History:
    """A part of the cases of a business, and whether there are earlier ones."""

    cases: tuple[PastCase, ...]
    has_earlier: bool


def of_business(
    business_id: int, hat: Hat, *, size: int, page: int = 1, beside: Case | None = None
) -> History:
    """The cases of a business and of the records merged into it; `beside` is the one that is open."""
    cases = _seen(with_merged([business_id]), hat)
    if beside is not None:
        cases = cases.exclude(pk=beside.pk)
    start = (page - 1) * size
    rows = _rows(cases.order_by("-opened_at", "-pk")[start : start + size + 1])
    return History(tuple(rows[:size]), has_earlier=len(rows) > size)


def newest_of_each(business_ids: Collection[int], hat: Hat, *, each: int) -> dict[int, list[PastCase]]:
    """The newest cases of several businesses; the same number of queries for one and for many."""
    standing = with_merged(business_ids)
    place = Window(RowNumber(), partition_by=F("business"), order_by=[F("opened_at").desc(), F("pk").desc()])
    newest = _seen(standing, hat).annotate(place=place).filter(place__lte=each)
    found: dict[int, list[PastCase]] = defaultdict(list)
    for row in _rows(newest.order_by("-opened_at", "-pk")):
        found[standing[row.business]].append(row)
    return {business: rows[:each] for business, rows in found.items()}


def _seen(businesses: Collection[int], hat: Hat) -> QuerySet[Case]:
    """What is held for spam, or was put away as such, is nobody's history."""
    return Case.objects.visible_to(hat).filter(business__in=businesses, held_because="")


def _rows(cases: QuerySet[Case]) -> list[PastCase]:
    lead = Involvement.objects.filter(case=OuterRef("pk"), is_lead=True)
    talks = Consultation.objects.filter(case=OuterRef("pk")).order_by("-held_on", "-pk")
    standing = Closing.objects.filter(case=OuterRef("pk"), reopened_at=None)
    shown: dict[str, Any] = {
        "topic": F("main_topic__label"),
        "organisation": Subquery(lead.values("organisation__name")),
        "adviser": Subquery(lead.values("adviser__display_name")),
        "last_talk_on": Subquery(talks.values("held_on")[:1]),
        "outcome": Subquery(standing.values("outcome")),
    }
    kept = ("business", "key", "number", "title", "state", "is_secret", "opened_at")
    return [PastCase(**row) for row in cases.values(*kept, **shown)]
