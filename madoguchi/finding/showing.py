"""One edition of a programme as plain data: what the command line and assistants answer."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from madoguchi.catalogue.models import Edition
from madoguchi.catalogue.queries import labels, reception_of
from madoguchi.finding import ask
from madoguchi.institutions.models import ContactFields


def edition_report(edition: Edition, *, at: datetime) -> dict[str, Any]:
    """A fetched edition in official words, with its reception at a moment; rates are "2/3", money is yen."""
    known = labels()
    reception = reception_of(edition, at=at)
    return {
        "slug": edition.programme.slug,
        "name": edition.name,
        "fiscal_year": edition.fiscal_year,
        "kinds": [known["kinds"].get(code, code) for code in edition.kinds],
        "purposes": [known["purposes"].get(code, code) for code in edition.purposes],
        "summary": edition.summary,
        "who": edition.who,
        "headline": edition.headline,
        "where": edition.where,
        "fee": edition.fee,
        "reception": reception.status.value,
        "reception_text": reception.text,
        "opens_at": instant(reception.opens_at),
        "closes_at": instant(reception.closes_at),
        "frames": [
            {
                "name": frame.name,
                "variant": frame.variant,
                "rate": str(frame.rate) if frame.rate else None,
                "rate_low": str(frame.rate_low) if frame.rate_low else None,
                "cap_yen": frame.cap_yen,
                "cap_low_yen": frame.cap_low_yen,
                "amount_yen": frame.amount_yen,
            }
            for frame in edition.frames.all()
        ],
        "requirements": edition.requirements,
        "benefits": edition.benefits,
        "steps": edition.steps,
        "notes": edition.notes,
        "contacts": [
            {
                "name": _name(contact),
                "telephone": contact.telephone,
                "extension": contact.extension,
                "fax": contact.fax,
            }
            for contact in edition.contacts.all()
        ],
        "sources": edition.sources,
        "url": ask.url_of("programme", edition.programme.slug),
    }


def edition_url(slug: str, fiscal_year: int) -> str:
    """The address of the page of one edition, from the root of the site."""
    return f"{ask.url_of('programme', slug)}{fiscal_year}/"


def instant(moment: datetime | None) -> str | None:
    """An instant as Tokyo's clocks show it, with its offset: a deadline in UTC would be read as the hour."""
    return timezone.localtime(moment).isoformat() if moment else None


def _name(contact: ContactFields) -> str:
    if contact.unit is not None:
        return contact.unit.full_name
    place = contact.desk or contact.organisation
    return place.name if place is not None else contact.label
