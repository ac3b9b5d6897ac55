"""Moving a question to an expert; its end, whoever brings it about, closes the case to the expert."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.models import Membership
from madoguchi.consultations import rules
from madoguchi.consultations.errors import NotAllowed
from madoguchi.consultations.models import Case, CasePerson, ExpertRequest
from madoguchi.consultations.operations import telling_experts
from madoguchi.consultations.queries import colleagues
from madoguchi.consultations.states import OPEN_TO_EXPERT, ExpertRequestState
from madoguchi.foundation import audit, clock
from madoguchi.foundation.errors import Conflict


def apply(
    request: ExpertRequest, to: ExpertRequestState, *, by: audit.Actor, at: datetime, **columns: Any
) -> None:
    """Look the move up, compare and set, record it. Raises NotAllowed, Conflict.

    With a state that is not open the name in a secret case ends as well.
    """
    came_from = ExpertRequestState(request.state)
    if refused := rules.can_move_expert_request(came_from, to):
        raise NotAllowed(_(refused))
    if to not in OPEN_TO_EXPERT:
        columns["ended_at"] = at
    rows = ExpertRequest.objects.filter(pk=request.pk, state=came_from)
    if rows.update(state=to, **columns) != 1:
        raise Conflict
    if to not in OPEN_TO_EXPERT:
        _end_name(request, at=at)
    audit.record(
        f"consultations.expert_{to}",
        at=at,
        by=by,
        subject_type="consultations.case",
        subject_id=request.case_id,
        organisation_id=request.expert.organisation_id,
        data={"request": request.pk, "from": came_from, "to": to},
    )
    request.refresh_from_db(fields=["state", "answered_at", "answer_note", "ended_at"])


def is_covered(case: Case, organisation_id: int, consents: Iterable[rules.Sharing]) -> bool:
    """Whether somebody of this organisation may read the case: it takes part, or the business agreed."""
    return case.involvements.filter(
        organisation=organisation_id, access_ended_at=None
    ).exists() or rules.is_shared_with(consents, organisation_id=organisation_id, is_secret=case.is_secret)


def end_uncovered(case: Case, consents: Iterable[rules.Sharing], *, by: audit.Actor, at: datetime) -> None:
    """End what no consent covers any more."""
    standing = list(consents)
    for request in _open(case):
        if not is_covered(case, request.expert.organisation_id, standing):
            end(request, by=by, at=at)


def end_all(case: Case, *, by: audit.Actor, at: datetime, user_id: int | None = None) -> None:
    """End every open question of a case, or those to one person."""
    rows = _open(case)
    for request in rows if user_id is None else rows.filter(expert__user=user_id):
        end(request, by=by, at=at)


def end(request: ExpertRequest, *, by: audit.Actor, at: datetime) -> None:
    """End one and tell the expert. Raises NotAllowed, Conflict."""
    apply(request, ExpertRequestState.ENDED, by=by, at=at)
    telling_experts.ended(request)


def _open(case: Case) -> QuerySet[ExpertRequest]:
    rows = case.expert_requests.filter(state__in=sorted(OPEN_TO_EXPERT))
    return rows.select_related("case", "expert__user").order_by("pk")


def _end_name(request: ExpertRequest, *, at: datetime) -> None:
    """The expert's name in a secret case ends, unless they also work where the case is."""
    user_id = request.expert.user_id
    seeing = request.case.involvements.filter(access_ended_at=None).exclude(organisation=None)
    works_there = Membership.objects.running(at=clock.actual_now()).filter(
        user=user_id, organisation__in=seeing.values("organisation"), role__in=colleagues.READERS
    )
    if not works_there.exists():
        CasePerson.objects.filter(case=request.case_id, user=user_id, until=None).update(until=at)
