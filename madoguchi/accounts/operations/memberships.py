"""Ending memberships, and the teams that members belong to."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, Q

from madoguchi.accounts import events
from madoguchi.accounts.errors import (
    MembershipOver,
    NameMissing,
    OwnMembership,
    TeamElsewhere,
    TeamInUse,
    TeamNameTaken,
)
from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import Membership, Team
from madoguchi.foundation import audit


def end_membership(membership: Membership, *, hat: Hat, at: datetime) -> None:
    """Let a membership end at this moment: the person can do nothing more in its name from now on.

    Raises OwnMembership for the membership that is worn (an organisation could lose its last manager by a
    slip), and MembershipOver when it has ended before.
    """
    if membership.pk == hat.membership_id:
        raise OwnMembership
    with transaction.atomic():
        running = Membership.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), pk=membership.pk)
        # One that was to begin later never begins.
        if not running.update(ends_at=max(at, membership.starts_at)):
            raise MembershipOver
        events.of_membership(
            "membership_ended",
            membership.pk,
            membership.organisation_id,
            at=at,
            by=hat.as_actor(),
            data={"role": membership.role, "user": membership.user_id},
        )


def make_team(*, name: str, organisation_id: int, hat: Hat, at: datetime) -> Team:
    """Make a team of an organisation; raises NameMissing and TeamNameTaken."""
    if not name.strip():
        raise NameMissing
    with transaction.atomic():
        team = Team(organisation_id=organisation_id, name=name.strip())
        try:
            with transaction.atomic():
                team.save(force_insert=True)
        except IntegrityError as error:
            raise TeamNameTaken from error
        _record_team("team_made", team, hat=hat, at=at)
    return team


def remove_team(team: Team, *, hat: Hat, at: datetime) -> None:
    """Remove a team; its members stay members, and invitations into it lead into none.

    Raises TeamInUse while records of other rooms belong to it.
    """
    with transaction.atomic():
        Membership.objects.filter(team=team).update(team=None)
        team.invitations.update(team=None)
        _record_team("team_removed", team, hat=hat, at=at)
        try:
            team.delete()
        except ProtectedError as error:
            raise TeamInUse from error


def join_team(membership: Membership, team: Team | None, *, hat: Hat, at: datetime) -> None:
    """Put a member into a team of the same organisation, or into none; raises TeamElsewhere."""
    if team is not None and team.organisation_id != membership.organisation_id:
        raise TeamElsewhere
    with transaction.atomic():
        Membership.objects.filter(pk=membership.pk).update(team=team)
        events.of_membership(
            "team_joined",
            membership.pk,
            membership.organisation_id,
            at=at,
            by=hat.as_actor(),
            data={"team": team.pk if team else None},
        )


def _record_team(action: str, team: Team, *, hat: Hat, at: datetime) -> None:
    audit.record(
        f"accounts.{action}",
        at=at,
        by=hat.as_actor(),
        subject_type="accounts.team",
        subject_id=team.pk,
        organisation_id=team.organisation_id,
    )
