"""Signing up, in and out with a mail address and a password; choosing a new one."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from madoguchi.accounts.models import User
from madoguchi.foundation.models import AuditEvent
from tests.web.account.flow import PASSWORD, an_account, code_from_mail, last_mail, log_in

AT = datetime(2026, 11, 30, 3, tzinfo=UTC)
NEW_PASSWORD = "aoi no madoguchi 12"

pytestmark = pytest.mark.django_db


def sign_up(client, email="taro@example.jp", password=PASSWORD, name="見本 太郎"):
    form = {"display_name": name, "email": email, "password1": password}
    return client.post("/account/signup/", form)


def is_signed_in(client) -> bool:
    return client.get("/account/").status_code == 200


def actions() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))


def test_a_business_signs_up_and_shows_that_the_address_is_theirs(client):
    assert sign_up(client).url == "/account/confirm-email/"
    assert not is_signed_in(client)
    done = client.post("/account/confirm-email/", {"action": "verify", "code": code_from_mail()})
    assert done.url == "/account/"
    assert is_signed_in(client)
    assert User.objects.get().display_name == "見本 太郎"
    assert actions() == ["accounts.user_created", "accounts.address_verified", "accounts.signed_in"]


def test_without_the_code_nobody_gets_in(client):
    sign_up(client)
    for _ in range(3):
        client.post("/account/confirm-email/", {"action": "verify", "code": "000000"})
    assert client.post("/account/confirm-email/", {"action": "verify", "code": code_from_mail()}).url == (
        "/account/login/"
    )
    assert not is_signed_in(client)


def test_an_address_that_is_registered_looks_the_same_as_one_that_is_not(client):
    an_account(at=AT)
    first = sign_up(client, email="taro@example.jp")
    client.cookies.clear()
    second = sign_up(client, email="hanako@example.jp")
    assert (first.status_code, first.url) == (second.status_code, second.url)
    page = client.get(second.url)
    assert "hanako@example.jp に、確認のコードを送りました" in page.content.decode()
    assert "すでに登録されています" in last_mail()
    assert User.objects.count() == 2


def test_a_weak_password_is_refused_in_japanese(client):
    html = sign_up(client, password="password12").content.decode()
    assert "このパスワードは一般的すぎます" in html
    html = sign_up(client, password="短い").content.decode()
    assert "10 文字以上" in html
    html = sign_up(client, password="taro@example.jp").content.decode()
    assert "似すぎています" in html
    assert not User.objects.exists()


def test_a_person_signs_in_and_out(client):
    an_account(at=AT)
    assert log_in(client).url == "/account/"
    assert is_signed_in(client)
    assert client.post("/account/logout/").url == "/"
    assert not is_signed_in(client)
    assert actions() == ["accounts.user_created", "accounts.signed_in", "accounts.signed_out"]


def test_signing_in_leads_to_where_one_was_going(client):
    an_account(at=AT)
    assert client.get("/account/sessions/").url == "/account/login/?next=/account/sessions/"
    assert log_in(client, next="/account/sessions/").url == "/account/sessions/"
    client.post("/account/logout/")
    assert log_in(client, next="https://evil.example/").url == "/account/"


def test_a_wrong_password_and_an_unknown_address_are_told_the_same(client):
    an_account(at=AT)
    wrong = log_in(client, password="wrong").content.decode()
    unknown = log_in(client, email="nobody@example.jp").content.decode()
    assert "メールアドレスかパスワードが違います" in wrong
    assert wrong.count("notice--error") == unknown.count("notice--error") == 1
    assert not is_signed_in(client)


def test_a_failed_sign_in_is_on_record_without_what_was_typed(client):
    user = an_account(at=AT)
    log_in(client, password="wrong secret")
    log_in(client, email="nobody@example.jp")
    known, unknown = AuditEvent.objects.filter(action="accounts.sign_in_failed").order_by("pk")
    assert (known.subject_id, known.data, known.actor_id) == (str(user.pk), {}, "")
    assert (unknown.subject_id, unknown.data) == ("", {})


def test_a_person_who_left_cannot_sign_in(client):
    an_account(at=AT)
    User.objects.update(is_active=False)
    assert log_in(client).url == "/account/inactive/"
    assert not is_signed_in(client)


def test_a_new_session_key_is_made_at_sign_in(client):
    an_account(at=AT)
    client.get("/account/invitation/x/")
    before = client.session.session_key
    log_in(client)
    assert client.session.session_key != before


def test_a_forgotten_password_is_chosen_anew_with_a_code(client):
    user = an_account(at=AT)
    assert client.post("/account/password/reset/", {"email": user.email}).url.startswith(
        "/account/password/reset/confirm/"
    )
    done = client.post("/account/password/reset/confirm/", {"code": code_from_mail()})
    assert done.url == "/account/password/reset/complete/"
    both = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert client.post("/account/password/reset/complete/", both).url == "/account/password/reset/done/"
    assert log_in(client, password=PASSWORD).status_code == 200
    assert log_in(client, password=NEW_PASSWORD).url == "/account/"
    assert "accounts.password_changed" in actions()


def test_asking_for_a_code_does_not_tell_whether_the_address_is_known(client):
    an_account(at=AT)
    known = client.post("/account/password/reset/", {"email": "hanako@example.jp"})
    unknown = client.post("/account/password/reset/", {"email": "nobody@example.jp"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert "登録されていません" in last_mail()


def test_changing_the_password_ends_the_other_sessions_and_not_this_one(client):
    an_account(at=AT)
    other = Client()
    log_in(other)
    log_in(client)
    form = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert client.post("/account/password/change/", form).status_code == 302
    assert is_signed_in(client)
    assert not is_signed_in(other)
    assert "パスワードが変わりました" in last_mail()


def test_the_address_is_changed_once_the_new_one_is_shown_to_be_theirs(client):
    user = an_account(at=AT)
    log_in(client)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    asked = client.post("/account/email/", {"action_add": "1", "email": "New@example.jp"})
    assert asked.status_code == 302
    assert User.objects.get().email == user.email
    client.post("/account/confirm-email/", {"action": "verify", "code": code_from_mail()})
    assert User.objects.get().email == "new@example.jp"
    assert "accounts.address_changed" in actions()


def test_changing_the_address_asks_who_is_there(client):
    an_account(at=AT)
    log_in(client)
    asked = client.post("/account/email/", {"action_add": "1", "email": "new@example.jp"})
    assert asked.url.startswith("/account/reauthenticate/")
    assert User.objects.get().email == "hanako@example.jp"


def test_name_and_language_are_ones_own_to_change(client):
    an_account(at=AT)
    log_in(client)
    done = client.post("/account/profile/", {"display_name": "新しい 名前", "language": "en"})
    assert done.cookies["django_language"].value == "en"
    user = User.objects.get()
    assert (user.display_name, user.language) == ("新しい 名前", "en")
    assert AuditEvent.objects.get(action="accounts.profile_changed").data == {
        "fields": ["display_name", "language"]
    }


@pytest.mark.parametrize(
    "address",
    ["/account/login/", "/account/signup/", "/account/password/reset/", "/account/invitation/"],
)
def test_pages_with_a_token_are_kept_nowhere(address, client):
    assert "no-store" in client.get(address)["Cache-Control"]
