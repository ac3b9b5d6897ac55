"""Titles beside every source, so that an assistant can cite the document and not only its key."""

from collections.abc import Mapping
from typing import Any

from madoguchi.institutions.models import SourceDocument


def with_titles(report: Any, documents: Mapping[str, SourceDocument]) -> Any:
    """The same report in which each `source` and each of `sources` names its document and section."""
    if isinstance(report, list):
        return [with_titles(item, documents) for item in report]
    if not isinstance(report, dict):
        return report
    named = {key: with_titles(value, documents) for key, value in report.items()}
    if isinstance(report.get("source"), dict):
        named["source"] = _cited(report["source"], documents)
    if isinstance(report.get("sources"), list):
        named["sources"] = [_cited(source, documents) for source in report["sources"]]
    return named


def _cited(source: Mapping[str, Any], documents: Mapping[str, SourceDocument]) -> dict[str, Any]:
    document = documents.get(source.get("file", ""))
    if document is None:
        return dict(source)
    heading = next((row["title"] for row in document.sections if row["section"] == source.get("section")), "")
    return {"document": document.title, "heading": heading, **source}
