"""Word, Excel and CSV say what the report says, and nothing in them is ever run."""

import csv
import io
import re
import zipfile
from datetime import date

import pytest
from defusedxml import ElementTree
from docx import Document
from openpyxl import load_workbook

from madoguchi.reporting.annual import as_csv, wording
from madoguchi.reporting.annual.as_docx import as_docx
from madoguchi.reporting.annual.as_json import as_json
from madoguchi.reporting.annual.as_pdf import as_pdf
from madoguchi.reporting.annual.as_xlsx import as_xlsx
from madoguchi.reporting.annual.shape import IndicatorLine
from tests.reporting import reports
from tests.reporting.reports import believable, entry, numbers, report, section
from tests.reporting.test_as_pdf import entries_of, folded, pixel, reader, texts, words_of

ON = date(2024, 9, 2)


def workbook(a_report):
    return load_workbook(io.BytesIO(as_xlsx(a_report, on=ON)))


def word(a_report):
    return Document(io.BytesIO(as_docx(a_report, on=ON)))


def parsed(lines) -> list[dict[str, str]]:
    text = "".join(lines)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def worked_out(book, sheet: str, cell: str) -> int:
    """What Excel would show for the few kinds of formulas the workbook has."""
    value = book[sheet][cell].value
    if not isinstance(value, str) or not value.startswith("="):
        return value or 0
    if found := re.fullmatch(r"='(.+)'!([A-Z]+\d+)", value):
        return worked_out(book, found[1], found[2])
    if found := re.fullmatch(
        r"=SUM\(([A-Z]+)(\d+):\1(\d+)\)(?:-SUMIFS\(\1\2:\1\3,([A-Z]+)\2:\4\3,\"再掲\"\))?", value
    ):
        column, first, last, marks = found.groups()
        rows = range(int(first), int(last) + 1)
        left = [row for row in rows if not marks or book[sheet][f"{marks}{row}"].value != "再掲"]
        return sum(worked_out(book, sheet, f"{column}{row}") for row in left)
    raise AssertionError(value)


def test_each_list_has_a_sheet_whose_formulas_add_up():
    whole = believable()
    book = workbook(whole)
    assert book.sheetnames[0] == "まとめ"
    assert book.sheetnames[-2:] == ["すべて", "指標"]
    for part, name in zip(whole.sections, book.sheetnames[1:-2], strict=True):
        last = 1 + len(part.entries)
        assert book[name][f"B{last + 1}"].value == "小計（再掲を含む）"
        assert worked_out(book, name, f"C{last + 1}") == part.listed_sum_yen
        assert worked_out(book, name, f"C{last + 2}") == part.own_sum_yen
    total = 2 + len(whole.sections)
    assert worked_out(book, "まとめ", f"E{total}") == whole.listed_sum_yen
    assert worked_out(book, "まとめ", f"F{total}") == sum(part.own_sum_yen for part in whole.sections)


def test_all_rows_know_which_of_them_comes_first():
    whole = believable()
    sheet = workbook(whole)["すべて"]
    seen, once = set(), 0
    for row, (_, one) in enumerate(entries_of(whole), start=2):
        assert sheet[f"P{row}"].value == f"=IF(COUNTIF(E$2:E{row},E{row})=1,1,0)"
        assert sheet[f"E{row}"].value == one.slug
        once += 0 if one.slug in seen else sheet[f"G{row}"].value or 0
        seen.add(one.slug)
    assert once == whole.once_sum_yen


def test_a_cost_that_is_not_stated_is_an_empty_cell_and_zero_is_zero():
    sheet = workbook(
        report(section(entry(1, "記載なし", cost_yen=None), entry(2, "零", cost_yen=0)))
    ).worksheets[1]
    assert (sheet["C2"].value, sheet["D2"].value, sheet["C3"].value) == (None, None, 0)


def test_no_text_of_the_report_is_a_formula():
    book = workbook(reports.nasty())
    formulas = {
        cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    }
    assert not [one for one in formulas if "A1:A9" in one]
    assert book.worksheets[1]["B6"].value == "=SUM(A1:A9)"
    assert book.worksheets[1]["B6"].data_type == "s"


def test_sheets_of_the_same_name_are_told_apart():
    twice = report(
        section(entry(1, "一")), section(entry(1, "二"), code="p2"), section(code="p3", short="a/b:c" * 20)
    )
    names = workbook(twice).sheetnames
    assert names[1:3] == ["①人材の育成・確保", "①人材の育成・確保(2)"]
    assert len(names[3]) <= 31


def test_csv_has_every_row_and_marks_repeats():
    whole = believable()
    rows = parsed(as_csv.rows_csv(whole))
    assert len(rows) == 119
    assert sum(int(row["事業費（円）"] or 0) for row in rows) == whole.listed_sum_yen
    assert [row["再掲"] == "再掲" for row in rows] == [one.is_repeat for _, one in entries_of(whole)]


def test_csv_gives_every_number_of_a_cell_a_line_of_its_own():
    rows = [row for row in parsed(as_csv.indicators_csv(reports.nasty())) if row["No."] == "1"][:12]
    assert [(row["数値"], row["単位"]) for row in rows if row["指標"] == "#件数"] == [
        ("", ""),
        ("6", "件"),
        ("8", "名"),
    ]
    assert rows[0]["延べ"] == "延べ"
    assert rows[1]["数値"] == "21.5"
    assert next(row["値（記載のまま）"] for row in rows if row["指標"] == "#件数") == "測定なし"
    assert next(row["値の年度"] for row in rows if row["指標"] == "年度によらない値") == ""
    assert rows[-1]["指標"] != ""


