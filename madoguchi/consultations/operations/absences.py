"""Entering and taking back days on which a desk takes nothing, or one is away oneself."""

from datetime import date, datetime

from django.db import transaction

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.errors import NotAllowed, PeriodReversed, ReasonMissing
from madoguchi.consultations.models import AdviserAbsence, DeskAbsence
from madoguchi.foundation import audit
from madoguchi.institutions.models import Desk


def enter_for_desk(
    *,
    desk: Desk,
    begins_on: date,
    ends_on: date,
    instead: Desk | None,
    reason: str,
    hat: Hat,
    at: datetime,
) -> DeskAbsence:
    """Enter days of a desk of the own organisation; without `instead` the general desk stands in.

    Raises NotAllowed, PeriodReversed, ReasonMissing.
    """
    if not hat.may("cases.manage") or desk.organisation_id != hat.organisation_id:
        raise NotAllowed
    if ends_on < begins_on:
        raise PeriodReversed
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        absence = DeskAbsence.objects.create(
            desk=desk,
            begins_on=begins_on,
            ends_on=ends_on,
            instead=instead,
            reason=reason.strip(),
            entered_by_id=hat.user_id,
            entered_at=at,
        )
        _say("desk_absence_entered", absence.pk, hat=hat, at=at, desk=desk.pk)
    return absence


def remove_for_desk(*, absence: DeskAbsence, hat: Hat, at: datetime) -> None:
    """Take days of a desk back; the caller has found them as visible."""
    with transaction.atomic():
        number, _by_model = DeskAbsence.objects.filter(pk=absence.pk).delete()
        if number:
            _say("desk_absence_removed", absence.pk, hat=hat, at=at, desk=absence.desk_id)


def enter_own(*, begins_on: date, ends_on: date, hat: Hat, at: datetime) -> AdviserAbsence:
    """Enter days on which one is away. Raises PeriodReversed."""
    if ends_on < begins_on:
        raise PeriodReversed
    with transaction.atomic():
        absence = AdviserAbsence.objects.create(
            user_id=hat.user_id, begins_on=begins_on, ends_on=ends_on, entered_at=at
        )
        _say("own_absence_entered", absence.pk, hat=hat, at=at)
    return absence


def remove_own(*, pk: int, hat: Hat, at: datetime) -> None:
    """Take days of one's own back; those of others and none change nothing."""
    with transaction.atomic():
        number, _by_model = AdviserAbsence.objects.filter(pk=pk, user=hat.user_id).delete()
        if number:
            _say("own_absence_removed", pk, hat=hat, at=at)


def _say(action: str, pk: int, *, hat: Hat, at: datetime, **data: object) -> None:
    audit.record(
        f"consultations.{action}",
        at=at,
        by=hat.as_actor(),
        subject_type="consultations.absence",
        subject_id=pk,
        organisation_id=hat.organisation_id,
        data=data,
    )
