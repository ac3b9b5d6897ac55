"""Headings of tables: which column means what."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from madoguchi.importers.annual_report import money
from madoguchi.importers.annual_report.layout import Layout
from madoguchi.importers.annual_report.years import YEAR, one_year, western
from madoguchi.importers.documents.lines import Line, key, plain
from madoguchi.japan.eras import Era

_BRACKETS = re.compile(r"[(\[〔<【《][^)\]〕>】》]*[)\]〕>】》]?|[)\]〕>】》]")
_AROUND = " :：・･、,*※◆■●○"
_LONGEST_WORD = 5


@dataclass(frozen=True)
class Column:
    """One column: its role, the year it is about, whether money is budgeted or settled."""

    role: str
    year: int | None = None
    basis: str = ""


@dataclass(frozen=True)
class Header:
    """A heading of one or more lines."""

    columns: tuple[Column, ...]
    money_unit: str | None
    has_cells: bool = False

    def has(self, *roles: str) -> bool:
        """Tell whether one of the roles is among the columns."""
        return any(column.role in roles for column in self.columns)


@dataclass(frozen=True)
class Reader:
    """Reads headings with the words of a layout and the years of a document."""

    layout: Layout
    era: Era
    report_year: int | None
    _known: dict[int, list[Column] | None] = field(default_factory=dict, compare=False)

    def year_in(self, text: str) -> int | None:
        """Return the year a text names."""
        found = YEAR.search(plain(text))
        return western(found, self.era, self.report_year) if found else None

    def columns_of(self, line: Line) -> list[Column] | None:
        """Return the columns a line heads; None when something in it is no heading."""
        if line.number not in self._known:
            tokens = list(line.cells) if line.cells else line.plain.split()
            self._known[line.number] = self._columns(tokens, split=not line.cells)
        return self._known[line.number]

    def _columns(self, tokens: list[str], *, split: bool) -> list[Column] | None:
        columns: list[Column] = []
        place = 0
        while place < len(tokens):
            for count in range(min(_LONGEST_WORD, len(tokens) - place) if split else 1, 0, -1):
                word = "".join(tokens[place : place + count])
                read = self._word(word)
                if read is not None and (count == 1 or len(word) <= 2 * count):
                    columns += read or ([] if split else [Column("blank")])
                    place += count
                    break
            else:
                return None
        return columns

    def _word(self, token: str) -> list[Column] | None:
        """The column a word heads; none (an empty list) for a year, a unit or an empty cell alone."""
        flat = one_year(plain(token))
        year = self.year_in(flat)
        bare = YEAR.sub("", _BRACKETS.sub("", flat)).strip(_AROUND)
        bare = re.sub(r"^(?:末|の|分|時点)|(?:\(?単位.*)$", "", bare).strip(_AROUND)
        if not bare:
            inner = key(flat.strip("()[]【】〔〕<>《》 "))
            role = self.layout.roles.get(inner)
            return [Column(role, year)] if role and year is None else []
        if money.UNIT.fullmatch(bare):
            return []
        role = self.layout.roles.get(key(bare))
        if role is None:
            return None
        basis = "settled" if "決算" in bare or "執行" in bare or "支出" in bare else ""
        return [Column(role, year, "budgeted" if "予算" in bare else basis)]


def list_header(lines: Sequence[Line], start: int, reader: Reader) -> tuple[Header, int] | None:
    """Return the heading of a list of projects that begins at this line, and where its rows begin."""
    columns: list[Column] = []
    place, unit, cells, whole = start, None, False, ""
    while place < len(lines) and place < start + 14:
        line = lines[place]
        read = reader.columns_of(line)
        if read is None:
            break
        unit = money.unit_in(line.plain) or unit
        whole = f"{whole} {line.plain}"
        cells = cells or bool(line.cells)
        # In a list of projects remarks are 継続 and 拡充.
        columns += [replace(column, role="remark") if column.role == "other" else column for column in read]
        place += 1
    unit = money.broken_unit_in(whole) or unit
    header = Header(tuple(columns), unit, cells)
    first = reader.columns_of(lines[start])
    if not first or not header.has("name") or not header.has("cost", "unit"):
        return None
    return Header(_settled(columns, cells=cells), unit, cells), place


def _settled(columns: Sequence[Column], *, cells: bool) -> tuple[Column, ...]:
    """Each role once, costs as often as they stand; a role an indicator table shares is not a list's."""
    roles = ("number", "name", "cost", "status", "unit", "page", "overview", "results", "policies", "remark")
    kept: list[Column] = []
    for column in columns:
        known = any(each.role == column.role for each in kept)
        if column.role in roles and (column.role == "cost" or not known):
            kept.append(column)
        elif cells:  # the places of the other columns must not move
            kept.append(Column("blank"))
    return tuple(kept)
