"""A programme's edition as its page shows it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from madoguchi.catalogue import differences
from madoguchi.catalogue.differences import Difference, Item, Topic
from madoguchi.catalogue.documents import feed_of
from madoguchi.catalogue.models import Edition, EditionRole
from madoguchi.catalogue.queries import Reception, reception_of
from madoguchi.catalogue.states import ReceptionStatus
from madoguchi.institutions.models import SourceDocument
from madoguchi.japan import industries
from madoguchi.japan.areas import Grouping
from madoguchi.web.portal.shapes import contacts, offers, places
from madoguchi.web.portal.shapes.contacts import ContactCard
from madoguchi.web.portal.shapes.quick import Quick, quick
from madoguchi.web.portal.shapes.sources import Citation, citations
from madoguchi.web.shared import wording


@dataclass(frozen=True)
class Point:
    """A requirement, benefit or note with its table and where it is written."""

    text: str
    detail: str
    rows: list[tuple[str, str]]
    source: Citation | None


@dataclass(frozen=True)
class Outcome:
    """What came of a programme in a year; provisional figures say so."""

    year: str
    text: str
    is_provisional: bool
    source: Citation | None


@dataclass(frozen=True)
class Period:
    """One reception window; either end may be unstated."""

    opens_at: datetime | None
    closes_at: datetime | None
    note: str
    closed_early: bool


@dataclass(frozen=True)
class Fact:
    """A label and its value."""

    label: str
    value: str


@dataclass(frozen=True)
class Change:
    """One point that changed since the edition before."""

    topic: str
    difference: Difference


@dataclass(frozen=True)
class EditionPage:
    """All that the page of one edition shows of the edition itself; `title` may hold `|`."""

    title: str
    year: str
    fiscal_year: int
    kinds: list[str]
    status: ReceptionStatus
    reception: Reception
    telephone: str
    extension: str
    quick: Quick
    summary: str
    easy: str
    frames: list[offers.FrameRow]
    requirements: list[Point]
    benefits: list[Point]
    notes: list[Point]
    facts: list[Fact]
    periods: list[Period]
    steps: list[dict[str, str]]
    documents: list[dict[str, str]]
    links: list[dict[str, str]]
    contacts: list[ContactCard]
    roles: list[Fact]
    outcomes: list[Outcome]
    citations: list[Citation]


@dataclass(frozen=True)
class Words:
    """What the page needs to know to name things."""

    labels: Mapping[str, Mapping[str, str]]
    documents: Mapping[str, SourceDocument]
    groupings: Collection[Grouping]


def page(edition: Edition, words: Words, *, at: datetime) -> EditionPage:
    """Shape a fetched edition for its page."""
    reception = reception_of(edition, at=at)
    cards = contacts.cards(edition.contacts.all())
    first = next((card for card in cards if card.telephone), None)
    return EditionPage(
        title=title(edition),
        year=wording.fiscal_year(edition.fiscal_year),
        fiscal_year=edition.fiscal_year,
        kinds=_labels(words.labels, "kinds", edition.kinds),
        status=reception.status,
        reception=reception,
        telephone=first.telephone if first else "",
        extension=first.extension if first else "",
        quick=quick(edition, reception, today=at.date()),
        summary=edition.summary,
        easy=edition.easy,
        frames=offers.rows(edition.frames.all()),
        requirements=[_point(row, words) for row in edition.requirements],
        benefits=[_point(row, words) for row in edition.benefits],
        notes=[_point(row, words) for row in edition.notes],
        facts=_facts(edition, words),
        periods=[_period(window) for window in edition.windows.all()],
        steps=edition.steps,
        documents=edition.documents,
        links=edition.links,
        contacts=cards,
        roles=_roles(edition.roles.all()),
        outcomes=[_outcome(row, words) for row in edition.results],
        # What a feed brought has no lines in a document: its page credits the feed.
        citations=[] if feed_of(edition) else citations(edition.sources, words.documents),
    )


def title(edition: Edition) -> str:
    """The name of an edition with the fold points of its programme, when it bears the same name."""
    programme = edition.programme
    return programme.breaks if programme.breaks and edition.name == programme.name else edition.name


def changes(old: Edition, new: Edition) -> list[Change]:
    """What changed from one fetched edition to the next, each point with its heading."""
    topics = {
        Topic.MONEY: gettext("いくら"),
        Topic.WHO: gettext("だれが"),
        Topic.FRAME: gettext("コースと金額"),
        Topic.REQUIREMENT: gettext("使える条件"),
        Topic.BENEFIT: gettext("受けられる支援"),
        Topic.CONTACT: gettext("問い合わせ先"),
    }
    return [
        Change(topics[difference.topic], difference)
        for difference in differences.compare(_said(old), _said(new))
    ]


def _said(edition: Edition) -> differences.Said:
    money = offers.offer(edition).money
    return {
        Topic.MONEY: [Item(money)] if money else [],
        Topic.WHO: [Item(edition.who)] if edition.who else [],
        Topic.FRAME: [_frame_item(row) for row in offers.rows(edition.frames.all())],
        Topic.REQUIREMENT: [_item(row) for row in edition.requirements],
        Topic.BENEFIT: [_item(row) for row in edition.benefits],
        Topic.CONTACT: [_contact_item(card) for card in contacts.cards(edition.contacts.all())],
    }


def _frame_item(row: offers.FrameRow) -> Item:
    told = [
        (gettext("対象"), row.target),
        (gettext("補助率"), "　".join(part for part in (row.rate_text, row.rate_note) if part)),
        (gettext("金額"), row.money_text),
        (gettext("補足"), row.note),
    ]
    name = "　".join(part for part in (row.name, row.variant) if part).replace("|", "")
    return Item(name, rows=tuple((label, text) for label, text in told if text))


def _item(row: Mapping[str, Any]) -> Item:
    return Item(row["text"], row.get("detail", ""), tuple(_table(row)))


def _contact_item(card: ContactCard) -> Item:
    told = [
        (gettext("電話"), card.telephone),
        (gettext("内線"), card.extension),
        (gettext("FAX"), card.fax),
    ]
    return Item(card.name.replace("|", ""), rows=tuple((label, text) for label, text in told if text))


def _point(row: Mapping[str, Any], words: Words) -> Point:
    return Point(row["text"], row.get("detail", ""), _table(row), _source(row, words))


def _table(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(line["label"], line["text"]) for line in row.get("rows", ())]


def _outcome(row: Mapping[str, Any], words: Words) -> Outcome:
    year = wording.fiscal_year(row["year"])
    return Outcome(year, row["text"], row.get("provisional", False), _source(row, words))


def _source(row: Mapping[str, Any], words: Words) -> Citation | None:
    return citations([row["source"]], words.documents)[0] if row.get("source") else None


def _period(window: Any) -> Period:
    return Period(window.opens_at, window.closes_at, window.note, window.closed_early)


def _labels(labels: Mapping[str, Mapping[str, str]], vocabulary: str, codes: Sequence[str]) -> list[str]:
    return [labels.get(vocabulary, {}).get(code, code) for code in codes]


def _facts(edition: Edition, words: Words) -> list[Fact]:
    told = [
        (gettext("費用"), edition.fee or (gettext("無料") if edition.is_free else "")),
        (gettext("回数"), edition.visits),
        (gettext("対象の地域"), _joined(places.name_of(code, words.groupings) for code in edition.areas)),
        (gettext("対象の業種"), _joined(industries.get(code).name for code in edition.industries)),
        (gettext("対象となる人"), _joined(_labels(words.labels, "audiences", edition.audiences))),
        (gettext("お困りごと"), _joined(_labels(words.labels, "purposes", edition.purposes))),
        (gettext("受付について"), edition.reception_text),
    ]
    return [Fact(label, value) for label, value in told if value]


def _joined(names: Iterable[str]) -> str:
    return "、".join(names)


def _roles(roles: Iterable[EditionRole]) -> list[Fact]:
    said = {
        EditionRole.Role.OWNER: gettext("制度をもつところ"),
        EditionRole.Role.OPERATOR: gettext("実施するところ"),
        EditionRole.Role.DECIDER: gettext("決めるところ"),
        EditionRole.Role.PAYER: gettext("支払うところ"),
        EditionRole.Role.PAYEE: gettext("受け取るところ"),
        EditionRole.Role.BENEFICIARY: gettext("支援を受ける人"),
    }
    by_role = {role.role: role for role in roles}
    return [Fact(label, _holder(by_role[role])) for role, label in said.items() if role in by_role]


def _holder(role: EditionRole) -> str:
    if role.unit is not None:
        return role.unit.full_name
    if role.organisation is not None:
        return role.organisation.breaks or role.organisation.name
    return role.text
