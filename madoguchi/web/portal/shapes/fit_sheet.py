"""The sheet to bring to a desk: the programmes worth asking about, with whom to call."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import segno

from madoguchi.catalogue import queries as catalogue
from madoguchi.catalogue.states import ReceptionStatus
from madoguchi.eligibility.rulebook import Match
from madoguchi.eligibility.rules.status import Verdict
from madoguchi.web.portal.shapes import contacts, fit_results
from madoguchi.web.portal.shapes.fit_reasons import ReasonLine
from madoguchi.web.portal.shapes.fit_results import Frames, Hit, Setting

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


def lines(matches: Iterable[Match], setting: Setting, *, absolute: Callable[[str], str]) -> list[SheetLine]:
    """The programmes that fit, may fit or could fit, without those whose reception is over."""
    candidates = [
        frames
        for verdict, programmes in fit_results.by_verdict(matches).items()
        if verdict is not Verdict.INELIGIBLE
        for frames in programmes
        if frames[0].reception.status is not ReceptionStatus.CLOSED
    ]
    hopeful = [
        (frames[0].verdict, fit_results.hit(frames, setting))
        for frames in sorted(candidates, key=_rank)[:MOST]
    ]
    numbers = _numbers([hit.slug for _, hit in hopeful])
    return [
        SheetLine(
            hit,
            _brief(hit),
            fit_results.verdict_word(verdict),
            *numbers.get(hit.slug, ("", "")),
            qr(absolute(hit.url)),
        )
        for verdict, hit in hopeful
    ]


def _rank(frames: Frames) -> tuple[bool, bool, bool]:
    """What was wished for comes first; what can be applied for before what may not be offered just now."""
    first = frames[0]
    return (
        first.verdict is Verdict.UNKNOWN,
        not fit_results.wished(first),
        first.reception.status is ReceptionStatus.NOT_STATED,
    )


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
