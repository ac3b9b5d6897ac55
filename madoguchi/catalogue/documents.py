"""What the catalogue hands to the search index: one document an edition."""

from collections.abc import Iterable, Mapping
from typing import Any

from madoguchi.catalogue.models import Edition, EditionContact, Frame
from madoguchi.catalogue.queries import published_editions, reception_days_of
from madoguchi.japan import rates, yen
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.search.documents import Document

# These words of a programme are the same for every edition, but a search for them means the newest.
_POINT_KEYS = ("text", "detail", "title", "name", "label")


# How a note marks a value that a feed brought and nobody at a desk has confirmed.
UNCONFIRMED = "（未確認）"


def documents(slugs: Iterable[str] | None = None) -> list[Document]:
    """Documents of the programmes with these slugs, or of all."""
    editions = published_editions()
    if slugs is not None:
        editions = editions.filter(programme__slug__in=list(slugs))
    return [document_of(edition) for edition in editions]


def document_of(edition: Edition) -> Document:
    """The document of one fetched edition."""
    programme = edition.programme
    contacts = edition.contacts.all()
    organisations = {c.unit.organisation.slug for c in contacts if c.unit} | {
        c.organisation.slug for c in contacts if c.organisation
    }
    days, mode = reception_days_of(edition)
    return Document(
        key=f"programme:{programme.slug}:{edition.fiscal_year}",
        type="programme",
        group=f"programme:{programme.slug}",
        slug=programme.slug,
        name=edition.name,
        name_reading=programme.reading,
        fiscal_year=edition.fiscal_year,
        # Amounts stand here and not in the body: they are for finding, no excerpt should show them.
        keywords=(*edition.keywords, *_all_amounts(edition)),
        summary=edition.summary,
        body=_body(edition),
        kinds=tuple(edition.kinds),
        purposes=tuple(edition.purposes),
        industries=tuple(edition.industries),
        areas=tuple(edition.areas),
        organisations=tuple(sorted(organisations)),
        windows=days,
        mode=mode,
        published_on=FiscalYear(edition.fiscal_year).starts_on,
        payload=_payload(edition),
    )


def _body(edition: Edition) -> str:
    parts = [edition.easy, edition.headline, edition.who, edition.where, edition.fee, edition.visits]
    for points in (edition.requirements, edition.benefits, edition.steps, edition.links):
        parts += [text for point in points for text in _texts(point)]
    for frame in edition.frames.all():
        parts += [frame.name, frame.variant, frame.target, frame.note]
    for contact in edition.contacts.all():
        parts += [contact.label, contact.unit.full_name if contact.unit else ""]
    return "\n".join(part for part in parts if part)


def _all_amounts(edition: Edition) -> Iterable[str]:
    return dict.fromkeys(text for frame in edition.frames.all() for text in _amounts(frame))


def _amounts(frame: Frame) -> Iterable[str]:
    """Rates and amounts as people write them, so that 「上限300万円」 and 「3,000千円」 both find."""
    for rate in (frame.rate, frame.rate_low, frame.own_share):
        if rate:
            yield f"補助率{rates.as_slash(rate)} {rates.as_bun_no(rate)}"
    for cap in (frame.cap_yen, frame.cap_low_yen):
        if cap:
            yield f"上限{yen.in_man(cap)} {yen.in_thousand(cap)}"
    if frame.amount_yen:
        yield f"{yen.in_man(frame.amount_yen)} {yen.in_thousand(frame.amount_yen)}"


def _texts(point: Mapping[str, Any]) -> Iterable[str]:
    yield from (str(point[key]) for key in _POINT_KEYS if point.get(key))
    for row in point.get("rows", ()):
        yield f"{row['label']} {row['text']}"


def _payload(edition: Edition) -> dict[str, Any]:
    frames = list(edition.frames.all())
    first = next(iter(edition.contacts.all()), None)
    return {
        "kinds": edition.kinds,
        "breaks": edition.programme.breaks if edition.name == edition.programme.name else "",
        "headline": edition.headline,
        "caps_yen": [frame.cap_yen for frame in frames if frame.cap_yen is not None],
        "amounts_yen": [frame.amount_yen for frame in frames if frame.amount_yen is not None],
        "rates": [str(rate) for frame in frames for rate in (frame.rate_low, frame.rate) if rate is not None],
        "who": edition.who,
        "where": edition.where,
        "fee": edition.fee,
        "contact": _name(first) if first else "",
        "telephone": first.telephone if first else "",
        "feed": feed_of(edition),
        "is_unconfirmed": any(UNCONFIRMED in frame.note for frame in frames),
    }


def feed_of(edition: Edition) -> str:
    """The feed that brought a fetched edition, empty for what the pack or a desk says."""
    origin = getattr(edition, "origin", None)
    return origin.feed if origin else ""


def _name(contact: EditionContact) -> str:
    """Who answers: a label such as 事務局 says little without its body."""
    if contact.unit:
        return contact.unit.full_name
    body = contact.organisation.name if contact.organisation else contact.desk.name if contact.desk else ""
    return body or contact.label
