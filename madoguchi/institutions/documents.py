"""What the institutions hand to the search index: desks and organisations."""

from collections.abc import Iterable
from typing import Any

from madoguchi.institutions.models import Desk, Organisation
from madoguchi.institutions.queries import desks, organisations
from madoguchi.search.documents import Document


def desk_documents(slugs: Iterable[str] | None = None) -> list[Document]:
    """Documents of the desks with these slugs, or of all."""
    rows = desks()
    return [_desk(desk) for desk in (rows if slugs is None else rows.filter(slug__in=list(slugs)))]


def organisation_documents(slugs: Iterable[str] | None = None) -> list[Document]:
    """Documents of the organisations with these slugs, or of all."""
    rows = organisations()
    return [_organisation(row) for row in (rows if slugs is None else rows.filter(slug__in=list(slugs)))]


def _desk(desk: Desk) -> Document:
    body = [desk.easy, desk.audience, desk.place_name, desk.address, desk.closed, desk.fee, *desk.notes]
    body += [f"{row['days']} {row.get('note', '')}" for row in desk.hours]
    body += [contact.label for contact in desk.contacts.all()]
    return Document(
        key=f"desk:{desk.slug}",
        type="desk",
        group=f"desk:{desk.slug}",
        slug=desk.slug,
        name=desk.name,
        keywords=tuple(desk.keywords),
        summary=desk.summary,
        body="\n".join(part for part in body if part),
        kinds=("consultation",),
        purposes=tuple(desk.purposes),
        industries=tuple(desk.industries),
        areas=tuple(desk.covers),
        places=(desk.area_code,) if desk.area_code else (),
        organisations=(desk.organisation.slug,),
        windows=((desk.valid_from, desk.valid_until),) if desk.valid_from or desk.valid_until else (),
        mode="booking" if desk.by_appointment else "rolling",
        payload=_desk_payload(desk),
    )


def _desk_payload(desk: Desk) -> dict[str, Any]:
    first = next((contact for contact in desk.contacts.all() if contact.telephone), None)
    return {
        "kinds": ["consultation"],
        "breaks": desk.breaks,
        "place": desk.place_name,
        "address": desk.address,
        "telephone": first.telephone if first else "",
        "extension": first.extension if first else "",
        "fee": desk.fee,
        "organisation": desk.organisation.short_name or desk.organisation.name,
    }


def _organisation(row: Organisation) -> Document:
    return Document(
        key=f"organisation:{row.slug}",
        type="organisation",
        group=f"organisation:{row.slug}",
        slug=row.slug,
        name=row.name,
        keywords=(row.short_name,) if row.short_name else (),
        summary=row.summary,
        body=row.address,
        areas=(row.area_code,) if row.area_code else (),
        organisations=(row.slug,),
        payload={"breaks": row.breaks, "telephone": row.telephone, "kind": row.get_kind_display()},
    )
