"""Filling in an office's own workbook: {{ name }} by a value, one line of {{ rows.name }} for each row."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from madoguchi.foundation.errors import DomainError
from madoguchi.foundation.sheets import CONTROL, Value

# A workbook of an office form is small; what unpacks to more is meant to harm.
MOST_BYTES = 1_000_000
_MOST_UNPACKED = 20_000_000
_PLACE = re.compile(r"\{\{\s*([a-z_.]+)\s*\}\}")


class TemplateRefused(DomainError):
    """The file is no workbook that can be filled in; the sentence says why."""

    code = "sheets.template_refused"
    sentence = _("Excel のファイル（.xlsx）として読めません。マクロのない .xlsx を選んでください。")


def places_in(template: bytes) -> set[str]:
    """The names in {{ }} of a template. Raises TemplateRefused when it is no harmless workbook."""
    return {
        name
        for sheet in _opened(template).worksheets
        for row in sheet.iter_rows()
        for cell in row
        for name in _PLACE.findall(cell.value if isinstance(cell.value, str) else "")
    }


def fill_in(template: bytes, values: Mapping[str, Value], rows: Sequence[Mapping[str, Value]]) -> bytes:
    """Fill in a workbook: {{ name }} by a value; the line that holds {{ rows.name }} once for each row.

    What is filled in is text or a number, never a formula; formulas of the template itself stay.
    Raises TemplateRefused.
    """
    book = _opened(template)
    for sheet in book.worksheets:
        _repeat(sheet, rows)
        for line in sheet.iter_rows():
            for cell in line:
                _fill(cell, values)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _opened(template: bytes) -> Workbook:
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as packed:
            size = sum(info.file_size for info in packed.infolist())
            if len(template) > MOST_BYTES or size > _MOST_UNPACKED:
                raise TemplateRefused(_("ファイルが大きすぎます（1MBまで）。"))
            if any(name.endswith("vbaProject.bin") for name in packed.namelist()):
                raise TemplateRefused
        return load_workbook(io.BytesIO(template))
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, SyntaxError) as error:
        # SyntaxError: of the standard library's parser and of lxml, whichever is there.
        raise TemplateRefused from error


def _repeat(sheet: Worksheet, rows: Sequence[Mapping[str, Value]]) -> None:
    """Let the line with {{ rows.… }} stand once for each row, in its look; without rows it is emptied.

    What stands below moves down with its merged cells, but formulas there are not rewritten: an office's form
    has its totals above the lines.
    """
    number = next((line[0].row for line in sheet.iter_rows() if any(map(_is_of_rows, line))), None)
    if number is None:
        return
    line: Any = sheet[number]
    pattern = [(cell.value, copy(cell._style)) for cell in line]
    added = max(len(rows) - 1, 0)
    if added:
        sheet.insert_rows(number + 1, added)
        for merged in sheet.merged_cells.ranges:
            if merged.min_row > number:
                merged.shift(row_shift=added)
    for offset, row in enumerate(rows or [{}]):
        named = {f"rows.{name}": value for name, value in row.items()}
        for column, (value, style) in enumerate(pattern, start=1):
            cell: Any = sheet.cell(number + offset, column)
            cell._style = copy(style)
            cell.value = value
            _fill(cell, named, is_emptied=not rows)


def _is_of_rows(cell: Any) -> bool:
    return isinstance(cell.value, str) and any(
        name.startswith("rows.") for name in _PLACE.findall(cell.value)
    )


def _fill(cell: Any, values: Mapping[str, Value], *, is_emptied: bool = False) -> None:
    text = cell.value
    if not isinstance(text, str) or cell.data_type == "f":
        return
    names = _PLACE.findall(text)
    if not names or not (is_emptied or any(name in values for name in names)):
        return
    whole = _PLACE.fullmatch(text.strip())
    value = values.get(whole[1]) if whole else _PLACE.sub(lambda place: _word(values, place[1]), text)
    cell.value = CONTROL.sub("", value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"


def _word(values: Mapping[str, Value], name: str) -> str:
    value = values.get(name)
    return "" if value is None else str(value)
