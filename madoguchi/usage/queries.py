"""Reads of the counts. Both days of a period are included."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from madoguchi.usage.models import DailyCount, ResultsBucket, SearchCount


@dataclass(frozen=True)
class MonthTotal:
    """The views of one month."""

    month: date
    count: int


@dataclass(frozen=True)
class SearchTotal:
    """How often one text was searched for."""

    query: str
    count: int


def views_of(kind: str, key: str, *, since: date, until: date) -> int:
    """Return how often one object was looked at."""
    rows = DailyCount.objects.filter(kind=kind, key=key, day__range=(since, until))
    total: int = rows.aggregate(total=Sum("count", default=0))["total"]
    return total


def views_by_month(kind: str = "", *, since: date, until: date) -> Sequence[MonthTotal]:
    """Return the views of all objects of a kind, or of everything, per month, oldest first, without the empty
    months."""
    rows = DailyCount.objects.filter(day__range=(since, until))
    months = (
        (rows.filter(kind=kind) if kind else rows)
        .annotate(month=TruncMonth("day"))
        .values("month")
        .annotate(total=Sum("count"))
        .order_by("month")
    )
    return [MonthTotal(month=row["month"], count=row["total"]) for row in months]


def frequent_searches(
    *, since: date, until: date, at_least: int, limit: int, results: ResultsBucket | None = None
) -> Sequence[SearchTotal]:
    """Return the texts searched for most; rarer ones than `at_least` may name a person and stay unseen."""
    rows = SearchCount.objects.filter(day__range=(since, until))
    if results is not None:
        rows = rows.filter(results=results)
    totals = (
        rows.values("query")
        .annotate(total=Sum("count"))
        .filter(total__gte=at_least)
        .order_by("-total", "query")[:limit]
    )
    return [SearchTotal(query=row["query"], count=row["total"]) for row in totals]


def views_by_key(kind: str, *, since: date, until: date) -> Mapping[str, int]:
    """Return how often each object of a kind was looked at; those nobody looked at are left out."""
    rows = DailyCount.objects.filter(kind=kind, day__range=(since, until)).values("key")
    return {row["key"]: row["total"] for row in rows.annotate(total=Sum("count")).order_by("key")}


def views_by_key_and_month(kind: str, *, since: date, until: date) -> Mapping[str, Mapping[date, int]]:
    """Return how often each object of a kind was looked at in each month, by the month's first day."""
    rows = (
        DailyCount.objects.filter(kind=kind, day__range=(since, until))
        .annotate(month=TruncMonth("day"))
        .values("key", "month")
        .annotate(total=Sum("count"))
        .order_by("key", "month")
    )
    found: dict[str, dict[date, int]] = {}
    for row in rows:
        found.setdefault(row["key"], {})[row["month"]] = row["total"]
    return found


def vain_by_area(*, since: date, until: date, at_least: int, most: int) -> Mapping[str, list[SearchTotal]]:
    """Return the texts that found nothing by the code of the place in them, at most so many of each place.

    Rarer ones than `at_least` may name a person and stay unseen.
    """
    rows = (
        SearchCount.objects.filter(day__range=(since, until), results=ResultsBucket.ZERO)
        .values("area", "query")
        .annotate(total=Sum("count"))
        .filter(total__gte=at_least)
        .order_by("area", "-total", "query")
    )
    found: dict[str, list[SearchTotal]] = {}
    for row in rows:
        of_area = found.setdefault(row["area"], [])
        if len(of_area) < most:
            of_area.append(SearchTotal(query=row["query"], count=row["total"]))
    return found
