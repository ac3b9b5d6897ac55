"""What was typed comes back after signing in: to the same person, in the same browser, within its time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from madoguchi.accounts.models import KeptForm, User
from madoguchi.accounts.operations import kept_forms
from madoguchi.accounts.operations.kept_forms import Typed
from madoguchi.accounts.roles import Role
from madoguchi.foundation import clock
from tests.accounts.people import a_member, an_organisation
from tests.web.account.flow import an_account, log_in, totp_code, with_totp

AT = datetime(2026, 11, 30, 3, tzinfo=UTC)
MIDDLEWARE = "madoguchi.web.shared.kept_forms.SignInFirstMiddleware"
TYPED = {"display_name": "長い時間をかけて書いた、とても大切な名前", "language": "ja"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return an_account(at=AT)


def end_session() -> None:
    Session.objects.all().delete()


def send(client):
    """Send a form of a guarded page."""
    return client.post("/account/profile/", TYPED)


def where_it_is(response) -> str:
    """Where the kept form will be found after signing in."""
    assert response.status_code == 302
    return response.url.split("next=")[1].split("&")[0]


@pytest.fixture
def lost(client, user):
    """Somebody typed, but the session had ended meanwhile; where the form is kept."""
    log_in(client)
    client.get("/account/profile/")
    end_session()
    return where_it_is(send(client))


def test_what_was_typed_is_shown_again_and_sent_with_one_button(client, user, lost):
    assert User.objects.get().display_name == "窓口 花子"
    assert "入力したところに戻ります" in client.get(f"/account/login/?next={lost}&kept=1").content.decode()
    assert log_in(client, next=lost).url == lost
    page = client.get(lost)
    assert TYPED["display_name"] in page.content.decode()
    typed = page.context["typed"]
    form = dict(typed.fields) | {page.context["field"]: page.context["number"]}
    assert client.post(typed.address, form).status_code == 302
    assert User.objects.get().display_name == TYPED["display_name"]
    assert not KeptForm.objects.exists()


def test_it_is_there_too_when_the_session_ended_by_resting(client, user):
    log_in(client)
    session = client.session
    session["seen_at"] = 0
    session.save()
    asked = send(client)
    assert "ended=idle" in asked.url
    assert "kept=1" in asked.url
    log_in(client)
    assert TYPED["display_name"] in client.get(where_it_is(asked)).content.decode()


def test_it_comes_back_through_the_second_factor(client, user):
    membership = a_member(at=AT, organisation=an_organisation(), role=Role.MANAGER, user=user)
    secret = with_totp(membership.user)
    log_in(client)
    client.post("/account/2fa/authenticate/", {"code": totp_code(secret)})
    client.get("/desk/people/")
    end_session()
    kept = where_it_is(client.post("/desk/people/teams/", {"name": "とても長い名前の販路開拓班"}))
    assert log_in(client, next=kept).url == "/account/2fa/authenticate/"
    done = client.post("/account/2fa/authenticate/", {"code": totp_code(secret, steps=1)})
    assert done.url == kept
    assert "とても長い名前の販路開拓班" in client.get(kept).content.decode()


def test_without_the_middleware_it_would_be_lost(client, user, settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != MIDDLEWARE]
    log_in(client)
    client.get("/account/profile/")
    end_session()
    send(client)
    assert not KeptForm.objects.exists()


def test_another_person_at_the_same_browser_does_not_see_it(client, user, lost):
    an_account(at=AT, email="taro@example.jp", name="見本 太郎")
    log_in(client, email="taro@example.jp")
    assert client.get(lost).url == "/account/"
    assert "入力が残っています" not in client.get("/account/").content.decode()
    client.post(lost + "forget/")
    assert KeptForm.objects.exists()


def test_the_same_person_at_another_browser_does_not_see_it(user, lost):
    elsewhere = Client()
    log_in(elsewhere)
    assert elsewhere.get(lost).url == "/account/"


@pytest.mark.parametrize("value", ["", "x", "A" * 43])
def test_a_forged_key_opens_nothing(client, user, lost, value):
    log_in(client)
    client.cookies["typed"] = value
    assert client.get(lost).url == "/account/"


def test_a_form_whose_row_was_given_to_somebody_else_does_not_open(client, user, lost):
    taro = an_account(at=AT, email="taro@example.jp", name="見本 太郎")
    KeptForm.objects.update(user=taro)
    log_in(client, email="taro@example.jp")
    assert client.get(lost).url == "/account/"


def test_a_changed_row_does_not_open(client, user, lost):
    row = KeptForm.objects.get()
    sealed = bytearray(row.sealed)
    sealed[-1] ^= 1
    KeptForm.objects.update(sealed=bytes(sealed))
    log_in(client)
    assert client.get(lost).url == "/account/"


def test_nothing_readable_stands_in_the_database(user, lost):
    sealed = bytes(KeptForm.objects.get().sealed)
    assert TYPED["display_name"].encode() not in sealed
    assert b"profile" not in sealed


def test_it_is_gone_after_its_time(client, user, lost):
    KeptForm.objects.update(expires_at=clock.actual_now())
    log_in(client)
    assert client.get(lost).url == "/account/"
    assert kept_forms.forget_expired(at=clock.actual_now()) == 1


def test_where_nobody_knows_whose_it_is_nothing_is_kept(client, user):
    client.post("/account/profile/", TYPED)
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize("who", ["1", "x:y:z", ""])
def test_a_forged_name_does_not_count(client, user, who):
    client.cookies["who"] = who
    send(client)
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize(
    ("address", "form"),
    [
        ("/account/password/change/", {"oldpassword": "secret", "password1": "a", "password2": "a"}),
        ("/account/reauthenticate/", {"password": "secret"}),
        ("/account/2fa/totp/activate/", {"code": "123456"}),
    ],
)
def test_passwords_and_codes_are_never_kept(client, user, address, form):
    log_in(client)
    client.get("/account/")
    end_session()
    client.post(address, form)
    assert not KeptForm.objects.exists()


def test_the_account_page_tells_of_it_too(client, user, lost):
    log_in(client)
    html = client.get("/account/").content.decode()
    assert lost in html


def test_it_can_be_thrown_away(client, user, lost):
    log_in(client)
    client.post(lost + "forget/")
    assert not KeptForm.objects.exists()


def test_a_form_from_a_tab_of_before_is_kept_where_its_token_is_out_of_date(user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    asked = client.post("/account/profile/", TYPED, headers={"sec-fetch-site": "same-origin"})
    assert asked.status_code == 302
    assert TYPED["display_name"] in client.get(asked.url).content.decode()


def test_a_form_from_another_site_is_refused_and_not_kept(user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    for site in ("cross-site", "same-site"):
        assert client.post("/account/profile/", TYPED, headers={"sec-fetch-site": site}).status_code == 403
    assert not KeptForm.objects.exists()


def test_htmx_is_told_to_change_the_whole_page(client, user):
    log_in(client)
    client.get("/account/")
    end_session()
    answered = client.post("/account/profile/", TYPED, headers={"hx-request": "true"})
    assert answered["HX-Redirect"].startswith("/account/login/?next=/account/kept/")


def test_every_value_of_a_field_comes_back_in_its_order(user):
    key, at = kept_forms.new_key(), clock.actual_now()
    typed = Typed("/x/", (("a", "1"), ("b", "２行\r\n目"), ("a", "2")))
    number = kept_forms.keep(typed, user_id=user.pk, key=key, at=at)
    assert kept_forms.opened(number, user_id=user.pk, key=key, at=at) == (typed, at)


def test_the_oldest_give_way_and_what_is_too_long_is_not_kept(user):
    key, at = kept_forms.new_key(), clock.actual_now()
    for number in range(kept_forms.MOST_FORMS + 3):
        kept_forms.keep(Typed("/x/", (("n", str(number)),)), user_id=user.pk, key=key, at=at)
    held = kept_forms.held(user_id=user.pk, key=key, at=at)
    assert len(held) == kept_forms.MOST_FORMS
    assert kept_forms.opened(held[0][0], user_id=user.pk, key=key, at=at)[0].fields == (("n", "22"),)
    long = Typed("/x/", (("a", "あ" * kept_forms.MOST_BYTES),))
    assert kept_forms.keep(long, user_id=user.pk, key=key, at=at) is None


def test_it_is_kept_for_half_a_day():
    assert timedelta(hours=12) == kept_forms.KEPT
