"""Text that was taken out of a PDF: empty lines between the lines, pages by form feed or hardly at all."""

import re
from collections.abc import Sequence

from madoguchi.importers.documents.lines import Line, plain

_FOLIO = re.compile(r"\s*(?:-\s*)?(\d{1,4})(?:\s*-)?\s*")
_TAB = re.compile(r"\t")
_BARRED = re.compile(r"[|｜].*[|｜]")
_RULER = re.compile(r"\s*[|+:=─━-]*[|+─━][|+:=─━\s-]*")
_MARKDOWN = re.compile(r"^#{1,6}\s+|\*\*")
# Around a page's number there is more room than between the lines of a text.
_ROOM = 3


def lines_of(text: str) -> tuple[Line, ...]:
    """Return the lines that are not empty, with the pages they stand on."""
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    breaks, folios = _breaks(rows)
    pages = _pages(breaks, folios, len(rows))
    lines, gap = [], 0
    for index, row in enumerate(rows):
        shown = row.replace("\f", " ").rstrip()
        if not shown.strip():
            gap += 1
            continue
        if index not in folios and not _RULER.fullmatch(shown):
            text, cells = _columns(shown.strip())
            lines.append(Line(index + 1, text, pages[index], gap, cells))
            gap = 0
    return tuple(lines)


def _columns(row: str) -> tuple[str, tuple[str, ...]]:
    """A row with its columns where tabs or the bars of Markdown part them; the marks of Markdown go."""
    if _BARRED.fullmatch(row):
        cells = tuple(cell.strip(" *") for cell in row.strip("|｜").replace("｜", "|").split("|"))
        return " ".join(cell for cell in cells if cell), cells
    if "\t" in row:
        return row, tuple(cell.strip() for cell in _TAB.split(row))
    return _MARKDOWN.sub("", row).strip() or row, ()


def _breaks(rows: Sequence[str]) -> tuple[set[int], dict[int, int]]:
    """Where a page begins, and the lines that hold nothing but the page's number.

    Extraction leaves pages glued together: the first line of a page then starts with a space and follows
    without an empty line.
    """
    if any("\f" in row for row in rows):
        fed = {index for index, row in enumerate(rows) if "\f" in row}
        return fed, _folios(rows, fed)
    glued = {
        index
        for index in range(1, len(rows))
        if rows[index].startswith(" ") and rows[index].strip() and rows[index - 1].strip()
    }
    folios = _folios(rows, None)
    return glued | set(folios), folios


def _folios(rows: Sequence[str], fed: set[int] | None) -> dict[int, int]:
    """Lone numbers with room around them, or beside a form feed; each with the number."""
    found: dict[int, int] = {}
    filled = [index for index, row in enumerate(rows) if row.strip()]
    for place, index in enumerate(filled):
        number = _FOLIO.fullmatch(rows[index].replace("\f", ""))
        if number is None or plain(number[1]) != number[1]:
            continue
        before = filled[place - 1] if place else -_ROOM
        after = filled[place + 1] if place + 1 < len(filled) else len(rows) + _ROOM
        beside_feed = fed is not None and (index in fed or after in fed)
        if beside_feed or (index - before > _ROOM and after - index > _ROOM) or "-" in rows[index]:
            found[index] = int(number[1])
    return found


def _pages(breaks: set[int], folios: dict[int, int], count: int) -> list[int | None]:
    """The page of every row: counted from the printed numbers where there are any, else from 1."""
    if not breaks:
        return [None] * count
    sheets, sheet = [], 1
    for index in range(count):
        sheet += index in breaks
        sheets.append(sheet)
    if not folios:
        return list(sheets)
    anchors = sorted(folios)
    pages: list[int | None] = []
    place = 0
    for index in range(count):
        if place + 1 < len(anchors) and index >= anchors[place + 1]:
            place += 1
        anchor = anchors[place]
        pages.append(max(folios[anchor] + sheets[index] - sheets[anchor], 1))
    return pages
