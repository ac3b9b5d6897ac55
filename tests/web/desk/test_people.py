"""The people of an organisation: seen and changed by its managers, and by nobody else."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from madoguchi.accounts.hats import hat_of
from madoguchi.accounts.models import Invitation, Membership, Team
from madoguchi.accounts.operations import invitations
from madoguchi.accounts.roles import Role
from madoguchi.foundation import clock
from madoguchi.foundation.audit import SYSTEM
from madoguchi.foundation.models import AuditEvent
from madoguchi.mail.models import Mail
from tests.accounts.people import a_member, an_organisation, sign_in
from tests.consultations.cases import a_taken_case, a_topic

AT = datetime(2026, 11, 30, 3, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return an_organisation("甲商工会")


@pytest.fixture
def manager(organisation):
    return a_member(at=AT, organisation=organisation, role=Role.MANAGER)


@pytest.fixture
def managing(client, manager):
    """A manager's browser, confirmed."""
    sign_in(client, manager.user, confirmed=True)
    return client


def invite(client, **changes):
    return client.post("/desk/people/invite/", {"email": "hanako@example.jp", "role": "adviser"} | changes)


def a_waiting_invitation(organisation):
    at = clock.actual_now()
    made = invitations.invite(
        email="hanako@example.jp", organisation_id=organisation.pk, role=Role.ADVISER, at=at, by=SYSTEM
    )
    return made.invitation


def test_a_manager_sees_the_own_people_and_no_others(managing, organisation):
    member = a_member(at=AT, organisation=organisation)
    stranger = a_member(at=AT, organisation=an_organisation("乙商工会"))
    html = managing.get("/desk/people/").content.decode()
    assert member.user.email in html
    assert stranger.user.email not in html


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MANAGER])
def test_nobody_else_may(client, organisation, role):
    member = a_member(at=AT, organisation=organisation, role=role)
    sign_in(client, member.user, confirmed=True)
    assert client.get("/desk/people/").status_code == 403
    assert invite(client).status_code == 403
    assert client.post(f"/desk/people/{member.pk}/end/").status_code == 403


def test_an_invitation_goes_out_by_mail_with_a_link_that_works(managing, organisation, settings):
    assert invite(managing).url == "/desk/people/"
    mail = Mail.objects.get()
    link = next(line for line in mail.text.splitlines() if "/account/invitation/" in line)
    assert "甲商工会の相談員として招待されました" in mail.text
    assert (mail.to, mail.kind, mail.subject_type) == (
        "hanako@example.jp",
        "accounts.invitation",
        "accounts.invitation",
    )
    html = Client().get(link.removeprefix(settings.SITE_URL), follow=True).content.decode()
    assert "招待されています" in html
    assert "招待中" in managing.get("/desk/people/").content.decode()


def test_a_manager_cannot_make_an_operator(managing):
    assert invite(managing, role="operator").status_code == 200
    assert not Invitation.objects.exists()


def test_inviting_and_ending_ask_who_is_there(client, manager, organisation):
    member = a_member(at=AT, organisation=organisation)
    sign_in(client, manager.user)
    for address in ("/desk/people/invite/", f"/desk/people/{member.pk}/end/"):
        assert client.get(address).url.startswith("/account/reauthenticate/")
        assert client.post(address, {"email": "x@example.jp", "role": "adviser"}).url.startswith(
            "/account/reauthenticate/"
        )
    assert not Invitation.objects.exists()


def test_a_sensitive_form_is_kept_while_the_person_confirms(client, manager):
    sign_in(client, manager.user)
    asked = invite(client)
    kept = asked.url.split("next=")[1]
    assert kept.startswith("/account/kept/")
    done = client.post("/account/reauthenticate/", {"password": "madoguchi 1234", "next": kept})
    assert done.url == kept
    assert "hanako@example.jp" in client.get(kept).content.decode()


def test_an_ended_membership_gives_nothing_from_that_moment(managing, organisation):
    member = a_member(at=AT, organisation=organisation, role=Role.EXPERT)
    theirs = Client()
    sign_in(theirs, member.user)
    assert theirs.get("/desk/assigned/").status_code == 200
    assert "終えますか" in managing.get(f"/desk/people/{member.pk}/end/").content.decode()
    managing.post(f"/desk/people/{member.pk}/end/")
    assert theirs.get("/desk/").url == "/account/"
    event = AuditEvent.objects.get(action="accounts.membership_ended")
    assert (event.organisation_id, event.data) == (
        str(organisation.pk),
        {"role": "expert", "user": member.user_id},
    )


def test_a_manager_does_not_end_the_own_membership(managing, manager):
    managing.post(f"/desk/people/{manager.pk}/end/")
    manager.refresh_from_db()
    assert manager.ends_at is None


