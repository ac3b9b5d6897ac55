"""Following the link of an invitation, with and without an account."""

from datetime import UTC, datetime

import pytest

from madoguchi.accounts.models import Membership
from madoguchi.accounts.operations import invitations
from madoguchi.accounts.roles import Role
from madoguchi.foundation import clock
from madoguchi.foundation.audit import SYSTEM
from tests.accounts.people import a_person, an_organisation, sign_in
from tests.web.account.flow import PASSWORD, an_account, log_in

AT = datetime(2026, 11, 30, 3, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def link():
    made = invitations.invite(
        email="hanako@example.jp",
        organisation_id=an_organisation("甲商工会").pk,
        role=Role.ADVISER,
        at=clock.actual_now(),
        by=SYSTEM,
    )
    return f"/account/invitation/{made.token}/"


def answer(client, **changes):
    form = {"display_name": "窓口 花子", "password1": PASSWORD, "password2": PASSWORD}
    return client.post("/account/invitation/", form | changes)


def test_a_new_person_sets_name_and_password_and_then_a_second_factor(client, link):
    opened = client.get(link, follow=True)
    assert opened.redirect_chain == [("/account/invitation/", 302)]
    html = opened.content.decode()
    assert "甲商工会の相談員として、招待されています" in html
    assert answer(client).url == "/desk/"
    assert client.get("/desk/").url.startswith("/account/second-factor/")
    assert Membership.objects.get().user.email == "hanako@example.jp"


def test_looking_at_an_invitation_does_not_use_it_up(client, link):
    client.get(link, follow=True)
    assert client.get(link, follow=True).status_code == 200
    assert answer(client).status_code == 302


def test_a_password_typed_differently_or_too_weak_is_refused(client, link):
    client.get(link)
    assert "2つのパスワードが違います" in answer(client, password2="other").content.decode()
    weak = answer(client, password1="password12", password2="password12").content.decode()
    assert "一般的すぎます" in weak
    assert not Membership.objects.exists()


def test_a_person_with_an_account_signs_in_first(client, link):
    an_account(at=AT)
    client.get(link)
    assert "アカウントがあります" in client.get("/account/invitation/").content.decode()
    assert answer(client).status_code == 200
    assert not Membership.objects.exists()
    assert log_in(client, next="/account/invitation/").url == "/account/invitation/"
    assert client.post("/account/invitation/").url == "/desk/"
    assert Membership.objects.count() == 1


def test_somebody_else_who_is_signed_in_cannot_take_it(client, link):
    sign_in(client, a_person(at=AT))
    client.get(link)
    html = client.post("/account/invitation/").content.decode()
    assert "招待されたメールアドレスのアカウントで" in html
    assert not Membership.objects.exists()


@pytest.mark.parametrize("address", ["/account/invitation/nothing/", "/account/invitation/"])
def test_an_invitation_that_is_not_there_is_said_kindly(client, address):
    answered = client.get(address, follow=True)
    assert answered.status_code == 410
    assert "もう使えません" in answered.content.decode()
