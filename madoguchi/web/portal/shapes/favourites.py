"""Favourites as a list to bring along: what, how much, until when, whom to call."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import segno
from django.urls import reverse
from django.utils.translation import gettext

from madoguchi.catalogue import queries as catalogue
from madoguchi.catalogue.models import Edition
from madoguchi.events import queries as events
from madoguchi.events.models import Event, Precision
from madoguchi.institutions import queries as institutions
from madoguchi.institutions.models import ContactFields, Desk, Organisation
from madoguchi.web.portal.shapes import desks as desk_shapes
from madoguchi.web.portal.shapes import offers
from madoguchi.web.portal.shapes.programme import title
from madoguchi.web.shared import wording
from madoguchi.web.shared.folding import phrases


@dataclass(frozen=True)
class Favourite:
    """One line of the list; a fact without a value is asked for at the desk, `status` may be empty."""

    item: str
    title: str
    type_name: str
    url: str
    qr: str
    facts: list[tuple[str, str]]
    status: str
    telephone: str
    extension: str

    @property
    def slug(self) -> str:
        """The slug of a programme, which can be compared with others; else empty."""
        kind, slug = self.item.split(":", 1)
        return slug if kind == "programme" else ""


def lines(
    items: Iterable[str], *, at: datetime, absolute: Callable[[str], str]
) -> tuple[list[Favourite], list[str]]:
    """The favourites that still exist, in their order, and those that do not."""
    wanted = list(items)
    slugs: dict[str, list[str]] = {}
    for item in wanted:
        kind, slug = item.split(":", 1)
        slugs.setdefault(kind, []).append(slug)
    found = {
        f"{kind}:{slug}": line
        for kind, asked in slugs.items()
        for slug, line in _READERS[kind](asked, at, absolute).items()
    }
    return [found[item] for item in wanted if item in found], [item for item in wanted if item not in found]


def exists(item: str) -> bool:
    """Tell whether there is a page for a favourite."""
    kind, slug = item.split(":", 1)
    rows = {
        "programme": catalogue.published_editions().filter(programme__slug=slug),
        "desk": institutions.desks().filter(slug=slug),
        "event": events.events().filter(slug=slug),
        "organisation": institutions.organisations().filter(slug=slug),
    }
    return rows[kind].exists()


Reader = Callable[[list[str], datetime, Callable[[str], str]], dict[str, Favourite]]


def _programmes(slugs: list[str], at: datetime, absolute: Callable[[str], str]) -> dict[str, Favourite]:
    newest: dict[str, Edition] = {}
    for edition in catalogue.published_editions().filter(programme__slug__in=slugs):
        newest.setdefault(edition.programme.slug, edition)
    return {slug: _programme(edition, at, absolute) for slug, edition in newest.items()}


def _programme(edition: Edition, at: datetime, absolute: Callable[[str], str]) -> Favourite:
    reception = catalogue.reception_of(edition, at=at)
    until = ""
    if reception.closes_at is not None:
        until = wording.deadline(reception.closes_at, today=at.date())
    telephone, extension = _telephone(edition.contacts.all())
    url = reverse("portal:programme", args=[edition.programme.slug])
    return Favourite(
        item=f"programme:{edition.programme.slug}",
        title=title(edition),
        type_name=gettext("支援制度"),
        url=url,
        qr=_qr(absolute(url)),
        facts=[
            (gettext("いくら"), offers.offer(edition).money),
            (gettext("いつまで"), until or reception.text),
            (gettext("どこに"), phrases(edition.where)),
        ],
        status=reception.status,
        telephone=telephone,
        extension=extension,
    )


def _desks(slugs: list[str], at: datetime, absolute: Callable[[str], str]) -> dict[str, Favourite]:
    return {desk.slug: _desk(desk, absolute) for desk in institutions.desks().filter(slug__in=slugs)}


def _desk(desk: Desk, absolute: Callable[[str], str]) -> Favourite:
    entry = desk_shapes.entry(desk)
    url = reverse("portal:desk", args=[desk.slug])
    return Favourite(
        item=f"desk:{desk.slug}",
        title=entry.title,
        type_name=gettext("相談窓口"),
        url=url,
        qr=_qr(absolute(url)),
        facts=[
            (gettext("いくら"), entry.fee),
            (gettext("いつ"), "　".join(entry.hours)),
            (gettext("どこに"), phrases(" ".join(part for part in (desk.place_name, desk.address) if part))),
        ],
        status="",
        telephone=entry.telephone,
        extension=entry.extension,
    )


def _events(slugs: list[str], at: datetime, absolute: Callable[[str], str]) -> dict[str, Favourite]:
    return {event.slug: _event(event, at, absolute) for event in events.events().filter(slug__in=slugs)}


def _event(event: Event, at: datetime, absolute: Callable[[str], str]) -> Favourite:
    today = at.date()
    following = next((row for row in event.occurrences.all() if row.ends_on >= today), None)
    until = gettext("これからの予定はありません")
    if following is not None:
        is_day = following.precision == Precision.DAY
        say = wording.day if is_day else wording.month
        until = gettext("次は%(day)s") % {"day": say(following.starts_on, today=today)}
    telephone, extension = _telephone(event.contacts.all())
    url = reverse("portal:event", args=[event.slug])
    return Favourite(
        item=f"event:{event.slug}",
        title=event.breaks or event.name,
        type_name=gettext("セミナー・相談会"),
        url=url,
        qr=_qr(absolute(url)),
        facts=[
            (gettext("いくら"), event.fee or (gettext("無料") if event.is_free else "")),
            (gettext("いつ"), until),
            (gettext("どこに"), phrases(following.place_name if following else "")),
        ],
        status="",
        telephone=telephone,
        extension=extension,
    )


def _organisations(slugs: list[str], at: datetime, absolute: Callable[[str], str]) -> dict[str, Favourite]:
    rows = institutions.organisations().filter(slug__in=slugs)
    return {row.slug: _organisation(row, absolute) for row in rows}


def _organisation(organisation: Organisation, absolute: Callable[[str], str]) -> Favourite:
    url = reverse("portal:organisation", args=[organisation.slug])
    return Favourite(
        item=f"organisation:{organisation.slug}",
        title=organisation.breaks or organisation.name,
        type_name=gettext("支援機関"),
        url=url,
        qr=_qr(absolute(url)),
        facts=[(gettext("どこに"), phrases(organisation.address))],
        status="",
        telephone=organisation.telephone,
        extension="",
    )


_READERS: dict[str, Reader] = {
    "programme": _programmes,
    "desk": _desks,
    "event": _events,
    "organisation": _organisations,
}


def _telephone(contacts: Iterable[ContactFields]) -> tuple[str, str]:
    first = next((contact for contact in contacts if contact.telephone), None)
    return (first.telephone, first.extension) if first else ("", "")


def _qr(address: str) -> str:
    """The address as a QR code, an SVG inside a data: address."""
    drawing: str = segno.make(address, micro=False).svg_data_uri(scale=3, border=4)
    return drawing