def test_csv_texts_that_look_like_formulas_are_inert():
    names = [row["事業名"] for row in parsed(as_csv.rows_csv(reports.nasty()))]
    assert "'=SUM(A1:A9)" in names


def test_a_corrected_value_is_marked_in_every_table_and_told_with_day_and_reason():
    a_report = reports.nasty()
    first = parsed(as_csv.indicators_csv(a_report))[1]
    told = {name: first[name] for name in ("訂正した日", "訂正の前の値", "訂正の理由")}
    assert told == {
        "訂正した日": "2024-08-09",
        "訂正の前の値": "'=2名",
        "訂正の理由": "<b>二重</b> #let x = 1 $x$ の計上",
    }
    sheet = workbook(a_report)["指標"]
    assert [cell.value for cell in sheet[3][-3:]] == ["2024-08-09", "=2名", told["訂正の理由"]]
    assert sheet[3][-2].data_type == "s"
    table = next(table for table in word(a_report).tables if table.cell(0, 0).text == "項目名")
    assert "（訂正）" in table.cell(1, 2).text
    assert "（訂正）" not in table.cell(2, 2).text


@pytest.mark.parametrize("which", [believable, reports.nasty])
def test_word_has_every_name_cost_and_cell(which):
    a_report = which()
    body = word(a_report).element.body
    text = folded("".join(node.text or "" for node in body.iter() if node.tag.endswith("}t")))
    assert [one for one in words_of(a_report) if folded(one) not in text] == []


def test_the_page_numbers_of_the_lists_lead_to_bookmarks_that_are_there():
    whole = believable()
    document = as_docx(whole, on=ON)
    text = zipfile.ZipFile(io.BytesIO(document)).read("word/document.xml").decode()
    names = re.findall(r'w:bookmarkStart [^>]*w:name="([^"]+)"', text)
    wanted = set(re.findall(r'w:instr="PAGEREF (\w+)"', text))
    assert len(names) == len(set(names))
    assert sum(name.startswith("e_") for name in names) == 119
    assert sum(name.startswith("s_") for name in names) == len(whole.sections)
    assert wanted == set(names)


def test_the_contents_of_word_name_every_chapter_by_its_bookmark():
    whole_word = word(believable())
    chapters = [each for each in whole_word.paragraphs if each.style.name == "Heading 1"][1:]
    lines = [each for each in whole_word.paragraphs if each.text.endswith("\t")]
    assert [line.text.rstrip("\t") for line in lines] == [chapter.text for chapter in chapters]
    named = [re.search(r"PAGEREF (\w+)", line._p.xml)[1] for line in lines]
    assert all(f'w:name="{name}"' in chapter._p.xml for name, chapter in zip(named, chapters, strict=True))


def test_what_a_reader_of_an_indicator_has_to_know_stands_in_every_file():
    cells = {reports.YEAR: numbers(("12", "件"))}
    line = IndicatorLine("key", "相談件数", cells, note="10月からの数です。")
    noted = report(section(entry(1, "事業", indicators=(line,)), entry(2, "別の事業")))
    said = "※相談件数：10月からの数です。"
    assert said in [each.text for each in word(noted).paragraphs]
    assert folded(said) in "".join(folded(page) for page in texts(reader(as_pdf(noted, on=ON))))
    assert as_json(noted)["policies"][0]["programmes"][0]["indicators"][0]["note"] == "10月からの数です。"
    assert [row["説明"] for row in parsed(as_csv.indicators_csv(noted))] == ["10月からの数です。"]


def test_word_tables_have_heads_that_return_and_the_document_its_language():
    document = word(reports.nasty())
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in document.tables)
    assert 'w:eastAsia="ja-JP"' in document.styles["Normal"].element.xml
    assert document.core_properties.title == "令和5年度\u3000中小企業の振興 <&> #施策"


def test_a_picture_in_word_has_its_alternative_text(tmp_path):
    (tmp_path / "boat.png").write_bytes(pixel())
    case = reports.CaseStudy(
        "c", "事例", "会社", ("文",), pictures=((str(tmp_path / "boat.png"), "港の船", "みなと県"),)
    )
    document = word(report(section(entry(1, "事業"), case_studies=(case,))))
    assert 'descr="港の船"' in document.element.xml


@pytest.mark.parametrize("made", [as_docx, as_xlsx])
def test_the_same_report_on_the_same_day_gives_the_same_file(made):
    assert made(reports.nasty(), on=ON) == made(reports.nasty(), on=ON)
    assert made(reports.nasty(), on=date(2024, 9, 3)) != made(reports.nasty(), on=ON)


@pytest.mark.parametrize("made", [as_docx, as_xlsx])
def test_every_part_of_the_file_is_well_formed(made):
    with zipfile.ZipFile(io.BytesIO(made(reports.nasty(), on=ON))) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(name))


@pytest.mark.parametrize("made", [as_docx, as_xlsx])
def test_a_report_of_nothing_is_still_a_file(made):
    assert made(report(), on=ON)


def test_costs_are_never_rounded():
    assert [wording.in_thousands(yen) for yen in (0, 1_500, 999, 12_345_678, -2_500, None)] == [
        "0",
        "1.5",
        "0.999",
        "12,345.678",
        "−2.5",
        "－",
    ]
