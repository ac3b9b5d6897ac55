"""Pieces of a Word document that python-docx has no words for: tables in one go, fields, bookmarks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph

from madoguchi.foundation.sheets import CONTROL

_LINE, _STRONG, _HAIR = "1F3864", "7F7F7F", "BFBFBF"


@dataclass(frozen=True)
class Field:
    """A cell or run that Word works out: a page number by bookmark, with the text shown until then."""

    instruction: str
    shown: str = "－"


Text = str | Field


def table(
    head: Sequence[str],
    rows: Iterable[Sequence[Text]],
    *,
    widths: Sequence[float],
    to_the_right: Sequence[int] = (),
    bold_from: int | None = None,
    title: str = "",
) -> BaseOxmlElement:
    """A table with horizontal rules, every fifth a little stronger, and a head that returns on every page.

    Widths in millimetres; rows from `bold_from` on are totals."""
    grid = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in widths)
    right = set(to_the_right)
    lines = [_row(head, right, number=0, is_bold=True, is_head=True)]
    lines += [
        _row(row, right, number=number, is_bold=bold_from is not None and number > bold_from)
        for number, row in enumerate(rows, start=1)
    ]
    caption = f'<w:tblCaption w:val="{_attribute(title)}"/>' if title else ""
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{_twips(sum(widths))}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblLook w:firstRow="1" w:noHBand="0" w:noVBand="1"/>'
        f"{caption}</w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>"
    )


def _row(cells: Sequence[Text], right: set[int], *, number: int, is_bold: bool, is_head: bool = False) -> str:
    head = "<w:tblHeader/>" if is_head else ""
    colour, size = (_LINE, 8) if is_head else (_STRONG, 6) if number % 5 == 0 else (_HAIR, 4)
    border = f'<w:bottom w:val="single" w:sz="{size}" w:space="0" w:color="{colour}"/>'
    top = f'<w:top w:val="single" w:sz="8" w:space="0" w:color="{_LINE}"/>' if is_head else ""
    inner = "".join(
        f"<w:tc><w:tcPr><w:tcBorders>{top}{border}</w:tcBorders></w:tcPr>"
        f'<w:p><w:pPr><w:pStyle w:val="Cell"/>{_JUSTIFIED[column in right]}</w:pPr>'
        f"{_runs(cell, is_bold=is_bold)}</w:p></w:tc>"
        for column, cell in enumerate(cells)
    )
    return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{inner}</w:tr>"


_JUSTIFIED = {True: '<w:jc w:val="right"/>', False: ""}


def _runs(cell: Text, *, is_bold: bool) -> str:
    look = "<w:rPr><w:b/></w:rPr>" if is_bold else ""
    if isinstance(cell, Field):
        return (
            f'<w:fldSimple w:instr="{_attribute(cell.instruction)}"><w:r>{look}'
            f"<w:t>{_plain(cell.shown)}</w:t></w:r></w:fldSimple>"
        )
    texts = '</w:t><w:br/><w:t xml:space="preserve">'.join(_plain(line) for line in cell.split("\n"))
    return f'<w:r>{look}<w:t xml:space="preserve">{texts}</w:t></w:r>'


def add_field(paragraph: Paragraph, field: Field) -> None:
    """Put a field at the end of a paragraph."""
    element = OxmlElement("w:fldSimple")
    element.set(qn("w:instr"), field.instruction)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = field.shown
    run.append(text)
    element.append(run)
    paragraph._p.append(element)


def mark(paragraph: Paragraph, name: str, number: int) -> None:
    """Set a bookmark around a paragraph, for PAGEREF."""
    for tag, at in (("w:bookmarkStart", 0), ("w:bookmarkEnd", None)):
        element = OxmlElement(tag)
        element.set(qn("w:id"), str(number))
        if at is None:
            paragraph._p.append(element)
        else:
            element.set(qn("w:name"), name)
            paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, element)


def _twips(millimetres: float) -> int:
    return round(millimetres * 56.693)


def _plain(text: str) -> str:
    return escape(CONTROL.sub("", text))


def _attribute(text: str) -> str:
    return escape(CONTROL.sub("", text), {'"': "&quot;"})
