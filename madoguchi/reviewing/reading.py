"""A file from its bytes to the plan of its drafts."""

from collections.abc import Iterable
from pathlib import Path

from madoguchi.importers.annual_report import layout as layouts
from madoguchi.importers.annual_report.layout import Layout
from madoguchi.importers.annual_report.reading import read_report
from madoguchi.importers.documents.lines import Document
from madoguchi.importers.documents.reading import read_bytes
from madoguchi.importers.guidebook.reading import read_guidebook
from madoguchi.importers.kinds import kind_of
from madoguchi.packs.built_in import BUILT_IN_PACKS
from madoguchi.reviewing.kinds import DocumentKind
from madoguchi.reviewing.plans import Plan, of_guidebook, of_report


def layout_of(document: Document, paths: Iterable[Path] | None = None) -> Layout:
    """The layout whose signs stand in the document, of these or of the packs that are there."""
    return layouts.choose(document, paths or BUILT_IN_PACKS.glob("*/layouts/*.yaml"))


def plan_of(document: Document, kind: DocumentKind, layout: Layout | None = None) -> Plan:
    """Read a document as one of its kind."""
    if kind == DocumentKind.GUIDEBOOK:
        return of_guidebook(document, read_guidebook(document))
    return of_report(document, read_report(document, layout or layout_of(document)))


def plan_of_file(name: str, content: bytes, kind: DocumentKind | None = None) -> Plan:
    """Read a file; without a kind the one it shows, an annual report where it shows none.

    Raises UnreadableDocumentError."""
    document = read_bytes(name, content)
    seen = kind or kind_of(document) or DocumentKind.ANNUAL_REPORT
    return plan_of(document, DocumentKind(seen.value))
