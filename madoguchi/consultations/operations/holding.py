"""Requests that were taken for spam: a person looks at each, and none is lost."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.consultations import rules
from madoguchi.consultations.errors import NotAllowed
from madoguchi.consultations.models import Case, Involvement
from madoguchi.consultations.operations import books, moves, requests
from madoguchi.consultations.operations.acting import lead_part, say
from madoguchi.consultations.states import CaseState, InvolvementState
from madoguchi.foundation.errors import Conflict


def release(*, case: Case, hat: Hat, at: datetime) -> None:
    """Let a held or discarded request go to the desk it was routed to; only now the promise begins.

    Raises NotAllowed, Conflict.
    """
    with transaction.atomic():
        locked, lead = _judged(case, hat)
        if not locked.held_because:
            raise Conflict
        columns: dict[str, Any] = {"held_because": "", "closed_at": None, "state": CaseState.NEW}
        if lead.desk:
            columns["promised_on"] = requests.promise(lead.desk, at=at)
        Case.objects.filter(pk=case.pk).update(**columns)
        locked.refresh_from_db()
        moves.follow(locked)
        say("case_released", case, hat=hat, at=at)
        lead.case = locked
        books.enter(lead, by=hat.as_actor(), at=at)
        # Unless it was withdrawn meanwhile, it is sent from now on: reminders count from here.
        if case.involvements.filter(pk=lead.pk, state=InvolvementState.SENT).update(sent_at=at):
            requests.tell(locked)
    case.refresh_from_db()


def discard(*, case: Case, hat: Hat, at: datetime) -> None:
    """Put a held request away as spam; it is kept, and may be released still. Raises NotAllowed, Conflict."""
    with transaction.atomic():
        locked, _lead = _judged(case, hat)
        if locked.state != CaseState.HELD:
            raise Conflict
        Case.objects.filter(pk=case.pk).update(closed_at=at, state=CaseState.CLOSED)
        say("case_discarded", case, hat=hat, at=at)
    case.refresh_from_db()


def _judged(case: Case, hat: Hat) -> tuple[Case, Involvement]:
    """The case, locked, and its lead, if that is the hat's organisation."""
    locked = Case.objects.select_for_update().get(pk=case.pk)
    lead = lead_part(case)
    if lead.organisation_id is None or lead.organisation_id != hat.organisation_id:
        raise NotAllowed(_(rules.NOT_YOUR_ORGANISATION))
    return locked, lead
