"""What a business does with its own request: nudge once, tick a task, add something, withdraw."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from madoguchi.consultations import rules
from madoguchi.consultations.errors import AlreadySent, NotAllowed, TextMissing
from madoguchi.consultations.kinds import Result, Visibility
from madoguchi.consultations.models import Case, Involvement, Note, Task
from madoguchi.consultations.operations import (
    chasing,
    consenting,
    finding,
    inviting,
    moves,
    telling,
)
from madoguchi.consultations.operations.acting import lead_part
from madoguchi.consultations.operations.next_step import keep_next_step
from madoguchi.consultations.queries import sharing
from madoguchi.consultations.states import RUNNING, CaseState, InvolvementState, TaskState
from madoguchi.foundation import audit

WITHDRAWN = "相談を取り下げました。"
TO_CLOSE = "取り下げられた案件を閉じる"


@dataclass(frozen=True)
class Requester:
    """Who acts for the business: by the link nobody in particular, signed in a person."""

    actor: audit.Actor
    name: str
    user_id: int | None = None


def nudge(*, case: Case, on: date, requester: Requester, at: datetime, part: int | None = None) -> None:
    """Ask an organisation for its answer, once: the lead, or the one of a part.

    Raises NotAllowed before the promised day, after the answer, twice, and for a part of another case.
    """
    involvement = (
        case.involvements.select_related("case", "organisation", "unit", "desk", "adviser")
        .filter(pk=part, access_ended_at=None)
        .first()
        if part is not None
        else lead_part(case)
    )
    if involvement is None:
        raise NotAllowed
    chasing.nudge(involvement=involvement, by=requester.actor, on=on, at=at)


def tick(*, case: Case, task_id: int, requester: Requester, at: datetime) -> None:
    """Say that a task of the business is done; twice is done once. Raises NotAllowed for any other task."""
    with transaction.atomic():
        own = Task.objects.filter(pk=task_id, case=case, involvement=None)
        if not own.exclude(state=TaskState.DROPPED).exists():
            raise NotAllowed
        if own.filter(state=TaskState.OPEN).update(state=TaskState.DONE, ended_at=at):
            _record("task_done", case, requester, at=at, task=task_id)


def add_words(*, case: Case, body: str, requester: Requester, at: datetime, once: str | None = None) -> None:
    """Add something that everybody at work on the case reads; the same `once` adds it once.

    Raises TextMissing, AlreadySent (other words with that `once`), and NotAllowed on a closed case.
    """
    if not body.strip():
        raise TextMissing
    if refused := rules.can_add(case_state=CaseState(case.state)):
        raise NotAllowed(_(refused))
    with transaction.atomic():
        kept = Note.objects.filter(once=once, case=case).first() if once else None
        if kept is not None:
            if kept.body != body.strip():
                raise AlreadySent
            return
        note = _write(case, body.strip(), requester, at=at, once=once)
        _record("note_written", case, requester, at=at, note=note.pk, visibility=str(Visibility.SHARED))


def withdraw(*, case: Case, requester: Requester, at: datetime) -> None:
    """Take the request back: all that is running ends, and a note says why.

    The lead closes the case afterwards, with what came of it. Raises NotAllowed when it is closed already, or
    nothing is running.
    """
    with transaction.atomic():
        locked = Case.objects.select_for_update().get(pk=case.pk)
        ended = _end_running(locked.involvements.filter(state__in=RUNNING), at=at)
        if not ended or locked.closed_at is not None:
            raise NotAllowed(_(rules.NOTHING_RUNNING))
        inviting.call_off(locked.appointments.all(), at=at)
        _write(locked, WITHDRAWN, requester, at=at, once=None)
        _leave_to_close(locked, at=at)
        moves.follow(locked)
        parts = locked.involvements.filter(pk__in=ended).select_related("case", "organisation")
        for involvement in () if locked.held_because else parts:  # what is held tells nobody
            telling.withdrawn(involvement)
        _record("request_withdrawn", locked, requester, at=at, involvements=ended)
    case.refresh_from_db()


def withdraw_consent(*, case: Case, requester: Requester, at: datetime) -> None:
    """Take back the consent to share with others than the desk that answers: they no longer see the case.

    Raises NotAllowed when there is no such consent.
    """
    with transaction.atomic():
        consents = sharing.with_others(case, than=lead_part(case).organisation_id)
        if not consents:
            raise NotAllowed(_(rules.NO_CONSENT))
        for consent in consents:
            consenting.withdraw_own(consent=consent, by=requester.actor, at=at)
    case.refresh_from_db()


def _end_running(involvements: QuerySet[Involvement], *, at: datetime) -> list[int]:
    """End parts of others at the business's own wish, whatever they wait for; their numbers."""
    ids = list(involvements.order_by("pk").values_list("pk", flat=True))
    Involvement.objects.filter(pk__in=ids, state__in=RUNNING).update(
        state=InvolvementState.FINISHED,
        result=Result.WITHDRAWN,
        finished_at=at,
        next_step="",
        next_due_on=None,
    )
    moves.drop_tasks(ids, at=at)
    return ids


def _leave_to_close(case: Case, *, at: datetime) -> None:
    """The lead still has to close the case, or it would lie in no tray and be kept for ever."""
    lead = lead_part(case)
    Task.objects.create(
        case=case, involvement=lead, title=TO_CLOSE, due_on=timezone.localdate(at), made_at=at
    )
    keep_next_step(lead.pk)


def _write(case: Case, body: str, requester: Requester, *, at: datetime, once: str | None) -> Note:
    note = Note.objects.create(
        case=case,
        author_id=requester.user_id,
        author_name=requester.name,
        visibility=Visibility.SHARED,
        body=body,
        written_at=at,
        once=once,
    )
    finding.keep_words(case)
    return note


def _record(action: str, case: Case, requester: Requester, *, at: datetime, **data: object) -> None:
    audit.record(
        f"consultations.{action}",
        at=at,
        by=requester.actor,
        subject_type="consultations.case",
        subject_id=case.pk,
        data=data,
    )
