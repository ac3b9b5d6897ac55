"""The report as a Word document, for offices that go on writing in it.

Page numbers are fields: Word and LibreOffice work them out when the document is opened."""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_BREAK, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from madoguchi.japan.eras import format_date
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.reporting.annual import wording
from madoguchi.reporting.annual.archive import dated
from madoguchi.reporting.annual.shape import (
    AnnualReport,
    CaseStudy,
    Chapter,
    IndicatorLine,
    ProjectEntry,
    Section,
)
from madoguchi.reporting.annual.word_parts import Field, Text, add_field, mark, table
from madoguchi.reporting.look import Look

_WIDTH = 166
# Typefaces that Windows and macOS both bring along with Word.
_SERIF, _SANS = "游明朝", "游ゴシック"


class _Writer:
    """The document while it is written."""

    def __init__(self, report: AnnualReport, look: Look) -> None:
        self.report = report
        self.document = Document()
        self._set_up(look)
        self.styles = {style.name: style.style_id for style in self.document.styles}
        self.bookmarks = 0
        # The chapters with their bookmarks, for the contents.
        self.chapters: list[tuple[str, str]] = []
        self.year = FiscalYear(report.fiscal_year).label

    def _set_up(self, look: Look) -> None:
        styles = self.document.styles
        cell = styles.add_style("Cell", WD_STYLE_TYPE.PARAGRAPH)
        cell.base_style = styles["Normal"]
        for name, face, size in (
            ("Normal", _SERIF, 10),
            ("Cell", _SANS, 8.5),
            ("Title", _SANS, 26),
            ("Subtitle", _SANS, 14),
        ):
            _typeface(styles[name], face, size)
        for level, size in ((1, 18), (2, 13), (3, 10.5)):
            style = styles[f"Heading {level}"]
            _typeface(style, _SANS, size)
            style.font.bold = True
            style.font.color.rgb = RGBColor.from_string(look.key_strong[1:])
        styles["Normal"].paragraph_format.line_spacing = 1.5
        styles["Normal"].paragraph_format.space_after = Pt(4)
        cell.paragraph_format.line_spacing = 1.15
        cell.paragraph_format.space_after = Pt(1)
        page = self.document.sections[0]
        page.page_width, page.page_height = Mm(210), Mm(297)
        page.left_margin, page.right_margin = Mm(24), Mm(20)
        page.top_margin, page.bottom_margin = Mm(22), Mm(24)
        settings = self.document.settings.element
        update = OxmlElement("w:updateFields")
        update.set(qn("w:val"), "true")
        settings.append(update)

    def heading(self, text: str, level: int, *, bookmark: str = "") -> None:
        paragraph = self.text(text, f"Heading {level}")
        if level == 1:
            bookmark = bookmark or f"h_{len(self.chapters)}"
            self.chapters.append((paragraph.text, bookmark))
        if bookmark:
            self.bookmarks += 1
            mark(paragraph, bookmark, self.bookmarks)

    def text(self, text: str, style: str = "Normal") -> Paragraph:
        paragraph = self.document.add_paragraph(wording.clean(text))
        self.set_style(paragraph, style)
        return paragraph

    def set_style(self, paragraph: Paragraph, style: str) -> None:
        # By its id: python-docx would search all styles for every paragraph.
        paragraph._p.style = self.styles[style]

    def texts(self, text: str) -> None:
        for paragraph in wording.paragraphs(text):
            self.text(paragraph)

    def table(self, head: Sequence[str], rows: Sequence[Sequence[Text]], **options: Any) -> None:
        self.document.element.body.insert_element_before(table(head, rows, **options), "w:sectPr")
        self.text("", "Cell")

    def new_page(self) -> None:
        self.text("").add_run().add_break(WD_BREAK.PAGE)


def as_docx(report: AnnualReport, *, on: date, look: Look | None = None) -> bytes:
    """The document, the same bytes for the same report and day."""
    writer = _Writer(report, look or Look())
    contents = _cover(writer, on)
    if len(report.sections) > 1:
        _whole(writer)
    for place, chapter in enumerate(report.before):
        _chapter(writer, chapter, wording.chapter_number(report, place))
    for number, section in enumerate(report.sections):
        _section(writer, section, number)
    for chapter in report.after:
        _chapter(writer, chapter)
    _changes(writer)
    _index(writer)
    _contents(writer, contents)
    _running(writer)
    core = writer.document.core_properties
    core.title = f"{writer.year}　{wording.title(report)}"
    core.author, core.language, core.comments = wording.one_line(report.publisher), "ja-JP", ""
    core.created = core.modified = datetime(on.year, on.month, on.day, tzinfo=UTC)
    file = io.BytesIO()
    writer.document.save(file)
    return dated(file.getvalue(), on=on)


def _typeface(style: Any, face: str, size: float) -> None:
    style.font.name, style.font.size = face, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)
    fonts.set(qn("w:eastAsia"), face)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "ja-JP")
    language.set(qn("w:eastAsia"), "ja-JP")
    style.element.rPr.append(language)


