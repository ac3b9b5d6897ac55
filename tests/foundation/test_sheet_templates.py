import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from madoguchi.foundation.sheet_templates import TemplateRefused, fill_in, places_in

ROWS = [{"day": "1日", "minutes": 30}, {"day": "2日", "minutes": 45}]


def a_workbook(*lines, styled=None) -> bytes:
    book = Workbook()
    for line in lines:
        book.active.append(list(line))
    if styled:
        book.active[styled].font = Font(bold=True)
        book.active.merge_cells("A5:B5")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def filled(template, values, rows):
    sheet = load_workbook(io.BytesIO(fill_in(template, values, rows))).active
    return [[cell.value for cell in line] for line in sheet.iter_rows()]


FORM = a_workbook(["{{ adviser }} 様", "=1+1"], ["{{rows.day}}", "{{ rows.minutes }}"], ["おわり", None])


def test_names_are_filled_in_and_the_line_of_rows_stands_once_for_each():
    assert filled(FORM, {"adviser": "花子"}, ROWS) == [
        ["花子 様", "=1+1"],
        ["1日", 30],
        ["2日", 45],
        ["おわり", None],
    ]


def test_without_rows_the_line_is_empty():
    assert filled(FORM, {"adviser": "花子"}, [])[1] == [None, None]


def test_what_nothing_fills_in_stays_and_can_be_named():
    template = a_workbook(["{{ adviser }}", "{{ mistyped }}"])
    assert places_in(template) == {"adviser", "mistyped"}
    assert filled(template, {"adviser": "花子"}, []) == [["花子", "{{ mistyped }}"]]


def test_what_is_filled_in_is_never_a_formula():
    content = fill_in(FORM, {"adviser": "x"}, [{"day": "=HYPERLINK(1)", "minutes": 1}])
    cell = load_workbook(io.BytesIO(content)).active["A2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_lines_keep_the_look_and_merged_cells_below_move_down():
    template = a_workbook(["x"], ["{{ rows.day }}"], ["a"], ["b"], ["c"], styled="A2")
    sheet = load_workbook(io.BytesIO(fill_in(template, {}, ROWS))).active
    assert sheet["A3"].font.b
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A6:B6"]


def a_bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    return file.getvalue()


def with_macro() -> bytes:
    file = io.BytesIO(FORM)
    with zipfile.ZipFile(file, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"x")
    return file.getvalue()


@pytest.mark.parametrize(
    "content", [b"", b"not a workbook", b"PK\x03\x04", a_bomb(), with_macro(), FORM[:500]]
)
def test_what_is_no_harmless_workbook_is_refused(content):
    with pytest.raises(TemplateRefused):
        places_in(content)
