"""What kind of document a file is: an annual report counts, a guidebook gives telephone numbers."""

import re
from enum import StrEnum

from madoguchi.importers.documents.lines import Document

_PHONE = re.compile(r"(?<!\d)0\d{1,4}-\d{1,4}-\d{3,4}(?!\d)")
_YEARS = re.compile(r"(?:(?:令和|平成|[RH])?\s?(?:元|\d{1,2})|20\d\d)\s?年度|[RH]\d{1,2}(?:実績|決算|目標)")
_AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})+|\d\s?(?:千円|万円)")
_COST = re.compile(r"(?:決算|予算|執行|事業費)額?")
_ASKS = re.compile(
    r"対象者|対\s*象\s*者|補助率|補助対象|申請|募集|受付|問い?合わ?せ|担当窓口|利用方法|支援内容"
)


class DocumentKind(StrEnum):
    """The kinds of documents the importers read."""

    ANNUAL_REPORT = "annual_report"
    GUIDEBOOK = "guidebook"


def kind_of(document: Document) -> DocumentKind | None:
    """Return the kind, None when the document shows the signs of neither."""
    lines = document.lines
    counts = sum(len(_YEARS.findall(line.plain)) >= 2 for line in lines)
    counts += sum(bool(_AMOUNT.search(line.plain)) for line in lines) // 2
    counts += sum(bool(_COST.search(line.plain)) and len(line.text) < 60 for line in lines)
    guides = 2 * sum(bool(_PHONE.search(line.plain)) for line in lines)
    guides += sum(bool(_ASKS.search(line.plain)) and len(line.text) < 40 for line in lines)
    if counts + guides < 3:
        return None
    return DocumentKind.ANNUAL_REPORT if counts > guides else DocumentKind.GUIDEBOOK
