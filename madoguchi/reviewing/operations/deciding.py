"""What a person makes of a field: accept it, correct it, reject it, take the decision back."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from madoguchi.accounts.hats import Hat
from madoguchi.foundation.errors import Conflict
from madoguchi.results.errors import WrongState
from madoguchi.reviewing.errors import AlreadyTakenOver
from madoguchi.reviewing.kinds import What, kept_form
from madoguchi.reviewing.models import DraftField, DraftRecord, ImportedDocument
from madoguchi.reviewing.operations.acting import say_by
from madoguchi.reviewing.queries import require_review
from madoguchi.reviewing.states import FIELD_MOVES, FieldState

# Only what the reader itself calls sure is accepted without a look at each.
CERTAIN = 1


def decide(
    *, field: DraftField, to: FieldState, version: int, hat: Hat, at: datetime, typed: str = ""
) -> DraftField:
    """Decide on a field as it was seen; `typed` is the value of a correction.

    Raises NotAllowed, UnreadableValue, AlreadyTakenOver, WrongState, Conflict."""
    require_review(hat)
    corrected = kept_form(What(field.what), typed) if to == FieldState.CORRECTED else ""
    with transaction.atomic():
        record = _locked(field.record_id)
        if to not in FIELD_MOVES[FieldState(field.state)]:
            raise WrongState
        if not set_if_as_seen(field, version, _decided(to, corrected, hat, at)):
            raise Conflict
        told = {"record": record.pk, "field": field.pk, "version": version + 1}
        say_by(_ACTIONS[to], record.document, hat=hat, at=at, **told)
    field.refresh_from_db()
    return field


_ACTIONS = {
    FieldState.OPEN: "field_reopened",
    FieldState.ACCEPTED: "field_accepted",
    FieldState.CORRECTED: "field_corrected",
    FieldState.REJECTED: "field_rejected",
}


def accept_certain(
    *, document: ImportedDocument, hat: Hat, at: datetime, record: DraftRecord | None = None
) -> int:
    """Accept all that was read with certainty and that nobody has decided, of a record or of all.

    Returns how many. Raises NotAllowed, AlreadyTakenOver."""
    require_review(hat)
    with transaction.atomic():
        if record is not None:
            _locked(record.pk)
        fields = _certain(document, record)
        count = fields.update(**_decided(FieldState.ACCEPTED, "", hat, at), version=F("version") + 1)
        if count:
            which = record.pk if record else None
            say_by("certain_accepted", document, hat=hat, at=at, record=which, fields=count)
    return count


def _certain(document: ImportedDocument, record: DraftRecord | None) -> QuerySet[DraftField]:
    # By their records' keys: an update over joined tables is not the same on both databases.
    records = DraftRecord.objects.filter(document=document, taken_at=None)
    if record is not None:
        records = records.filter(pk=record.pk)
    pks = list(records.select_for_update().values_list("pk", flat=True))
    return DraftField.objects.filter(record__in=pks, state=FieldState.OPEN, confidence=CERTAIN)


def _locked(record: int) -> DraftRecord:
    """The record with its row locked, so that nobody takes it over meanwhile."""
    row = DraftRecord.objects.select_for_update(of=("self",)).select_related("document").get(pk=record)
    if row.taken_at is not None:
        raise AlreadyTakenOver
    return row


def set_if_as_seen(field: DraftField, version: int, columns: dict[str, object]) -> bool:
    """Whether the field was still as it was seen."""
    seen = DraftField.objects.filter(pk=field.pk, version=version, state=field.state)
    return seen.update(**columns, version=version + 1) == 1


def _decided(to: FieldState, corrected: str, hat: Hat, at: datetime) -> dict[str, object]:
    by = hat.as_actor()
    if to == FieldState.OPEN:
        who: dict[str, object] = {"decided_by_id": "", "decided_by_label": "", "decided_at": None}
    else:
        who = {"decided_by_id": by.id, "decided_by_label": by.label, "decided_at": at}
    return {"state": to, "corrected": corrected, **who}
