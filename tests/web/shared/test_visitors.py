"""The way back from public pages: to the desk, to one's own page, or in; and no page of one for another."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from madoguchi.accounts.roles import Role
from madoguchi.web.shared import page_cache
from madoguchi.web.shared.page_cache import PageCache
from tests.accounts.people import a_member, a_person, an_organisation, sign_in
from tests.queries import cost
from tests.web.shared.test_page_cache import Asking, ask

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 30, 3, tzinfo=UTC)
PAGE = "/about/"


def the_staff(client):
    membership = a_member(at=AT, organisation=an_organisation(), role=Role.ADVISER)
    sign_in(client, membership.user, membership)


def tool_of(html: str) -> str:
    """The last link of the tools in the header."""
    return html.split('class="site__tools"')[1].split("</div>", maxsplit=1)[0].rsplit("<a ", 1)[1]


def behind_the_cache() -> PageCache:
    """The whole site behind the kept pages."""
    handler = Client().handler  # one that leaves the database of the test open

    def site(environ, start_response):
        response = handler(environ)
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return response

    return PageCache(site)


def seen_by(client) -> str:
    return tool_of(client.get(PAGE).content.decode())


def test_staff_are_led_back_to_their_desk(client):
    the_staff(client)
    assert f'href="{reverse("desk:home")}"' in seen_by(client)
    assert "職員画面" in seen_by(client)


def test_owners_are_led_to_their_own_page(client):
    sign_in(client, a_person(at=AT))
    assert f'href="{reverse("account_home")}"' in seen_by(client)
    assert "マイページ" in seen_by(client)


def test_others_are_asked_in_also_after_somebody_signed_out(client):
    assert "ログイン" in seen_by(client)
    the_staff(client)
    client.post(reverse("account_logout"))
    assert "ログイン" in seen_by(client)


def test_the_frame_that_is_kept_for_staff_is_given_to_nobody_else(client):
    the_staff(client)
    seen_by(client)
    assert "ログイン" in seen_by(Client())


def test_a_public_page_of_somebody_signed_in_is_stored_nowhere(client):
    the_staff(client)
    assert "no-store" in client.get(PAGE)["Cache-Control"]
    assert "no-store" not in Client().get(PAGE).get("Cache-Control", "")


def test_a_page_kept_for_visitors_is_not_the_page_of_the_staff(client, data_dir, settings):
    settings.INDEX_DIR = data_dir / "index"
    the_staff(client)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    site = behind_the_cache()
    plain = {"accept-language": "ja"}
    visitor = ask(site, Asking(headers=plain).get(PAGE))
    staff = ask(site, Asking(headers=plain | {"cookie": cookie}).get(PAGE))
    again = ask(site, Asking(headers=plain).get(PAGE))
    assert "ログイン" in visitor.content.decode()
    assert "職員画面" in staff.content.decode()
    assert again.content == visitor.content


def test_were_pages_of_sessions_kept_one_would_be_given_to_others(client, data_dir, settings, monkeypatch):
    settings.INDEX_DIR = data_dir / "index"
    the_staff(client)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    monkeypatch.setattr(page_cache, "parse_cookie", lambda _header: {})
    monkeypatch.setattr(page_cache, "_may_be_kept", lambda _response: True)
    site = behind_the_cache()
    ask(site, Asking(headers={"accept-language": "ja", "cookie": cookie}).get(PAGE))
    assert "職員画面" in ask(site, Asking(headers={"accept-language": "ja"}).get(PAGE)).content.decode()


def test_of_a_visitor_without_a_session_nothing_is_asked(client):
    client.get(PAGE)
    plain = cost(lambda: client.get(PAGE))
    client.cookies["other"] = "x"
    assert cost(lambda: client.get(PAGE)) == plain
