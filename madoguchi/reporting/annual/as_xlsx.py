"""The report as a workbook: a sheet for every list, all rows, all indicators; totals are formulas."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from madoguchi.foundation.sheets import Value, text_cell
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.reporting.annual import as_csv, wording
from madoguchi.reporting.annual.archive import dated
from madoguchi.reporting.annual.shape import AnnualReport, Section

_YEN = "#,##0"
_THOUSAND = "#,##0.###"
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")
_RULE = Border(bottom=Side(style="thin", color="8A8A8A"))
_HEAD_FILL = PatternFill("solid", fgColor="EEF2F7")
_LIST_HEAD = ("No.", "事業名", "事業費（円）", "事業費（千円）", "根拠", "新規", "再掲", "担当課", "方針")
_LIST_WIDTHS = (6, 52, 18, 16, 8, 8, 8, 30, 8)


@dataclass(frozen=True)
class _Placed:
    """Where a list stands: its sheet, its last row, and the rows of the two subtotals."""

    section: Section
    sheet: str
    last: int

    @property
    def listed(self) -> str:
        return f"'{self.sheet}'!C{self.last + 1}"

    @property
    def own(self) -> str:
        return f"'{self.sheet}'!C{self.last + 2}"


def as_xlsx(report: AnnualReport, *, on: date) -> bytes:
    """The workbook, the same bytes for the same report and day."""
    book = Workbook(write_only=True)
    placed = _places(report.sections)
    _summary(book, report, placed)
    for place in placed:
        _list(book, place)
    _all_rows(book, report)
    _indicators(book, report)
    book.properties.title = f"{FiscalYear(report.fiscal_year).label}　{wording.title(report)}"
    book.properties.creator = wording.one_line(report.publisher)
    file = io.BytesIO()
    book.save(file)
    return dated(file.getvalue(), on=on)


def _places(sections: Sequence[Section]) -> list[_Placed]:
    taken = {"まとめ", "すべて", "指標"}
    placed = []
    for section in sections:
        plain = _NOT_IN_NAMES.sub("", wording.one_line(f"{section.mark}{section.short}"))[:28] or "一覧"
        tries = (plain, *(f"{plain}({number})" for number in range(2, 99)))
        name = next(name for name in tries if name not in taken)
        taken.add(name)
        placed.append(_Placed(section, name, 1 + len(section.entries)))
    return placed


def _summary(book: Workbook, report: AnnualReport, placed: Sequence[_Placed]) -> None:
    head = (
        "方針",
        "基本方針",
        "事業数",
        "うち新規",
        "事業費（円、一覧のとおり）",
        "事業費（円、再掲を除く）",
    )
    sheet = _sheet(book, "まとめ", head, (8, 60, 10, 10, 26, 26))
    for place in placed:
        section, last = place.section, max(2, place.last)
        sheet.append(
            _styled(
                sheet,
                [section.mark, "・".join(section.titles)],
                [
                    f"=COUNTA('{place.sheet}'!B2:B{last})" if section.entries else 0,
                    f"=COUNTIF('{place.sheet}'!F2:F{last},\"新規\")",
                    f"={place.listed}",
                    f"={place.own}",
                ],
            )
        )
    last, rows = 1 + len(placed), 1 + sum(len(section.entries) for section in report.sections)
    totals = [f"=SUM({column}2:{column}{max(2, last)})" for column in "CDEF"]
    sheet.append(_styled(sheet, ["", "合計（一覧のとおり、再掲も数えます）"], totals, is_bold=True))
    once = [
        f"=SUM('すべて'!P2:P{max(2, rows)})",
        None,
        f"=SUMIFS('すべて'!G2:G{max(2, rows)},'すべて'!P2:P{max(2, rows)},1)",
    ]
    sheet.append(_styled(sheet, ["", "合計（同じ事業は1度だけ）"], [*once, None], is_bold=True))


def _list(book: Workbook, place: _Placed) -> None:
    sheet = _sheet(book, place.sheet, _LIST_HEAD, _LIST_WIDTHS)
    for row, entry in enumerate(place.section.entries, start=2):
        texts = [
            wording.one_line(entry.cost_basis),
            "新規" if entry.is_new else "",
            "再掲" if entry.is_repeat else "",
            wording.one_line(entry.department),
            "".join(entry.policies or ()),
        ]
        sheet.append(
            [
                _number(sheet, entry.number, "0"),
                text_cell(sheet, wording.list_name(entry)),
                _number(sheet, entry.cost_yen, _YEN),
                _number(sheet, f"=C{row}/1000" if entry.cost_yen is not None else None, _THOUSAND),
                *(text_cell(sheet, text) if text else None for text in texts),
            ]
        )
    last = place.last
    costs, marks = f"C2:C{max(2, last)}", f"G2:G{max(2, last)}"
    listed = f"=SUM({costs})" if place.section.entries else 0
    own = f'=SUM({costs})-SUMIFS({costs},{marks},"再掲")' if place.section.entries else 0
    for row, (name, formula) in enumerate(
        (("小計（再掲を含む）", listed), ("小計（再掲を除く）", own)), start=last + 1
    ):
        cells = [None, text_cell(sheet, name, is_bold=True), _number(sheet, formula, _YEN, is_bold=True)]
        sheet.append([*cells, _number(sheet, f"=C{row}/1000", _THOUSAND, is_bold=True)])
    stated = place.section.stated_subtotal_yen
    if stated is not None:
        sheet.append([None, text_cell(sheet, "もとの資料の小計"), _number(sheet, stated, _YEN)])


def _all_rows(book: Workbook, report: AnnualReport) -> None:
    head = (*as_csv.ROW_HEAD, "初出（1＝はじめて載る行）")
    widths = (12, 9, 30, 6, 16, 52, 18, 10, 8, 8, 24, 34, 10, 60, 60, 12)
    sheet = _sheet(book, "すべて", head, widths)
    for row, values in enumerate(as_csv.rows(report), start=2):
        first = f"=IF(COUNTIF(E$2:E{row},E{row})=1,1,0)"
        sheet.append([*_values(sheet, values), _number(sheet, first, "0")])


def _indicators(book: Workbook, report: AnnualReport) -> None:
    widths = (12, 9, 6, 16, 52, 8, 16, 40, 12, 24, 12, 10, 8, 10, 16, 8, 40, 40, 14, 24, 40)
    sheet = _sheet(book, "指標", as_csv.INDICATOR_HEAD, widths)
    for values in as_csv.indicators(report):
        sheet.append(_values(sheet, values))


def _sheet(book: Workbook, name: str, head: Sequence[str], widths: Sequence[int]) -> WriteOnlyWorksheet:
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "C2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    cells = [text_cell(sheet, name, is_bold=True) for name in head]
    for cell in cells:
        cell.fill, cell.border = _HEAD_FILL, _RULE
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    sheet.append(cells)
    return cast("WriteOnlyWorksheet", sheet)


def _values(sheet: WriteOnlyWorksheet, values: Iterable[Value]) -> list[Cell | None]:
    return [
        _number(sheet, value, _YEN)
        if isinstance(value, int)
        else text_cell(sheet, str(value))
        if value
        else None
        for value in values
    ]


def _styled(
    sheet: WriteOnlyWorksheet,
    texts: Sequence[str],
    numbers: Sequence[int | str | None],
    *,
    is_bold: bool = False,
) -> list[Cell | None]:
    named: list[Cell | None] = [text_cell(sheet, text, is_bold=is_bold) if text else None for text in texts]
    return named + [_number(sheet, number, _YEN, is_bold=is_bold) for number in numbers]


def _number(
    sheet: WriteOnlyWorksheet, value: int | str | None, number_format: str, *, is_bold: bool = False
) -> Cell | None:
    """A number or one of our own formulas; never a text of the report."""
    if value is None:
        return None
    cell = WriteOnlyCell(sheet, value=value)
    cell.number_format = number_format
    if is_bold:
        cell.font = Font(bold=True)
    return cell
