"""Figures broken down, with small counts hidden, and the rows behind each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median, quantiles
from typing import Any, cast

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.models import Case
from madoguchi.consultations.statistics.dimensions import Dimension
from madoguchi.consultations.statistics.measures import Measure, Rows, Subject, closed_in, opened_in
from madoguchi.consultations.statistics.scope import Scope
from madoguchi.consultations.statistics.suppression import suppress


@dataclass(frozen=True)
class Row:
    """One part of a breakdown. None: too small to show."""

    code: str
    label: str
    cells: Sequence[int | None]
    total: int | None


@dataclass(frozen=True)
class Table:
    """A figure by one thing or, in columns, by two. Totals are counted, not added: 実数 does not add up."""

    measure: Measure
    by: Dimension
    across: Dimension | None
    columns: Sequence[str]
    rows: Sequence[Row]
    column_totals: Sequence[int]
    total: int
    has_hidden: bool


def table(*, measure: Measure, by: Dimension, scope: Scope, across: Dimension | None = None) -> Table:
    """Break the figure down: at most four queries and the names, however many rows there are.

    Raises KeyError when the rows of the measure cannot be broken down this way.
    """
    totals = dict(_counts(measure, scope, down=by.expressions[measure.subject]))
    codes = _ordered(totals, by)
    names = by.labels(codes)
    if across is None:
        shown = suppress([[totals[code] for code in codes]])[0] if codes else []
        rows = [Row(_code(code), names[code], (), shown[n]) for n, code in enumerate(codes)]
        return Table(
            measure, by, None, (), rows, (), measure.value(scope), any(row.total is None for row in rows)
        )
    return _crossed(measure, by, across, scope, codes=codes, names=dict(names), totals=totals)


def _crossed(
    measure: Measure,
    by: Dimension,
    across: Dimension,
    scope: Scope,
    *,
    codes: list[Any],
    names: dict[Any, str],
    totals: dict[Any, int],
) -> Table:
    down, side = by.expressions[measure.subject], across.expressions[measure.subject]
    cells = {(row, column): n for row, column, n in _counts(measure, scope, down=down, side=side)}
    side_totals = dict(_counts(measure, scope, side=side))
    columns = _ordered(side_totals, across)
    grid = [[cells.get((code, column), 0) for column in columns] + [totals[code]] for code in codes]
    # The column of totals is a breakdown itself and is hidden with the rest.
    shown = suppress(grid)
    rows = [Row(_code(code), names[code], shown[n][:-1], shown[n][-1]) for n, code in enumerate(codes)]
    column_names = across.labels(columns)
    return Table(
        measure,
        by,
        across,
        [column_names[column] for column in columns],
        rows,
        [side_totals[column] for column in columns],
        measure.value(scope),
        any(cell is None for line in shown for cell in line),
    )


def _counts(measure: Measure, scope: Scope, **keys: Combinable) -> list[tuple[Any, ...]]:
    """The figure for each combination of these expressions: the keys' values, then the count."""
    rows: Any = measure.rows(scope)
    return list(
        rows.annotate(**keys).values(*keys).annotate(figure=measure.count).values_list(*keys, "figure")
    )


def _ordered(counts: dict[Any, int], by: Dimension) -> list[Any]:
    """Largest first, what is not known last; months and sizes in their own order."""
    if by.in_order:
        return sorted(counts, key=lambda code: (code in (None, ""), code))
    return sorted(counts, key=lambda code: (code in (None, ""), -counts[code], str(code)))


def _code(value: Any) -> str:
    return "" if value is None else str(value)


def rows_behind(
    *, measure: Measure, scope: Scope, hat: Hat, by: Dimension | None = None, code: str = ""
) -> Rows:
    """The rows of a figure, or of one part of it, whose cases the reader may see, newest first."""
    rows: Any = measure.rows(scope)
    if by is not None:
        part = by.expressions[measure.subject]
        # The text of an address back to the value it stands for.
        wanted = [value for value, _n in _counts(measure, scope, down=part) if _code(value) == code]
        known = [value for value in wanted if value is not None]
        rows = rows.annotate(down=part).filter(
            Q(down__in=known) | (Q(down=None) if None in wanted else Q(pk=None))
        )
    visible = Case.objects.visible_to(hat).values("pk")
    if measure.subject == Subject.CASE:
        return cast("Rows", rows.filter(pk__in=visible).order_by("-opened_at", "-pk"))
    newest = "-held_on" if measure.subject == Subject.CONSULTATION else "-sent_at"
    return cast("Rows", rows.filter(case__in=visible).order_by(newest, "-pk"))


@dataclass(frozen=True)
class Durations:
    """How long something took, in days: of how many, the middle one, and nine of ten at most."""

    count: int
    median_days: float | None
    most_days: float | None


def time_to_first_response(scope: Scope) -> Durations:
    """From the request to the first adviser who took it, over the cases opened in the scope."""
    rows = opened_in(scope).filter(responded_at__isnull=False)
    return _durations(rows.values_list(F("responded_at") - F("opened_at"), flat=True))


def time_to_close(scope: Scope) -> Durations:
    """From the opening to the closing, over the cases closed in the scope."""
    return _durations(closed_in(scope).values_list(F("closed_at") - F("opened_at"), flat=True))


def _durations(spans: "QuerySet[Case, timedelta]") -> Durations:
    days = [span / timedelta(days=1) for span in spans]
    if not days:
        return Durations(0, None, None)
    most = quantiles(days, n=10, method="inclusive")[-1] if len(days) > 1 else days[0]
    return Durations(len(days), median(days), most)
