"""Records with the least data that makes them true; a test names only what it is about."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from madoguchi.catalogue.models import Edition, EditionContact, EditionRole, Programme, Term
from madoguchi.catalogue.states import EditionState, ReceptionMode
from madoguchi.events.models import Event, Occurrence
from madoguchi.institutions.kinds import OrganisationKind, UnitLevel
from madoguchi.institutions.models import Desk, DeskContact, Organisation, Region, SourceDocument, Unit
from madoguchi.results.models import CostBasis, Listing, ListingRow, Policy, Project

SOURCES = [{"file": "g", "section": "1", "lines": "10-12", "note": ""}]
# A prefecture that is nobody's example: 東京都, with the areas of two made-up groupings.
PREFECTURE = "130001"
NEAR, FAR = "131016", "134015"


def an_organisation(slug: str = "centre", **fields: Any) -> Organisation:
    """A support centre."""
    return Organisation.objects.create(
        **{"slug": slug, "name": slug, "kind": OrganisationKind.SUPPORT_CENTRE, "sources": SOURCES, **fields}
    )


def a_unit(slug: str, organisation: Organisation, **fields: Any) -> Unit:
    """A division named in the documents of 2023."""
    given = {
        "slug": slug,
        "organisation": organisation,
        "name": slug,
        "full_name": f"{organisation.name} {slug}",
        "level": UnitLevel.DIVISION,
        "named_in": [2023],
        "sources": SOURCES,
    }
    return Unit.objects.create(**{**given, **fields})


def a_desk(
    slug: str = "desk", organisation: Organisation | None = None, *, telephone: str = "", **fields: Any
) -> Desk:
    """A desk for the whole prefecture; with a telephone number if one is given."""
    given = {
        "slug": slug,
        "name": slug,
        "organisation": organisation or an_organisation(f"of-{slug}"),
        "summary": "困りごとを聞きます。",
        "covers": [PREFECTURE],
        "sources": SOURCES,
    }
    desk = Desk.objects.create(**{**given, **fields})
    if telephone:
        DeskContact.objects.create(of_desk=desk, position=0, telephone=telephone)
    return desk


def a_region(desk: Desk | None = None, **fields: Any) -> Region:
    """The region of this installation, with two groupings: `near` and `far`."""
    given = {
        "key": "sample",
        "site_name": "窓口みほん",
        "tagline": "支援をさがす",
        "prefecture_code": PREFECTURE,
        "general_desk": desk or a_desk("general"),
        "general_telephone": "03-0000-0001",
        "general_hours": "平日",
        "groupings": [
            {"code": "near", "name": "近い圏", "seat": "千代田", "members": [NEAR]},
            {"code": "far", "name": "島の圏", "seat": "八丈", "members": [FAR]},
        ],
        "credit": "",
    }
    return Region.objects.create(**{**given, **fields})


def a_source(key: str = "g", **fields: Any) -> SourceDocument:
    """A source document with one section."""
    given = {
        "key": key,
        "title": "支援ガイド",
        "short_title": "ガイド",
        "publisher": "県",
        "fiscal_year": 2023,
        "sections": [{"section": "1", "title": "相談", "line": 1, "becomes": "record", "note": ""}],
    }
    return SourceDocument.objects.create(**{**given, **fields})


def a_term(vocabulary: str, code: str, label: str, **fields: Any) -> Term:
    """A word of a vocabulary."""
    position = Term.objects.filter(vocabulary=vocabulary).count()
    return Term.objects.create(
        **{"vocabulary": vocabulary, "code": code, "label": label, "position": position, **fields}
    )


def an_event(slug: str = "event", *days: date, organiser: Organisation | None = None, **fields: Any) -> Event:
    """A seminar on these days, one occurrence a day."""
    given = {
        "slug": slug,
        "name": slug,
        "fiscal_year": 2023,
        "kind": "seminar",
        "organiser": organiser or an_organisation(f"of-{slug}"),
        "areas": [PREFECTURE],
        "summary": "話を聞く会です。",
        "sources": SOURCES,
    }
    event = Event.objects.create(**{**given, **fields})
    for day in days:
        an_occurrence(event, day)
    return event


def an_occurrence(event: Event, day: date, **fields: Any) -> Occurrence:
    """One date of an event."""
    given = {"event": event, "position": event.occurrences.count(), "starts_on": day, "ends_on": day}
    return Occurrence.objects.create(**{**given, **fields})


def an_edition(
    slug: str = "programme",
    *,
    telephone: str = "",
    contacts: Sequence[Mapping[str, Any]] = (),
    roles: Sequence[Mapping[str, Any]] = (),
    state: EditionState = EditionState.PUBLISHED,
    **fields: Any,
) -> Edition:
    """The published edition of 2023 of a programme that takes applications at any time."""
    programme = fields.pop("programme", None) or Programme.objects.create(slug=slug, name=slug)
    given = {
        "programme": programme,
        "fiscal_year": 2023,
        "state": EditionState.DRAFT,
        "name": programme.name,
        "kinds": ["subsidy"],
        "areas": [PREFECTURE],
        "summary": "費用の一部を補助します。",
        "easy": "お金を出します。",
        "reception_mode": ReceptionMode.ROLLING,
        "sources": SOURCES,
    }
    edition = Edition.objects.create(**{**given, **fields})
    for position, row in enumerate([{"telephone": telephone}] if telephone else contacts):
        EditionContact.objects.create(edition=edition, position=position, **row)
    for row in roles:
        EditionRole.objects.create(edition=edition, **row)
    # Only a draft takes rows, and only what was published can be superseded or withdrawn.
    for step in dict.fromkeys([EditionState.PUBLISHED, state]) if state != EditionState.DRAFT else ():
        edition.state = step
        edition.save(update_fields=["state"])
    return edition


def a_policy(code: str = "p1", **fields: Any) -> Policy:
    """A basic policy."""
    position = Policy.objects.count()
    given = {
        "code": code,
        "mark": "①②③④⑤⑥⑦⑧"[position],
        "title": f"{code}を図ること",
        "short": f"方針{code}",
        "summary": "支えます。",
        "position": position,
        "ordinance": "条例",
        "article": "第7条",
        "source": SOURCES[0],
    }
    return Policy.objects.create(**{**given, **fields})


def a_project(slug: str = "project", **fields: Any) -> Project:
    """A project of 2023 that cost 1,000 thousand yen by its budget."""
    given = {
        "slug": slug,
        "fiscal_year": 2023,
        "name": slug,
        "cost_yen": 1_000_000,
        "cost_basis": CostBasis.BUDGET,
        "department": "商工課",
        "areas": [PREFECTURE],
        "summary": "取り組みました。",
        "sources": SOURCES,
    }
    return Project.objects.create(**{**given, **fields})


def a_listing(*policies: Policy, code: str = "listing", **fields: Any) -> Listing:
    """A printed table of 2023 under these policies, without rows."""
    listing = Listing.objects.create(**{"code": code, "fiscal_year": 2023, "source": SOURCES[0], **fields})
    listing.policies.set(policies)
    return listing


def a_row(listing: Listing, project: Project, **fields: Any) -> ListingRow:
    """The next row of a printed table."""
    given = {
        "listing": listing,
        "number": listing.rows.count() + 1,
        "project": project,
        "printed_cost_yen": project.cost_yen or 0,
    }
    return ListingRow.objects.create(**{**given, **fields})
