"""The report on paper: everything is on it, its pages are where the lists say, and it can be read aloud."""

import io
import re
import struct
import unicodedata
import zlib
from datetime import date
from itertools import pairwise

import pypdfium2
import pytest
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from madoguchi.reporting.annual import fonts, wording
from madoguchi.reporting.annual.as_pdf import as_images, as_pdf
from madoguchi.reporting.annual.errors import FontsMissing, NotPrintable, PictureUnreadable
from madoguchi.reporting.annual.shape import CaseStudy
from tests.reporting import reports
from tests.reporting.reports import believable, entry, numbers, report, section

ON = date(2024, 9, 2)


def folded(text: str) -> str:
    """The text without spaces and control signs, widths and radicals as one."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(sign for sign in plain if not sign.isspace() and unicodedata.category(sign) != "Cf")


def reader(printed) -> PdfReader:
    return PdfReader(io.BytesIO(printed.content))


def lines(pdf: PdfReader) -> list[str]:
    """The text of every page. pypdf does not know ActualText, by which ｶﾞ is one letter: pdfium does."""
    pdf.stream.seek(0)
    document = pypdfium2.PdfDocument(pdf.stream.read())
    return [page.get_textpage().get_text_range() for page in document]


def texts(pdf: PdfReader) -> list[str]:
    """The folded text of every page, so that a table cell broken into lines is still one."""
    return [folded(page) for page in lines(pdf)]


@pytest.fixture(scope="module")
def whole():
    return believable()


@pytest.fixture(scope="module")
def pdf(whole):
    return reader(as_pdf(whole, on=ON))


@pytest.fixture(scope="module")
def pages(pdf):
    return texts(pdf)


@pytest.fixture(scope="module")
def nasty():
    return reports.nasty()


@pytest.fixture(scope="module")
def nasty_pdf(nasty):
    return reader(as_pdf(nasty, on=ON))


def pixel() -> bytes:
    """The smallest PNG picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\x00\x10\x20\x30")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def bookmarks(pdf, entries=None) -> list[tuple[str, int]]:
    """Every bookmark with the number of its page, from 1."""
    found = []
    for item in pdf.outline if entries is None else entries:
        if isinstance(item, list):
            found += bookmarks(pdf, item)
        else:
            found.append((item.title, pdf.get_destination_page_number(item) + 1))
    return found


def links(pdf, number: int) -> list[tuple[float, int]]:
    """The links of a page from top to bottom: how far to the right, and the page they lead to, from 1."""
    page = pdf.pages[number - 1]
    found = []
    for annotation in (item.get_object() for item in page.get("/Annots", ())):
        target = annotation.get("/Dest") or annotation["/A"]["/D"]
        if isinstance(target, IndirectObject):
            target = target.get_object()
        if isinstance(target, str):
            target = pdf.named_destinations[target].dest_array
        x, _, _, y = annotation["/Rect"]
        found.append((-float(y), float(x), pdf.get_page_number(target[0].get_object()) + 1))
    return [(x, page) for _, x, page in sorted(found)]


def entries_of(a_report):
    return [(part, row) for part in a_report.sections for row in part.entries]


def cells_of(a_report):
    for _, row in entries_of(a_report):
        for line in row.indicators:
            yield from (line.cells.get(a_report.fiscal_year - 1), line.cells.get(a_report.fiscal_year))


def words_of(a_report) -> list[str]:
    """Everything that has to be found on paper."""
    found = []
    for _, row in entries_of(a_report):
        found += [wording.list_name(row), wording.page_name(row), wording.in_thousands(row.cost_yen)]
        found += [row.overview, row.achievements, row.responsible, row.department]
        found += [line.name for line in row.indicators] + [line.origin for line in row.indicators]
        found += [case.title for case in row.case_studies]
        found += [wording.change(line, a_report.fiscal_year) for line in row.indicators]
        found += wording.correction_notes(row.indicators)
    found += [wording.printed(cell) for cell in cells_of(a_report)]
    for part in a_report.sections:
        found += [
            *part.titles,
            wording.in_thousands(part.listed_sum_yen),
            wording.in_thousands(part.own_sum_yen),
        ]
        found += [case.title for case in part.case_studies]
    return found


def test_every_name_cost_and_cell_is_on_paper(whole, pages):
    paper = "".join(pages)
    missing = [text for text in words_of(whole) if folded(text) not in paper]
    # What runs over the end of a page is interrupted by its foot; both halves are there.
    assert [text for text in missing if len(text) < 60] == []
    assert all(folded(text)[:12] in paper and folded(text)[-8:] in paper for text in missing)


def test_a_project_stands_with_its_figures_on_its_page(whole, pdf, pages):
    starts = project_starts(whole, pdf)
    for (_, row), start in zip(entries_of(whole), starts, strict=True):
        page = pages[start - 1]
        assert folded(wording.page_name(row)) in page
        assert folded(wording.in_thousands(row.cost_yen)) in page