def test_who_alone_sees_secret_cases_goes_only_when_somebody_else_is_named(managing, organisation):
    member = a_member(at=AT, organisation=organisation)
    hat = hat_of(member.user, chosen=member.pk, at=AT)
    case = a_taken_case(hat, title="後継ぎがいない", topics=[a_topic(is_secret=True)])
    address = f"/desk/people/{member.pk}/end/"
    for response in (managing.get(address), managing.post(address)):
        html = response.content.decode()
        assert "この人だけが見られる秘密の案件が 1 件あります" in html
        assert not any(words in html for words in ("後継ぎ", case.number, case.key))
    assert response.status_code == 422
    stranger = a_member(at=AT, organisation=an_organisation("乙商工会"))
    for nobody in (stranger, member):
        assert managing.post(address, {"successor": nobody.user_id}).status_code == 422
    successor = a_member(at=AT, organisation=organisation)
    assert managing.post(address, {"successor": successor.user_id}).url == "/desk/people/"
    member.refresh_from_db()
    assert member.ends_at is not None
    assert case.people.filter(user=successor.user, until=None).exists()


def test_who_alone_sees_no_case_is_not_asked_for_a_successor(managing, organisation):
    member = a_member(at=AT, organisation=organisation)
    a_taken_case(hat_of(member.user, chosen=member.pk, at=AT))
    assert "秘密の案件" not in managing.get(f"/desk/people/{member.pk}/end/").content.decode()


def test_a_membership_that_is_to_begin_later_never_begins(managing, organisation):
    later = clock.actual_now() + timedelta(days=3)
    member = a_member(at=AT, organisation=organisation, starts_at=later)
    assert managing.post(f"/desk/people/{member.pk}/end/").status_code == 404


def test_what_belongs_to_another_organisation_is_not_found(managing):
    other = an_organisation("乙商工会")
    member = a_member(at=AT, organisation=other)
    waiting = a_waiting_invitation(other)
    team = Team.objects.create(organisation=other, name="よその班")
    addresses = {
        f"/desk/people/{member.pk}/end/": f"/desk/people/{member.pk + 999}/end/",
        f"/desk/people/{member.pk}/team/": f"/desk/people/{member.pk + 999}/team/",
        f"/desk/people/invitations/{waiting.pk}/withdraw/": "/desk/people/invitations/99999/withdraw/",
        f"/desk/people/invitations/{waiting.pk}/again/": "/desk/people/invitations/99999/again/",
        f"/desk/people/teams/{team.pk}/remove/": "/desk/people/teams/99999/remove/",
    }
    for foreign, absent in addresses.items():
        answers = [managing.post(address) for address in (foreign, absent)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].content == answers[1].content
    assert Membership.objects.get(pk=member.pk).ends_at is None


def test_teams_are_made_joined_and_removed(managing, organisation):
    member = a_member(at=AT, organisation=organisation)
    managing.post("/desk/people/teams/", {"name": "販路班"})
    team = Team.objects.get()
    managing.post(f"/desk/people/{member.pk}/team/", {"team": team.pk})
    assert Membership.objects.get(pk=member.pk).team == team
    assert (
        "同じ名前の班"
        in managing.post("/desk/people/teams/", {"name": "販路班"}, follow=True).content.decode()
    )
    managing.post(f"/desk/people/teams/{team.pk}/remove/")
    assert Membership.objects.get(pk=member.pk).team is None
    assert not Team.objects.exists()


def test_a_member_cannot_be_put_into_the_team_of_another_organisation(managing, organisation):
    member = a_member(at=AT, organisation=organisation)
    team = Team.objects.create(organisation=an_organisation("乙"), name="よその班")
    assert managing.post(f"/desk/people/{member.pk}/team/", {"team": team.pk}).status_code == 404
    assert Membership.objects.get(pk=member.pk).team is None


def test_an_invitation_is_sent_again_and_taken_back(managing, organisation):
    waiting = a_waiting_invitation(organisation)
    managing.post(f"/desk/people/invitations/{waiting.pk}/again/")
    assert Mail.objects.count() == 1
    new = Invitation.objects.get(withdrawn_at=None)
    assert new.pk != waiting.pk
    managing.post(f"/desk/people/invitations/{new.pk}/withdraw/")
    assert not Invitation.objects.filter(withdrawn_at=None).exists()


def test_twenty_people_cost_as_many_queries_as_one(managing, organisation):
    managing.get("/desk/people/")
    with CaptureQueriesContext(connection) as one:
        managing.get("/desk/people/")
    for number in range(20):
        a_member(at=AT, organisation=organisation)
        Invitation.objects.create(
            email="x@example.jp",
            organisation=organisation,
            role="adviser",
            token_hash=str(number),
            invited_at=AT,
            expires_at=AT,
        )
    with CaptureQueriesContext(connection) as twenty:
        managing.get("/desk/people/")
    assert len(one) == len(twenty)
