"""Is this still true? What about a public edition needs a look of its institution."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from madoguchi.catalogue.models import Edition
from madoguchi.catalogue.queries import reception_of
from madoguchi.catalogue.states import ReceptionStatus
from madoguchi.editing.quality import score
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.packs.written import document_of


class Doubt(StrEnum):
    """Why an edition may no longer be true, or be of little use."""

    NO_EDITION = "no_edition"
    DEADLINE_PASSED = "deadline_passed"
    NO_CONTACT = "no_contact"


@dataclass(frozen=True)
class Looked:
    """An edition with its doubts, and how much it tells out of 100."""

    edition: Edition
    doubts: tuple[Doubt, ...]
    points: int


def look_at(edition: Edition, *, at: datetime) -> Looked:
    """The doubts about the newest edition of a programme, fetched by `packs.written.with_rows`."""
    document = document_of(edition)
    return Looked(edition, tuple(_doubts(edition, document, at=at)), score(document).points)


def _doubts(edition: Edition, document: Mapping[str, Any], *, at: datetime) -> Iterable[Doubt]:
    this_year = FiscalYear.of(at.date()).start_year
    if edition.fiscal_year < this_year:
        yield Doubt.NO_EDITION
    elif reception_of(edition, at=at).status is ReceptionStatus.CLOSED:
        yield Doubt.DEADLINE_PASSED
    if not any(contact.get("telephone") or contact.get("url") for contact in document.get("contacts", [])):
        yield Doubt.NO_CONTACT


def days_to_new_year(on: date) -> tuple[int, FiscalYear]:
    """How many days are left of the fiscal year, and the year that comes."""
    coming = FiscalYear(FiscalYear.of(on).start_year + 1)
    return (coming.starts_on - on).days, coming