def _cover(writer: _Writer, on: date) -> Paragraph:
    """The first two pages; returns the paragraph before which the contents go."""
    report = writer.report
    for _ in range(8):
        writer.text("")
    writer.text(f"{wording.one_line(report.ordinance)}　{wording.one_line(report.article)}に基づく年次報告")
    writer.text(writer.year, "Subtitle")
    writer.text(wording.title(report), "Title")
    if not report.is_final:
        writer.text("確認用（案）", "Subtitle")
    writer.text(format_date(on))
    writer.text(report.publisher)
    writer.document.add_section(WD_SECTION.NEW_PAGE)
    writer.text("目次", "Heading 1")
    return writer.text("")


def _contents(writer: _Writer, before: Paragraph) -> None:
    """A line for each chapter with its page. Not the field TOC: other programs than Word leave it empty."""
    for title, bookmark in writer.chapters:
        line = before.insert_paragraph_before(f"{title}\t")
        line.paragraph_format.tab_stops.add_tab_stop(Mm(_WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
        add_field(line, Field(f"PAGEREF {bookmark}"))


def _whole(writer: _Writer) -> None:
    report = writer.report
    numbered = wording.policies_title(report)
    writer.new_page()
    if numbered:
        writer.heading(numbered, 1)
    writer.heading("基本方針ごとの事業と事業費", 2 if numbered else 1)
    rows = [
        (
            section.mark,
            section.short,
            str(len(section.entries)),
            str(sum(entry.is_new for entry in section.entries)),
            wording.in_thousands(section.listed_sum_yen),
            wording.in_thousands(section.own_sum_yen),
            Field(f"PAGEREF s_{number}"),
        )
        for number, section in enumerate(report.sections)
    ]
    own = sum(section.own_sum_yen for section in report.sections)
    listed = [wording.in_thousands(report.listed_sum_yen), wording.in_thousands(own)]
    entries = [entry for section in report.sections for entry in section.entries]
    once = str(len({entry.slug for entry in entries}))
    writer.table(
        ("", "基本方針", "事業数", "うち新規", "事業費（千円）", "再掲を除く（千円）", "頁"),
        [
            *rows,
            ("", "合計（一覧のとおり）", str(len(entries)), "", *listed, ""),
            ("", "合計（同じ事業は1度だけ）", once, "", wording.in_thousands(report.once_sum_yen), "", ""),
        ],
        widths=(12, 56, 16, 18, 28, 24, 12),
        to_the_right=(2, 3, 4, 5, 6),
        bold_from=len(rows),
        title="基本方針ごとの事業と事業費",
    )


def _chapter(writer: _Writer, chapter: Chapter, number: str = "") -> None:
    writer.new_page()
    writer.heading(number + wording.one_line(chapter.title), 1)
    _blocks(writer, chapter.blocks)
    if chapter.table:
        columns = max(len(row) for row in chapter.table)
        rows = [tuple(map(wording.one_line, row)) + ("",) * (columns - len(row)) for row in chapter.table]
        writer.table(
            rows[0], rows[1:], widths=(_WIDTH / columns,) * columns, title=wording.one_line(chapter.title)
        )


def _blocks(writer: _Writer, blocks: Sequence[tuple[str, str]], level: int = 2) -> None:
    for heading, text in blocks:
        if heading:
            writer.heading(wording.one_line(heading), level)
        writer.texts(text)


def _section(writer: _Writer, section: Section, number: int) -> None:
    writer.new_page()
    marks = [*section.mark, *[""] * len(section.titles)]
    titles = (f"{mark} {wording.one_line(title)}" for mark, title in zip(marks, section.titles, strict=False))
    writer.heading("　".join(titles), 1, bookmark=f"s_{number}")
    if section.introduction:
        writer.heading("取組の概要", 2)
        _blocks(writer, section.introduction, 3)
    if section.entries:
        writer.heading("事業一覧", 2)
        _list(writer, section, number)
    for row, entry in enumerate(section.entries):
        _entry(writer, section, entry, f"e_{number}_{row}")
    if section.case_studies:
        writer.heading("施策を使った事例", 2)
        for case in section.case_studies:
            _case(writer, case)


def _list(writer: _Writer, section: Section, number: int) -> None:
    is_shared = len(section.titles) > 1
    rows: list[tuple[Text, ...]] = []
    for row, entry in enumerate(section.entries):
        policies = ("".join(entry.policies) if entry.policies else "？",) if is_shared else ()
        rows.append(
            (
                str(entry.number),
                *policies,
                wording.list_name(entry),
                wording.in_thousands(entry.cost_yen),
                "新規" if entry.is_new else "",
                "\n".join(wording.paragraphs(entry.department)),
                Field(f"PAGEREF e_{number}_{row}"),
            )
        )
    last = len(rows)
    blank = ("",) if is_shared else ()
    for name, sum_yen in _subtotals(section):
        rows.append(("", *blank, name, wording.in_thousands(sum_yen), "", "", ""))
    at = 3 if is_shared else 2
    writer.table(
        ("No.", *(("方針",) if is_shared else ()), "事業名", "事業費（千円）", "新規", "担当課", "頁"),
        rows,
        widths=(11, *((13,) if is_shared else ()), 66 - 13 * is_shared, 28, 12, 38, 11),
        to_the_right=(0, at, at + 3),
        bold_from=last,
        title=f"{section.mark} 事業一覧",
    )
    writer.text(wording.subtotal_note(section), "Cell")


def _subtotals(section: Section) -> list[tuple[str, int]]:
    if not any(entry.is_repeat for entry in section.entries):
        return [("小計", section.listed_sum_yen)]
    return [("小計（再掲を含む）", section.listed_sum_yen), ("小計（再掲を除く）", section.own_sum_yen)]


def _entry(writer: _Writer, section: Section, entry: ProjectEntry, bookmark: str) -> None:
    writer.heading(wording.page_name(entry), 2, bookmark=bookmark)
    cost = wording.in_thousands(entry.cost_yen)
    unit = "千円" if entry.cost_yen is not None else ""
    new = "　新規" if entry.is_new else ""
    writer.text(f"{section.mark} No.{entry.number}　{wording.one_line(entry.responsible)}{new}", "Cell")
    basis = f"（{wording.one_line(entry.cost_basis)}）" if entry.cost_basis else ""
    writer.text(f"事業費{basis}　{cost}{unit}")
    halves = [
        "\n".join(wording.paragraphs(text)) or wording.NONE for text in (entry.overview, entry.achievements)
    ]
    writer.table(
        ("事業概要", "事業実績"), [halves], widths=(_WIDTH / 2, _WIDTH / 2), title="事業概要と事業実績"
    )
    if entry.indicators:
        _indicators(writer, entry.indicators)
    for case in entry.case_studies:
        _case(writer, case)


def _indicators(writer: _Writer, lines: Sequence[IndicatorLine]) -> None:
    year = writer.report.fiscal_year
    rows = []
    for line in lines:
        values = [wording.marked(line, year - 1), wording.marked(line, year)]
        if line.undated:
            values = ["", wording.marked(line, None)]
        origin = wording.one_line(line.origin)
        rows.append((wording.one_line(line.name), *values, wording.change(line, year), origin))
    writer.table(
        ("項目名", *wording.short_years(year), "増減", "数値の出どころ"),
        rows,
        widths=(58, 27, 27, 22, 32),
        to_the_right=(1, 2, 3),
        title="成果の指標",
    )
    for note in filter(None, map(wording.line_note, lines)):
        writer.text(note, "Cell")
    for note in wording.correction_notes(lines):
        writer.text(note, "Cell")


def _case(writer: _Writer, case: CaseStudy) -> None:
    writer.heading(f"事例　{wording.one_line(case.title)}", 3)
    if case.business:
        writer.text(case.business, "Cell")
    for text in case.paragraphs:
        writer.texts(text)
    for path, alternative, credit in case.pictures:
        if Path(path).suffix.lower() in (".png", ".jpg", ".jpeg"):
            picture = writer.document.add_picture(path, width=Mm(90))
            picture._inline.docPr.set("descr", wording.one_line(alternative))
            writer.text(credit, "Cell")


def _changes(writer: _Writer) -> None:
    if not writer.report.changes:
        return
    writer.new_page()
    writer.heading("前回の報告から変わったところ", 1)
    rows = [
        tuple(
            wording.one_line(text) or wording.NONE for text in (one.project, one.what, one.before, one.after)
        )
        for one in writer.report.changes
    ]
    writer.table(
        ("事業", "項目", "前回", "今回"), rows, widths=(60, 26, 40, 40), title="前回の報告から変わったところ"
    )


def _index(writer: _Writer) -> None:
    lines = wording.index(writer.report)
    if not lines:
        return
    writer.new_page()
    writer.heading("事業の索引", 1)
    rows = [(line.name, Field("PAGEREF e_{}_{}".format(*line.places[0]))) for line in lines]
    writer.table(("事業名", "頁"), rows, widths=(150, 16), to_the_right=(1,), title="事業の索引")


def _running(writer: _Writer) -> None:
    """Heads and feet on all pages but the cover."""
    report, page = writer.report, writer.document.sections[-1]
    page.header.is_linked_to_previous = page.footer.is_linked_to_previous = False
    head = f"{wording.one_line(report.ordinance)}　{wording.one_line(report.article)}に基づく年次報告"
    page.header.paragraphs[0].text = head
    foot = page.footer.paragraphs[0]
    foot.text = f"{writer.year}　{wording.title(report)}{'' if report.is_final else '（案）'}　　"
    add_field(foot, Field("PAGE", "1"))
    for paragraph in (page.header.paragraphs[0], foot):
        writer.set_style(paragraph, "Cell")
