"""The record of what was done."""

from datetime import datetime

from madoguchi.accounts.hats import Hat
from madoguchi.foundation import audit
from madoguchi.reviewing.models import ImportedDocument


def say(
    action: str,
    document: ImportedDocument,
    *,
    by: audit.Actor,
    at: datetime,
    organisation_id: int | None = None,
    **data: object,
) -> None:
    """Record what was done with a document: ids and counts, never content."""
    audit.record(
        f"reviewing.{action}",
        at=at,
        by=by,
        subject_type="reviewing.document",
        subject_id=document.key,
        organisation_id=organisation_id,
        data=data,
    )


def say_by(action: str, document: ImportedDocument, *, hat: Hat, at: datetime, **data: object) -> None:
    """The same, of a person at the desk."""
    say(action, document, by=hat.as_actor(), at=at, organisation_id=hat.organisation_id, **data)
