"""Writing the catalogue: publishing and withdrawing editions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy

from madoguchi.catalogue.models import (
    Edition,
    EditionContact,
    EditionRole,
    Frame,
    Origin,
    Programme,
    ReceptionWindow,
)
from madoguchi.catalogue.states import MOVES, EditionState
from madoguchi.foundation import audit, outbox
from madoguchi.foundation.errors import Conflict


@dataclass(frozen=True)
class EditionContent:
    """All that an edition says: the columns of Edition, and its rows in printed order."""

    columns: Mapping[str, Any]
    content_hash: str
    frames: Sequence[Mapping[str, Any]] = ()
    windows: Sequence[Mapping[str, Any]] = ()
    contacts: Sequence[Mapping[str, Any]] = ()
    roles: Sequence[Mapping[str, Any]] = field(default=())


@transaction.atomic
def publish(
    *,
    programme: Programme,
    fiscal_year: int,
    content: EditionContent,
    at: datetime,
    by: audit.Actor,
    origin: Origin | None = None,
) -> Edition | None:
    """Publish an edition as a new revision that replaces the one before it.

    `origin` is a row not saved yet; None for what the region pack says. Returns None when the published
    edition already says exactly this. Raises Conflict when somebody else published in between."""
    editions = programme.editions.filter(fiscal_year=fiscal_year).order_by("-revision", "pk")
    newest, current = editions.first(), editions.filter(state=EditionState.PUBLISHED).first()
    if current and current.content_hash == content.content_hash:
        return None
    if current:
        _move(current, EditionState.SUPERSEDED, at=at)
    revision = newest.revision + 1 if newest else 1
    edition = _draft(programme, fiscal_year, revision, content)
    if origin:
        origin.edition = edition
        origin.save()
    _move(edition, EditionState.PUBLISHED, at=at)
    _note("catalogue.edition_published", edition, programme=programme, at=at, by=by)
    return edition


def _draft(programme: Programme, fiscal_year: int, revision: int, content: EditionContent) -> Edition:
    """A draft with its rows: once it is published, the database takes no more of them."""
    try:
        with transaction.atomic():
            edition = Edition.objects.create(
                programme=programme,
                fiscal_year=fiscal_year,
                revision=revision,
                state=EditionState.DRAFT,
                content_hash=content.content_hash,
                **content.columns,
            )
    except IntegrityError as error:
        # Two first editions at once: neither finds one to supersede, and the constraint decides.
        if programme.editions.filter(fiscal_year=fiscal_year, revision__gte=revision).exists():
            raise Conflict from error
        raise
    Frame.objects.bulk_create(
        Frame(edition=edition, position=position, **row) for position, row in enumerate(content.frames)
    )
    ReceptionWindow.objects.bulk_create(
        ReceptionWindow(edition=edition, position=position, **row)
        for position, row in enumerate(content.windows)
    )
    EditionContact.objects.bulk_create(
        EditionContact(edition=edition, position=position, **row)
        for position, row in enumerate(content.contacts)
    )
    EditionRole.objects.bulk_create(EditionRole(edition=edition, **row) for row in content.roles)
    return edition


@transaction.atomic
def withdraw(*, edition: Edition, at: datetime, by: audit.Actor) -> None:
    """Take a published edition off the site; it stays in the record. Raises Conflict when not published."""
    _move(edition, EditionState.WITHDRAWN, at=at)
    _note("catalogue.edition_withdrawn", edition, programme=edition.programme, at=at, by=by)


def _move(edition: Edition, to: EditionState, *, at: datetime) -> None:
    came_from = EditionState(edition.state)
    if to not in MOVES[came_from]:
        raise Conflict(gettext_lazy("この版は、いまの状態からは変えられません。"))
    moved = {"state": to, "published_at" if to is EditionState.PUBLISHED else "ended_at": at}
    if Edition.objects.filter(pk=edition.pk, state=came_from).update(**moved) != 1:
        raise Conflict
    for column, value in moved.items():
        setattr(edition, column, value)


def _note(action: str, edition: Edition, *, programme: Programme, at: datetime, by: audit.Actor) -> None:
    audit.record(
        action,
        at=at,
        by=by,
        subject_type="edition",
        subject_id=edition.pk,
        data={"programme": programme.slug, "fiscal_year": edition.fiscal_year, "revision": edition.revision},
    )
    outbox.put_public(f"programme:{programme.slug}", at=at)
