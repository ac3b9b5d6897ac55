"""The entrances of a demonstration: open in demo mode, for fictional people, for some hours."""

import re
from datetime import timedelta

import pytest
import time_machine

from madoguchi.accounts import demonstration
from madoguchi.accounts.roles import Role
from madoguchi.foundation import clock
from madoguchi.web.account import demo_links
from tests.accounts.people import a_member, a_person, an_organisation
from tests.web.account.flow import an_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def adviser(settings):
    """A fictional adviser in demo mode."""
    settings.DEMO = True
    user = an_account(at=clock.actual_now(), email=demonstration.address_of("hanako"), password=None)
    return a_member(at=clock.actual_now(), organisation=an_organisation(), user=user)


def the_link() -> str:
    [entrance] = demo_links.entrances(at=clock.actual_now())
    return entrance.path


def test_the_list_names_everybody_fictional_and_nobody_else(client, adviser):
    a_person(at=clock.actual_now(), name="本物 太郎")
    page = client.get("/demo/").content.decode()
    assert "窓口 花子" in page
    assert "みほん商工会　相談員" in page
    assert "本物 太郎" not in page


def test_a_link_signs_in_without_a_second_factor(client, adviser):
    answer = client.get(the_link(), follow=True)
    assert answer.redirect_chain == [("/desk/", 302)]
    assert "窓口 花子" in answer.content.decode()


def test_a_banner_says_that_nobody_is_real(client, adviser):
    client.get(the_link())
    for address in ("/desk/", "/about/"):
        page = client.get(address).content.decode()
        assert "これはデモです。" in page
        assert 'href="/demo/"' in page


def test_a_manager_needs_not_confirm_with_a_password_that_nobody_has(client, adviser):
    manager = a_member(
        at=clock.actual_now(),
        organisation=adviser.organisation,
        role=Role.MANAGER,
        user=an_account(at=clock.actual_now(), email=demonstration.address_of("midori"), password=None),
    )
    [_, entrance] = demo_links.entrances(at=clock.actual_now())
    client.get(entrance.path)
    assert client.get("/desk/people/invite/").status_code == 200
    assert manager.user.display_name in entrance.name


def test_outside_of_demo_mode_there_is_nothing(client, adviser, settings):
    link = the_link()
    settings.DEMO = False
    assert client.get("/demo/").status_code == 404
    assert client.get(link).status_code == 404
    assert "_auth_user_id" not in client.session
    assert "これはデモです。" not in client.get("/about/").content.decode()


def test_a_link_of_somebody_real_is_none(client, adviser):
    real = a_person(at=clock.actual_now())
    assert client.get(f"/demo/{demo_links._signer().sign(str(real.pk))}/").status_code == 404


@pytest.mark.parametrize(
    "change", [lambda link: link[:-3] + "xx/", lambda link: re.sub(r"/demo/\d+", "/demo/999", link)]
)
def test_a_link_that_was_tampered_with_is_none(client, adviser, change):
    assert client.get(change(the_link())).status_code == 404


def test_a_link_runs_out(client, adviser):
    link = the_link()
    with time_machine.travel(clock.actual_now() + timedelta(hours=demo_links.HOURS, seconds=5)):
        assert client.get(link).status_code == 404


def test_looking_at_a_link_signs_nobody_in(client, adviser):
    assert client.head(the_link()).status_code == 200
    assert "_auth_user_id" not in client.session
