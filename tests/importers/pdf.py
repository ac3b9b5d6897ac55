"""PDF files for tests, written with the fonts that every reader of Japanese PDF files has."""

import io

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

_FONT = "HeiseiMin-W3"
_SIZE, _LEADING = 10, 16


def of_lines(pages: list[list[str]]) -> bytes:
    """Lines one below the other, as many pages as lists."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=A4)
    for lines in pages:
        canvas.setFont(_FONT, _SIZE)
        for place, line in enumerate(lines):
            canvas.drawString(50, 780 - place * _LEADING, line)
        canvas.showPage()
    canvas.save()
    return content.getvalue()


def of_parts(parts: list[str | list[list[str]]]) -> bytes:
    """Texts, and ruled tables where a part is a list of rows."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    style = ParagraphStyle("text", fontName=_FONT, fontSize=_SIZE, leading=_LEADING)
    grid = TableStyle([("FONTNAME", (0, 0), (-1, -1), _FONT), ("GRID", (0, 0), (-1, -1), 0.5, "black")])
    flow = []
    for part in parts:
        flow.append(Paragraph(part, style) if isinstance(part, str) else Table(part, style=grid))
        flow.append(Spacer(1, 8))
    content = io.BytesIO()
    SimpleDocTemplate(content, pagesize=A4).build(flow)
    return content.getvalue()
