"""An edition of the catalogue written as in a pack again: the reverse of `load_catalogue.content_of`."""

from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db.models import Prefetch, QuerySet

from madoguchi.catalogue.models import (
    Edition,
    EditionContact,
    EditionRole,
    Frame,
    ReceptionWindow,
    Term,
)
from madoguchi.institutions import queries as institutions
from madoguchi.institutions.models import Desk, Organisation, SourceDocument, Unit
from madoguchi.packs import schema
from madoguchi.packs.check import Known
from madoguchi.packs.load_catalogue import PLAIN_COLUMNS, POINT_LISTS
from madoguchi.packs.values import TOKYO


def with_rows(editions: QuerySet[Edition]) -> QuerySet[Edition]:
    """Editions with all that `document_of` reads, in printed order."""
    contacts = EditionContact.objects.select_related("unit", "desk", "organisation").order_by(
        "position", "pk"
    )
    return editions.select_related("programme").prefetch_related(
        Prefetch("frames", queryset=Frame.objects.order_by("position", "pk")),
        Prefetch("windows", queryset=ReceptionWindow.objects.order_by("position", "pk")),
        Prefetch("contacts", queryset=contacts),
        Prefetch("roles", queryset=EditionRole.objects.select_related("organisation", "unit")),
    )


def document_of(edition: Edition) -> dict[str, Any]:
    """What a fetched edition says, as plain data in the words of a pack; what is not said is left out."""
    own = [source for source in edition.sources if "organisation" in source]
    told: dict[str, Any] = {"fiscal_year": edition.fiscal_year}
    told |= {name: getattr(edition, name) for name in (*PLAIN_COLUMNS, *POINT_LISTS)}
    told |= {
        "free": edition.is_free,
        "frames": [_frame(frame) for frame in edition.frames.all()],
        "reception": _reception(edition),
        "contacts": [_contact(contact) for contact in edition.contacts.all()],
        "roles": {role.role: _holder(role) for role in edition.roles.all()},
        "sources": [source for source in edition.sources if "file" in source],
        "written_by": own[0] if own else None,
    }
    return {name: value for name, value in told.items() if value not in (None, "", [], {})}


def edition_of(edition: Edition) -> schema.Edition:
    """The same, checked against the schema; raises pydantic's ValidationError on what no pack could say."""
    return schema.Edition.model_validate(document_of(edition))


def known_here() -> Known:
    """Every name that the database knows, as `check` asks for it."""
    words: dict[str, set[str]] = {name: set() for name in schema.Vocabulary.model_fields}
    for vocabulary, code in Term.objects.values_list("vocabulary", "code"):
        words.setdefault(vocabulary, set()).add(code)
    documents = SourceDocument.objects.values_list("key", "sections")
    return Known(
        organisations=set(Organisation.objects.values_list("slug", flat=True)),
        units=set(Unit.objects.values_list("slug", flat=True)),
        desks=set(Desk.objects.values_list("slug", flat=True)),
        programmes=set(),
        sections={(key, row["section"]) for key, sections in documents for row in sections},
        groupings={grouping.code for grouping in institutions.groupings(institutions.region())},
        words=words,
    )


def _frame(frame: Frame) -> dict[str, Any]:
    told: dict[str, Any] = {
        name: getattr(frame, name)
        for name in ("name", "variant", "target", "cap_yen", "cap_low_yen", "amount_yen", "visits", "note")
    }
    told |= {name: _rate(getattr(frame, name)) for name in ("on_top_of", "own_share")}
    if frame.rate_low is not None:
        told["rate_range"] = {"low": _rate(frame.rate_low), "high": _rate(frame.rate)}
    else:
        told["rate"] = _rate(frame.rate)
    return {name: value for name, value in told.items() if value not in (None, "")}


def _rate(rate: Fraction | None) -> str | None:
    return None if rate is None else f"{rate.numerator}/{rate.denominator}"


def _reception(edition: Edition) -> dict[str, Any]:
    windows = [
        {
            "opens_at": _instant(window.opens_at),
            "closes_at": _instant(window.closes_at),
            "note": window.note,
            "closed_early": window.closed_early,
        }
        for window in edition.windows.all()
    ]
    told = {"mode": edition.reception_mode, "text": edition.reception_text}
    shown = [{name: value for name, value in window.items() if value} for window in windows]
    return {name: value for name, value in {**told, "windows": shown}.items() if value}


def _instant(moment: datetime | None) -> str | None:
    """As Tokyo's clocks show it, without the offset that every instant of a pack has."""
    if moment is None:
        return None
    local = moment.astimezone(TOKYO).replace(tzinfo=None)
    return local.isoformat(timespec="auto" if local.second or local.microsecond else "minutes")


def _contact(contact: EditionContact) -> dict[str, Any]:
    told: dict[str, Any] = {
        name: row.slug
        for name in ("unit", "desk", "organisation")
        if (row := getattr(contact, name)) is not None
    }
    texts = ("label", "telephone", "extension", "fax", "url", "note")
    return told | {name: text for name in texts if (text := getattr(contact, name))}


def _holder(role: EditionRole) -> str:
    if role.unit is not None:
        return role.unit.slug
    return role.organisation.slug if role.organisation is not None else role.text
