"""Vocabularies, synonyms, programmes and their editions."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from madoguchi.catalogue import operations
from madoguchi.catalogue.models import (
    Edition,
    EditionRole,
    Origin,
    Programme,
    RelatedProgramme,
    SynonymGroup,
    Term,
)
from madoguchi.catalogue.operations import EditionContent
from madoguchi.catalogue.states import EditionState
from madoguchi.foundation import audit
from madoguchi.institutions.models import Desk, Organisation, Unit
from madoguchi.packs import schema
from madoguchi.packs.load_institutions import contact_rows
from madoguchi.packs.pack import Pack
from madoguchi.packs.sync import Changes, Wanted, digest, noting, plain, sync

_VOCABULARIES = ("kinds", "purposes", "stages", "uses", "audiences", "event_kinds")
POINT_LISTS = ("requirements", "benefits", "steps", "documents", "links", "results", "notes")
PLAIN_COLUMNS = (
    "name",
    "kinds",
    "purposes",
    "stages",
    "uses",
    "industries",
    "areas",
    "audiences",
    "summary",
    "easy",
    "headline",
    "who",
    "where",
    "fee",
    "visits",
    "keywords",
)


def load(
    pack: Pack, changes: Changes, *, at: datetime, by: audit.Actor, replacing_edits: bool = False
) -> None:
    """Write everything of the catalogue room; each edition that differs becomes a new revision.

    What was published at a desk since stays, and is told as kept, unless edits are to be replaced."""
    with noting(changes, "vocabulary", "vocabulary", Term):
        _terms(pack)
    with noting(changes, "thesaurus", "thesaurus", SynonymGroup):
        _synonyms(pack)
    _programmes(pack, changes)
    rows = {row.slug: row for row in Programme.objects.all()}
    kept = {} if replacing_edits else edited()
    for programme in pack.programmes:
        for edition in programme.editions:
            if (elsewhere := kept.get((programme.slug, edition.fiscal_year))) is not None:
                if not _is_said_by(elsewhere.edition, edition):
                    changes.note(changes.kept, "programme", programme.slug)
                    continue
                elsewhere.delete()  # The pack says the same: it is the pack's from now on.
            published = operations.publish(
                programme=rows[programme.slug],
                fiscal_year=edition.fiscal_year,
                content=content_of(edition),
                at=at,
                by=by,
            )
            if published and programme.slug not in changes.added.get("programme", []):
                changes.note(changes.changed, "programme", programme.slug)


def edited() -> dict[tuple[str, int], Origin]:
    """What desks and feeds said last, by programme and year: published, or taken off."""
    later = Edition.objects.filter(
        programme=OuterRef("edition__programme"),
        fiscal_year=OuterRef("edition__fiscal_year"),
        revision__gt=OuterRef("edition__revision"),
    )
    newest = Origin.objects.filter(
        ~Exists(later), edition__state__in=[EditionState.PUBLISHED, EditionState.WITHDRAWN]
    )
    return {
        (origin.edition.programme.slug, origin.edition.fiscal_year): origin
        for origin in newest.select_related("edition__programme")
    }


def _is_said_by(row: Edition, edition: schema.Edition) -> bool:
    return row.state == EditionState.PUBLISHED and row.content_hash == digest("edition", edition)


def drop_missing(pack: Pack, changes: Changes, *, at: datetime, by: audit.Actor) -> None:
    """Withdraw the editions the pack no longer has; a programme stays, because its past does.

    What desks and feeds published was never the pack's to withdraw."""
    wanted = {(p.slug, edition.fiscal_year) for p in pack.programmes for edition in p.editions}
    published = Edition.objects.filter(state=EditionState.PUBLISHED, origin=None).select_related("programme")
    for edition in published.order_by("pk"):
        if (edition.programme.slug, edition.fiscal_year) not in wanted:
            operations.withdraw(edition=edition, at=at, by=by)
            gone = edition.programme.slug not in {p.slug for p in pack.programmes}
            what = changes.removed if gone else changes.changed
            changes.note(what, "programme", edition.programme.slug)


def _terms(pack: Pack) -> None:
    Term.objects.all().delete()
    Term.objects.bulk_create(
        Term(vocabulary=name, position=position, **term.model_dump())
        for name in _VOCABULARIES
        for position, term in enumerate(getattr(pack.vocabulary, name))
    )


def _synonyms(pack: Pack) -> None:
    SynonymGroup.objects.all().delete()
    SynonymGroup.objects.bulk_create(
        SynonymGroup(words=group.words, targets=group.to, position=position)
        for position, group in enumerate(pack.thesaurus)
    )


def _programmes(pack: Pack, changes: Changes) -> None:
    wanted = {
        programme.slug: Wanted(
            programme.model_dump(include={"name", "breaks", "reading"}),
            digest("programme", programme.model_copy(update={"editions": []})),
        )
        for programme in pack.programmes
    }
    touched = sync(Programme, "programme", wanted, changes)
    rows = {row.slug: row for row in Programme.objects.all()}
    desks = {row.slug: row for row in Desk.objects.all()}
    for programme in pack.programmes:
        if programme.slug not in touched:
            continue
        row = rows[programme.slug]
        row.predecessors.set(rows[slug] for slug in programme.predecessors)
        row.desks.set(desks[slug] for slug in programme.desks)
        row.related.all().delete()
        RelatedProgramme.objects.bulk_create(
            RelatedProgramme(
                programme=row, other=rows[related.programme], note=related.note, position=position
            )
            for position, related in enumerate(programme.related)
        )


def content_of(edition: schema.Edition) -> EditionContent:
    """What an edition written as in a pack says, as the catalogue keeps it."""
    columns: dict[str, Any] = edition.model_dump(include=set(PLAIN_COLUMNS))
    columns |= {name: plain(getattr(edition, name)) for name in POINT_LISTS}
    said_by = [edition.written_by] if edition.written_by else []
    columns |= {
        "sources": plain([*edition.sources, *said_by]),
        "is_free": edition.free,
        "reception_mode": edition.reception.mode,
        "reception_text": edition.reception.text,
    }
    return EditionContent(
        columns=columns,
        content_hash=digest("edition", edition),
        frames=[_frame(frame) for frame in edition.frames],
        windows=[window.model_dump() for window in edition.reception.windows],
        contacts=contact_rows(edition.contacts),
        roles=_roles(edition.roles),
    )


def _frame(frame: schema.Frame) -> dict[str, Any]:
    columns = frame.model_dump(exclude={"rate_range"})
    if frame.rate_range:
        columns |= {"rate": frame.rate_range.high, "rate_low": frame.rate_range.low}
    return columns


def _roles(roles: schema.Roles) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for role in EditionRole.Role.values:
        value = getattr(roles, role)
        if not value:
            continue
        if role in (EditionRole.Role.PAYEE, EditionRole.Role.BENEFICIARY):
            rows.append({"role": role, "text": value})
            continue
        organisation = Organisation.objects.filter(slug=value).first()
        unit = None if organisation else Unit.objects.select_related("organisation").get(slug=value)
        rows.append(
            {"role": role, "unit": unit, "organisation": organisation or (unit and unit.organisation)}
        )
    return rows
