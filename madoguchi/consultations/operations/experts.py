"""専門家に頼む: asking an expert, the expert's answer and report, and the end of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import Membership
from madoguchi.consultations import rules
from madoguchi.consultations.errors import (
    AskedAlready,
    ExpertConsentMissing,
    NotAllowed,
    NotAnExpert,
    ReasonMissing,
    TextMissing,
)
from madoguchi.consultations.kinds import Channel, Visibility
from madoguchi.consultations.models import Case, CasePerson, Dispatch, ExpertRequest
from madoguchi.consultations.operations import (
    acting,
    attaching,
    consenting,
    expert_moves,
    handing_over,
    recording,
    telling_experts,
)
from madoguchi.consultations.operations.attaching import Upload
from madoguchi.consultations.queries import receivers
from madoguchi.consultations.states import ExpertRequestState
from madoguchi.foundation.keys import new_key


@dataclass(frozen=True)
class Report:
    """What an expert tells of one dispatch."""

    body: str
    held_on: date
    minutes: int
    channel: Channel
    files: Sequence[Upload] = ()


def ask(
    *, case: Case, expert: Membership, question: str, shows_figures: bool, hat: Hat, at: datetime
) -> ExpertRequest:
    """Ask an expert of an organisation that the business agreed to, or that takes part already.

    In a secret case a named person of the lead asks, and the expert is named by it. Raises NotAllowed,
    TextMissing, NotAnExpert, ExpertConsentMissing, AskedAlready.
    """
    acting.require_work(case, hat)
    if case.is_secret:
        handing_over.require_named_of_lead(case, hat)
    if not question.strip():
        raise TextMissing
    if not receivers.experts(at=hat.at).filter(pk=expert.pk).exists():
        raise NotAnExpert
    if not expert_moves.is_covered(case, expert.organisation_id, consenting.standing(case)):
        raise ExpertConsentMissing
    try:
        with transaction.atomic():
            return _ask(case, expert, question.strip(), shows_figures, hat=hat, at=at)
    except IntegrityError:
        if case.expert_requests.filter(expert=expert, ended_at=None).exists():
            raise AskedAlready from None
        raise


def _ask(
    case: Case, expert: Membership, question: str, shows_figures: bool, *, hat: Hat, at: datetime
) -> ExpertRequest:
    request = ExpertRequest.objects.create(
        key=new_key(),
        case=case,
        expert=expert,
        question=question,
        shows_figures=shows_figures,
        asked_by_id=hat.user_id,
        asked_by_organisation=acting.own_organisation(hat),
        asked_at=at,
        state=ExpertRequestState.ASKED,
    )
    if case.is_secret:
        CasePerson.objects.get_or_create(case=case, user=expert.user, until=None, defaults={"since": at})
    acting.say(
        "expert_asked",
        case,
        hat=hat,
        at=at,
        request=request.pk,
        expert=expert.pk,
        shows_figures=shows_figures,
    )
    telling_experts.asked(request)
    return request


def accept(*, request: ExpertRequest, hat: Hat, at: datetime) -> None:
    """The expert helps. Raises NotAllowed, Conflict."""
    _require_expert(request, hat)
    with transaction.atomic():
        expert_moves.apply(request, ExpertRequestState.ACCEPTED, by=hat.as_actor(), at=at, answered_at=at)
        telling_experts.moved(request)


def decline(*, request: ExpertRequest, reason: str, hat: Hat, at: datetime) -> None:
    """The expert says no and why, and no longer sees the case. Raises NotAllowed, ReasonMissing, Conflict."""
    _require_expert(request, hat)
    if not reason.strip():
        raise ReasonMissing
    with transaction.atomic():
        expert_moves.apply(
            request,
            ExpertRequestState.DECLINED,
            by=hat.as_actor(),
            at=at,
            answered_at=at,
            answer_note=reason.strip(),
        )
        telling_experts.moved(request)


def report(*, request: ExpertRequest, told: Report, hat: Hat, at: datetime, once: str) -> None:
    """Keep a report as a shared note with its dispatch; the same `once` changes nothing.

    Raises NotAllowed, TextMissing, FileRefused, Conflict.
    """
    _require_expert(request, hat)
    with transaction.atomic():
        # The case is locked, so that the second of two sendings sees what the first one kept.
        Case.objects.select_for_update().get(pk=request.case_id)
        if request.dispatches.filter(note__once=once).exists():
            return
        expert_moves.apply(request, ExpertRequestState.REPORTED, by=hat.as_actor(), at=at)
        note = recording.write_note(
            case=request.case, body=told.body, visibility=Visibility.SHARED, hat=hat, at=at, once=once
        )
        attaching.attach(note=note, files=told.files, hat=hat, at=at)
        dispatch = Dispatch.objects.create(
            request=request,
            note=note,
            held_on=told.held_on,
            minutes=told.minutes,
            channel=told.channel,
            recorded_at=at,
        )
        telling_experts.moved(request, once=dispatch.pk)


def end(*, request: ExpertRequest, hat: Hat, at: datetime) -> None:
    """The organisation that asked, or the lead, ends it; the expert no longer sees the case.

    Raises NotAllowed, Conflict.
    """
    refused = rules.can_end_expert_request(
        organisation_id=hat.organisation_id,
        asked_by_organisation_id=request.asked_by_organisation_id,
        lead_organisation_id=consenting.lead_of(request.case),
    )
    if refused:
        raise NotAllowed(_(refused))
    with transaction.atomic():
        expert_moves.end(request, by=hat.as_actor(), at=at)


def _require_expert(request: ExpertRequest, hat: Hat) -> None:
    if request.expert_id != hat.membership_id:
        raise NotAllowed
