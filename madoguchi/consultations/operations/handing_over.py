"""Giving a case to a colleague, and saying who sees a secret one."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import Membership, User
from madoguchi.consultations import rules
from madoguchi.consultations.errors import LastPerson, NotAllowed, NotAMember
from madoguchi.consultations.models import Case, CasePerson, Involvement
from madoguchi.consultations.operations import acting, appointing, consenting, expert_moves, moves, telling
from madoguchi.consultations.queries import colleagues
from madoguchi.foundation.errors import Conflict


def hand_over(*, involvement: Involvement, to: User, hat: Hat, at: datetime) -> None:
    """Make a colleague the adviser of the organisation's part. Raises NotAllowed, NotAMember, Conflict.

    In a secret case the colleague becomes a named person; whoever had it keeps their name until it is ended.
    What the one before agreed with the business is the colleague's now.
    """
    if refused := rules.can_work(moves.standing_of(involvement, hat)):
        raise NotAllowed(_(refused))
    colleagues.require_colleague(to, organisation_id=hat.organisation_id, at=hat.at)
    with transaction.atomic():
        changed = Involvement.objects.filter(
            pk=involvement.pk, state=involvement.state, adviser=involvement.adviser_id
        ).update(adviser=to)
        if changed != 1:
            raise Conflict
        CasePerson.objects.get_or_create(
            case_id=involvement.case_id, user=to, until=None, defaults={"since": at}
        )
        acting.say(
            "handed_over",
            involvement.case,
            hat=hat,
            at=at,
            involvement=involvement.pk,
            came_from=involvement.adviser_id,
            to=to.pk,
        )
        if involvement.adviser is not None and involvement.adviser != to:
            appointing.pass_on(involvement, came_from=involvement.adviser, to=to, hat=hat, at=at)
        involvement.refresh_from_db()
        if to.pk != hat.user_id:
            telling.handed_over(involvement, to=to)


def name_person(*, case: Case, user: User, hat: Hat, at: datetime) -> CasePerson:
    """Let somebody see a secret case who works in an organisation that takes part in it.

    An expert is named by being asked (`experts.ask`). Raises NotAllowed, NotAMember.
    """
    require_named_of_lead(case, hat)
    with transaction.atomic():
        seeing = case.involvements.filter(access_ended_at=None).exclude(organisation=None)
        rows = Membership.objects.running(at=hat.at).filter(user=user)
        there = rows.filter(organisation__in=seeing.values("organisation"), role__in=colleagues.READERS)
        if not there.exists():
            raise NotAMember
        person, is_new = CasePerson.objects.get_or_create(
            case=case, user=user, until=None, defaults={"since": at}
        )
        if is_new:
            acting.say("person_named", case, hat=hat, at=at, person=user.pk)
    return person


def end_person(*, case: Case, user_id: int, hat: Hat, at: datetime) -> None:
    """End somebody's sight of a secret case at once, also an expert's; ending it twice changes nothing.

    Raises NotAllowed, and LastPerson when nobody of the lead would see the case any more.
    """
    require_named_of_lead(case, hat)
    with transaction.atomic():
        # The case first: two who end each other at the same time would both be the last but one.
        Case.objects.select_for_update().get(pk=case.pk)
        left = case.people.filter(until=None).exclude(user=user_id).values("user")
        lead = consenting.lead_of(case)
        if not colleagues.working(organisation_id=lead, at=hat.at).filter(user__in=left).exists():
            raise LastPerson
        if case.people.filter(user=user_id, until=None).update(until=at):
            acting.say("person_ended", case, hat=hat, at=at, person=user_id)
            expert_moves.end_all(case, by=hat.as_actor(), at=at, user_id=user_id)


def require_named_of_lead(case: Case, hat: Hat) -> None:
    """Only a named person of the lead says who sees a secret case. Raises NotAllowed."""
    refused = rules.can_name_people(
        organisation_id=hat.organisation_id,
        lead_organisation_id=consenting.lead_of(case),
        is_named=case.people.filter(user=hat.user_id, until=None).exists(),
    )
    if refused:
        raise NotAllowed(_(refused))
