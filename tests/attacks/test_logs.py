"""Logs hold no password, no key to a page and no text of a case, and nobody adds lines of their own."""

import logging
import logging.config
import re

import pytest
from django.conf import settings as shipped
from django.contrib.auth.hashers import make_password
from django.urls import URLPattern, URLResolver, get_resolver

from madoguchi.consultations.operations import reading
from madoguchi.web.shared.log_filters import HideKeys, without_keys
from tests.accounts.people import PASSWORD, a_person
from tests.consultations.cases import AT, a_taken_case
from tests.web.desk.signed_in import a_desk

pytestmark = pytest.mark.django_db
SECRET = "s3cr3t-" + "k" * 36
_PART = re.compile(r"<(?:\w+:)?(secret|token|signed)>")


class Lines(logging.Handler):
    """What the shipped handler would write, with its filters."""

    def __init__(self, filters):
        super().__init__()
        self.said: list[str] = []
        for each in filters:
            self.addFilter(each)

    def emit(self, record):
        self.said.append(self.format(record))


@pytest.fixture
def lines():
    """Every line of every logger, as it would reach the console."""
    yield from _listening([HideKeys()])


@pytest.fixture
def unfiltered(monkeypatch):
    """The same with the filter off, also where it is shipped: it changes the line itself."""
    monkeypatch.setattr(HideKeys, "filter", lambda self, record: True)
    yield from _listening([])


def _listening(filters):
    handler = Lines(filters)
    logging.getLogger().addHandler(handler)
    yield handler.said
    logging.getLogger().removeHandler(handler)


def keyed_addresses() -> list[str]:
    """Every address in which a key stands."""
    found = []

    def walk(patterns, before):
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, route)
            elif isinstance(pattern, URLPattern) and _PART.search(route):
                found.append("/" + re.sub(r"<[^>]+>", "1", _PART.sub(SECRET, route)))

    walk(get_resolver().url_patterns, "")
    return sorted(found)


def test_the_shipped_log_has_the_filter():
    assert shipped.LOGGING["handlers"]["console"]["filters"] == ["hide_keys"]
    assert shipped.LOGGING["filters"]["hide_keys"]["()"].endswith("HideKeys")


def test_no_key_in_an_address_reaches_the_log(client, lines):
    assert len(keyed_addresses()) > 6
    for address in keyed_addresses():
        for method in ("get", "put"):
            getattr(client, method)(address)
    assert lines
    assert [line for line in lines if SECRET in line] == []


def test_without_the_filter_keys_would_be_logged(client, unfiltered):
    """The twin."""
    for address in keyed_addresses():
        client.put(address)
    assert any(SECRET in line for line in unfiltered)


def test_an_ordinary_address_is_logged_as_it_is():
    assert without_keys("Not Found: /desk/cases/abcdefgh1234/") == "Not Found: /desk/cases/abcdefgh1234/"


def test_no_password_reaches_the_log(client, lines):
    person = a_person(at=AT)
    for password in (PASSWORD, "wrong-canary-password"):
        client.post("/account/login/", {"login": person.email, "password": password})
    client.post("/account/login/", {"login": "nobody@example.jp", "password": "wrong-canary-password"})
    assert make_password(PASSWORD) not in "\n".join(lines)
    assert not any(PASSWORD in line or "canary-password" in line for line in lines)


def test_no_text_of_a_case_reaches_the_log_when_its_page_fails(client, lines, monkeypatch):
    case = a_taken_case(a_desk(client), title="canary-title", words="canary-words")
    client.raise_request_exception = False

    def fail(*_told, **_named):
        raise RuntimeError("the page could not be made")

    monkeypatch.setattr(reading.audit, "record", fail)
    assert client.get(f"/desk/cases/{case.key}/").status_code == 500
    assert any("could not be made" in line for line in lines)
    assert not any("canary" in line for line in lines)


def test_nobody_writes_a_line_of_their_own(client, lines):
    client.get("/nowhere%0D%0A2026-11-30 administrator signed in%1B[2J/")
    told = [line for line in lines if "nowhere" in line]
    assert told
    assert not any(mark in line for line in told for mark in ("\r", "\n", "\x1b"))
