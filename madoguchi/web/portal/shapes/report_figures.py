"""What indicators say over the years: cards with bars, and the table beside them.

A bar is drawn where each year is one number of the same kind; everything else is in the table alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext

from madoguchi.reporting.annual import corrections
from madoguchi.reporting.annual import wording as printed
from madoguchi.reporting.annual.shape import IndicatorLine
from madoguchi.results.cells import Cell, CellKind, Part
from madoguchi.results.published import IndicatorRow
from madoguchi.results.values import cell_of
from madoguchi.web.shared import wording

BAR_WIDTH = 1000


@dataclass(frozen=True)
class Bar:
    """One year of a card; the width out of 1,000, the longest year filling all of it."""

    label: str
    text: str
    width: int
    is_newest: bool
    url: str


@dataclass(frozen=True)
class Card:
    """One indicator large: its newest number, how it compares with the year before, a bar for each year."""

    name: str
    number: str
    unit: str
    is_cumulative: bool
    against: str
    bars: list[Bar]


@dataclass(frozen=True)
class Figure:
    """One cell of the table, with the page that says where it comes from; no page where nothing is there."""

    label: str
    text: str
    url: str
    is_corrected: bool


@dataclass(frozen=True)
class FigureRow:
    """One row of the table."""

    name: str
    figures: list[Figure]
    change: str
    note: str


@dataclass(frozen=True)
class Figures:
    """The indicators of a project: cards, and a table of these years with what was corrected in it."""

    years: list[str]
    cards: list[Card]
    rows: list[FigureRow]
    has_undated: bool
    corrections: list[str]


def line(row: IndicatorRow) -> IndicatorLine:
    """A project's row as the report holds it."""
    cells = {value.fiscal_year: cell_of(value) for value in row.values if value.fiscal_year is not None}
    undated = next((cell_of(value) for value in row.values if value.fiscal_year is None), None)
    corrected = tuple(one for value in row.values for one in corrections.of_value(value))
    return IndicatorLine(row.indicator.key, row.name, cells, undated, corrections=corrected)


def figures(rows: Sequence[IndicatorRow], *, fiscal_year: int) -> Figures:
    """The year and the one before; other years only where those two say nothing at all."""
    lines = [line(row) for row in rows]
    years = _years(lines, fiscal_year)
    columns = [*years, None] if any(each.undated for each in lines) else years
    return Figures(
        years=[wording.fiscal_year(year) for year in years],
        cards=[card for each in lines if (card := _card(each, years)) is not None],
        rows=[
            _row(each, columns, years[-1], _notes(row, years)) for each, row in zip(lines, rows, strict=True)
        ],
        has_undated=None in columns,
        corrections=printed.correction_notes(_within(each, columns) for each in lines),
    )


def _within(each: IndicatorLine, columns: Sequence[int | None]) -> IndicatorLine:
    """The line with the corrections of these columns alone."""
    shown = tuple(one for one in each.corrections if one.fiscal_year in columns)
    return replace(each, corrections=shown)


def _years(lines: Iterable[IndicatorLine], fiscal_year: int) -> list[int]:
    known = {year for each in lines for year in each.cells}
    asked = {fiscal_year - 1, fiscal_year}
    return sorted(asked if known & asked or not known else known)


def _notes(row: IndicatorRow, years: Sequence[int]) -> str:
    shown = [value.note for value in row.values if value.fiscal_year in (*years, None) and value.note]
    return " ".join(dict.fromkeys(shown))


def _card(each: IndicatorLine, years: Sequence[int]) -> Card | None:
    if len(years) != 2:
        return None
    pair = printed.pair(each, years[1])
    if pair is None:
        return None
    longest = max(abs(pair.before), abs(pair.now))
    values = dict(zip(years, (pair.before, pair.now), strict=True))
    return Card(
        name=each.name,
        number=printed.quantity(pair.now),
        unit=pair.unit,
        is_cumulative=pair.cumulative,
        against=printed.against_before(pair),
        bars=[
            Bar(
                label=wording.fiscal_year(year),
                text=f"{printed.quantity(number)}{pair.unit}{printed.mark(each, year)}",
                width=share(number, longest),
                is_newest=year == years[1],
                url=trace_url(each.key, year),
            )
            for year, number in values.items()
        ],
    )


def _row(each: IndicatorLine, columns: Sequence[int | None], newest: int, note: str) -> FigureRow:
    return FigureRow(
        name=each.name,
        figures=[_figure(each, year) for year in columns],
        change=printed.change(each, newest),
        note=note,
    )


def _figure(each: IndicatorLine, year: int | None) -> Figure:
    cell = each.undated if year is None else each.cells.get(year)
    return Figure(
        label=year_label(year),
        text=printed.printed(cell),
        url=trace_url(each.key, year) if cell is not None else "",
        is_corrected=bool(each.corrections_of(year)),
    )


def year_label(year: int | None) -> str:
    """What stands over a column: the year, or that a value belongs to none."""
    return wording.fiscal_year(year) if year is not None else gettext("年度をまたぐ値")


def series(cells: dict[int, Cell]) -> list[tuple[int, Part]]:
    """The years of which each is one number, where all of them are of the same kind; else nothing."""
    parts = {
        year: cell.parts[0]
        for year, cell in sorted(cells.items())
        if cell.kind is CellKind.NUMBERS and len(cell.parts) == 1
    }
    kinds = {(part.unit, part.cumulative, part.label) for part in parts.values()}
    return list(parts.items()) if len(kinds) == 1 else []


def share(number: Decimal, longest: Decimal) -> int:
    """The width of a bar out of 1,000; nothing below zero has one."""
    return int(number * BAR_WIDTH / longest) if longest and number > 0 else 0


def trace_url(key: str, year: int | None) -> str:
    """The page that says where a value comes from."""
    if year is None:
        return reverse("portal:trace_undated", args=[key])
    return reverse("portal:trace", args=[key, year])
