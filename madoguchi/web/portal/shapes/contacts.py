"""Whom to ask, as cards."""

from collections.abc import Iterable
from dataclasses import dataclass

from madoguchi.institutions.models import ContactFields


@dataclass(frozen=True)
class ContactCard:
    """One person or office to ask; empty texts are not shown. `name` may hold `|` at fold points."""

    name: str
    label: str
    telephone: str
    extension: str
    fax: str
    url: str
    note: str


def cards(contacts: Iterable[ContactFields]) -> list[ContactCard]:
    """The contacts of a record with their names, in the printed order."""
    return [_card(contact) for contact in contacts]


def _card(contact: ContactFields) -> ContactCard:
    name = _name(contact)
    return ContactCard(
        name=name or contact.label,
        label=contact.label if name else "",
        telephone=contact.telephone,
        extension=contact.extension,
        fax=contact.fax,
        url=contact.url,
        note=contact.note,
    )


def _name(contact: ContactFields) -> str:
    if contact.unit is not None:
        return contact.unit.full_name
    if contact.desk is not None:
        return contact.desk.breaks or contact.desk.name
    if contact.organisation is not None:
        return contact.organisation.breaks or contact.organisation.name
    return ""
