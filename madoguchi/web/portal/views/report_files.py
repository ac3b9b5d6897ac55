"""The report as files, and as open data."""

import io
from dataclasses import dataclass

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.functional import Promise
from django.utils.http import http_date
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from madoguchi.foundation.access import public
from madoguchi.reporting.annual.render import Kind
from madoguchi.web.portal.annual import file_of, report_or_404

_TYPES = {
    Kind.PDF: "application/pdf",
    Kind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Kind.JSON: "application/json; charset=utf-8",
    Kind.ROWS: "text/csv; charset=utf-8",
    Kind.INDICATORS: "text/csv; charset=utf-8",
}
# What is read in the browser; everything else is kept by whoever asks.
_INLINE = frozenset({Kind.PDF, Kind.JSON})


@dataclass(frozen=True)
class Download:
    """One file as the report's page offers it."""

    label: str | Promise
    what: str | Promise
    url: str


def downloads(fiscal_year: int) -> list[Download]:
    """The files of a report in the order in which people ask for them."""
    offered: list[tuple[str, str | Promise, str | Promise]] = [
        ("report_pdf", _("PDF"), _("印刷した報告書と同じ形です。")),
        ("report_docx", _("Word"), _("文を使いたいときに。")),
        ("report_xlsx", _("Excel"), _("事業の一覧と指標です。合計は式で入っています。")),
        ("report_rows", _("CSV（事業の一覧）"), _("一覧の1行が1行です。UTF-8（BOM付き）。")),
        ("report_indicators", _("CSV（指標）"), _("1つの数字が1行です。UTF-8（BOM付き）。")),
        ("report_json", _("JSON"), _("プログラムで読むための形です。")),
    ]
    return [
        Download(label, what, reverse(f"portal:{route}", args=[fiscal_year]))
        for route, label, what in offered
    ]


@public
@require_safe
def file(request: HttpRequest, fiscal_year: int, kind: Kind) -> HttpResponseBase:
    """One file of a public report, made when it is asked for the first time (about a second).

    It is streamed, so that the pages kept in memory have no room for it whatever is added to its address."""
    report = report_or_404(fiscal_year)
    found = file_of(report, kind)
    etag, made_at = f'"{found.digest[:32]}"', int(found.made_at.timestamp())
    response: HttpResponseBase = get_conditional_response(request, etag, made_at) or FileResponse(
        io.BytesIO(found.content),
        content_type=_TYPES[kind],
        as_attachment=kind not in _INLINE,
        filename=f"report-{fiscal_year}.{kind}",
    )
    response["ETag"] = etag
    response["Last-Modified"] = http_date(made_at)
    response["Cache-Control"] = "public, no-cache"
    return response
