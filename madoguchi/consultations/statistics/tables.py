"""Figures broken down, with small counts hidden, and the rows behind each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Count, F, Func, IntegerField, Q
from django.db.models.expressions import Combinable
from django.db.models.sql.compiler import SQLCompiler

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.models import Case
from madoguchi.consultations.statistics.dimensions import DIMENSIONS, Dimension
from madoguchi.consultations.statistics.measures import MEASURES, Measure, Rows, Subject, values
from madoguchi.consultations.statistics.scope import Scope
from madoguchi.consultations.statistics.suppression import Grid, suppress


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
    column_totals: Sequence[int | None]
    total: int | None
    has_hidden: bool


def table(*, measure: Measure, by: Dimension, scope: Scope, across: Dimension | None = None) -> Table:
    """Break the figure down: at most four queries and the names, however many rows there are.

    Raises KeyError when the rows of the measure cannot be broken down this way.
    """
    down = by.expressions[measure.subject]
    totals = dict(_counts(measure, scope, down=down))
    codes, total = _ordered(totals, by), measure.value(scope)
    columns: list[Any] = []
    grid = [[totals[code]] for code in codes]
    bottom = [total]
    if across is not None:
        side = across.expressions[measure.subject]
        cells = {(row, column): n for row, column, n in _counts(measure, scope, down=down, side=side)}
        side_totals = dict(_counts(measure, scope, side=side))
        columns = _ordered(side_totals, across)
        grid = [[*(cells.get((code, column), 0) for column in columns), totals[code]] for code in codes]
        bottom = [*(side_totals[column] for column in columns), total]
    whole = [*grid, bottom]
    *shown, shown_totals = _nothing_of(whole) if _is_hidden(measure, scope, total) else suppress(whole)
    names = by.labels(codes)
    column_names = across.labels(columns) if across is not None else {}
    return Table(
        measure,
        by,
        across,
        [column_names[column] for column in columns],
        [Row(_code(code), names[code], shown[n][:-1], shown[n][-1]) for n, code in enumerate(codes)],
        shown_totals[:-1],
        shown_totals[-1],
        any(cell is None for line in [*shown, shown_totals] for cell in line),
    )


def headlines(scope: Scope) -> dict[str, int | None]:
    """Every figure over the whole scope by its key; None for one that a breakdown of another hides."""
    found = values(MEASURES.values(), scope)
    return {
        key: None if _is_hidden(measure, scope, found[key]) else found[key]
        for key, measure in MEASURES.items()
    }


def _is_hidden(measure: Measure, scope: Scope, figure: int) -> bool:
    """Whether a figure is a part of another whose breakdown does not show it: what is said once is said."""
    if not measure.part_of or not figure:
        return False
    whole = MEASURES[measure.part_of]
    by_channel = table(measure=whole, by=DIMENSIONS["channel"], scope=scope)
    return any(row.code == measure.channel and row.total is None for row in by_channel.rows)


def _nothing_of(cells: Grid) -> Grid:
    """The cells with None for each that counts something."""
    return [[None if n else n for n in line] for line in cells]


def _counts(measure: Measure, scope: Scope, **keys: Combinable) -> list[tuple[Any, ...]]:
    """The figure for each combination of these expressions: the keys' values, then the count."""
    rows: Any = measure.rows(scope)
    return list(
        rows.annotate(**keys).values(*keys).annotate(figure=measure.count()).values_list(*keys, "figure")
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
    case = "request__case" if measure.subject == Subject.DISPATCH else "case"
    newest = "-sent_at" if measure.subject == Subject.REFERRAL else "-held_on"
    return cast("Rows", rows.filter(**{f"{case}__in": visible}).order_by(newest, "-pk"))


@dataclass(frozen=True)
class Durations:
    """How long something took, in days and tenths: of how many, the middle one, and nine of ten at most."""

    count: int
    median_days: float | None
    most_days: float | None


class _TenthsOfDays(Func):
    """Tenths of days from one instant to another. For Django's own SQLite calls Python for each row."""

    output_field = IntegerField()
    template = "ROUND(EXTRACT(EPOCH FROM (%(expressions)s)) / 8640)::integer"
    arg_joiner = " - "

    def __init__(self, start: str, end: str) -> None:
        super().__init__(F(end), F(start))

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_context: Any) -> tuple[str, Any]:
        """Instants are kept as text there, which SQLite reads itself."""
        (end, end_params), (start, start_params) = map(compiler.compile, self.get_source_expressions())
        days = f"(julianday({end}) - julianday({start}))"
        return f"CAST(ROUND({days} * 10) AS integer)", (*end_params, *start_params)


def time_to_first_response(scope: Scope) -> Durations:
    """From the request to the first adviser who took it, over the cases opened in the scope."""
    return _durations(MEASURES["cases_opened"].rows(scope), "opened_at", "responded_at")


def time_to_close(scope: Scope) -> Durations:
    """From the opening to the closing, over the cases closed in the scope."""
    return _durations(MEASURES["cases_closed"].rows(scope), "opened_at", "closed_at")


def _durations(rows: Any, start: str, end: str) -> Durations:
    rows = rows.exclude(**{end: None}).annotate(tenths=_TenthsOfDays(start, end)).values("tenths")
    spans = sorted(rows.annotate(cases=Count("*")).values_list("tenths", "cases"))
    count = sum(cases for _tenths, cases in spans)
    if not count:
        return Durations(0, None, None)
    return Durations(count, _at(spans, count / 2) / 10, _at(spans, count * 0.9) / 10)


def _at(spans: Sequence[tuple[int, int]], rank: float) -> int:
    """The smallest span that so many of the cases took at most."""
    reached = 0
    for tenths, cases in spans:
        reached += cases
        if reached >= rank:
            return tenths
    return spans[-1][0]
