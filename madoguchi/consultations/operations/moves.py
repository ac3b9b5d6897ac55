"""Moving an involvement, and the case's state that follows from it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import Membership, User
from madoguchi.consultations import rules
from madoguchi.consultations.errors import NotAllowed, ReasonMissing
from madoguchi.consultations.kinds import AFTER_CLOSING, DeclineReason, Result
from madoguchi.consultations.models import Case, CasePerson, Closing, FollowUp, Involvement, Task
from madoguchi.consultations.operations import books, falling_back, inviting, naming, telling
from madoguchi.consultations.operations.next_step import keep_next_step
from madoguchi.consultations.queries import colleagues
from madoguchi.consultations.states import CaseState, InvolvementState, TaskState, state_of_case
from madoguchi.foundation import audit
from madoguchi.foundation.errors import Conflict
from madoguchi.institutions.models import Organisation

TO_CLOSE_AGAIN = "引き継ぎ先が引き受けたので、案件がまた開きました。済んだら閉じる"


def standing_of(involvement: Involvement, hat: Hat) -> rules.Standing:
    """What the rules have to know about a person and an involvement."""
    return rules.Standing(
        organisation_id=hat.organisation_id,
        involvement_organisation_id=involvement.organisation_id,
        involvement_state=InvolvementState(involvement.state),
        case_state=CaseState(involvement.case.state),
        is_lead=involvement.is_lead,
    )


def take(*, involvement: Involvement, adviser: User, hat: Hat, at: datetime) -> None:
    """The organisation takes the case and names who works on it. Raises NotAllowed, NotAMember, Conflict.

    The business is on its books from now on, and whoever takes a secret case one of its named people. That
    another organisation took the case keeps nobody from answering: each involvement answers for itself.
    """
    colleagues.require_colleague(adviser, organisation_id=hat.organisation_id, at=hat.at)
    with transaction.atomic():
        _move(
            involvement,
            InvolvementState.ACCEPTED,
            hat=hat,
            at=at,
            adviser=adviser,
            taken_at=at,
            answered_at=at,
            answer="",
            answer_note="",
        )
        books.enter(involvement, by=hat.as_actor(), at=at)
        note_response(involvement, at=at)
        telling.answered(involvement)
        CasePerson.objects.get_or_create(
            case_id=involvement.case_id, user=adviser, until=None, defaults={"since": at}
        )


def decline(*, involvement: Involvement, reason: DeclineReason, note: str, hat: Hat, at: datetime) -> None:
    """The organisation says no, with a reason, and no longer sees the case.

    Where it was the lead, the general desk is from now on. Where that is itself, or nobody reads there, it
    goes on seeing the case, which waits for its managers. Raises NotAllowed, Conflict, and ReasonMissing when
    "other" is not explained.
    """
    if reason == DeclineReason.OTHER and not note.strip():
        raise ReasonMissing
    with transaction.atomic():
        instead = falling_back.desk_instead(involvement, at=hat.at) if involvement.is_lead else None
        is_left_over = involvement.is_lead and instead is None
        _move(
            involvement,
            InvolvementState.DECLINED,
            hat=hat,
            at=at,
            answer=reason,
            answer_note=note.strip(),
            answered_at=at,
            access_ended_at=None if is_left_over else at,
        )
        if is_left_over:
            organisation = cast("Organisation", involvement.organisation)  # can_move: its own answers
            naming.name_receivers(involvement.case, organisation, at=hat.at, since=at)
        else:
            end_names(involvement, at=at)
            books.leave(involvement, involvement.case.business, by=hat.as_actor(), at=at)
        if instead:
            falling_back.hand_on(involvement, to=instead, hat=hat, at=at)
            follow(involvement.case)
        telling.answered(involvement)


def start(*, involvement: Involvement, hat: Hat, at: datetime) -> None:
    """Work begins, or begins again. Raises NotAllowed, Conflict."""
    with transaction.atomic():
        _move(involvement, InvolvementState.WORKING, hat=hat, at=at, finished_at=None)


def finish(*, involvement: Involvement, result: Result, note: str, hat: Hat, at: datetime) -> None:
    """The organisation is done with its part; it still sees the case. Raises NotAllowed, Conflict."""
    with transaction.atomic():
        _move(
            involvement,
            InvolvementState.FINISHED,
            hat=hat,
            at=at,
            result=result,
            result_note=note.strip(),
            finished_at=at,
            next_step="",
            next_due_on=None,
        )
        telling.answered(involvement)


def end_names(involvement: Involvement, *, at: datetime) -> None:
    """End the named people of an organisation that no longer sees the case.

    Whoever also works for an organisation that still does keeps their name.
    """
    seeing = Involvement.objects.filter(case=involvement.case_id, access_ended_at=None)
    organisations = seeing.exclude(organisation=None).values("organisation")
    others = Membership.objects.filter(organisation__in=organisations).values("user")
    own = Membership.objects.filter(organisation=involvement.organisation_id).values("user")
    names = CasePerson.objects.filter(case=involvement.case_id, until=None, user__in=own)
    names.exclude(user__in=others).update(until=at)


def note_response(involvement: Involvement, *, at: datetime) -> None:
    """Keep when the business was first answered by somebody who works on its case."""
    Case.objects.filter(pk=involvement.case_id, responded_at=None).update(responded_at=at)


def _move(involvement: Involvement, to: InvolvementState, *, hat: Hat, at: datetime, **columns: Any) -> None:
    """Look the move up, and make it. Raises NotAllowed, Conflict."""
    if reason := rules.can_move(standing_of(involvement, hat), to):
        raise NotAllowed(_(reason))
    apply(involvement, to, by=hat.as_actor(), at=at, **columns)


def apply(
    involvement: Involvement, to: InvolvementState, *, by: audit.Actor, at: datetime, **columns: Any
) -> None:
    """Compare and set, record it, and let the case follow; the caller looked the move up. Raises Conflict."""
    # The case first: two moves of one case would otherwise each work out its state without the other's.
    case = Case.objects.select_for_update().get(pk=involvement.case_id)
    if to == InvolvementState.ACCEPTED and case.closed_at is not None:
        _open_again(case, by=by, at=at)
    came_from = involvement.state
    moved = Involvement.objects.filter(pk=involvement.pk, state=came_from).update(state=to, **columns)
    if moved != 1:
        raise Conflict
    audit.record(
        f"consultations.involvement_{to}",
        at=at,
        by=by,
        subject_type="consultations.case",
        subject_id=case.pk,
        organisation_id=involvement.organisation_id,
        data={"involvement": involvement.pk, "from": came_from, "to": to},
    )
    if to == InvolvementState.FINISHED:
        drop_tasks([involvement.pk], at=at)
        inviting.call_off(involvement.appointments.all(), at=at)
    follow(case)
    involvement.refresh_from_db()


def end_closing(case: Case, *, at: datetime) -> None:
    """Let a case, locked by the caller, be open: planned surveys are taken back unless they were sent."""
    Closing.objects.filter(case=case, reopened_at=None).update(reopened_at=at)
    planned = FollowUp.objects.filter(case=case, kind__in=AFTER_CLOSING, asked_at=None, done_at=None)
    planned.delete()
    case.closed_at = None
    Case.objects.filter(pk=case.pk).update(closed_at=None, state=_state_of(case))


def _open_again(case: Case, *, by: audit.Actor, at: datetime) -> None:
    """Open a closed case, locked by the caller, for who was still asked and takes it: the lead goes on, too.

    It answers for the case to the business, and has to close it once more.
    """
    end_closing(case, at=at)
    lead = case.involvements.select_related("case").get(is_lead=True)
    if lead.state == InvolvementState.FINISHED:
        apply(lead, InvolvementState.WORKING, by=by, at=at, finished_at=None)
        Task.objects.create(
            case=case, involvement=lead, title=TO_CLOSE_AGAIN, due_on=timezone.localdate(at), made_at=at
        )
        keep_next_step(lead.pk)
    audit.record(
        "consultations.case_reopened",
        at=at,
        by=by,
        subject_type="consultations.case",
        subject_id=case.pk,
        organisation_id=lead.organisation_id,
    )


def drop_tasks(involvements: Iterable[int], *, at: datetime) -> None:
    """Drop what ended parts had still to do, as nobody may tick it; the caller empties the next step."""
    still_open = Task.objects.filter(involvement__in=involvements, state=TaskState.OPEN)
    still_open.update(state=TaskState.DROPPED, ended_at=at)


def follow(case: Case) -> None:
    """Let the state of a case, locked by the caller, follow from its involvements."""
    Case.objects.filter(pk=case.pk).update(state=_state_of(case))


def _state_of(case: Case) -> CaseState:
    states = [InvolvementState(s) for s in case.involvements.order_by("pk").values_list("state", flat=True)]
    return state_of_case(states, is_held=bool(case.held_because), is_closed=case.closed_at is not None)
