"""Tables that people bring: CSV and XLSX. What they take along is written by `sheets`."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from madoguchi.foundation.errors import DomainError

MOST_BYTES = 10_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 200
# What a small file may become: more is a bomb.
_MOST_UNPACKED = 200_000_000


class TableUnreadable(DomainError):
    """The file is no table that can be read; the sentence says why."""

    code = "tables.unreadable"
    sentence = gettext_lazy("ファイルを読み取れません。CSV か Excel（.xlsx）のファイルを選んでください。")


@dataclass(frozen=True)
class Table:
    """The headings of a file and its rows, each with the number of its line or row in the file."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read(name: str, content: bytes) -> Table:
    """Read a table: every cell as text, numbers without a decimal point that is none, days as ISO.

    UTF-8 (with or without BOM) and Shift-JIS are told apart; empty rows are left out. Raises TableUnreadable.
    """
    if len(content) > MOST_BYTES:
        raise TableUnreadable(_too_much(gettext("10MBまでのファイルを選んでください。")))
    is_zip = content[:2] == b"PK"
    numbered = _of_xlsx(content) if is_zip else _of_csv(content)
    if not is_zip and name.lower().endswith((".xlsx", ".xlsm", ".xls")):
        raise TableUnreadable
    filled = [(number, cells) for number, cells in numbered if any(cells)]
    if not filled:
        raise TableUnreadable(gettext_lazy("ファイルに何も書かれていません。"))
    if len(filled) - 1 > MOST_ROWS:
        raise TableUnreadable(_too_much(gettext("20,000行までに分けてください。")))
    (_, headings), *rows = filled
    width = len(headings)
    padded = ((number, (*cells, *("",) * width)[: max(width, len(cells))]) for number, cells in rows)
    return Table(headings, tuple(padded))


def _too_much(advice: str) -> str | Promise:
    return gettext("ファイルが大きすぎます。%(advice)s") % {"advice": advice}


def _of_csv(content: bytes) -> Iterator[tuple[int, tuple[str, ...]]]:
    reader = csv.reader(io.StringIO(_decoded(content), newline=""), strict=True)
    try:
        for cells in reader:
            yield reader.line_num, _limited(cells)
    except csv.Error as error:
        sentence = gettext('%(line)d行目を読み取れません。引用符（"）を確かめてください。')
        raise TableUnreadable(sentence % {"line": reader.line_num}) from error


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise TableUnreadable(
        gettext_lazy("文字を読み取れません。UTF-8 か Shift-JIS の CSV で保存してください。")
    )


def _of_xlsx(content: bytes) -> Iterator[tuple[int, tuple[str, ...]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(each.file_size for each in archive.infolist())
        if unpacked > _MOST_UNPACKED:
            raise TableUnreadable(_too_much(""))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            sheet = book.worksheets[0]
            for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                yield number, _limited([_as_text(cell) for cell in cells])
        finally:
            book.close()
    except (
        zipfile.BadZipFile,
        InvalidFileException,
        KeyError,
        ValueError,
        IndexError,
        OSError,
        SyntaxError,
    ) as error:
        raise TableUnreadable from error


def _limited(cells: Sequence[str]) -> tuple[str, ...]:
    if len(cells) > MOST_COLUMNS:
        raise TableUnreadable(gettext_lazy("列が多すぎます。200列までにしてください。"))
    return tuple(cell.strip() for cell in cells)


def _as_text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
