"""Tables as files for spreadsheet programs: nothing in them is ever run, and nothing is lost.

A text that begins like a formula would be worked out by the program that opens the file (OWASP: CSV
injection). In CSV it gets an apostrophe in front; in XLSX the cell says itself that it is text.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, time
from itertools import chain

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

Value = str | int | date | time | None

_FORMULA = re.compile(r"^[\s ]*[=+\-@＝＋－＠\t\r\n]")
# What no XML can hold; line breaks and tabs stay.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_WIDEST = 60


def inert(value: Value) -> Value:
    """The value for a CSV cell: a text that begins like a formula gets an apostrophe, all else stays."""
    if isinstance(value, str) and _FORMULA.match(value):
        return f"'{value}"
    return value


def csv_file(head: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[str]:
    """The lines of a CSV file, with the mark by which Excel knows UTF-8; one at a time, for streaming."""
    line = io.StringIO()
    writer = csv.writer(line)
    yield "\ufeff"
    for row in chain([head], rows):
        writer.writerow([inert(value) for value in row])
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def xlsx_file(title: str, head: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """An XLSX file of one sheet with a fixed head; texts stay texts whatever they begin with."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31] or "1")
    sheet.freeze_panes = "A2"
    kept = [list(row) for row in rows]
    for number, name in enumerate(head, start=1):
        lengths = [len(str(row[number - 1] or "")) for row in kept[:200]]
        sheet.column_dimensions[get_column_letter(number)].width = min(
            _WIDEST, max([len(name) * 2, *lengths]) + 2
        )
    sheet.append([text_cell(sheet, name, is_bold=True) for name in head])
    for row in kept:
        sheet.append([text_cell(sheet, value) if isinstance(value, str) else value for value in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def text_cell(sheet: WriteOnlyWorksheet, value: str, *, is_bold: bool = False) -> Cell:
    """A cell that says itself that it is text, whatever it begins with."""
    cell = WriteOnlyCell(sheet, value=CONTROL.sub("", value))
    cell.data_type = "s"
    if is_bold:
        cell.font = Font(bold=True)
    return cell
