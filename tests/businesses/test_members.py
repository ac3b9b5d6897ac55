from datetime import timedelta

import pytest

from madoguchi.businesses import queries, rules
from madoguchi.businesses.choices import MemberRole, Scope, Source
from madoguchi.businesses.errors import InvitationUnusable, LastOwner, MandateInvalid, RegisteredElsewhere
from madoguchi.businesses.models import Business, MemberInvitation
from madoguchi.businesses.operations import members, merging
from madoguchi.businesses.operations.members import Mandate
from madoguchi.businesses.operations.register import register
from madoguchi.foundation.errors import Conflict
from tests.accounts.people import a_person
from tests.businesses.businesses import a_business, a_business_member, own_hat
from tests.businesses.conftest import ADVISER, AT, NUMBER

pytestmark = pytest.mark.django_db

A_SECOND, A_YEAR = timedelta(seconds=1), timedelta(days=365)
MANDATE = Mandate(
    MemberRole.DELEGATE,
    scopes=[Scope.APPLICATIONS],
    profession="行政書士",
    evidence="委任状（2026年11月1日）",
    until=AT + A_YEAR,
)


@pytest.fixture
def owner():
    return a_person(at=AT, name="見本 太郎")


@pytest.fixture
def shop(owner):
    business = a_business(at=AT)
    a_business_member(business, owner, at=AT)
    return business


def invited(shop, owner, person, mandate=MANDATE):
    return members.invite(
        business=shop, email=f" {person.email.upper()}", mandate=mandate, inviter=owner, at=AT
    )


def sees(person, *, at=AT):
    return set(Business.objects.visible_to(own_hat(person, at=at)))


def test_a_delegate_is_let_in_for_what_the_mandate_says_and_until_it_ends(shop, owner):
    delegate = a_person(at=AT)
    _, secret = invited(shop, owner, delegate)
    assert sees(delegate) == set()
    member = members.accept(secret=secret, user=delegate, at=AT)
    assert (member.role, member.scopes, member.ends_at) == ("delegate", ["applications"], AT + A_YEAR)
    assert (member.profession, member.evidence) == ("行政書士", "委任状（2026年11月1日）")
    assert sees(delegate, at=AT + A_YEAR - A_SECOND) == {shop}
    assert sees(delegate, at=AT + A_YEAR) == set()


def test_the_link_of_an_invitation_is_kept_nowhere(shop, owner):
    _, secret = invited(shop, owner, a_person(at=AT))
    assert secret not in str(MemberInvitation.objects.values().get())


def test_an_invitation_is_for_one_address_and_one_time(shop, owner):
    person, thief = a_person(at=AT), a_person(at=AT)
    _, secret = invited(shop, owner, person)
    with pytest.raises(InvitationUnusable):
        members.accept(secret=secret, user=thief, at=AT)
    members.accept(secret=secret, user=person, at=AT)
    with pytest.raises(InvitationUnusable):
        members.accept(secret=secret, user=person, at=AT)


def test_an_invitation_runs_out_and_can_be_withdrawn(shop, owner):
    person = a_person(at=AT)
    _, late = invited(shop, owner, person)
    with pytest.raises(InvitationUnusable):
        members.accept(secret=late, user=person, at=AT + members.INVITATION_HOLDS)
    invitation, withdrawn = invited(shop, owner, person)
    members.withdraw_invitation(invitation=invitation, at=AT, by=owner.as_actor())
    with pytest.raises(InvitationUnusable):
        members.accept(secret=withdrawn, user=person, at=AT)
    with pytest.raises(Conflict):
        members.withdraw_invitation(invitation=invitation, at=AT, by=owner.as_actor())


def test_an_invitation_of_somebody_who_left_opens_nothing(shop, owner):
    person = a_person(at=AT)
    _, secret = invited(shop, owner, person)
    a_business_member(shop, a_person(at=AT), at=AT)
    members.end_membership(member=queries.membership_of(shop, owner.pk, at=AT), at=AT, by=owner.as_actor())
    with pytest.raises(InvitationUnusable):
        members.accept(secret=secret, user=person, at=AT)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"scopes": ()}, "scopes"),
        ({"until": None}, "until"),
        ({"until": AT}, "until"),
        ({"until": AT + A_YEAR * 4}, "until"),
        ({"evidence": " "}, "evidence"),
    ],
)
def test_a_mandate_says_what_for_how_long_and_on_what_it_rests(shop, owner, changes, field):
    from dataclasses import replace

    with pytest.raises(MandateInvalid) as refused:
        invited(shop, owner, a_person(at=AT), replace(MANDATE, **changes))
    assert refused.value.field == field


