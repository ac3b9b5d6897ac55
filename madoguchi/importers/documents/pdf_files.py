"""PDF files: words in reading order, ruled tables as rows with columns."""

import io
from collections.abc import Iterator
from typing import Any

from madoguchi.importers.documents import pdf_columns
from madoguchi.importers.documents.lines import Line

# A cell of more lines than this is a text in a frame, not a row of a table.
_ROW_LINES = 6


def lines_of(content: bytes) -> tuple[Line, ...]:
    """Return the lines of every page from top to bottom; raises what the library raises on a broken file."""
    import pdfplumber  # noqa: PLC0415 (half a second that a text file need not wait)

    lines: list[Line] = []
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        for sheet, page in enumerate(pdf.pages, start=1):
            boxes = pdf_columns.parts(page, [table.bbox for table in page.find_tables()])
            for part in [page] if len(boxes) == 1 else [page.crop(box, strict=False) for box in boxes]:
                for gap, text, cells in _of_page(part):
                    lines.append(Line(len(lines) + 1, text, sheet, gap, cells))
            page.close()
    return tuple(lines)


def _of_page(page: Any) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    tables = page.find_tables()
    pieces = [*_free_lines(page, [table.bbox for table in tables])]
    for table in tables:
        pieces += _rows(table)
    bottom = 0.0
    for top, end, text, cells in sorted(pieces, key=lambda piece: piece[0]):
        room = top - bottom
        yield int(room > (end - top)), text, cells
        bottom = end


def _free_lines(
    page: Any, boxes: list[tuple[float, ...]]
) -> Iterator[tuple[float, float, str, tuple[str, ...]]]:
    """The lines outside of tables."""
    outside = page.filter(lambda thing: not any(_inside(thing, box) for box in boxes)) if boxes else page
    for line in outside.extract_text_lines(strip=True, return_chars=False):
        if line["text"].strip():
            yield line["top"], line["bottom"], line["text"].strip(), ()


def _inside(thing: dict[str, Any], box: tuple[float, ...]) -> bool:
    middle_x, middle_y = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    return bool(box[0] <= middle_x <= box[2] and box[1] <= middle_y <= box[3])


def _rows(table: Any) -> Iterator[tuple[float, float, str, tuple[str, ...]]]:
    """The rows of a table; a row with a long text is read cell after cell instead."""
    for row, shape in zip(table.extract(), table.rows, strict=True):
        cells = [(cell or "").strip() for cell in row]
        _, top, _, bottom = shape.bbox
        if max((cell.count("\n") for cell in cells), default=0) >= _ROW_LINES or len(cells) == 1:
            texts = [text for cell in cells for text in cell.split("\n") if text.strip()]
            step = (bottom - top) / max(len(texts), 1)
            for place, text in enumerate(texts):
                yield top + place * step, top + (place + 1) * step, text.strip(), ()
        elif any(cells):
            flat = tuple(cell.replace("\n", "") for cell in cells)
            yield top, bottom, " ".join(cell for cell in flat if cell), flat
