"""Inviting people to work in an organisation, and what becomes of an invitation."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q

from madoguchi.accounts import events
from madoguchi.accounts.errors import AddressInvalid, AlreadyMember, InvitationForAnother, InvitationGone
from madoguchi.accounts.models import Invitation, Membership, Team, User
from madoguchi.accounts.operations import create_user
from madoguchi.accounts.roles import Role
from madoguchi.foundation import audit
from madoguchi.foundation.audit import Actor

KEPT_OPEN = timedelta(days=7)


@dataclass(frozen=True)
class Invited:
    """An invitation and the secret of its link, which is kept nowhere."""

    invitation: Invitation
    token: str


def invite(
    *,
    email: str,
    organisation_id: int,
    role: Role,
    at: datetime,
    by: Actor,
    unit_id: int | None = None,
    team: Team | None = None,
    invited_by: User | None = None,
) -> Invited:
    """Make an invitation into an organisation; an open one for the same address there is withdrawn.

    Raises AddressInvalid, and AlreadyMember for someone who works there in this role.
    """
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise AddressInvalid from error
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        there = Membership.objects.running(at=at).filter(organisation=organisation_id, role=role)
        if there.filter(user__email=address).exists():
            raise AlreadyMember
        for older in Invitation.objects.open(at=at).filter(email=address, organisation=organisation_id):
            _withdraw(older, at=at, by=by)
        invitation = Invitation.objects.create(
            email=address,
            organisation_id=organisation_id,
            unit_id=unit_id,
            team=team,
            role=role,
            token_hash=digest(token),
            invited_by=invited_by,
            invited_at=at,
            expires_at=at + KEPT_OPEN,
        )
        _record("invitation_made", invitation, at=at, by=by)
    return Invited(invitation, token)


def invite_again(invitation: Invitation, *, at: datetime, by: Actor, invited_by: User | None) -> Invited:
    """Make a new invitation in place of this one; raises InvitationGone and what `invite` raises."""
    with transaction.atomic():
        _withdraw(invitation, at=at, by=by)
        return invite(
            email=invitation.email,
            organisation_id=invitation.organisation_id,
            unit_id=invitation.unit_id,
            team=invitation.team,
            role=Role(invitation.role),
            at=at,
            by=by,
            invited_by=invited_by,
        )


def withdraw(invitation: Invitation, *, at: datetime, by: Actor) -> None:
    """Take an invitation back; raises InvitationGone when it is no longer open."""
    with transaction.atomic():
        _withdraw(invitation, at=at, by=by)


def accept(invitation: Invitation, user: User, *, at: datetime) -> Membership:
    """Make the invited person a member, once.

    Raises InvitationGone when it is no longer open, InvitationForAnother when none of the person's verified
    addresses is the invited one.
    """
    with transaction.atomic():
        return _accept(invitation, user, at=at)


def accept_as_new(
    invitation: Invitation, *, display_name: str, password: str | None, at: datetime
) -> tuple[User, Membership]:
    """Make the account of an invited person, whose address the link has shown to be theirs, and the member.

    Raises what `create_user` and `accept` raise; nothing is left behind then.
    """
    with transaction.atomic():
        user = create_user(
            email=invitation.email,
            display_name=display_name,
            password=password,
            at=at,
            by=audit.ANONYMOUS,
            address_is_verified=True,
        )
        return user, _accept(invitation, user, at=at)


def digest(token: str) -> str:
    """What is kept of the secret of a link."""
    return hashlib.sha256(token.encode()).hexdigest()


def _accept(invitation: Invitation, user: User, *, at: datetime) -> Membership:
    owns = EmailAddress.objects.filter(user=user, verified=True, email__iexact=invitation.email).exists()
    if not owns:
        raise InvitationForAnother
    _close(invitation, at=at, accepted_at=at)
    membership = Membership.objects.create(
        user=user,
        organisation_id=invitation.organisation_id,
        unit_id=invitation.unit_id,
        team_id=invitation.team_id,
        role=invitation.role,
        starts_at=at,
    )
    _record("invitation_accepted", invitation, at=at, by=user.as_actor())
    events.of_membership(
        "membership_begun",
        membership.pk,
        invitation.organisation_id,
        at=at,
        by=user.as_actor(),
        data={"role": invitation.role, "user": user.pk},
    )
    return membership


def _withdraw(invitation: Invitation, *, at: datetime, by: Actor) -> None:
    _close(invitation, at=at, withdrawn_at=at)
    _record("invitation_withdrawn", invitation, at=at, by=by)


def _close(invitation: Invitation, *, at: datetime, **ends: datetime) -> None:
    """Compare and set: of two who come at once, one is told that it is gone."""
    is_open = Q(accepted_at=None, withdrawn_at=None)
    if "accepted_at" in ends:
        is_open &= Q(expires_at__gt=at)
    if not Invitation.objects.filter(is_open, pk=invitation.pk).update(**ends):
        raise InvitationGone


def _record(action: str, invitation: Invitation, *, at: datetime, by: Actor) -> None:
    audit.record(
        f"accounts.{action}",
        at=at,
        by=by,
        subject_type="accounts.invitation",
        subject_id=invitation.pk,
        organisation_id=invitation.organisation_id,
        data={"role": invitation.role},
    )