def project_starts(a_report, pdf) -> list[int]:
    """The page of every entry, by the bookmarks, in the order of the report."""
    named = bookmarks(pdf)
    starts, at = [], 0
    for _, row in entries_of(a_report):
        wanted = folded(wording.page_name(row).replace("😀", "〓"))
        at = next(n for n in range(at, len(named)) if folded(named[n][0]) == wanted)
        starts.append(named[at][1])
        at += 1
    return starts


@pytest.mark.parametrize("which", ["whole", "nasty"])
def test_the_lists_name_the_page_of_every_project(which, request):
    a_report = request.getfixturevalue(which)
    pdf = request.getfixturevalue("pdf" if which == "whole" else "nasty_pdf")
    assert listed_pages(a_report, pdf) == project_starts(a_report, pdf)


def listed_pages(a_report, pdf) -> list[int]:
    """The pages that the lists lead to: each row has a link at its name and one at its page number."""
    listed = [part for part in a_report.sections if part.entries]
    starts = [page for title, page in bookmarks(pdf) if title == "事業一覧"]
    found = []
    for part, start in zip(listed, starts, strict=True):
        number, names, pages = start, set(), []
        while len(pages) < len(part.entries):
            names |= {page for x, page in links(pdf, number) if x <= 500}
            pages += [page for x, page in links(pdf, number) if x > 500]
            number += 1
        assert names == set(pages)
        found += pages
    return found


def test_every_project_has_a_name_by_which_a_link_opens_its_page(whole, pdf):
    named = pdf.named_destinations
    slugs = {one.slug for part in whole.sections for one in part.entries if not one.is_repeat}
    assert {wording.destination(slug) for slug in slugs} <= set(named)


def test_the_printed_page_number_is_the_page_linked_to(whole, pdf):
    for number in (page for title, page in bookmarks(pdf) if title == "事業一覧"):
        rows = re.findall(r"^\d+ .*?(\d+)$", pdf.pages[number - 1].extract_text(), re.MULTILINE)
        assert rows
        assert [int(row) for row in rows if int(row) not in {page for _, page in links(pdf, number)}] == []


def test_the_number_in_the_foot_is_the_number_of_the_page(pages):
    for number, page in enumerate(pages[1:], start=2):
        assert page.endswith(str(number))


def test_the_contents_lead_to_the_chapters(pdf, pages):
    contents = pages[1]
    for title, page in bookmarks(pdf):
        if title.startswith("①") or title in ("事業の索引", "庁内連絡会議の構成員"):
            assert re.search(re.escape(folded(title)) + r"\.*" + str(page), contents)


def test_the_index_names_each_project_once_with_all_its_pages(whole, pdf, pages):
    start = next(page for title, page in bookmarks(pdf) if title == "事業の索引")
    paper = "".join(pages[start - 1 :])
    starts = dict(zip([id(row) for _, row in entries_of(whole)], project_starts(whole, pdf), strict=True))
    for line in wording.index(whole):
        wanted = [starts[id(whole.sections[s].entries[r])] for s, r in line.places]
        assert folded(line.name) + ",".join(map(str, wanted)) in paper


def test_both_subtotals_are_named(pages):
    rows = [entry(1, "水産の事業"), entry(2, "木工の事業", is_repeat=True)]
    paper = "".join(texts(reader(as_pdf(report(section(*rows)), on=ON))))
    assert "小計(再掲を含む)3,000" in paper
    assert "小計(再掲を除く)1,000" in paper
    assert "小計は再掲(No.2)を含みます。再掲を除くと1,000千円です。" in paper


def test_a_stated_subtotal_that_differs_is_told():
    rows = [entry(1, "水産の事業"), entry(2, "木工の事業")]
    paper = "".join(texts(reader(as_pdf(report(section(*rows, stated_subtotal_yen=2_999_000)), on=ON))))
    assert "もとの資料に書かれた小計は2,999千円で、1千円違います。" in paper


def test_all_fonts_are_embedded_and_no_character_is_without_a_shape(nasty_pdf):
    used = set()
    for page in nasty_pdf.pages:
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            used.add(inner["/BaseFont"])
            assert {"/FontFile2", "/FontFile3"} & set(inner["/FontDescriptor"].get_object())
    assert {name.split("+")[-1].split("-")[0] for name in used} == {"NotoSansCJKjp", "NotoSerifCJKjp"}
    assert all("\ufffd" not in page and "\x00" not in page for page in texts(nasty_pdf))


def test_the_file_tells_its_language_title_and_structure(pdf):
    root = pdf.trailer["/Root"]
    assert str(root["/Lang"]).startswith("ja")
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.title == "令和5年度\u3000中小企業の振興に関する施策の実施状況"
    assert "pdfuaid:part" in str(root["/Metadata"].get_object().get_data())


