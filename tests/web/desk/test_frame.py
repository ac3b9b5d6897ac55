"""The frame of the staff pages: as whom one acts, and changing it."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from madoguchi.accounts.roles import Role
from tests.accounts.people import a_member, a_person, an_organisation, sign_in

AT = datetime(2026, 11, 30, 3, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def put_on(client, membership_id):
    return client.post(reverse("account_hat"), {"membership": membership_id})


def test_the_first_page_says_as_whom_one_acts(client):
    membership = a_member(at=AT, organisation=an_organisation("甲商工会"), role=Role.AUDITOR)
    sign_in(client, membership.user)
    html = client.get("/desk/").content.decode()
    assert "甲商工会" in html
    assert "監査担当" in html


def test_who_acts_for_no_organisation_has_no_staff_pages(client):
    sign_in(client, a_person(at=AT))
    assert client.get("/desk/").url == "/account/"


def test_a_visitor_is_asked_to_sign_in(client):
    assert client.get("/desk/").url == "/account/login/?next=/desk/"


def test_a_person_of_two_organisations_changes_the_hat(client):
    user = a_person(at=AT)
    first = a_member(at=AT, organisation=an_organisation("甲"), user=user)
    second = a_member(at=AT, organisation=an_organisation("乙"), user=user, role=Role.MANAGER)
    sign_in(client, user, first)
    assert client.get("/account/").context["hat"].membership_id == first.pk
    assert put_on(client, second.pk).url == "/desk/"
    assert client.get("/account/").context["hat"].membership_id == second.pk


def test_only_an_own_running_membership_can_be_put_on(client):
    user, organisation = a_person(at=AT), an_organisation()
    mine = a_member(at=AT, organisation=organisation, user=user)
    ended = a_member(at=AT, organisation=organisation, user=user, ends_at=AT)
    another = a_member(at=AT, organisation=organisation, role=Role.MANAGER)
    sign_in(client, user, mine)
    assert [put_on(client, each.pk).status_code for each in (ended, another)] == [404, 404]
    assert put_on(client, 999_999).status_code == 404
    assert put_on(client, "x").status_code == 400
    assert client.get("/account/").context["hat"].membership_id == mine.pk


def test_guarded_pages_are_not_stored_anywhere(client):
    sign_in(client, a_member(at=AT, organisation=an_organisation(), role=Role.EXPERT).user)
    assert "no-store" in client.get("/desk/")["Cache-Control"]
