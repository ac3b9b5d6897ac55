"""Signing in with a provider: staff with their prefecture's, businesses with GビズID; and what is refused."""

import json
from datetime import UTC, datetime

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from madoguchi.accounts.models import GBizId, Membership, User
from madoguchi.accounts.operations import invitations
from madoguchi.accounts.roles import Role
from madoguchi.config import providers
from madoguchi.foundation import clock
from madoguchi.foundation.audit import SYSTEM
from madoguchi.foundation.models import AuditEvent
from tests.accounts.people import a_member, an_organisation
from tests.web.account.flow import an_account, code_from_mail, log_in, with_totp
from tests.web.account.mock_provider import ANOTHER_KEY, CLIENT_ID, CLIENT_SECRET, MockProvider

AT = datetime(2026, 11, 30, 3, tzinfo=UTC)
STAFF = {"sub": "staff-1", "email": "hanako@pref.example.jp", "email_verified": True, "name": "窓口 花子"}
BUSINESS = {
    "sub": "gbiz-1",
    "account_type": "2",
    "corp_type": "1",
    "corporate_number": "1234567890123",
    "name": "みほん商店株式会社",
    "email": "owner@example.jp",
    "user_last_nm": "見本",
    "user_first_nm": "太郎",
    "user_birthday_ymd": "19700101",
    "user_tel_no_contact": "0170000000",
    "prefecture_name": "みほん県",
    "mandate_info": [{"corporate_number": "9876543210987", "name": "見本精機", "mandate_id": "secret"}],
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider():
    running = MockProvider()
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def _configured(provider, settings, tmp_path, monkeypatch):
    common = {"issuer": provider.issuer, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    written = [
        common
        | {"key": "pref", "kind": "staff", "name": "県の職員認証", "trusted_domains": ["pref.example.jp"]},
        common | {"key": "gbizid", "kind": "gbizid", "name": "GビズID"},
    ]
    path = tmp_path / "providers.json"
    path.write_text(json.dumps(written))
    monkeypatch.setenv("MADOGUCHI_OIDC_PROVIDERS", str(path))
    settings.SOCIALACCOUNT_PROVIDERS = {"oidc": {"APPS": providers.apps("MADOGUCHI_OIDC_PROVIDERS")}}


def leave(client, key: str, **form) -> str:
    """Press the button of a provider; returns its address that one is led to."""
    response = client.post(f"/account/oidc/{key}/login/", form)
    assert response.status_code == 200, response.content
    return response.context["address"]


def come_back(client, provider, key: str, **form):
    """Go to the provider, agree, and come back."""
    return client.get(provider.authorize(leave(client, key, **form)))


def is_signed_in(client) -> bool:
    return "_auth_user_id" in client.session


# ── GビズID ─────────────────────────────────────────────────────────────────────────────────────────
def test_a_business_signs_up_with_gbizid_and_shows_that_the_address_is_theirs(client, provider):
    provider.claims = BUSINESS
    assert come_back(client, provider, "gbizid").url == "/account/confirm-email/"
    assert not is_signed_in(client)
    client.post("/account/confirm-email/", {"action": "verify", "code": code_from_mail()})
    assert is_signed_in(client)
    user = User.objects.get()
    assert (user.email, user.display_name) == ("owner@example.jp", "見本 太郎")
    assert not user.has_usable_password()


def test_what_is_asked_for_is_what_the_guideline_says(client, provider):
    provider.claims = BUSINESS
    come_back(client, provider, "gbizid")
    asked = provider.asked[0]
    assert set(asked["scope"].split()) == {"openid", "profile", "user", "email", "mandate"}
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    assert len(asked["nonce"]) >= 32
    assert len(asked["state"]) >= 16


def test_what_gbizid_says_is_kept_with_its_moment_and_no_more_than_needed(client, provider):
    provider.claims = BUSINESS
    come_back(client, provider, "gbizid")
    kept = GBizId.objects.get()
    assert (kept.account_type, kept.corporate_number, kept.business_name, kept.person_name) == (
        "2",
        "1234567890123",
        "みほん商店株式会社",
        "見本 太郎",
    )
    assert kept.mandates == [{"corporate_number": "9876543210987", "name": "見本精機"}]
    everything = f"{GBizId.objects.values()} {SocialAccount.objects.values()}"
    for private in ("19700101", "0170000000", "みほん県", "secret"):
        assert private not in everything


def test_signing_in_again_renews_what_gbizid_says(client, provider):
    provider.claims = BUSINESS
    come_back(client, provider, "gbizid")
    client.post("/account/confirm-email/", {"action": "verify", "code": code_from_mail()})
    client.post("/account/logout/")
    provider.claims = BUSINESS | {"name": "みほん商店ホールディングス"}
    assert come_back(client, provider, "gbizid").url == "/account/"
    assert GBizId.objects.get().business_name == "みほん商店ホールディングス"
    assert User.objects.count() == 1


def test_an_address_that_somebody_has_is_not_taken_over(client, provider):
    owner = an_account(at=AT, email="owner@example.jp")
    provider.claims = BUSINESS
    assert come_back(client, provider, "gbizid").url == "/account/confirm-email/"
    assert not is_signed_in(client)
    assert not SocialAccount.objects.filter(user=owner).exists()
    client.post("/account/logout/")
    log_in(client, email="owner@example.jp")
    client.post("/account/reauthenticate/", {"password": "midori no madoguchi 7"})
    assert come_back(client, provider, "gbizid", process="connect").url == "/account/others/"
    assert SocialAccount.objects.get().user == owner
    assert GBizId.objects.get().user == owner
    assert AuditEvent.objects.filter(action="accounts.login_linked").count() == 1


def test_gbizid_makes_nobody_a_member(client, provider):
    invitations.invite(
        email="owner@example.jp", organisation_id=an_organisation().pk, role=Role.ADVISER, at=AT, by=SYSTEM
    )
    provider.claims = BUSINESS | {"email_verified": True}
    come_back(client, provider, "gbizid")
    assert not Membership.objects.exists()


# ── Staff ───────────────────────────────────────────────────────────────────────────────────────────
def test_a_staff_provider_makes_no_account_by_itself(client, provider):
    provider.claims = STAFF
    html = come_back(client, provider, "pref").content.decode()
    assert "招待を受けた方か、登録ずみの方だけが使えます" in html
    assert not User.objects.exists()


def test_it_opens_an_account_that_is_there_and_asks_for_the_second_factor(client, provider):
    user = an_account(at=AT, email=STAFF["email"])
    a_member(at=AT, organisation=an_organisation(), user=user)
    with_totp(user)
    provider.claims = STAFF
    assert come_back(client, provider, "pref").url == "/account/2fa/authenticate/"
    assert SocialAccount.objects.get().user == user


def an_invitation(client, email=STAFF["email"]):
    made = invitations.invite(
        email=email,
        organisation_id=an_organisation("甲商工会").pk,
        role=Role.ADVISER,
        at=clock.actual_now(),
        by=SYSTEM,
    )
    client.get(f"/account/invitation/{made.token}/")


def test_it_opens_an_invitation_that_was_followed_here(client, provider):
    an_invitation(client)
    provider.claims = STAFF
    come_back(client, provider, "pref")
    membership = Membership.objects.get()
    assert (membership.user.email, membership.organisation.name) == (STAFF["email"], "甲商工会")
    assert is_signed_in(client)
    assert client.get("/desk/").url.startswith("/account/second-factor/")


@pytest.mark.parametrize(
    "claims",
    [
        STAFF | {"email": "another@pref.example.jp"},
        STAFF | {"email_verified": False},
        STAFF | {"email": "hanako@pref.example.jp.evil.example"},
        {"sub": "staff-1", "name": "窓口 花子"},
    ],
)
def test_but_not_for_another_address(client, provider, claims):
    an_invitation(client)
    provider.claims = claims
    come_back(client, provider, "pref")
    assert not Membership.objects.exists()
    assert not User.objects.exists()


def test_it_vouches_for_its_own_domains_only(client, provider):
    an_account(at=AT, email="hanako@example.jp")
    provider.claims = STAFF | {"email": "hanako@example.jp"}
    come_back(client, provider, "pref")
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()


# ── What is refused ─────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def a_known_person(provider):
    provider.claims = STAFF
    return an_account(at=AT, email=STAFF["email"])


def test_the_right_answer_lets_the_person_in(client, provider, a_known_person):
    come_back(client, provider, "pref")
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://evil.example/"},
        {"aud": "another-client"},
        {"exp": 1},
        {"sub": "somebody-else"},
    ],
)
def test_a_token_with_a_wrong_claim_is_refused(client, provider, a_known_person, wrong):
    provider.wrong = wrong
    response = come_back(client, provider, "pref")
    assert response.status_code == 401
    assert "確かめられませんでした" in response.content.decode().replace("<wbr>", "")
    assert not is_signed_in(client)


