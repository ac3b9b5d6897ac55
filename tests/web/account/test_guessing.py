"""Guessing passwords is limited: by place and by address, for all server processes together."""

import os
import re
import socket
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client

from madoguchi.foundation.models import AuditEvent, CacheEntry
from tests.databases import database_url
from tests.e2e.site import stop, wait_for
from tests.web.account.flow import PASSWORD, an_account, code_from_mail, log_in

AT = datetime(2026, 11, 30, 3, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[3]
TRIES = 200
MOST_FOR_AN_ADDRESS, MOST_FROM_A_PLACE = 5, 10


def tried() -> int:
    """How many passwords were looked at: each leaves a record."""
    return AuditEvent.objects.filter(action="accounts.sign_in_failed").count()


def guess(client, count: int, *, email="hanako@example.jp", headers=None, place=None):
    for number in range(count):
        log_in_from = {"REMOTE_ADDR": place or "192.0.2.1"}
        form = {"login": email, "password": f"guess {number}"}
        response = client.post("/account/login/", form, headers=headers or {}, **log_in_from)
    return response


@pytest.mark.django_db
def test_an_address_is_guessed_at_five_times():
    an_account(at=AT)
    html = guess(Client(), 8).content.decode()
    assert tried() == MOST_FOR_AN_ADDRESS
    assert "しばらく止めています" in html


@pytest.mark.django_db
def test_also_from_many_places():
    an_account(at=AT)
    for number in range(20):
        guess(Client(), 1, place=f"192.0.2.{number}")
    assert tried() == MOST_FOR_AN_ADDRESS


@pytest.mark.django_db
def test_a_place_tries_ten_times_whatever_address_it_tries():
    for number in range(20):
        guess(Client(), 1, email=f"person-{number}@example.jp")
    assert tried() == MOST_FROM_A_PLACE


@pytest.mark.django_db
def test_a_forged_header_makes_no_new_place():
    for number in range(20):
        forged = {"x-forwarded-for": f"198.51.100.{number}"}
        guess(Client(), 1, email=f"person-{number}@example.jp", headers=forged)
    assert tried() == MOST_FROM_A_PLACE


@pytest.mark.django_db
def test_behind_a_proxy_the_place_is_what_the_proxy_says_and_not_what_came_before(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(20):
        forged = {"x-forwarded-for": f"198.51.100.{number}, 203.0.113.7"}
        guess(Client(), 1, email=f"person-{number}@example.jp", headers=forged, place="127.0.0.1")
    assert tried() == MOST_FROM_A_PLACE


@pytest.mark.django_db
def test_behind_a_proxy_visitors_do_not_share_a_place(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(20):
        told = {"x-forwarded-for": f"203.0.113.{number}"}
        guess(Client(), 1, email=f"person-{number}@example.jp", headers=told, place="127.0.0.1")
    assert tried() == 20


@pytest.mark.django_db
def test_an_unknown_address_is_stopped_as_a_known_one_is():
    an_account(at=AT)
    known = guess(Client(), 8, place="192.0.2.1")
    unknown = guess(Client(), 8, email="nobody@example.jp", place="192.0.2.2")
    assert (known.status_code, unknown.status_code) == (200, 200)
    token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    told = [token.sub("", each.content.decode()) for each in (known, unknown)]
    assert told[0].replace("hanako@example.jp", "nobody@example.jp") == told[1]


@pytest.mark.django_db
def test_the_owner_is_not_kept_out_by_somebody_who_guesses():
    an_account(at=AT)
    owner, attacker = Client(), Client()
    log_in(owner)
    owner.post("/account/logout/")
    guess(attacker, 8, place="192.0.2.66")
    assert log_in(owner).url == "/account/"
    assert log_in(attacker, password=PASSWORD).status_code == 200  # even with the right one, for a while


@pytest.mark.django_db
def test_a_known_browser_has_five_guesses_too():
    an_account(at=AT)
    client = Client()
    log_in(client)
    client.post("/account/logout/")
    guess(client, 8)
    assert tried() == MOST_FOR_AN_ADDRESS


@pytest.mark.django_db
@pytest.mark.parametrize("forged", ["", "x", "a:b:c"])
def test_a_forged_cookie_makes_no_known_browser(forged):
    an_account(at=AT)
    guess(Client(), 8, place="192.0.2.66")
    client = Client()
    client.cookies["known"] = forged
    assert log_in(client).status_code == 200


@pytest.mark.django_db
def test_choosing_a_new_password_opens_the_door_again():
    user = an_account(at=AT)
    client = Client()
    guess(client, 8, place="192.0.2.66")
    client.post("/account/password/reset/", {"email": user.email})
    client.post("/account/password/reset/confirm/", {"code": code_from_mail()})
    both = {"password1": "aoi no madoguchi 12", "password2": "aoi no madoguchi 12"}
    client.post("/account/password/reset/complete/", both)
    assert log_in(client, password="aoi no madoguchi 12").url == "/account/"


@pytest.mark.django_db
def test_the_door_opens_by_itself():
    an_account(at=AT)
    guess(Client(), 8, place="192.0.2.66")
    CacheEntry.objects.all().delete()
    cache.clear()
    assert log_in(Client()).url == "/account/"


# ── Over real HTTP ──────────────────────────────────────────────────────────────────────────────────
class Server:
    """The shipped server with two processes, on the tests' database."""

    def __init__(self, place: Path, settings_module: str, **variables: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}/account/login/"
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)]
        command += [
            "--workers",
            "2",
            "--blocking-threads",
            "4",
            "--no-access-log",
            "madoguchi.config.wsgi:application",
        ]
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": settings_module,
            "MADOGUCHI_DATABASE_URL": database_url(),
            "MADOGUCHI_DATA_DIR": str(place),
            "MADOGUCHI_DEBUG": "1",
            **variables,
        }
        with (place / "server.log").open("wb") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        wait_for(self._answers, seconds=60, what=f"a server at {self.address}")

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.address, timeout=5) as response:  # noqa: S310 (our own)
                page = response.read().decode()
                self._cookie = response.headers["Set-Cookie"].split(";")[0]
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False
        self._token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        return True

    def try_password(self, number: int, *, email: str, place: str) -> int:
        form = {"csrfmiddlewaretoken": self._token, "login": email, "password": f"guess {number}"}
        request = urllib.request.Request(  # noqa: S310 (our own)
            self.address,
            data=urllib.parse.urlencode(form).encode(),
            headers={"Cookie": self._cookie, "X-Forwarded-For": place},
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as response:  # noqa: S310 (our own)
                return response.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code


def guess_at_once(place: Path, settings_module="madoguchi.config.settings", **variables: str) -> int:
    """Try many passwords for one address, all at once from as many places; how many were looked at."""
    server = Server(place, settings_module, **variables)
    try:
        with ThreadPoolExecutor(32) as pool:
            answers = list(
                pool.map(
                    lambda number: server.try_password(
                        number, email="hanako@example.jp", place=f"198.51.{number // 250}.{number % 250}"
                    ),
                    range(TRIES),
                )
            )
    finally:
        stop(server.process)
    assert set(answers) <= {200, 429}, (place / "server.log").read_text()
    return tried()


@pytest.mark.django_db(transaction=True)
def test_two_processes_count_together(tmp_path):
    an_account(at=AT)
    allowed = guess_at_once(tmp_path, MADOGUCHI_TRUSTED_PROXIES="1")
    print(f"{TRIES} wrong passwords at once, {TRIES} places, 2 processes: {allowed} allowed")  # noqa: T201
    assert 1 <= allowed <= MOST_FOR_AN_ADDRESS


@pytest.mark.django_db(transaction=True)
def test_with_a_memory_of_their_own_they_would_allow_more(tmp_path):
    an_account(at=AT)
    unshared = "tests.web.account.unshared_settings"
    allowed = guess_at_once(tmp_path, unshared, MADOGUCHI_TRUSTED_PROXIES="1")
    print(f"the same with a cache for each process: {allowed} allowed")  # noqa: T201
    assert allowed > MOST_FOR_AN_ADDRESS
