"""Records that may be one business, on the desk of a manager."""

import pytest
from django.urls import reverse

from madoguchi.accounts.roles import Role
from madoguchi.businesses.models import Business
from tests.accounts.people import a_member, an_organisation, sign_in
from tests.businesses.businesses import registered_for
from tests.businesses.conftest import ADVISER, ANOTHER_NUMBER, AT, NUMBER
from tests.queries import cost

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours():
    return an_organisation("みほん商工会")


@pytest.fixture
def desk(client, ours):
    membership = a_member(at=AT, organisation=ours, role=Role.MANAGER)
    sign_in(client, membership.user, membership)
    return client


@pytest.fixture
def pair(ours):
    return [
        registered_for(ours, at=AT, by=ADVISER, telephone="03-1234-5678", **more)
        for more in ({}, {"employees": 4})
    ]


def address(route, one, other):
    return reverse(f"desk:business_{route}", args=[one.key, other.key])


def text_of(response):
    return response.content.decode().replace("<wbr>", "")


def test_pairs_stand_with_the_reasons(desk, pair):
    html = text_of(desk.get("/desk/businesses/duplicates/"))
    assert "名前が同じ、電話番号が同じ" in html
    assert address("merge", *pair) in html


def test_two_records_become_one_take_over_what_is_ticked_and_become_two_again(desk, pair):
    keep, drop = pair
    html = text_of(desk.get(address("merge", keep, drop)))
    assert 'name="take" value="employees" checked' in html
    assert 'value="telephone"' not in html
    desk.post(address("merge", keep, drop), {"take": ["employees", "corporate_number", "x"]})
    keep.refresh_from_db()
    assert keep.employees == 4
    assert "を統合しました" in text_of(desk.get(reverse("desk:business", args=[keep.key])))
    desk.post(address("unmerge", keep, drop))
    assert Business.objects.filter(merged_into=None).count() == 2


def test_why_two_cannot_be_joined_is_said(desk, ours):
    one, other = (
        registered_for(ours, at=AT, by=ADVISER, corporate_number=number)
        for number in (NUMBER, ANOTHER_NUMBER)
    )
    response = desk.post(address("merge", one, other))
    assert response.status_code == 409
    assert "別の事業者です" in text_of(response)


def test_told_apart_they_are_not_shown_again(desk, pair):
    desk.post(address("apart", *pair))
    assert "いまは、ありません" in text_of(desk.get("/desk/businesses/duplicates/"))


def test_a_record_of_others_cannot_be_drawn_in(desk, pair):
    foreign = registered_for(an_organisation("となり"), at=AT, by=ADVISER)
    for route in ("merge", "apart", "unmerge"):
        for one, other in ((pair[0], foreign), (foreign, pair[0])):
            assert desk.post(address(route, one, other)).status_code == 404


def test_a_record_is_not_joined_with_itself(desk, pair):
    assert desk.get(address("merge", pair[0], pair[0])).status_code == 404


def test_the_list_costs_the_same_for_one_pair_and_for_twenty(desk, pair, ours):
    desk.get("/desk/businesses/duplicates/")
    one = cost(lambda: desk.get("/desk/businesses/duplicates/"))
    for number in range(19):
        for _ in range(2):
            registered_for(ours, at=AT, by=ADVISER, name=f"みほん{number}", telephone=f"03-0000-{number:04}")
    assert cost(lambda: desk.get("/desk/businesses/duplicates/")) <= one
