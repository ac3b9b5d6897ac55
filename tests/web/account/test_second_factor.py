"""Whoever works in an organisation shows a second factor: none of the guarded pages opens before."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.urls import get_resolver

from madoguchi.accounts import second_factor
from madoguchi.accounts.roles import Role
from madoguchi.foundation.models import AuditEvent
from madoguchi.web.shared.second_factor import SHOWN
from tests.accounts.people import a_member, an_organisation, sign_in
from tests.house.access_map import routes
from tests.web.account.flow import PASSWORD, an_account, log_in, recovery_codes, totp_code, with_totp

AT = datetime(2026, 11, 30, 3, tzinfo=UTC)
MIDDLEWARE = "madoguchi.web.shared.second_factor.SecondFactorMiddleware"

# Guarded pages that are needed to set up or to show a second factor; everything else waits for it.
ON_THE_WAY = {
    "/account/second-factor/",
    "/account/reauthenticate/",
    "/account/reauthenticate/code/",
    "/account/reauthenticate/code/confirm/",
    "/account/2fa/reauthenticate/",
    "/account/2fa/totp/activate/",
    "/account/2fa/passkeys/add/",
    "/account/2fa/passkeys/reauthenticate/",
}

# What may stand in an address.
SAMPLES_OF_KINDS = {"<int:": "1", "<str:": "x", "<slug:": "x", "<uuid:": str(UUID(int=1))}

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    user = an_account(at=AT)
    return a_member(at=AT, organisation=an_organisation("甲商工会"), role=Role.ADVISER, user=user)


def guarded_addresses() -> list[str]:
    """An address for every guarded route; what stands in it does not matter to who is kept out."""
    found = []
    for route, access in routes(get_resolver().url_patterns):
        if access != "public":
            address = "/" + route
            for kind, sample in SAMPLES_OF_KINDS.items():
                while kind in address:
                    before, after = address.split(kind, 1)
                    address = before + sample + after.split(">", 1)[1]
            assert "<" not in address, f"no sample for {address}"
            found.append(address)
    return found


def leads_to_setup(response) -> bool:
    return response.status_code == 302 and response.url.startswith("/account/second-factor/")


def with_password_only(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def opened(addresses, client) -> set[str]:
    """The addresses that do not lead to setting up a second factor, by any of the ways to ask."""
    asks = (client.get, client.post, client.head, client.put, client.delete)
    return {address for address in addresses for ask in asks if not leads_to_setup(ask(address))}


def test_a_member_without_one_is_led_to_set_one_up_from_every_guarded_page(member):
    addresses = guarded_addresses()
    assert len(addresses) > 25
    assert opened(addresses, with_password_only(member.user)) == ON_THE_WAY


def test_without_the_middleware_the_pages_would_open(member, settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != MIDDLEWARE]
    assert "/desk/" in opened(["/desk/"], with_password_only(member.user))


def test_a_member_whose_session_has_shown_one_is_let_in(client, member):
    sign_in(client, member.user)
    assert client.get("/desk/").status_code == 200


def test_only_a_demonstration_does_without(member, settings):
    settings.DEMO = True
    assert with_password_only(member.user).get("/desk/").status_code == 200


def test_a_business_is_offered_one_and_not_made_to(client):
    an_account(at=AT)
    log_in(client)
    assert "まだありません（おすすめします）" in client.get("/account/").content.decode()
    assert "おすすめ" not in client.get("/account/second-factor/").content.decode()


def set_up_an_app(client) -> str:
    """Register an authenticator app as a person does; returns where it leads."""
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    return client.post("/account/2fa/totp/activate/", {"code": totp_code(secret)}).url


@pytest.mark.django_db(transaction=True)
def test_setting_one_up_leads_on_to_where_one_was_going(client, member):
    log_in(client)
    asked = client.get("/desk/")
    assert asked.url == "/account/second-factor/?next=/desk/"
    assert "2分ほど" in client.get(asked.url).content.decode()
    done = set_up_an_app(client)
    assert done == "/account/2fa/codes/"
    assert len(client.get(done).context["unused_codes"]) == 10
    assert client.get("/account/second-factor/then/").url == "/desk/"
    assert client.get("/desk/").status_code == 200
    assert set(
        AuditEvent.objects.filter(action="accounts.second_factor_added").values_list("data__type", flat=True)
    ) >= {"totp"}


def test_it_is_not_set_up_long_after_signing_in_without_asking_again(client, member):
    log_in(client)
    session = client.session
    session["signed_in_at"] -= 700
    session.save()
    assert client.get("/account/2fa/totp/activate/").url.startswith("/account/reauthenticate/")


def test_signing_in_asks_for_the_code_and_nothing_opens_before(client, member):
    secret = with_totp(member.user)
    assert log_in(client).url == "/account/2fa/authenticate/"
    for address in ("/desk/", "/account/", "/account/2fa/", "/account/sessions/"):
        assert client.get(address).url.startswith("/account/login/")
    client.post("/account/2fa/authenticate/", {"code": totp_code(secret)})
    assert client.get("/desk/").status_code == 200
    assert client.session[SHOWN]


def test_the_code_cannot_be_used_twice(member):
    secret = with_totp(member.user)
    code = totp_code(secret)
    first, second = Client(), Client()
    for each in (first, second):
        log_in(each)
        each.post("/account/2fa/authenticate/", {"code": code})
    assert first.get("/desk/").status_code == 200
    assert second.get("/desk/").status_code == 302


def test_a_code_of_long_ago_or_of_later_is_refused(client, member):
    secret = with_totp(member.user)
    log_in(client)
    for steps in (-3, 3):
        client.post("/account/2fa/authenticate/", {"code": totp_code(secret, steps=steps)})
        assert client.get("/desk/").status_code == 302


def test_codes_are_not_guessed_for_long(client, member):
    secret = with_totp(member.user)
    log_in(client)
    for _ in range(5):
        client.post("/account/2fa/authenticate/", {"code": "000000"})
    html = client.post("/account/2fa/authenticate/", {"code": totp_code(secret)}).content.decode()
    assert "しばらく止めています" in html
    assert AuditEvent.objects.filter(action="accounts.second_factor_failed").count() == 5


def test_a_recovery_code_works_once(member):
    client, again = Client(), Client()
    with_totp(member.user)
    RecoveryCodes.activate(member.user)
    code = recovery_codes(member.user)[0]
    for each in (client, again):
        log_in(each)
        each.post("/account/2fa/authenticate/", {"code": code})
    assert client.get("/desk/").status_code == 200
    assert again.get("/desk/").status_code == 302
    assert AuditEvent.objects.filter(action="accounts.recovery_code_used").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_session_opened_with_a_password_alone_ends_when_one_is_set_up(client, member):
    other = Client()
    log_in(other)
    log_in(client)
    set_up_an_app(client)
    assert other.get("/account/").url.startswith("/account/login/")


def test_a_session_that_has_not_shown_it_is_asked_for_it(member):
    with_totp(member.user)
    client = with_password_only(member.user)
    asked = client.get("/desk/")
    assert client.get(asked.url).url == "/account/2fa/reauthenticate/?next=/desk/"


def test_who_works_in_an_organisation_cannot_take_the_last_one_away(client, member):
    with_totp(member.user)
    sign_in(client, member.user)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    html = client.post("/account/2fa/totp/deactivate/").content.decode()
    assert "二つ目の確認を外せません" in html
    assert second_factor.has_one(member.user)


def test_nor_the_last_passkey(client, member):
    key = Authenticator.objects.create(
        user=member.user, type="webauthn", data={"name": "鍵", "credential": {}}
    )
    sign_in(client, member.user)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert client.post(f"/account/2fa/passkeys/{key.pk}/remove/").url == "/account/2fa/passkeys/"
    assert second_factor.has_one(member.user)
    with_totp(member.user)
    client.post(f"/account/2fa/passkeys/{key.pk}/remove/")
    assert not Authenticator.objects.filter(type="webauthn").exists()


def test_a_business_may_take_it_away_after_saying_who_it_is(client):
    user = an_account(at=AT)
    with_totp(user)
    sign_in(client, user)
    assert client.post("/account/2fa/totp/deactivate/").url.startswith("/account/reauthenticate/")
    assert second_factor.has_one(user)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    client.post("/account/2fa/totp/deactivate/")
    assert not second_factor.has_one(user)


def test_without_a_record_there_is_no_second_factor(client, member, monkeypatch):
    def broken(*_args, **_named):
        raise RuntimeError("no record today")

    log_in(client)
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    monkeypatch.setattr("madoguchi.accounts.events.audit.record", broken)
    with pytest.raises(RuntimeError):
        client.post("/account/2fa/totp/activate/", {"code": totp_code(secret)})
    assert not second_factor.has_one(member.user)


def test_the_secret_of_an_app_is_not_in_the_database(member):
    secret = with_totp(member.user)
    assert secret not in str(Authenticator.objects.get().data)
