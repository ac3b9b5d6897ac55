from datetime import UTC, datetime, timedelta

import pytest

from madoguchi.accounts import hats
from madoguchi.accounts.roles import OPERATOR_LIMITS, OWN, PERMISSIONS, STAFF_LIMITS, Role, session_limits
from tests.accounts.people import a_member, a_person, an_organisation

AT = datetime(2026, 11, 30, 3, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)

pytestmark = pytest.mark.django_db


def hat(user, *, at=AT, chosen=None):
    return hats.hat_of(user, chosen=chosen, at=at)


def test_a_person_without_a_membership_acts_for_themselves():
    worn = hat(a_person(at=AT))
    assert (worn.role, worn.organisation_id, worn.is_staff) == (None, None, False)
    assert worn.may("own.use")
    assert not worn.may("cases.read")


def test_a_member_acts_for_the_organisation_in_the_role():
    organisation = an_organisation("みほん商工会")
    worn = hat(a_member(at=AT, organisation=organisation).user)
    assert (worn.organisation_id, worn.organisation_name) == (organisation.pk, "みほん商工会")
    assert worn.role == Role.ADVISER
    assert worn.may("cases.read")
    assert not worn.may("accounts.manage")


def test_a_person_of_two_organisations_chooses_the_hat():
    user = a_person(at=AT)
    first = a_member(at=AT, organisation=an_organisation("甲"), user=user)
    second = a_member(at=AT, organisation=an_organisation("乙"), user=user, role=Role.MANAGER)
    assert hat(user).membership_id == first.pk
    assert hat(user, chosen=second.pk).role == Role.MANAGER


def test_the_hat_of_another_person_cannot_be_worn():
    user, another = a_person(at=AT), a_member(at=AT, organisation=an_organisation(), role=Role.MANAGER)
    assert hat(user, chosen=another.pk).role is None


def test_access_ends_the_second_a_membership_ends():
    membership = a_member(at=AT, organisation=an_organisation(), ends_at=AT)
    assert hat(membership.user, at=AT - A_SECOND, chosen=membership.pk).is_staff
    assert not hat(membership.user, at=AT, chosen=membership.pk).is_staff


def test_a_membership_that_has_not_begun_gives_nothing():
    membership = a_member(at=AT, organisation=an_organisation(), starts_at=AT + A_SECOND)
    assert not hat(membership.user).is_staff


def test_a_person_who_left_has_no_membership():
    membership = a_member(at=AT, organisation=an_organisation())
    membership.user.is_active = False
    membership.user.save()
    assert not hat(membership.user).is_staff


def test_every_role_has_its_permissions_and_each_may_use_the_own_account():
    assert set(PERMISSIONS) == set(Role)
    assert all(permissions >= OWN for permissions in PERMISSIONS.values())


def test_an_operator_has_no_power_over_content():
    assert PERMISSIONS[Role.OPERATOR] == OWN | {"operations.run"}


def test_an_operators_session_is_shorter_than_that_of_staff():
    assert session_limits(Role.OPERATOR) == OPERATOR_LIMITS
    assert session_limits(Role.ADVISER) == STAFF_LIMITS
    assert OPERATOR_LIMITS.absolute < STAFF_LIMITS.absolute < session_limits(None).absolute
