"""Somebody signed in at a desk, with a case of theirs."""

from datetime import UTC, datetime

from madoguchi.accounts.hats import Hat, hat_of
from madoguchi.accounts.models import Membership, User
from madoguchi.accounts.roles import Role
from madoguchi.foundation import clock
from tests.accounts.people import a_member, an_organisation, sign_in

AT = datetime(2026, 11, 1, 3, tzinfo=UTC)


def a_desk(client, *, role: Role = Role.ADVISER, organisation=None) -> Hat:
    """Sign somebody in; their hat."""
    membership = a_member(at=AT, organisation=organisation or an_organisation(), role=role)
    sign_in(client, membership.user, membership)
    return hat_of(membership.user, chosen=membership.pk, at=clock.actual_now())


def sign_in_as(client, hat: Hat) -> None:
    """Let the client be the person of a hat."""
    sign_in(client, User.objects.get(pk=hat.user_id), Membership.objects.get(pk=hat.membership_id))
