"""A guidebook's draft as JSON: every field with its lines, confidence and reason."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeVar

from madoguchi.importers.documents.found import Found
from madoguchi.importers.guidebook.drafts import ContactDraft, EntryDraft, GuidebookDraft
from madoguchi.japan.rates import as_slash

T = TypeVar("T")


def as_json(draft: GuidebookDraft) -> dict[str, Any]:
    """Return the programmes and the notes."""
    return {
        "programmes": [_entry(entry) for entry in draft.entries],
        "warnings": [str(note) for note in draft.notes],
        "left_out": [str(note) for note in draft.left_out],
    }


def _entry(entry: EntryDraft) -> dict[str, Any]:
    return {
        "no": entry.number,
        "name": _field(entry.name),
        "summary": _field(entry.summary) if entry.summary else None,
        "contacts": [_field(each, _contact) for each in entry.contacts],
        "rates": [_field(each, _rate) for each in entry.rates],
        "caps_yen": [_field(each) for each in entry.caps_yen],
        "windows": [_field(each) for each in entry.windows],
        "requirements": [_field(each) for each in entry.requirements],
        "urls": [_field(each) for each in entry.urls],
        "lines": list(entry.lines),
    }


def _field(found: Found[T], shown: Callable[[T], Any] | None = None) -> dict[str, Any]:
    return {
        "value": shown(found.value) if shown else found.value,
        "source": found.source,
        "lines": list(found.lines),
        "page": found.page,
        "confidence": found.confidence,
        "reason": found.reason,
    }


def _rate(rate: Fraction) -> str:
    return as_slash(rate)


def _contact(contact: ContactDraft) -> dict[str, Any]:
    return {
        "desk": contact.desk,
        "phones": list(contact.phones),
        "faxes": list(contact.faxes),
        "emails": list(contact.emails),
    }