@pytest.mark.parametrize("email", ["x", f"{'x' * 60}@{'y' * 60}.{'z' * 60}.{'a' * 60}.{'b' * 20}.jp"])
def test_a_wrong_address_is_named(shop, owner, email):
    with pytest.raises(MandateInvalid) as refused:
        members.invite(business=shop, email=email, mandate=MANDATE, inviter=owner, at=AT)
    assert refused.value.field == "email"


def test_access_ends_the_second_a_membership_is_ended(shop, owner):
    colleague = a_person(at=AT)
    member = a_business_member(shop, colleague, at=AT, role=MemberRole.STAFF)
    members.end_membership(member=member, at=AT, by=owner.as_actor())
    assert sees(colleague, at=AT - A_SECOND) == {shop}
    assert sees(colleague) == set()
    with pytest.raises(Conflict):
        members.end_membership(member=member, at=AT, by=owner.as_actor())


def test_the_last_owner_stays_unless_a_desk_takes_them_off(shop, owner, ours):
    member = queries.membership_of(shop, owner.pk, at=AT)
    with pytest.raises(LastOwner):
        members.end_membership(member=member, at=AT, by=owner.as_actor())
    members.end_membership(member=member, at=AT, by=ADVISER, organisation_id=ours.pk)
    assert sees(owner) == set()


def test_a_delegate_reads_and_does_not_manage():
    assert rules.may_see(rules.APPLICATIONS, role="delegate", scopes=["applications"])
    assert not rules.may_see(rules.FIGURES, role="delegate", scopes=["applications"])
    assert rules.may_see(rules.FIGURES, role="owner", scopes=[])
    assert [rules.may_change_profile(role=role) for role in ("owner", "staff", "delegate")] == [
        True,
        True,
        False,
    ]
    assert [rules.may_manage_members(role=role) for role in ("owner", "staff", "delegate")] == [
        True,
        False,
        False,
    ]


def test_a_desk_confirms_an_owner_and_the_number_they_claimed(ours):
    person = a_person(at=AT)
    business = register(
        values={"name": "株式会社みほん", "corporate_number": NUMBER},
        source=Source.OWNER,
        at=AT,
        by=person.as_actor(),
        owner=person,
    )
    member = queries.membership_of(business, person.pk, at=AT)
    members.confirm(member=member, at=AT, by=ADVISER, organisation_id=ours.pk)
    business.refresh_from_db()
    assert (business.corporate_number, business.claimed_number) == (NUMBER, "")
    origin = business.origins.get(field="corporate_number", is_current=True)
    assert (origin.source, origin.organisation) == (Source.STAFF, ours)
    with pytest.raises(Conflict):
        members.confirm(member=member, at=AT, by=ADVISER, organisation_id=ours.pk)


def test_a_claimed_number_that_is_registered_asks_for_a_merge_first(registered, ours):
    person, there = a_person(at=AT), registered(corporate_number=NUMBER)
    business = register(
        values={"name": "株式会社みほん", "corporate_number": NUMBER},
        source=Source.OWNER,
        at=AT,
        by=person.as_actor(),
        owner=person,
    )
    member = queries.membership_of(business, person.pk, at=AT)
    with pytest.raises(RegisteredElsewhere, match="統合"):
        members.confirm(member=member, at=AT, by=ADVISER, organisation_id=ours.pk)
    assert sees(person) == {business}
    merging.merge(keep=there, drop=business, at=AT, by=ADVISER, organisation_id=ours.pk)
    members.confirm(member=member, at=AT, by=ADVISER, organisation_id=ours.pk)
    assert sees(person) == {business, there}


def test_whom_a_confirmed_owner_lets_in_is_vouched_for(shop, owner, ours):
    member = queries.membership_of(shop, owner.pk, at=AT)
    first, second = a_person(at=AT), a_person(at=AT)
    _, secret = invited(shop, owner, first)
    assert members.accept(secret=secret, user=first, at=AT).confirmed_at is None
    members.confirm(member=member, at=AT, by=ADVISER, organisation_id=ours.pk)
    _, secret = invited(shop, owner, second)
    assert members.accept(secret=secret, user=second, at=AT).confirmed_at == AT
