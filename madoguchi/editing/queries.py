"""Reads: which programmes somebody may write, which drafts there are, how an edition came to be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.roles import Role
from madoguchi.catalogue.models import Edition, EditionRole, Programme
from madoguchi.catalogue.states import EditionState
from madoguchi.editing.models import Draft, DraftWriter, Wish
from madoguchi.editing.rules import Standing
from madoguchi.editing.states import DraftState
from madoguchi.institutions.kinds import OrganisationKind
from madoguchi.institutions.models import Organisation
from madoguchi.packs.written import document_of, with_rows

_HOLDERS = (EditionRole.Role.OWNER, EditionRole.Role.OPERATOR)


def is_steward(hat: Hat) -> bool:
    """Whether the hat keeps the whole catalogue: a manager of the prefecture."""
    if hat.role != Role.MANAGER or hat.organisation_id is None:
        return False
    return Organisation.objects.filter(kind=OrganisationKind.PREFECTURE, pk=hat.organisation_id).exists()


def newest_editions() -> list[Edition]:
    """The newest published edition of each programme with its rows, by name."""
    newest: dict[int, Edition] = {}
    rows = with_rows(Edition.objects.filter(state=EditionState.PUBLISHED))
    for edition in rows.order_by("-fiscal_year", "pk"):
        newest.setdefault(edition.programme_id, edition)
    return sorted(newest.values(), key=lambda edition: (edition.name, edition.pk))


def editions_for(hat: Hat) -> list[Edition]:
    """The newest editions of what the hat's organisation owns or operates; a steward's are all."""
    everything = is_steward(hat)
    return [edition for edition in newest_editions() if everything or _is_held(edition, hat)]


def holders_of(edition: Edition) -> set[int]:
    """The organisations that own or operate a fetched edition."""
    return {
        role.organisation_id for role in edition.roles.all() if role.role in _HOLDERS and role.organisation_id
    }


def may_write(hat: Hat, programme: Programme) -> bool:
    """Whether the hat's organisation owns or operates a programme; a steward always."""
    if not hat.may("programmes.write"):
        return False
    if is_steward(hat):
        return True
    newest = programme.editions.exclude(state=EditionState.DRAFT).order_by("-fiscal_year", "-revision", "pk")
    edition = newest.prefetch_related("roles").first()
    return edition is not None and _is_held(edition, hat)


def _is_held(edition: Edition, hat: Hat) -> bool:
    return hat.organisation_id in holders_of(edition)


def standing(hat: Hat, draft: Draft) -> Standing:
    """What the rules have to know of a hat before a draft."""
    mine = draft.organisation_id == hat.organisation_id and hat.may("programmes.write")
    return Standing(
        is_own=mine and (draft.programme is None or may_write(hat, draft.programme)),
        state=DraftState(draft.state),
        has_written=DraftWriter.objects.filter(draft=draft, person_id=str(hat.user_id)).exists(),
        needs_second=needs_second(draft.organisation_id),
    )


def needs_second(organisation_id: int | None) -> bool:
    """Whether an institution wants a second person to look before something is public."""
    return Wish.objects.filter(organisation=organisation_id, needs_second=True).exists()


def open_drafts(hat: Hat) -> QuerySet[Draft]:
    """The open drafts of the hat's organisation, the newest first."""
    rows = Draft.objects.visible_to(hat).open().select_related("programme")
    return rows.order_by("-changed_at", "-pk")


def published_edition(programme: Programme | None, fiscal_year: int) -> Edition | None:
    """The public edition of a programme in a year; None where there is none."""
    if programme is None:
        return None
    rows = programme.editions.filter(fiscal_year=fiscal_year, state=EditionState.PUBLISHED)
    return rows.order_by("pk").first()


@dataclass(frozen=True)
class Revision:
    """One revision of an edition, who published it, and where it came from (empty: the region pack)."""

    edition: Edition
    by: str
    approved_by: str
    origin: str


def revisions_of(programme: Programme, fiscal_year: int) -> list[Revision]:
    """All that was ever public of a programme in a year, the newest first."""
    rows = with_rows(programme.editions.filter(fiscal_year=fiscal_year).exclude(state=EditionState.DRAFT))
    drafts = Draft.objects.filter(edition__programme=programme, edition__fiscal_year=fiscal_year)
    signed = {draft.edition_id: (draft.author_label, draft.approved_by_label) for draft in drafts}
    revisions = []
    for edition in rows.select_related("origin__organisation").order_by("-revision", "pk"):
        origin = getattr(edition, "origin", None)
        where = ""
        if origin is not None:
            where = origin.organisation.name if origin.organisation else origin.feed
        revisions.append(Revision(edition, *signed.get(edition.pk, ("", "")), where))
    return revisions


# What belongs to the document of one year and not to the next: its lines, its results, its days.
_OF_THE_YEAR = ("sources", "written_by", "results")


def beginning_from(edition: Edition, fiscal_year: int) -> dict[str, Any]:
    """What a draft begins with: the edition to correct, or last year's without what was only its own."""
    [fetched] = with_rows(Edition.objects.filter(pk=edition.pk))
    document = document_of(fetched)
    if edition.fiscal_year == fiscal_year:
        return document
    document = {name: value for name, value in document.items() if name not in _OF_THE_YEAR}
    for name in ("requirements", "benefits", "notes"):
        if name in document:
            document[name] = [_without_source(point) for point in document[name]]
    if document["reception"]["mode"] == "window":
        document["reception"] = {"mode": "not_stated"}
    return {**document, "fiscal_year": fiscal_year}


def _without_source(point: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in point.items() if name != "source"}