def structure(pdf) -> list[str]:
    """The kinds of all elements of the structure, in reading order."""
    found, waiting = [], [pdf.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop()
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            waiting += reversed(node)
        elif hasattr(node, "get"):
            found.append(str(node.get("/S", "")))
            waiting.append(node.get("/K", []))
    return found


def test_tables_have_heads_and_headings_skip_no_level(pdf):
    kinds = structure(pdf)
    assert kinds.count("/TH") > 200
    levels = [int(kind[2:]) for kind in kinds if re.fullmatch(r"/H\d", kind)]
    assert len(levels) > 300
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_the_same_report_on_the_same_day_gives_the_same_bytes(nasty):
    assert as_pdf(nasty, on=ON).content == as_pdf(nasty, on=ON).content
    assert as_pdf(nasty, on=date(2024, 9, 3)).content != as_pdf(nasty, on=ON).content


def test_nasty_texts_are_printed_as_they_are(nasty, nasty_pdf):
    paper = "".join(texts(nasty_pdf))
    wanted = [folded(text.replace("😀", "〓")) for text in words_of(nasty)]
    # One text runs over two ends of pages, where head and foot interrupt it.
    assert [text for text in wanted if text not in paper and len(text) < 1000] == []
    assert all(text[:60] in paper and text[-60:] in paper for text in wanted)


def test_nothing_runs_over_the_edge(nasty_pdf):
    nasty_pdf.stream.seek(0)
    for page in pypdfium2.PdfDocument(nasty_pdf.stream.read()):
        text = page.get_textpage()
        boxes = [text.get_charbox(n) for n in range(text.count_chars())]
        shown = [box for box in boxes if box[0] != box[2]]
        assert all(
            left > 67 and right < 540 and bottom > 30 and top < 800 for left, bottom, right, top in shown
        )


def test_a_character_that_no_typeface_has_is_marked_and_named(nasty):
    assert as_pdf(nasty, on=ON).missing == ("😀",)
    assert as_pdf(believable(), on=ON).missing == ()


def test_without_japanese_typefaces_it_says_what_to_install(settings, tmp_path):
    settings.FONT_DIRS = [str(tmp_path)]
    with pytest.raises(FontsMissing) as caught:
        as_pdf(report(section(entry(1, "事業"))), on=ON)
    assert "fonts-noto-cjk" in str(caught.value)
    assert fonts.typefaces.__doc__


def test_a_picture_is_printed_with_its_alternative_text_and_credit(tmp_path):
    (tmp_path / "boat.png").write_bytes(pixel())
    case = CaseStudy(
        "c", "事例", "会社", ("文",), pictures=((str(tmp_path / "boat.png"), "港の船", "撮影：みなと県"),)
    )
    pdf = reader(as_pdf(report(section(entry(1, "事業"), case_studies=(case,))), on=ON))
    assert "撮影:みなと県" in "".join(texts(pdf))
    assert "港の船" in "".join(alternatives(pdf))


def alternatives(pdf) -> list[str]:
    found, waiting = [], [pdf.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop()
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            waiting += node
        elif hasattr(node, "get"):
            found += [str(node["/Alt"])] if "/Alt" in node else []
            waiting.append(node.get("/K", []))
    return found


@pytest.mark.parametrize("name", ["missing.png", "film.mp4"])
def test_a_picture_that_cannot_be_read_is_named(tmp_path, name):
    case = CaseStudy("c", "事例", "会社", ("文",), pictures=((str(tmp_path / name), "絵", ""),))
    with pytest.raises(PictureUnreadable, match=name):
        as_pdf(report(section(entry(1, "事業"), case_studies=(case,))), on=ON)


def test_a_picture_that_is_broken_is_told_in_words(tmp_path):
    (tmp_path / "boat.png").write_bytes(b"not a picture")
    case = CaseStudy("c", "事例", "会社", ("文",), pictures=((str(tmp_path / "boat.png"), "絵", ""),))
    with pytest.raises(NotPrintable, match="報告書を組めませんでした"):
        as_pdf(report(section(entry(1, "事業"), case_studies=(case,))), on=ON)


def test_a_draft_says_so_and_shows_what_to_check():
    draft = report(section(entry(1, "事業")), is_final=False, warnings=("小計が合いません。",))
    paper = texts(reader(as_pdf(draft, on=ON)))
    assert "確認用(案)" in paper[0]
    assert "小計が合いません。" in "".join(paper)
    assert "(案)" in paper[2]


def test_a_report_of_nothing_is_a_cover_and_contents():
    assert len(reader(as_pdf(report(), on=ON)).pages) == 2


def test_pages_can_be_looked_at():
    pages = as_images(report(section(entry(1, "事業"))), on=ON, ppi=20)
    assert len(pages) >= 4
    assert all(page.startswith(b"\x89PNG") for page in pages)


def test_the_order_of_rows_changes_no_sum():
    rows = [entry(n, f"事業{n}") for n in range(1, 6)]
    there, back = (texts(reader(as_pdf(report(section(*order)), on=ON))) for order in (rows, rows[::-1]))
    assert all("小計15,000" in "".join(paper) for paper in (there, back))
    assert numbers(("1", "件")).raw == "1件"
