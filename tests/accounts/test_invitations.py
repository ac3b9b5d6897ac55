from datetime import UTC, datetime, timedelta

import pytest

from madoguchi.accounts.errors import (
    AddressInvalid,
    AlreadyMember,
    InvitationForAnother,
    InvitationGone,
)
from madoguchi.accounts.models import Invitation, Membership, User
from madoguchi.accounts.operations import create_user, invitations
from madoguchi.accounts.roles import Role
from madoguchi.foundation.audit import SYSTEM
from madoguchi.foundation.models import AuditEvent
from madoguchi.mail.models import Mail
from madoguchi.ops.cli import main
from tests.accounts.people import a_member, a_person, an_organisation

AT = datetime(2026, 11, 30, 3, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return an_organisation("甲商工会")


def invite(organisation, email="hanako@example.jp", **changes):
    given = {"email": email, "organisation_id": organisation.pk, "role": Role.ADVISER, "at": AT, "by": SYSTEM}
    return invitations.invite(**(given | changes))


def accept_as_new(made, **changes):
    given = {"display_name": "窓口 花子", "password": "madoguchi 1234", "at": AT}
    return invitations.accept_as_new(made.invitation, **(given | changes))


def test_the_invited_person_becomes_a_member_with_a_verified_address(organisation):
    user, membership = accept_as_new(invite(organisation))
    assert (membership.organisation, membership.role, membership.starts_at) == (organisation, "adviser", AT)
    assert user.emailaddress_set.get().verified
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == [
        "accounts.invitation_made",
        "accounts.user_created",
        "accounts.invitation_accepted",
        "accounts.membership_begun",
    ]


def test_no_address_stands_in_the_record(organisation):
    accept_as_new(invite(organisation))
    assert not any("hanako" in str(event.data) for event in AuditEvent.objects.all())


def test_the_secret_of_the_link_is_kept_nowhere(organisation):
    made = invite(organisation)
    assert made.token not in str(Invitation.objects.values().get())
    assert len(made.token) >= 40


def test_an_invitation_is_accepted_once(organisation):
    made = invite(organisation)
    user, _ = accept_as_new(made)
    with pytest.raises(InvitationGone):
        invitations.accept(made.invitation, user, at=AT)
    assert Membership.objects.count() == 1


@pytest.mark.parametrize("later", [timedelta(days=7), timedelta(days=8)])
def test_an_invitation_runs_out(organisation, later):
    made = invite(organisation)
    with pytest.raises(InvitationGone):
        accept_as_new(made, at=AT + later)
    assert not User.objects.exists()


def test_a_withdrawn_invitation_leads_nowhere(organisation):
    made = invite(organisation)
    invitations.withdraw(made.invitation, at=AT, by=SYSTEM)
    with pytest.raises(InvitationGone):
        accept_as_new(made)


def test_a_new_invitation_takes_the_place_of_an_open_one(organisation):
    first = invite(organisation)
    second = invite(organisation)
    with pytest.raises(InvitationGone):
        accept_as_new(first)
    accept_as_new(second)


def test_an_invitation_is_for_one_address(organisation):
    another = a_person(at=AT)
    with pytest.raises(InvitationForAnother):
        invitations.accept(invite(organisation).invitation, another, at=AT)


def test_an_address_that_nobody_has_verified_does_not_count(organisation):
    user = create_user(email="hanako@example.jp", display_name="花子", at=AT, by=SYSTEM)
    with pytest.raises(InvitationForAnother):
        invitations.accept(invite(organisation).invitation, user, at=AT)


def test_who_is_there_already_is_not_invited_again(organisation):
    member = a_member(at=AT, organisation=organisation)
    with pytest.raises(AlreadyMember):
        invite(organisation, email=member.user.email)
    invite(organisation, email=member.user.email, role=Role.MANAGER)


def test_only_a_mail_address_is_invited(organisation):
    with pytest.raises(AddressInvalid):
        invite(organisation, email="hanako")


def test_the_first_manager_is_invited_on_the_command_line(organisation, capsys):
    assert main(["invite", "first@example.jp", "--organisation", organisation.slug]) == 0
    link = capsys.readouterr().out.splitlines()[-1]
    token = link.rstrip("/").rsplit("/", 1)[1]
    made = Invitation.objects.get(token_hash=invitations.digest(token))
    assert (made.email, made.role, made.invited_by) == ("first@example.jp", "manager", None)
    assert not Mail.objects.exists()


def test_an_unknown_organisation_is_said(capsys):
    assert main(["invite", "first@example.jp", "--organisation", "nowhere"]) == 1
    assert "この機関はありません" in capsys.readouterr().err
