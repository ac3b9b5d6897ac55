"""Webhooks: signed, told again until they arrive, given up after days, and never to an inner address."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from madoguchi.foundation import outgoing
from madoguchi.foundation.models import AuditEvent
from madoguchi.foundation.outgoing import AddressRefused
from madoguchi.opendata import tasks, webhooks
from madoguchi.opendata.models import Change, Webhook
from madoguchi.opendata.webhooks import NotDelivered
from tests.foundation.misbehaving import misbehaving_server

AT = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def server(settings):
    with misbehaving_server() as running:
        settings.OUTGOING_PORTS = frozenset({80, 443, urlsplit(running.url).port})
        yield running


@pytest.fixture
def without_guard(monkeypatch):
    """The other site of a test is this machine."""
    monkeypatch.setattr(outgoing, "is_public", lambda _address: True)


def happened(*slugs):
    first = Change.objects.count() + 1
    for position, slug in enumerate(slugs, start=first):
        Change.objects.create(position=position, kind="desk", slug=slug, what="changed", happened_at=AT)


@pytest.fixture
def hook(db, server):
    happened("before")
    row = webhooks.add(url=f"{server.url}/hook", at=AT)
    server.answers["/hook"] = (204, b"")
    return row


def told(server):
    return [each["slug"] for body in server.bodies for each in json.loads(body)["changes"]]


def test_what_changes_after_it_was_added_is_told_once_and_signed(hook, server, without_guard):
    happened("a", "b")
    assert webhooks.deliver(number=hook.pk, at=AT) == 2
    assert webhooks.deliver(number=hook.pk, at=AT) == 0
    assert told(server) == ["a", "b"]
    headers = server.headers[0]
    timestamp = headers["x-madoguchi-timestamp"]
    assert timestamp == str(int(AT.timestamp()))
    secret = webhooks.secret_of(hook)
    assert headers["x-madoguchi-signature"] == webhooks.signature(secret, timestamp, server.bodies[0])
    assert webhooks.signature(secret, "1", server.bodies[0]) != headers["x-madoguchi-signature"]
    assert webhooks.signature("other", timestamp, server.bodies[0]) != headers["x-madoguchi-signature"]


@pytest.mark.parametrize("status", [302, 404, 500])
def test_what_was_not_taken_is_told_again_and_a_redirect_is_not_followed(hook, server, without_guard, status):
    happened("a")
    server.answers["/hook"], server.redirect_to = (status, b""), f"{server.url}/secret"
    with pytest.raises(NotDelivered):
        webhooks.deliver(number=hook.pk, at=AT)
    assert "/secret" not in server.asked
    hook.refresh_from_db()
    assert hook.failing_since == AT
    server.answers["/hook"] = (200, b"")
    assert webhooks.deliver(number=hook.pk, at=AT) == 1
    hook.refresh_from_db()
    assert hook.failing_since is None


def test_after_days_without_an_answer_it_is_given_up(hook, server, without_guard):
    happened("a")
    server.answers["/hook"] = (500, b"")
    for days in (0, 4):
        with pytest.raises(NotDelivered):
            webhooks.deliver(number=hook.pk, at=AT + timedelta(days=days))
    assert webhooks.deliver(number=hook.pk, at=AT + timedelta(days=5)) == 0
    hook.refresh_from_db()
    assert hook.disabled_at
    assert AuditEvent.objects.filter(action="opendata.webhook_disabled").count() == 1
    assert webhooks.waiting(at=AT + timedelta(days=9)) == []


def test_an_inner_address_is_never_called(hook, server):
    happened("a")
    with pytest.raises(NotDelivered):
        webhooks.deliver(number=hook.pk, at=AT)
    assert server.asked == []


def test_without_the_guard_it_would_be(hook, server, without_guard):
    happened("a")
    webhooks.deliver(number=hook.pk, at=AT)
    assert server.asked == ["/hook"]


@pytest.mark.parametrize("url", ["ftp://a.example/", "https://a.example:22/", "http://me:pw@a.example/"])
def test_what_can_never_be_called_is_not_added(db, url):
    with pytest.raises(AddressRefused):
        webhooks.add(url=url, at=AT)
    assert not Webhook.objects.exists()


def test_one_job_at_a_time_is_asked_for_and_another_when_it_failed_for_good(hook):
    assert webhooks.waiting(at=AT) == []
    happened("a")
    assert webhooks.waiting(at=AT) == [hook.pk]
    assert webhooks.waiting(at=AT + timedelta(minutes=5)) == []
    assert webhooks.waiting(at=AT + timedelta(hours=2)) == [hook.pk]


def test_the_worker_asks_and_the_job_tells(hook, server, without_guard):
    from madoguchi.foundation import jobs

    happened("a")
    tasks.ask_for_deliveries()
    assert jobs.run_next("worker")
    assert told(server) == ["a"]


def test_it_is_added_listed_and_removed_by_the_command_line(db, capsys):
    from madoguchi.ops import cli

    assert cli.main(["webhook", "add", "https://other.example/hook"]) == 0
    row = Webhook.objects.get()
    assert webhooks.secret_of(row) in capsys.readouterr().out
    assert cli.main(["webhook", "add", "https://other.example/hook"]) == 1
    assert cli.main(["webhook", "add", "file:///etc/passwd"]) == 1
    assert cli.main(["webhook", "list"]) == 0
    assert "other.example" in capsys.readouterr().out
    assert cli.main(["webhook", "remove", str(row.pk)]) == 0
    assert cli.main(["webhook", "remove", str(row.pk)]) == 1
