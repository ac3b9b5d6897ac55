"""Files become lines with pages and columns, whatever they are."""

import pytest

from madoguchi.importers.documents.lines import join, key
from madoguchi.importers.documents.reading import UnreadableDocumentError, read_bytes
from madoguchi.importers.documents.text_files import lines_of
from tests.importers import pdf


def shown(text: str) -> list[tuple]:
    return [(line.number, line.page, line.gap, line.text) for line in lines_of(text)]


def test_empty_lines_are_counted_and_left_out():
    assert shown("一\n\n\n二\n三\n") == [(1, None, 0, "一"), (4, None, 2, "二"), (5, None, 0, "三")]


def test_form_feeds_part_the_pages():
    assert shown("一\n\f二\n\f三") == [(1, 1, 0, "一"), (2, 2, 0, "二"), (3, 3, 0, "三")]


def test_a_number_beside_a_form_feed_is_the_page_and_no_text():
    assert shown("一\n24\n\f二\n25\n\f三") == [(1, 24, 0, "一"), (3, 25, 0, "二"), (5, 26, 0, "三")]


def test_pages_that_extraction_glued_together_are_parted():
    text = "一\n\n二\n 三\n\n\n\n\n55\n\n\n\n\n\n四\n"
    assert [(number, page) for number, page, _, _ in shown(text)] == [(1, 53), (3, 53), (4, 54), (15, 55)]


def test_a_full_width_number_is_text():
    assert [text for *_, text in shown("一\n\n\n\n\n１\n\n\n\n\n二")] == ["一", "１", "二"]


def test_tabs_part_columns():
    assert lines_of("番号\t事業名\t金額")[0].cells == ("番号", "事業名", "金額")
    assert lines_of("番号 事業名")[0].cells == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_the_usual_encodings_are_read(encoding):
    document = read_bytes("a.txt", "年次報告\n令和５年度".encode(encoding))
    assert [line.text for line in document.lines] == ["年次報告", "令和５年度"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\x00\x01\x02\xff\xfe\x80", b"%PDF-1.7 broken"])
def test_what_is_no_text_and_no_pdf_is_refused(content):
    with pytest.raises(UnreadableDocumentError):
        read_bytes("a.bin", content)


def test_lines_are_rejoined_and_folded_only_to_compare():
    assert join(["人財育", "成事業"]) == "人財育成事業"
    assert join(["Hello", "Andy"]) == "Hello Andy"
    assert key("⻘森 ＰＧ（再掲）") == key("青森PG(再掲)")


def test_lines_of_a_pdf_keep_their_pages():
    document = read_bytes("a.pdf", pdf.of_lines([["年次報告", "令和５年度"], ["二ページ"]]))
    assert [(line.page, line.text) for line in document.lines] == [
        (1, "年次報告"),
        (1, "令和５年度"),
        (2, "二ページ"),
    ]


def test_a_ruled_table_keeps_its_columns_and_its_empty_cells():
    content = pdf.of_parts(
        [
            "事業一覧",
            [["番号", "事業名", "金額"], ["1", "ものづくり\n事業", ""], ["2", "販路事業", "300"]],
            "以上",
        ]
    )
    document = read_bytes("a.pdf", content)
    assert [(line.text, line.cells) for line in document.lines] == [
        ("事業一覧", ()),
        ("番号 事業名 金額", ("番号", "事業名", "金額")),
        ("1 ものづくり事業", ("1", "ものづくり事業", "")),
        ("2 販路事業 300", ("2", "販路事業", "300")),
        ("以上", ()),
    ]