def test_a_token_of_another_key_is_refused(client, provider, a_known_person):
    provider.key = ANOTHER_KEY
    assert come_back(client, provider, "pref").status_code == 401
    assert not is_signed_in(client)


@pytest.mark.parametrize(("algorithm", "key"), [("HS256", "x" * 64), ("none", "")])
def test_a_token_with_another_algorithm_is_refused(client, provider, a_known_person, algorithm, key):
    provider.algorithm, provider.key = algorithm, key
    assert come_back(client, provider, "pref").status_code == 401
    assert not is_signed_in(client)


def test_userinfo_of_somebody_else_is_refused(client, provider, a_known_person):
    provider.userinfo_subject = "somebody-else"
    assert come_back(client, provider, "pref").status_code == 401
    assert not is_signed_in(client)


@pytest.mark.parametrize("state", ["", "x" * 16])
def test_a_wrong_state_is_refused(client, provider, a_known_person, state):
    back = provider.authorize(leave(client, "pref"))
    response = client.get(back.split("&state=")[0] + f"&state={state}")
    assert response.status_code == 401
    assert not is_signed_in(client)


def test_an_answer_is_used_once_and_in_its_own_browser(client, provider, a_known_person):
    back = provider.authorize(leave(client, "pref"))
    assert Client().get(back).status_code == 401
    client.get(back)
    assert is_signed_in(client)
    client.post("/account/logout/")
    client.get(back)
    assert not is_signed_in(client)


