"""How often a place or a key may ask: told with the seconds to wait, whatever a header forges."""

import pytest

from madoguchi.api import limits
from madoguchi.foundation.models import AuditEvent
from madoguchi.opendata import keys
from madoguchi.opendata.models import ApiKey
from tests.minato import AT


@pytest.fixture(autouse=True)
def three_a_minute(db, settings, monkeypatch):
    settings.API_PER_MINUTE, settings.API_KEY_PER_MINUTE = 3, 6
    clock = [1000.0]
    monkeypatch.setattr(limits.time, "monotonic", lambda: clock[0])
    limits.forget()
    yield clock
    limits.forget()


def ask(client, *, forwarded="", key="", address="203.0.113.1"):
    headers = {}
    if forwarded:
        headers["X-Forwarded-For"] = forwarded
    if key:
        headers["X-API-Key"] = key
    return client.get("/api/v1/vocabularies", REMOTE_ADDR=address, headers=headers)


def asked(client, times, **rest):
    return [ask(client, **rest).status_code for _ in range(times)]


def test_the_fourth_in_a_minute_is_told_to_wait(client, three_a_minute):
    assert asked(client, 3) == [200, 200, 200]
    refused = ask(client)
    assert (refused.status_code, refused["Content-Type"]) == (429, "application/problem+json")
    assert (refused["Retry-After"], refused["Access-Control-Allow-Origin"]) == ("21", "*")
    three_a_minute[0] += 21
    assert asked(client, 2) == [200, 429]


def test_somebody_elsewhere_is_not_held_up(client):
    asked(client, 4)
    assert ask(client, address="203.0.113.2").status_code == 200


def test_a_home_with_many_numbers_is_one_place(client):
    assert asked(client, 3, address="2001:db8:1:2::1") == [200, 200, 200]
    assert ask(client, address="2001:db8:1:2:ffff::9").status_code == 429
    assert ask(client, address="2001:db8:1:3::1").status_code == 200


def test_a_forged_header_makes_no_new_place(client):
    answers = [ask(client, forwarded=f"198.51.100.{n}").status_code for n in range(4)]
    assert answers == [200, 200, 200, 429]


def test_behind_a_proxy_the_address_that_it_tells_counts(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    answers = [ask(client, forwarded=f"198.51.100.{n}, 203.0.113.9").status_code for n in range(4)]
    assert answers == [200, 200, 200, 429]
    assert ask(client, forwarded="203.0.113.9, 203.0.113.10").status_code == 200


def test_were_the_header_believed_a_forger_would_never_wait(client, settings):
    """The twin: one trusted proxy that is not there."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    answers = [ask(client, forwarded=f"198.51.100.{n}").status_code for n in range(4)]
    assert answers == [200, 200, 200, 200]


def test_a_key_may_ask_more_often_wherever_it_is_used(client):
    _row, key = keys.make(name="新聞社のサイト", at=AT)
    asked(client, 4)
    assert asked(client, 6, key=key) == [200] * 6
    assert ask(client, key=key, address="203.0.113.7").status_code == 429


def test_a_key_that_is_revoked_or_was_never_made_is_refused(client):
    row, key = keys.make(name="x", at=AT)
    assert keys.revoke(number=row.pk, at=AT)
    for place, wrong in enumerate((key, "mdg_guess", "あ", "\x00")):
        answer = ask(client, key=wrong.encode().decode("latin-1"), address=f"203.0.113.{place + 10}")
        assert answer.status_code == 401
    assert not keys.revoke(number=row.pk, at=AT)


def test_guesses_are_counted_for_the_place_they_come_from(client):
    assert asked(client, 4, key="mdg_guess") == [401, 401, 401, 429]


def test_the_key_itself_is_kept_nowhere():
    row, key = keys.make(name="x", at=AT)
    assert key not in str(ApiKey.objects.values().get(pk=row.pk))
    assert key not in str(list(AuditEvent.objects.values()))


def test_no_limit_is_a_limit_of_none(client, settings):
    settings.API_PER_MINUTE = 0
    assert asked(client, 10) == [200] * 10


def test_many_places_do_not_fill_the_memory(client, monkeypatch):
    monkeypatch.setattr(limits, "_MOST_PLACES", 5)
    for number in range(20):
        ask(client, address=f"203.0.113.{number}")
    assert len(limits._buckets) == 5
