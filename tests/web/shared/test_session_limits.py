"""Sessions end after resting and after lasting too long, by the role, and at once where they are ended."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from madoguchi.accounts.roles import OPERATOR_LIMITS, OWN_LIMITS, STAFF_LIMITS, Role
from madoguchi.foundation import clock
from madoguchi.web.account import clearing
from madoguchi.web.shared.session_limits import SEEN_AT, SIGNED_IN_AT
from tests.accounts.people import a_member, a_person, an_organisation, sign_in
from tests.web.account.flow import PASSWORD, an_account, log_in

AT = datetime(2026, 11, 30, 3, tzinfo=UTC)
MIDDLEWARE = "madoguchi.web.shared.session_limits.SessionLimitMiddleware"
A_MOMENT = timedelta(seconds=5)

pytestmark = pytest.mark.django_db


def age(client, *, signed_in: timedelta = timedelta(), seen: timedelta = timedelta()) -> None:
    """Let a session have begun and been used that much earlier."""
    session, now = client.session, clock.actual_now()
    session[SIGNED_IN_AT] = (now - max(signed_in, seen)).timestamp()
    session[SEEN_AT] = (now - seen).timestamp()
    session.save()


def somebody(role: Role | None):
    return a_member(at=AT, organisation=an_organisation(), role=role).user if role else a_person(at=AT)


CASES = [(None, OWN_LIMITS), (Role.ADVISER, STAFF_LIMITS), (Role.OPERATOR, OPERATOR_LIMITS)]


@pytest.mark.parametrize(("role", "limits"), CASES)
def test_a_session_rests_until_its_limit_and_no_longer(client, role, limits):
    sign_in(client, somebody(role))
    age(client, seen=limits.idle - A_MOMENT)
    assert client.get("/account/").status_code == 200
    age(client, seen=limits.idle)
    assert client.get("/account/").url == "/account/login/?next=/account/&ended=idle"


@pytest.mark.parametrize(("role", "limits"), CASES)
def test_a_session_lasts_until_its_limit_however_busy(client, role, limits):
    sign_in(client, somebody(role))
    age(client, signed_in=limits.absolute - A_MOMENT)
    assert client.get("/account/").status_code == 200
    age(client, signed_in=limits.absolute)
    assert client.get("/account/").url == "/account/login/?next=/account/&ended=absolute"


def test_without_the_middleware_it_would_go_on(client, settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != MIDDLEWARE]
    sign_in(client, somebody(Role.ADVISER))
    age(client, seen=STAFF_LIMITS.idle * 2)
    assert client.get("/account/").status_code == 200


def test_an_ended_session_is_gone_from_the_database(client):
    sign_in(client, somebody(Role.ADVISER))
    key = client.session.session_key
    age(client, seen=STAFF_LIMITS.idle)
    client.get("/account/")
    assert not Session.objects.filter(session_key=key).exists()


def test_a_session_that_does_not_say_when_it_began_is_over(client):
    sign_in(client, somebody(Role.ADVISER))
    session = client.session
    del session[SIGNED_IN_AT]
    session.save()
    assert client.get("/account/").status_code == 302


def test_using_a_session_keeps_it_from_resting(client):
    sign_in(client, somebody(Role.ADVISER))
    age(client, seen=timedelta(minutes=50))
    client.get("/account/")
    assert clock.actual_now().timestamp() - client.session[SEEN_AT] < 60


def test_a_believed_date_does_not_move_the_limits(client, settings):
    settings.TODAY = datetime(2023, 11, 1, tzinfo=UTC).date()
    sign_in(client, somebody(Role.ADVISER))
    age(client, seen=STAFF_LIMITS.idle - A_MOMENT)
    assert client.get("/account/").status_code == 200


def test_the_person_is_told_kindly_and_comes_back_to_where_they_were(client):
    an_account(at=AT)
    log_in(client)
    age(client, seen=OWN_LIMITS.idle)
    asked = client.get("/account/sessions/")
    html = client.get(asked.url).content.decode()
    assert "ログインすると、見ていたページに戻ります" in html
    assert log_in(client, next="/account/sessions/").url == "/account/sessions/"


def test_signing_out_elsewhere_works_at_once():
    an_account(at=AT)
    here, there, third = Client(), Client(), Client()
    for each in (here, there, third):
        log_in(each)
    html = here.get("/account/sessions/").content.decode()
    assert html.count("ログアウトする<span") == 2
    number = here.get("/account/sessions/").context["places"]
    other = next(place for place in number if not place.is_here)
    here.post("/account/sessions/end/", {"place": other.number})
    assert sorted(each.get("/account/").status_code for each in (there, third)) == [200, 302]
    here.post("/account/sessions/end/", {"all": "1"})
    assert [each.get("/account/").status_code for each in (here, there, third)] == [200, 302, 302]


def test_nobody_ends_the_session_of_somebody_else(client):
    an_account(at=AT)
    theirs = Client()
    log_in(theirs)
    number = theirs.get("/account/sessions/").context["places"][0].number
    an_account(at=AT, email="taro@example.jp")
    log_in(client, email="taro@example.jp")
    client.post("/account/sessions/end/", {"place": number})
    client.post("/account/sessions/end/", {"all": "1"})
    assert theirs.get("/account/").status_code == 200


def test_the_worker_clears_up_what_is_over(client):
    an_account(at=AT)
    log_in(client)
    Session.objects.update(expire_date=clock.actual_now())
    clearing.clear()
    assert not Session.objects.exists()


def test_a_browser_that_is_closed_forgets_unless_asked_to_remember(client):
    an_account(at=AT)
    log_in(client)
    assert client.cookies["sessionid"]["max-age"] == ""
    client.post("/account/logout/")
    log_in(client, remember="on")
    assert client.cookies["sessionid"]["max-age"] == 14 * 24 * 3600
    assert PASSWORD not in str(client.session.items())
