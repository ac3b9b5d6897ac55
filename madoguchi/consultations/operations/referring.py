"""Referring a case: to an organisation, or to somebody without an account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import Team, User
from madoguchi.consultations.errors import (
    AlreadyInvolved,
    ConsentMissing,
    PeopleMissing,
    ReceiverMissing,
    TextMissing,
)
from madoguchi.consultations.kinds import ConsentMeans
from madoguchi.consultations.models import Case, CasePerson, Involvement
from madoguchi.consultations.operations import acting, consenting, linking, moves, telling
from madoguchi.consultations.queries import colleagues
from madoguchi.consultations.states import RUNNING, InvolvementState
from madoguchi.institutions.models import Desk, Organisation, Unit


@dataclass(frozen=True)
class Receiver:
    """Whom a case is referred to: an organisation and perhaps a part of it, or somebody outside.

    `people` are those who may see a secret case there.
    """

    organisation: Organisation | None = None
    unit: Unit | None = None
    team: Team | None = None
    desk: Desk | None = None
    people: Sequence[User] = ()
    outside_name: str = ""
    outside_email: str = ""


@dataclass(frozen=True)
class Agreed:
    """A consent that is recorded together with the referral."""

    scope: consenting.Scope
    means: ConsentMeans


def refer(
    *, case: Case, to: Receiver, message: str, hat: Hat, at: datetime, agreed: Agreed | None = None
) -> Involvement:
    """Ask somebody to take part in a case, and return what was sent; the own involvement goes on.

    Whoever declined or finished may be asked again. Somebody outside with a mail address gets a one-time
    link. Raises NotAllowed, ReceiverMissing, TextMissing, ConsentMissing, PeopleMissing, NotAMember,
    AlreadyInvolved.
    """
    acting.require_work(case, hat)
    outside = to.outside_name.strip()
    if (to.organisation is None) == (not outside):
        raise ReceiverMissing
    if not message.strip():
        raise TextMissing
    with transaction.atomic():
        # The case first: two referrals to the same organisation would otherwise both find nobody there.
        case = Case.objects.select_for_update().get(pk=case.pk)
        if agreed:
            consenting.give(case=case, scope=agreed.scope, means=agreed.means, hat=hat, at=at)
        involvement = Involvement(
            case=case,
            organisation=to.organisation,
            unit=to.unit,
            team=to.team,
            desk=to.desk,
            outside_name=outside,
            outside_email=to.outside_email.strip(),
            state=InvolvementState.SENT,
            sent_at=at,
            sent_by_id=hat.user_id,
            sent_by_organisation_id=hat.organisation_id,
            message=message.strip(),
        )
        _require_free(involvement)
        if not consenting.is_covered(involvement, consenting.standing(case), case=case):
            raise ConsentMissing
        involvement.save(force_insert=True)
        if to.organisation and case.is_secret:
            _name(case, to.organisation, to.people, at=at, hat=hat)
        acting.say(
            "referred",
            case,
            hat=hat,
            at=at,
            involvement=involvement.pk,
            to=involvement.organisation_id,
            people=sorted(person.pk for person in to.people) if case.is_secret else [],
        )
        moves.follow(case)
        _send(involvement, hat=hat, at=at)
    return involvement


def _require_free(involvement: Involvement) -> None:
    """Nobody is asked while they are asked or at work. Raises AlreadyInvolved."""
    same = Involvement.objects.filter(case=involvement.case_id, state__in=sorted(RUNNING))
    if same.filter(organisation=involvement.organisation_id, outside_name=involvement.outside_name).exists():
        raise AlreadyInvolved


def _name(case: Case, organisation: Organisation, people: Sequence[User], *, at: datetime, hat: Hat) -> None:
    """Let these people of the receiving organisation see a secret case. Raises PeopleMissing, NotAMember."""
    if not people:
        raise PeopleMissing
    for person in people:
        colleagues.require_colleague(person, organisation_id=organisation.pk, at=hat.at)
        CasePerson.objects.get_or_create(case=case, user=person, until=None, defaults={"since": at})


def _send(involvement: Involvement, *, hat: Hat, at: datetime) -> None:
    """Tell those who are asked; somebody outside by a link, when there is an address."""
    if involvement.organisation_id is not None:
        telling.referred(involvement, hat=hat)
    elif involvement.outside_email:
        telling.referred_outside(involvement, secret=linking.make(involvement=involvement, hat=hat, at=at))
