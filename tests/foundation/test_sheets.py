import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from madoguchi.foundation.sheets import csv_file, inert, xlsx_file

FORMULAS = ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "＝1+1", "＠SUM(A1)"]
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)


def read_csv(lines):
    text = "".join(lines)
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_program_would_work_out_is_made_text(text):
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize(
    "value", [-5, 0, "017-777-4066", "０１７", "みほん商店", "", None, date(2023, 11, 1), "A=1"]
)
def test_numbers_telephones_and_words_are_left_alone(value):
    assert inert(value) == value


@given(st.lists(st.lists(st.one_of(texts, st.integers()), min_size=2, max_size=2), max_size=5))
def test_a_csv_file_reads_back_as_it_was_written(rows):
    found = read_csv(csv_file(["一", "二"], rows))
    assert found[0] == ["一", "二"]
    for row, was in zip(found[1:], rows, strict=True):
        assert [str(inert(value)) for value in was] == row


@given(st.lists(st.one_of(texts, st.integers(-(2**53), 2**53)), min_size=1, max_size=6))
def test_an_xlsx_file_holds_no_formula_and_loses_no_text(values):
    book = load_workbook(io.BytesIO(xlsx_file("表", [str(n) for n in range(len(values))], [values])))
    cells = next(book.active.iter_rows(min_row=2))
    for cell, value in zip(cells, values, strict=True):
        assert cell.data_type != "f"
        assert cell.value == (None if value == "" else value)


def test_without_the_guard_excel_would_get_a_formula():
    from openpyxl import Workbook

    book = Workbook()
    book.active["A1"] = "=1+1"
    assert book.active["A1"].data_type == "f"


def test_control_characters_do_not_break_the_file():
    book = load_workbook(io.BytesIO(xlsx_file("表", ["一"], [["a\x00b\x1bc"]])))
    assert book.active["A2"].value == "abc"
