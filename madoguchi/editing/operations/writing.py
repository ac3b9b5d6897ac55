"""Beginning, writing and throwing away drafts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.accounts.hats import Hat
from madoguchi.catalogue.models import Edition, Programme
from madoguchi.editing import rules
from madoguchi.editing.errors import EditionThere, NotAllowed
from madoguchi.editing.models import Draft, Wish
from madoguchi.editing.operations.moving import change, move, note_writer, say
from madoguchi.editing.queries import beginning_from, may_write, published_edition, standing
from madoguchi.editing.states import DraftState
from madoguchi.foundation import audit
from madoguchi.foundation.keys import new_key
from madoguchi.institutions.models import Organisation


def begin(*, hat: Hat, fiscal_year: int, at: datetime, edition: Edition | None = None) -> Draft:
    """Begin a draft: of a new programme, a copy of an edition for another year, or the edition to correct it.

    Raises NotAllowed, and EditionThere where that other year has an edition already."""
    programme = edition.programme if edition else None
    allowed = may_write(hat, programme) if programme else hat.may("programmes.write")
    if not allowed or hat.organisation_id is None:
        raise NotAllowed(_(rules.NOT_YOURS))
    seen = published_edition(programme, fiscal_year)
    if edition is not None and seen is not None and seen.fiscal_year != edition.fiscal_year:
        raise EditionThere
    organisation = Organisation.objects.get(pk=hat.organisation_id)
    document = beginning_from(edition, fiscal_year) if edition else _empty(organisation, fiscal_year)
    with transaction.atomic():
        draft = Draft.objects.create(
            key=new_key(),
            programme=programme,
            fiscal_year=fiscal_year,
            document=document,
            organisation=organisation,
            seen=seen,
            author_id=str(hat.user_id),
            author_label=hat.label,
            begun_at=at,
            changed_at=at,
        )
        note_writer(draft, hat)
        say("draft_begun", draft, at=at, by=hat.as_actor(), fiscal_year=fiscal_year)
    return draft


def _empty(organisation: Organisation, fiscal_year: int) -> dict[str, Any]:
    contact = {"organisation": organisation.slug}
    if organisation.telephone:
        contact["telephone"] = organisation.telephone
    return {
        "fiscal_year": fiscal_year,
        "areas": [organisation.area_code] if organisation.area_code else [],
        "contacts": [contact],
        "roles": {"owner": organisation.slug},
    }


def write(*, draft: Draft, document: Mapping[str, Any], version: int, hat: Hat, at: datetime) -> None:
    """Keep what a draft says now, complete or not. Raises NotAllowed, Conflict."""
    require(rules.can_write(standing(hat, draft)))
    fixed = {"fiscal_year": draft.fiscal_year, "roles": draft.document.get("roles", {})}
    content = {**document, **fixed}
    if content == draft.document:
        return
    was = draft.document
    names = sorted(name for name in content.keys() | was.keys() if content.get(name) != was.get(name))
    with transaction.atomic():
        change(draft, version=version, document=content, changed_at=at, returned="")
        note_writer(draft, hat)
        say("draft_written", draft, at=at, by=hat.as_actor(), fields=names)


def discard(*, draft: Draft, version: int, hat: Hat, at: datetime) -> None:
    """Throw a draft away. Raises NotAllowed, Conflict."""
    require(rules.can_write(standing(hat, draft)))
    with transaction.atomic():
        move(draft, DraftState.DISCARDED, version=version, changed_at=at)
        say("draft_discarded", draft, at=at, by=hat.as_actor())


def wish(*, organisation: Organisation, needs_second: bool, at: datetime, by: audit.Actor) -> None:
    """Say whether an institution wants a second person before anything is public."""
    with transaction.atomic():
        Wish.objects.update_or_create(organisation=organisation, defaults={"needs_second": needs_second})
        audit.record(
            "editing.wish_changed",
            at=at,
            by=by,
            subject_type="organisation",
            subject_id=organisation.slug,
            organisation_id=organisation.pk,
            data={"needs_second": needs_second},
        )


def require(reason: str | None) -> None:
    """Raise NotAllowed with the reason, if there is one."""
    if reason is not None:
        raise NotAllowed(_(reason))


def programme_slug(organisation: Organisation) -> str:
    """A slug for a new programme that no other has: its institution's, and letters that mean nothing."""
    while True:
        slug = f"{organisation.slug[:60]}-{new_key()[:6]}"
        if not Programme.objects.filter(slug=slug).exists():
            return slug
