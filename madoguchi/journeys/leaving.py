"""Somebody leaves an organisation: secret cases that they alone could open go to a colleague first."""

from datetime import datetime

from django.db import transaction

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import Membership, User
from madoguchi.accounts.operations import memberships
from madoguchi.consultations.errors import NotAMember, SuccessorMissing
from madoguchi.consultations.models import Case, CasePerson
from madoguchi.consultations.operations import acting
from madoguchi.consultations.queries.colleagues import require_colleague
from madoguchi.consultations.queries.last_person import seen_by_alone


def end_membership(
    membership: Membership, *, successor: User | None, hat: Hat, at: datetime, access_at: datetime
) -> None:
    """End a membership, and name the successor in the secret cases that nobody else there could open.

    `at` is the time the site believes in, `access_at` the machine's. Raises SuccessorMissing where there are
    such cases and nobody is named, NotAMember, and what ending a membership raises.
    """
    with transaction.atomic():
        # All of them first: whoever ends the sight or the membership of another named person waits.
        named = CasePerson.objects.filter(user=membership.user_id, until=None)
        list(Case.objects.select_for_update().filter(pk__in=named.values("case")).order_by("pk"))
        left = list(seen_by_alone(membership, at=access_at).order_by("pk"))
        if left:
            _name(successor, left, membership, hat=hat, at=at, access_at=access_at)
        memberships.end_membership(membership, hat=hat, at=access_at)


def _name(
    successor: User | None,
    cases: list[Case],
    membership: Membership,
    *,
    hat: Hat,
    at: datetime,
    access_at: datetime,
) -> None:
    if successor is None:
        raise SuccessorMissing
    if successor.pk == membership.user_id:
        raise NotAMember
    require_colleague(successor, organisation_id=membership.organisation_id, at=access_at)
    for case in cases:
        CasePerson.objects.create(case=case, user=successor, since=at)
        acting.say("person_named", case, hat=hat, at=at, person=successor.pk, after=membership.user_id)
