from datetime import UTC, datetime, timedelta

import pytest

from madoguchi.accounts.models import User
from madoguchi.accounts.roles import Role
from madoguchi.businesses.choices import MemberRole
from madoguchi.businesses.models import Business
from tests.accounts.people import a_hat, a_person, an_organisation
from tests.businesses.businesses import a_business, a_business_member, on_the_books, own_hat

AT = datetime(2026, 11, 30, 3, tzinfo=UTC)
A_SECOND = timedelta(seconds=1)

pytestmark = pytest.mark.django_db


def seen_by(hat) -> set[Business]:
    return set(Business.objects.visible_to(hat))


@pytest.mark.parametrize("role", [Role.ADVISER, Role.OFFICER, Role.MANAGER])
def test_staff_see_what_is_on_the_books_of_their_organisation(role):
    ours, theirs = an_organisation("甲"), an_organisation("乙")
    business = a_business(at=AT)
    on_the_books(business, ours, at=AT)
    on_the_books(a_business(at=AT), theirs, at=AT)
    assert seen_by(a_hat(at=AT, organisation=ours, role=role)) == {business}


@pytest.mark.parametrize("role", [Role.EXPERT, Role.AUDITOR, Role.OPERATOR])
def test_who_is_no_adviser_sees_no_business(role):
    ours = an_organisation()
    on_the_books(a_business(at=AT), ours, at=AT)
    assert seen_by(a_hat(at=AT, organisation=ours, role=role)) == set()


def test_without_the_filter_everybody_would_see_everything():
    ours, theirs = an_organisation("甲"), an_organisation("乙")
    on_the_books(a_business(at=AT), theirs, at=AT)
    assert seen_by(a_hat(at=AT, organisation=ours)) == set()
    assert Business.objects.count() == 1


def test_what_an_organisation_gave_back_its_staff_see_no_more():
    ours = an_organisation()
    on_the_books(a_business(at=AT), ours, at=AT, ended_at=AT)
    assert seen_by(a_hat(at=AT, organisation=ours)) == set()


def test_a_person_sees_the_businesses_they_act_for():
    person, business = a_person(at=AT), a_business(at=AT)
    a_business_member(business, person, at=AT)
    a_business_member(a_business(at=AT), a_person(at=AT), at=AT)
    assert seen_by(own_hat(person, at=AT)) == {business}


def test_a_stranger_sees_nothing():
    a_business_member(a_business(at=AT), a_person(at=AT), at=AT)
    assert seen_by(own_hat(a_person(at=AT), at=AT)) == set()


def test_a_mandate_ends_the_second_it_ends():
    delegate, business = a_person(at=AT), a_business(at=AT)
    a_business_member(business, delegate, at=AT, role=MemberRole.DELEGATE, ends_at=AT)
    assert seen_by(own_hat(delegate, at=AT - A_SECOND)) == {business}
    assert seen_by(own_hat(delegate, at=AT)) == set()


def test_a_mandate_that_has_not_begun_gives_nothing():
    delegate, ends_at = a_person(at=AT), AT + timedelta(days=9)
    given = {"role": MemberRole.DELEGATE, "starts_at": AT + A_SECOND, "ends_at": ends_at}
    a_business_member(a_business(at=AT), delegate, at=AT, **given)
    assert seen_by(own_hat(delegate, at=AT)) == set()


def test_a_founder_is_seen_by_the_same_people_as_a_company():
    ours, founder = an_organisation("甲"), a_business("創業 予定", at=AT, is_founder=True)
    on_the_books(founder, ours, at=AT)
    assert seen_by(a_hat(at=AT, organisation=ours)) == {founder}
    assert seen_by(a_hat(at=AT, organisation=an_organisation("乙"))) == set()


def test_an_advisers_own_shop_is_not_on_the_books_of_the_organisation():
    organisation = an_organisation()
    hat = a_hat(at=AT, organisation=organisation)
    shop = a_business(at=AT)
    a_business_member(shop, User.objects.get(pk=hat.user_id), at=AT)
    assert seen_by(hat) == set()
    assert set(Business.objects.of_person(hat.user_id, at=AT)) == {shop}


def test_a_merged_business_gives_way_to_the_other_in_lists():
    ours = an_organisation()
    kept = a_business(at=AT)
    dropped = a_business(at=AT, merged_into=kept)
    on_the_books(kept, ours, at=AT)
    on_the_books(dropped, ours, at=AT)
    hat = a_hat(at=AT, organisation=ours)
    assert set(Business.objects.standing_for(hat)) == {kept}
    assert seen_by(hat) == {kept, dropped}


def test_a_merge_by_others_takes_nothing_off_our_list_and_shows_nothing_of_theirs():
    ours, theirs = an_organisation("甲"), an_organisation("乙")
    kept = a_business(at=AT)
    dropped = a_business(at=AT, merged_into=kept)
    on_the_books(kept, theirs, at=AT)
    on_the_books(dropped, ours, at=AT)
    assert set(Business.objects.standing_for(a_hat(at=AT, organisation=ours))) == {dropped}


def test_keys_cannot_be_counted_through():
    keys = {a_business(at=AT).key for _ in range(20)}
    assert len(keys) == 20
    assert all(len(key) == 12 for key in keys)
