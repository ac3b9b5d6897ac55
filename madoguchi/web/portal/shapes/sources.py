"""Where the facts of a page are written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from madoguchi.institutions.models import SourceDocument


@dataclass(frozen=True)
class Citation:
    """One place in a source document; section and note may be empty."""

    document: str
    short: str
    section: str
    lines: str
    note: str


def citations(
    sources: Iterable[Mapping[str, Any]], documents: Mapping[str, SourceDocument]
) -> list[Citation]:
    """The sources of a record in documents, in words; one that is not loaded stays under its key."""
    printed = (source for source in sources if "file" in source)
    return [_citation(source, documents.get(source["file"])) for source in printed]


def of_entry(source: Mapping[str, Any], documents: Mapping[str, SourceDocument]) -> list[Citation]:
    """Where an entry of a report is written, with the other places it names; none for what the desk wrote."""
    return citations([source, *source.get("also", [])], documents) if source.get("file") else []


def _citation(source: Mapping[str, Any], document: SourceDocument | None) -> Citation:
    title = short = source["file"]
    section = source["section"]
    if document is not None:
        title, short = document.title, document.short_title
        named = (row["title"] for row in document.sections if row["section"] == section)
        section = next(named, section)
    return Citation(title, short, section, source["lines"], source.get("note", ""))
