"""What a business agrees to, and takes back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from madoguchi.accounts.hats import Hat
from madoguchi.consultations import rules
from madoguchi.consultations.errors import ScopeMissing
from madoguchi.consultations.kinds import ConsentMeans, DeclineReason, Result
from madoguchi.consultations.models import Case, Consent, Involvement
from madoguchi.consultations.operations import acting, books, expert_moves, moves, telling
from madoguchi.consultations.states import RUNNING, InvolvementState
from madoguchi.foundation import audit
from madoguchi.institutions.models import Organisation


@dataclass(frozen=True)
class Scope:
    """With whom a case may be shared."""

    organisations: Sequence[Organisation] = ()
    is_general: bool = False
    outside_name: str = ""


def give(*, case: Case, scope: Scope, means: ConsentMeans, hat: Hat, at: datetime) -> Consent:
    """Record that the business agreed, as an organisation at work on the case was told.

    Raises NotAllowed, ScopeMissing.
    """
    acting.require_work(case, hat)
    outside = scope.outside_name.strip()
    if not (scope.organisations or scope.is_general or outside):
        raise ScopeMissing
    with transaction.atomic():
        consent = Consent.objects.create(
            case=case,
            is_general=scope.is_general,
            outside_name=outside,
            means=means,
            given_at=at,
            recorded_by_id=hat.user_id,
        )
        consent.organisations.set(scope.organisations)
        acting.say(
            "consent_given",
            case,
            hat=hat,
            at=at,
            consent=consent.pk,
            means=str(means),
            organisations=sorted(each.pk for each in scope.organisations),
            is_general=scope.is_general,
        )
    return consent


def withdraw(*, consent: Consent, hat: Hat, at: datetime) -> None:
    """Take a consent back, as an organisation at work on the case was told. Raises NotAllowed."""
    acting.require_work(consent.case, hat)
    withdraw_own(consent=consent, by=hat.as_actor(), at=at)


def withdraw_own(*, consent: Consent, by: audit.Actor, at: datetime) -> None:
    """The business takes a consent back; the caller has found the case as its own.

    Whoever reads the case by it alone stops at once; the lead never does. What they had written stays; they
    are told, without content. Saying so twice changes nothing.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=consent.case_id)
        if not Consent.objects.filter(pk=consent.pk, withdrawn_at=None).update(withdrawn_at=at):
            return
        audit.record(
            "consultations.consent_withdrawn",
            at=at,
            by=by,
            subject_type="consultations.case",
            subject_id=case.pk,
            data={"consent": consent.pk},
        )
        left = standing(case)
        # Earlier referrals to the same organisation opened the case to it too.
        for involvement in case.involvements.filter(is_lead=False, access_ended_at=None).order_by("pk"):
            if not is_covered(involvement, left, case=case):
                _end_access(involvement, case, by=by, at=at)
        expert_moves.end_uncovered(case, left, by=by, at=at)
        moves.follow(case)
    consent.refresh_from_db()


def end_general(case: Case, *, by: audit.Actor, at: datetime) -> None:
    """A case has become secret: its general consents end, and the sight of those who had it from them."""
    for consent in case.consents.filter(is_general=True, withdrawn_at=None).order_by("pk"):
        withdraw_own(consent=consent, by=by, at=at)


def standing(case: Case) -> list[rules.Sharing]:
    """What the business agrees to now."""
    rows = case.consents.filter(withdrawn_at=None).with_organisations().order_by("pk")
    return [
        rules.Sharing(
            organisation_ids=frozenset(each.pk for each in row.organisations.all()),
            is_general=row.is_general,
            outside_name=row.outside_name,
        )
        for row in rows
    ]


def is_covered(involvement: Involvement, consents: Iterable[rules.Sharing], *, case: Case) -> bool:
    """Whether an involvement stands on one of these consents. The lead stands on the request itself."""
    if involvement.organisation_id is not None and involvement.organisation_id == lead_of(case):
        return True
    return rules.is_shared_with(
        consents,
        organisation_id=involvement.organisation_id,
        outside_name=involvement.outside_name,
        is_secret=case.is_secret,
    )


def lead_of(case: Case) -> int | None:
    """The organisation that answers for the case to the business."""
    return case.involvements.filter(is_lead=True).values_list("organisation", flat=True).first()


def _end_access(involvement: Involvement, case: Case, *, by: audit.Actor, at: datetime) -> None:
    """The involvement ends where it stands, and with it the sight of the case."""
    if involvement.state == InvolvementState.SENT:
        moves.apply(
            involvement,
            InvolvementState.DECLINED,
            by=by,
            at=at,
            answer=DeclineReason.WITHDRAWN,
            access_ended_at=at,
        )
    elif involvement.state in RUNNING:
        moves.apply(
            involvement,
            InvolvementState.FINISHED,
            by=by,
            at=at,
            result=Result.WITHDRAWN,
            finished_at=at,
            access_ended_at=at,
            next_step="",
            next_due_on=None,
        )
    else:
        Involvement.objects.filter(pk=involvement.pk).update(access_ended_at=at)
    moves.end_names(involvement, at=at)
    books.leave(involvement, case.business, by=by, at=at)
    telling.access_ended(involvement)
