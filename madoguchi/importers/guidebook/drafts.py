"""What was read out of a guidebook: programmes as drafts, each field with its lines and confidence."""

from dataclasses import dataclass
from fractions import Fraction

from madoguchi.importers.documents.found import Found, Note


@dataclass(frozen=True)
class ContactDraft:
    """A desk: its name as printed, its telephone and fax numbers (in one writing), addresses on the net."""

    desk: str
    phones: tuple[str, ...]
    faxes: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


@dataclass(frozen=True)
class EntryDraft:
    """One programme of a guidebook. `windows` are texts as printed; `caps_yen` whole yen."""

    number: int
    name: Found[str]
    summary: Found[str] | None
    contacts: tuple[Found[ContactDraft], ...]
    rates: tuple[Found[Fraction], ...]
    caps_yen: tuple[Found[int], ...]
    windows: tuple[Found[str], ...]
    requirements: tuple[Found[str], ...]
    urls: tuple[Found[str], ...]
    lines: tuple[int, int]


@dataclass(frozen=True)
class GuidebookDraft:
    """A guidebook as read."""

    document: str
    sha256: str
    entries: tuple[EntryDraft, ...]
    notes: tuple[Note, ...] = ()
    left_out: tuple[Note, ...] = ()
