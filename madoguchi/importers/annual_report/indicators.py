"""Indicator tables: a heading of years, then names with a value for each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from madoguchi.importers.annual_report.drafts import IndicatorDraft
from madoguchi.importers.annual_report.headers import Reader
from madoguchi.importers.annual_report.labels import Labels
from madoguchi.importers.annual_report.values import Piece, ValueReader, is_bracket, merged, partition
from madoguchi.importers.annual_report.years import YEAR, one_year, western
from madoguchi.importers.documents.found import GUESS, LIKELY, SURE, UNSURE, Found
from madoguchi.importers.documents.lines import Line, join, key, plain
from madoguchi.results.cells import Cell, read_cell

_REMARK = re.compile(r"^[(（]?(?:※|注\d?[)）:：\s]|\*\s)")
_TOTAL = re.compile(r"^(?:合?計)\s")
_UNIT_IN_NAME = re.compile(
    r"\((?:単位[:は]?)?(%|[千百]?万円|百万円|千円|億円|円|人|名|件|者|社|回|校|台|店舗?|個|品|本|部|冊|か所|箇所|団体|組|戸|ha|t)\)$"
)
_INLINE = re.compile(r"^\s*[・○〇■◆【\[]?\s*([^:：\s】\]]{2,8})\s*[】\]]?\s*[:：]?\s*")
_AROUND = " 　:：、,→⇒・/()（）"
_LONGEST_HEADER = 8
_LONGEST_NAME = 5


@dataclass(frozen=True)
class ValueColumn:
    """A column behind the names: `kind` is value, target or other."""

    kind: str
    year: int | None
    cell: int = 0


@dataclass(frozen=True)
class TableHeader:
    """The columns of an indicator table."""

    columns: tuple[ValueColumn, ...]
    has_unit: bool
    item_cell: int = 0
    unit_cell: int | None = None

    @property
    def years(self) -> list[int]:
        """The years that have a column of values."""
        return sorted({column.year for column in self.columns if column.kind == "value" and column.year})

    @property
    def no_year(self) -> str:
        """The key of a value that stands in no single column: 2022-2023."""
        years = self.years
        return f"{years[0]}-{years[-1]}" if len(years) > 1 else str(years[0] if years else "")


@dataclass
class Table:
    """An indicator table: `start` and `end` are places in the lines."""

    start: int
    end: int
    header: TableHeader
    rows: list[IndicatorDraft] = field(default_factory=list)


class TableReader:
    """Finds and reads indicator tables."""

    def __init__(self, lines: Sequence[Line], reader: Reader, labels: Labels) -> None:
        self._lines = lines
        self._reader = reader
        self._labels = labels
        self._values = ValueReader(reader.layout)

    def all(self, skip: Sequence[tuple[int, int]]) -> list[Table]:
        """Return the tables outside of the lists, from top to bottom."""
        tables: list[Table] = []
        taken = {place for start, end in skip for place in range(start, end)}
        place = 0
        while place < len(self._lines):
            begun = None if place in taken else self.header(place)
            if begun is None:
                inline = None if place in taken else self._inline(place)
                tables += [inline] if inline else []
                place += 1
                continue
            table = self._read(place, begun[1], begun[0], taken)
            if table.rows:
                tables.append(table)
            place = max(table.end, begun[1])
        return tables

    def header(self, place: int) -> tuple[TableHeader, int] | None:
        """Return the heading that begins at this line, and where its rows begin."""
        words: list[tuple[str, int | None, int]] = []
        at = place
        while at < len(self._lines) and at < place + _LONGEST_HEADER:
            read = self._words(self._lines[at])
            if read is None:
                break
            words += read
            at += 1
        if at == place or not words:
            return None
        kinds = [kind for kind, _, _ in words]
        years = sum(kind == "year" for kind in kinds)
        if not (years >= 2 or ("item" in kinds and (years or "actual" in kinds))):
            return None
        columns = _columns(words, self._reader.report_year)
        if not any(column.kind == "value" for column in columns):
            return None
        item = next((cell for kind, _, cell in words if kind == "item"), 0)
        unit = next((cell for kind, _, cell in words if kind == "measure"), None)
        return TableHeader(tuple(columns), "measure" in kinds, item, unit), at

    def _words(self, line: Line) -> list[tuple[str, int | None, int]] | None:
        """The headings of a line (kind, year, cell); None when anything else stands there."""
        tokens = list(line.cells) if line.cells else line.plain.split()
        found: list[tuple[str, int | None, int]] = []
        for cell, token in enumerate(tokens):
            if not token:
                continue
            read = self._word(plain(token))
            if read is None:
                return None
            found += [(kind, year, cell) for kind, year in read]
        return found

    def _word(self, token: str) -> list[tuple[str, int | None]] | None:
        token = one_year(token)
        if token.startswith("(") and token.endswith(")"):
            return []  # says more of the heading above it: 基準値（R1）
        match = YEAR.search(token)
        year = western(match, self._reader.era, self._reader.report_year) if match else None
        bare = (
            YEAR.sub("", token, count=1).strip(" ()[]【】・:：*※") if match else token.strip(" ()[]【】:：")
        )
        if year is not None and not bare:
            return [("year", year)]
        bare = re.sub(r"^(?:末|の|時点)|[(（].*$|(?<=.)単位.*$", "", bare).strip()
        if year is None and not bare:
            return []
        folded = key(bare)
        for kind in ("item", "measure", "target", "actual", "other"):
            if folded in self._reader.layout.keys(kind):
                return [(kind, year)] if year is None else [("year" if kind == "actual" else kind, year)]
        return [("year", year)] if year is not None and not bare else None

    def _inline(self, place: int) -> Table | None:
        """An indicator in one line of text: 成果指標：相談件数 令和4年度 8件 令和5年度 9件."""
        line = self._lines[place]
        flat = one_year(line.plain)
        years = list(YEAR.finditer(flat))
        label = _INLINE.match(flat)
        if not years or not label or key(label[1]) not in self._reader.layout.keys("item"):
            return None
        name = flat[label.end() : years[0].start()].strip(_AROUND)
        edges = [*(found.start() for found in years), len(flat)]
        cells: dict[str, Found[Cell]] = {}
        for found, end in zip(years, edges[1:], strict=True):
            # As printed, unless a year written twice has moved the positions.
            shown = line.text if len(flat) == len(line.text) else flat
            text = shown[found.end() : end].strip(_AROUND)
            text = re.sub(r"^(?:実績|末)\s?[:：]?\s?", "", text)
            year = western(found, self._reader.era, self._reader.report_year)
            if not text or not all(map(self._values.is_value, text.split())):
                return None
            cells[str(year)] = _found(text, [line], LIKELY, "文の中から読みました。")
        if not name:
            return None
        columns = tuple(ValueColumn("value", int(year)) for year in cells if year.isdigit())
        return Table(
            place,
            place + 1,
            TableHeader(columns, has_unit=False),
            [IndicatorDraft(Found.at(name, [line]), cells)],
        )

    def _read(self, start: int, rows_at: int, header: TableHeader, taken: set[int]) -> Table:
        rows = _Rows(header, self._values)
        table = Table(start, rows_at, header)
        for place in range(rows_at, len(self._lines)):
            line = self._lines[place]
            if place in taken or self._ends(line) or rows.lost or self.header(place):
                break
            if _REMARK.match(line.text) and not rows.breaking:
                rows.close()
                continue
            rows.take(line)
            if rows.settled:
                table.end = place + 1
        rows.close()
        table.rows = rows.done
        if rows.done:
            last = max(row.name.lines[1] for row in rows.done)
            last = max(last, *(cell.lines[1] for row in rows.done for cell in row.cells.values()))
            table.end = next(
                (at + 1 for at in range(len(self._lines) - 1, start, -1) if self._lines[at].number <= last),
                rows_at,
            )
        return table

    def _ends(self, line: Line) -> bool:
        return (
            bool(self._labels.of(line))
            or (self._labels.is_prose(line) and not self._values.split(line)[1])
            or self._labels.policy(line) is not None
            or self._labels.is_case_study(line)
        )


def _columns(words: Sequence[tuple[str, int | None, int]], report_year: int | None) -> list[ValueColumn]:
    """The columns of values; 目標 and 実績 under each year are read as a second line of the heading."""
    grouped = _each_year(words)
    if grouped:
        return grouped
    years = [(year, cell) for kind, year, cell in words if kind == "year"]
    seen = [place for place, (kind, _, _) in enumerate(words) if kind == "year"]
    under = [
        kind
        for kind, year, _ in words[(seen[-1] if seen else -1) + 1 :]
        if kind in ("actual", "target", "other") and year is None
    ]
    if years and "actual" in under and len(under) % len(years) == 0:
        each = len(under) // len(years)
        return [
            ValueColumn("value" if kind == "actual" else kind, years[place // each][0], place)
            for place, kind in enumerate(under)
        ]
    columns = []
    for kind, year, cell in words:
        if kind == "year":
            columns.append(ValueColumn("value", year, cell))
        elif kind == "actual":
            columns.append(ValueColumn("value", report_year, cell))
        elif kind in ("target", "other"):
            columns.append(ValueColumn(kind, year, cell))
    return columns


def _each_year(words: Sequence[tuple[str, int | None, int]]) -> list[ValueColumn]:
    """The columns where each year is followed by the same words: 令和5年度 実績 令和6年度 実績."""
    groups: list[tuple[int | None, list[tuple[str, int]]]] = []
    for kind, year, cell in words:
        if kind == "year":
            groups.append((year, []))
        elif groups and kind in ("actual", "target", "other") and year is None:
            groups[-1][1].append((kind, cell))
    kinds = {tuple(kind for kind, _ in below) for _, below in groups}
    if len(groups) < 2 or len(kinds) != 1 or "actual" not in next(iter(kinds)):
        return []
    return [
        ValueColumn("value" if kind == "actual" else kind, year, cell)
        for year, below in groups
        for kind, cell in below
    ]


class _Rows:
    """Names and values as they come, line after line."""

    def __init__(self, header: TableHeader, values: ValueReader) -> None:
        self._header = header
        self._values = values
        self._name: list[tuple[str, Line]] = []
        self._stack: list[Piece] = []
        self._blocks: list[Line] = []
        self.done: list[IndicatorDraft] = []

    @property
    def breaking(self) -> bool:
        """Whether the cells are broken down by heads in 【】 until a total comes."""
        return bool(self._blocks)

    @property
    def settled(self) -> bool:
        """Whether nothing waits for a value."""
        return not self._name and not self._stack

    @property
    def lost(self) -> bool:
        """Whether so many lines came without a value that this is no table any more."""
        return len(self._name) > _LONGEST_NAME and not self._stack and not self._blocks

    def take(self, line: Line) -> None:
        """Take the next line of the table."""
        if len(line.cells) > 1:
            self._take_cells(line)
            return
        if self._blocks or (line.text.startswith("【") and self._name and not self._stack):
            self._break_down(line)
            return
        words, values = self._values.split(line)
        count = len(self._header.columns)
        opens = bool(values) and not words and not self._stack and is_bracket(values[0])
        if opens or (words and not values):
            self.close()
            self._name.append((line.text, line))
        elif words:
            self.close()
            self._begin(words, line, values, count)
        elif not self._is_folio(values, count):
            self._stack += values
            self._settle_if_whole(count)

    def _begin(self, words: str, line: Line, values: list[Piece], count: int) -> None:
        """A name with its first values; figures that end the name are given back to it."""
        while len(values) > count and _alike(values[-count:]) and not _alike(values):
            words += f" {values.pop(0).text}"
        self._name.append((words, line))
        self._stack = values
        if len(values) == count:
            self.close()

    def _is_folio(self, values: Sequence[Piece], count: int) -> bool:
        """A bare figure behind values that have units is the number of the page."""
        bare = len(values) == 1 and values[0].text.isdigit() and len(self._stack) >= count
        return bare and any(not piece.text.isdigit() and read_cell(piece.text).parts for piece in self._stack)

    def _settle_if_whole(self, count: int) -> None:
        """Values of one line that fill the columns exactly close the row at once."""
        if len(self._stack) == count and len({piece.line.number for piece in self._stack}) == 1:
            self.close()

    def _break_down(self, line: Line) -> None:
        words, values = self._values.split(line)
        if values and not words and _TOTAL.match(plain(values[0].text)):
            self._close_breakdown(values)
        else:
            self._blocks.append(line)

    def _close_breakdown(self, totals: Sequence[Piece]) -> None:
        """Heads in 【】 as many as columns: each begins a cell, and its total ends it."""
        starts = [place for place, line in enumerate(self._blocks) if line.text.startswith("【")]
        columns = [column for column in self._header.columns if column.kind == "value"]
        edges = [*starts, len(self._blocks)]
        groups = [self._blocks[edges[i] : edges[i + 1]] for i in range(len(starts))]
        cells: dict[str, Found[Cell]] = {}
        if len(groups) == len(columns) == len(totals):
            for column, group, total in zip(columns, groups, totals, strict=True):
                text = " ".join([*(line.text for line in group), total.text])
                cells[str(column.year)] = _found(
                    text, [*group, total.line], LIKELY, "内訳と計をつなぎました。"
                )
        else:
            lines = [*self._blocks, *(piece.line for piece in totals)]
            text = " ".join([*(line.text for line in self._blocks), *(piece.text for piece in totals)])
            cells[self._header.no_year] = _found(text, lines, GUESS, "どの年の値か分かれませんでした。")
        self._add(cells)
        self._blocks = []

    def close(self) -> None:
        """End the row that is open, if it has a value."""
        if self._blocks:
            self._close_breakdown([])
            return
        stack = merged(self._stack)
        if not stack:
            return
        if not self._name and _TOTAL.match(plain(stack[0].text)):
            first = stack[0]
            self._name.append((first.text.split()[0], first.line))
            stack[0] = replace(first, text=first.text.split(maxsplit=1)[1])
        self._stack = []
        if self._name:
            self._add(self._dealt(stack))

    def _dealt(self, stack: list[Piece]) -> dict[str, Found[Cell]]:
        """The values by year. Too few for the columns: no single year, or the newest columns."""
        columns = self._header.columns
        dealt = partition(stack, [column.year for column in columns])
        unit = self._unit()
        if dealt is None:
            return self._too_few(stack, unit)
        sure = len(stack) == len(columns)
        certain, reason = (SURE, "") if sure else (LIKELY, "縦に並んだ値を年に分けました。")
        return {
            str(column.year): _found(
                " ".join(piece.text for piece in pieces), [p.line for p in pieces], certain, reason, unit
            )
            for column, pieces in zip(columns, dealt, strict=True)
            if column.kind == "value"
        }

    def _too_few(self, stack: list[Piece], unit: str) -> dict[str, Found[Cell]]:
        columns = self._header.columns
        if len(stack) > len(columns) or len(stack) == 1 or len(columns) == 2:
            text = " ".join(piece.text for piece in stack)
            lines = [piece.line for piece in stack]
            if len(columns) == 1:
                return {str(columns[0].year): _found(text, lines, UNSURE, "一つの欄にまとめました。", unit)}
            return {self._header.no_year: _found(text, lines, UNSURE, "どの年の欄か分かりません。", unit)}
        newest = [*columns[-len(stack) :]]
        return {
            str(column.year): _found(
                piece.text, [piece.line], GUESS, "空いた欄があり、右に寄せました。", unit
            )
            for column, piece in zip(newest, stack, strict=True)
            if column.kind == "value"
        }

    def _unit(self) -> str:
        """The unit of a column of units, the last word before the values; else one in brackets: 数（件）."""
        if not self._name:
            return ""
        if not self._header.has_unit:
            found = _UNIT_IN_NAME.search(plain(self._name[-1][0]))
            return found[1] if found else ""
        words, line = self._name[-1]
        head, _, unit = words.rpartition(" ")
        if len(unit) > 5 or (not head and len(self._name) == 1):
            return ""
        if head:
            self._name[-1] = head, line
        else:
            self._name.pop()
        return plain(unit.strip("（）()"))

    def _take_cells(self, line: Line) -> None:
        """A row of a ruled table: the columns are known, and so are the empty ones."""
        self.close()
        header = self._header
        name = line.cells[header.item_cell]
        unit = plain(line.cells[header.unit_cell]) if header.unit_cell is not None else ""
        cells = {
            str(column.year): _found(line.cells[column.cell], [line], SURE, "", unit)
            for column in header.columns
            if column.kind == "value" and column.cell < len(line.cells) and line.cells[column.cell]
        }
        if name and cells:
            self._name = [(name, line)]
            self._add(cells)

    def _add(self, cells: dict[str, Found[Cell]]) -> None:
        lines = [line for _, line in self._name]
        name = join(words for words, _ in self._name)
        self._name = []
        self.done.append(IndicatorDraft(Found.at(name, lines), cells))


def _alike(values: Sequence[Piece]) -> bool:
    """Tell whether all values have the same units."""
    return len({tuple(part.unit for part in read_cell(piece.text).parts) for piece in values}) == 1


def _found(text: str, lines: Sequence[Line], confidence: float, reason: str, unit: str = "") -> Found[Cell]:
    cell = read_cell(text)
    if unit and cell.parts:
        cell = replace(cell, parts=tuple(replace(part, unit=part.unit or unit) for part in cell.parts))
    return Found.at(cell, lines, cell.raw, confidence, reason)
