"""Beginnings for notes that an organisation writes often."""

from datetime import datetime

from django.db import transaction

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.errors import TextMissing
from madoguchi.consultations.models import NoteTemplate
from madoguchi.consultations.operations.acting import own_organisation
from madoguchi.foundation import audit


def keep_template(*, name: str, body: str, hat: Hat, at: datetime) -> None:
    """Keep a beginning under a name; one of the same name is replaced. Raises TextMissing."""
    if not name.strip() or not body.strip():
        raise TextMissing
    with transaction.atomic():
        template, _made = NoteTemplate.objects.update_or_create(
            organisation=own_organisation(hat),
            name=name.strip(),
            defaults={"body": body.strip()},
        )
        _say("note_template_kept", template.pk, hat=hat, at=at)


def remove_template(*, pk: int, hat: Hat, at: datetime) -> None:
    """Take a beginning of the own organisation away; one that is not there changes nothing."""
    with transaction.atomic():
        removed, _by_model = NoteTemplate.objects.filter(pk=pk, organisation=hat.organisation_id).delete()
        if removed:
            _say("note_template_removed", pk, hat=hat, at=at)


def _say(action: str, pk: int, *, hat: Hat, at: datetime) -> None:
    audit.record(
        f"consultations.{action}",
        at=at,
        by=hat.as_actor(),
        subject_type="consultations.note_template",
        subject_id=pk,
        organisation_id=hat.organisation_id,
    )