def test_a_provider_that_describes_itself_as_another_is_refused(client, provider):
    cache.clear()
    provider.told_issuer = "https://evil.example/"
    assert client.post("/account/oidc/pref/login/").status_code == 502


def test_a_provider_that_is_away_is_said_so(client, provider, settings):
    cache.clear()
    app = settings.SOCIALACCOUNT_PROVIDERS["oidc"]["APPS"][0]
    app["settings"]["server_url"] = "http://127.0.0.1:9/none"
    assert client.post("/account/oidc/pref/login/").status_code == 502


def test_the_address_line_cannot_ask_for_more(client, provider):
    response = client.post("/account/oidc/pref/login/?scope=everything&auth_params=prompt%3Dnone")
    assert "everything" not in response.context["address"]
    assert "prompt" not in response.context["address"]


def test_an_unknown_provider_is_not_found_and_a_link_is_no_login(client):
    assert client.post("/account/oidc/nothing/login/").status_code == 404
    assert client.get("/account/oidc/pref/login/").status_code == 405


def test_whoever_cancels_there_is_told_kindly(client, provider):
    state = leave(client, "pref").split("state=")[1].split("&")[0]
    response = client.get(f"/account/oidc/pref/callback/?error=access_denied&state={state}", follow=True)
    assert "ログインをやめました" in response.content.decode().replace("<wbr>", "")


def test_the_sign_in_page_offers_the_providers(client):
    html = client.get("/account/login/").content.decode()
    assert "県の職員認証でログインする" in html
    assert "GビズIDでログインする" in html


# ── The file ────────────────────────────────────────────────────────────────────────────────────────
GOOD = {
    "key": "pref",
    "kind": "staff",
    "name": "県",
    "issuer": "https://idp.example.jp",
    "client_id": "x",
    "client_secret": "y",
    "trusted_domains": ["pref.example.jp"],
}


def read(tmp_path, monkeypatch, content: str):
    path = tmp_path / "other.json"
    path.write_text(content)
    monkeypatch.setenv("PROVIDERS", str(path))
    return providers.apps("PROVIDERS")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "cannot be read"),
        ("{}", "not a list"),
        (json.dumps([GOOD | {"kind": "other"}]), "kind"),
        (json.dumps([GOOD | {"issuer": "http://idp.example.jp"}]), "https"),
        (json.dumps([GOOD | {"typo": 1}]), "typo"),
        (json.dumps([GOOD | {"client_secret": ""}]), "client_secret"),
        (json.dumps([GOOD | {"client_secret_file": "/nowhere"}]), "client_secret_file"),
        (json.dumps([GOOD | {"trusted_domains": []}]), "trusted_domains"),
        (json.dumps([GOOD, GOOD]), "same key"),
        (json.dumps([{"key": "pref"}]), "issuer"),
    ],
)
def test_a_file_with_a_mistake_stops_the_start(tmp_path, monkeypatch, content, said):
    with pytest.raises(ImproperlyConfigured, match=said):
        read(tmp_path, monkeypatch, content)


def test_a_secret_is_never_in_the_message(tmp_path, monkeypatch):
    with pytest.raises(ImproperlyConfigured) as refused:
        read(tmp_path, monkeypatch, json.dumps([GOOD | {"client_secret": "TOP", "kind": "x"}]))
    assert "TOP" not in str(refused.value)


def test_the_secret_may_stand_in_a_file_of_its_own(tmp_path, monkeypatch):
    (tmp_path / "secret").write_text("from a file\n")
    entry = GOOD | {"client_secret": "", "client_secret_file": str(tmp_path / "secret")}
    assert read(tmp_path, monkeypatch, json.dumps([entry]))[0]["secret"] == "from a file"


def test_without_a_file_there_are_no_providers(monkeypatch):
    monkeypatch.delenv("PROVIDERS", raising=False)
    assert providers.apps("PROVIDERS") == []
