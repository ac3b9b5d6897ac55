"""The sheet to bring to a desk: the programmes worth asking about, with whom to call."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import segno

from madoguchi.catalogue import queries as catalogue
from madoguchi.catalogue.states import ReceptionStatus
from madoguchi.web.portal.shapes import contacts
from madoguchi.web.portal.shapes.fit_reasons import ReasonLine
from madoguchi.web.portal.shapes.fit_results import Group, Hit

# What stands on one sheet of A4, front and back.
MOST = 8
_REASONS = 2


@dataclass(frozen=True)
class SheetLine:
    """One programme on the sheet with what decides; the telephone number may be empty."""

    hit: Hit
    reasons: list[ReasonLine]
    verdict: str
    telephone: str
    extension: str
    qr: str


def lines(groups: Iterable[Group], *, absolute: Callable[[str], str]) -> list[SheetLine]:
    """The programmes that fit, may fit or could fit, without those whose reception is over."""
    candidates = [
        (group, hit)
        for group in groups
        if group.anchor != "no"
        for hit in (*group.first, *group.rest)
        if not hit.is_past
    ]
    # What can be applied for comes before what may not be offered just now.
    hopeful = sorted(
        candidates, key=lambda each: (each[0].anchor == "ask", each[1].status is ReceptionStatus.NOT_STATED)
    )[:MOST]
    numbers = _numbers([hit.slug for _, hit in hopeful])
    return [
        SheetLine(hit, _brief(hit), group.word, *numbers.get(hit.slug, ("", "")), qr(absolute(hit.url)))
        for group, hit in hopeful
    ]


def _brief(hit: Hit) -> list[ReasonLine]:
    """The first reasons, with the source even where more would follow from the same place."""
    shown = hit.why.reasons[:_REASONS]
    if not shown or shown[-1].source:
        return shown
    source = next((line.source for line in hit.why.reasons[_REASONS:] if line.source), "")
    return [*shown[:-1], replace(shown[-1], source=source)]


def _numbers(slugs: list[str]) -> dict[str, tuple[str, str]]:
    """The first telephone number of each programme's newest edition."""
    found: dict[str, tuple[str, str]] = {}
    for edition in catalogue.published_editions().filter(programme__slug__in=slugs):
        cards = contacts.cards(edition.contacts.all())
        first = next(((card.telephone, card.extension) for card in cards if card.telephone), ("", ""))
        found.setdefault(edition.programme.slug, first)
    return found


def qr(address: str) -> str:
    """The address as a QR code, an SVG inside a data: address."""
    drawing: str = segno.make(address, micro=False).svg_data_uri(scale=3, border=4)
    return drawing
