"""Requests that were taken for spam: a person looks at each, and none is lost."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.consultations import rules
from madoguchi.consultations.errors import NotAllowed
from madoguchi.consultations.models import Case
from madoguchi.consultations.operations import moves
from madoguchi.consultations.states import CaseState
from madoguchi.foundation import audit
from madoguchi.foundation.errors import Conflict


def release(*, case: Case, hat: Hat, at: datetime) -> None:
    """Let a held or discarded request go to the desk it was routed to. Raises NotAllowed, Conflict."""
    with transaction.atomic():
        locked = _judged(case, hat)
        if not locked.held_because:
            raise Conflict
        Case.objects.filter(pk=case.pk).update(held_because="", closed_at=None, state=CaseState.NEW)
        locked.refresh_from_db()
        moves.follow(locked)
        _record("case_released", case, hat=hat, at=at)
    case.refresh_from_db()


def discard(*, case: Case, hat: Hat, at: datetime) -> None:
    """Put a held request away as spam; it is kept, and may be released still. Raises NotAllowed, Conflict."""
    with transaction.atomic():
        locked = _judged(case, hat)
        if locked.state != CaseState.HELD:
            raise Conflict
        Case.objects.filter(pk=case.pk).update(closed_at=at, state=CaseState.CLOSED)
        _record("case_discarded", case, hat=hat, at=at)
    case.refresh_from_db()


def _judged(case: Case, hat: Hat) -> Case:
    """The case, locked, if the hat's organisation is the one it was routed to."""
    locked = Case.objects.select_for_update().get(pk=case.pk)
    lead = case.involvements.filter(is_lead=True).order_by("pk").first()
    if lead is None or lead.organisation_id is None or lead.organisation_id != hat.organisation_id:
        raise NotAllowed(_(rules.NOT_YOUR_ORGANISATION))
    return locked


def _record(action: str, case: Case, *, hat: Hat, at: datetime) -> None:
    audit.record(
        f"consultations.{action}",
        at=at,
        by=hat.as_actor(),
        subject_type="consultations.case",
        subject_id=case.pk,
        organisation_id=hat.organisation_id,
    )
