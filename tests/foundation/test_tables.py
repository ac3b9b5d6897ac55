import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from madoguchi.foundation import tables
from madoguchi.foundation.tables import TableUnreadable


def xlsx(*rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_csv_is_read_in_the_encodings_that_offices_use(encoding):
    read = tables.read("a.csv", "名称,電話\r\n㈱髙﨑,03-1\r\n\r\n二,\r\n".encode(encoding))
    assert read.headings == ("名称", "電話")
    assert read.rows == ((2, ("㈱髙﨑", "03-1")), (4, ("二", "")))


def test_a_sheet_is_read_with_the_numbers_of_its_rows():
    content = xlsx(
        ["名称", "法人番号", "資本金", "設立", "空"],
        [],
        ["みほん", 5835678256246, 1e7, date(2005, 4, 1), None],
    )
    read = tables.read("a.xlsx", content)
    assert read.rows == ((3, ("みほん", "5835678256246", "10000000", "2005-04-01", "")),)


def test_lines_within_a_cell_count_as_lines_of_the_file():
    read = tables.read("a.csv", b'a\r\n"1\r\n2"\r\n3\r\n')
    assert [number for number, _ in read.rows] == [3, 4]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b""),
        ("a.csv", b"\r\n,,\r\n"),
        ("a.csv", b'a\r\n"1'),
        ("a.csv", b"\x81\xff\x00"),
        ("a.csv", b"a\x00b"),
        ("a.xlsx", b"PK\x03\x04broken"),
        ("a.xls", b"\xd0\xcf\x11\xe0"),
        ("a.xlsx", b"name\r\n"),
        ("a.csv", b"a," * 300),
    ],
)
def test_what_is_no_table_is_named_with_a_sentence(name, content):
    with pytest.raises(TableUnreadable) as refused:
        tables.read(name, content)
    assert str(refused.value)


def test_a_zip_that_is_no_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("x.txt", "x")
    with pytest.raises(TableUnreadable):
        tables.read("a.xlsx", out.getvalue())


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(tables, "_MOST_UNPACKED", 1000)
    with pytest.raises(TableUnreadable, match="大きすぎ"):
        tables.read("a.xlsx", xlsx(["a" * 5000]))


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    with pytest.raises(TableUnreadable, match="大きすぎ"):
        tables.read("a.csv", b"a\r\n1\r\n2\r\n3\r\n")
