from datetime import date

import pytest
from django.core.exceptions import ImproperlyConfigured

from madoguchi.config import env


def test_a_text_that_is_not_set_is_the_default(monkeypatch):
    monkeypatch.delenv("MADOGUCHI_X", raising=False)
    assert env.text("MADOGUCHI_X", "default") == "default"


def test_a_text_can_come_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("hidden\n", encoding="utf-8")
    monkeypatch.setenv("MADOGUCHI_X_FILE", str(tmp_path / "secret"))
    assert env.text("MADOGUCHI_X") == "hidden"


def test_a_file_that_cannot_be_read_stops_the_start(monkeypatch, tmp_path):
    monkeypatch.setenv("MADOGUCHI_X_FILE", str(tmp_path / "absent"))
    with pytest.raises(ImproperlyConfigured, match="MADOGUCHI_X_FILE"):
        env.text("MADOGUCHI_X")


@pytest.mark.parametrize(("raw", "meant"), [("1", True), ("Yes", True), ("off", False), ("0", False)])
def test_a_flag_is_understood(monkeypatch, raw, meant):
    monkeypatch.setenv("MADOGUCHI_X", raw)
    assert env.flag("MADOGUCHI_X", default=not meant) is meant


def test_an_empty_flag_is_the_default(monkeypatch):
    monkeypatch.setenv("MADOGUCHI_X", "")
    assert env.flag("MADOGUCHI_X", default=True) is True


@pytest.mark.parametrize(
    ("read", "raw"),
    [
        (lambda: env.flag("MADOGUCHI_X", default=False), "perhaps"),
        (lambda: env.whole("MADOGUCHI_X", default=1), "many"),
        (lambda: env.day("MADOGUCHI_X"), "2023-02-30"),
    ],
)
def test_a_value_that_is_not_understood_stops_the_start(monkeypatch, read, raw):
    monkeypatch.setenv("MADOGUCHI_X", raw)
    with pytest.raises(ImproperlyConfigured, match=raw):
        read()


def test_numbers_dates_and_lists_are_read(monkeypatch):
    monkeypatch.setenv("MADOGUCHI_N", "12")
    monkeypatch.setenv("MADOGUCHI_D", "2023-11-01")
    monkeypatch.setenv("MADOGUCHI_L", "a, ,b")
    assert env.whole("MADOGUCHI_N", default=0) == 12
    assert env.day("MADOGUCHI_D") == date(2023, 11, 1)
    assert env.words("MADOGUCHI_L") == ["a", "b"]


def test_numbers_and_dates_that_are_not_set_have_defaults(monkeypatch):
    monkeypatch.delenv("MADOGUCHI_X", raising=False)
    assert env.whole("MADOGUCHI_X", default=7) == 7
    assert env.day("MADOGUCHI_X") is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://me:p%40ss@mail.example.jp", ("mail.example.jp", 587, "me", "p@ss", False, True)),
        ("smtps://mail.example.jp", ("mail.example.jp", 465, "", "", True, False)),
        ("smtp+plain://localhost:2525", ("localhost", 2525, "", "", False, False)),
    ],
)
def test_a_mail_server_is_read_from_its_address(monkeypatch, url, expected):
    monkeypatch.setenv("MADOGUCHI_X", url)
    server = env.mail_server("MADOGUCHI_X", "console:")
    assert server.is_real
    assert (
        server.host,
        server.port,
        server.user,
        server.password,
        server.is_tls_from_start,
        server.is_starttls,
    ) == expected


def test_mail_can_stay_on_the_machine(monkeypatch):
    monkeypatch.delenv("MADOGUCHI_X", raising=False)
    assert not env.mail_server("MADOGUCHI_X", "console:").is_real
    assert env.mail_server("MADOGUCHI_X", "file:/srv/a%20b").folder == "/srv/a b"


@pytest.mark.parametrize(
    "url", ["mail.example.jp", "smtp://", "smtp://me:s3cret@host:many", "http://h", "file:x"]
)
def test_a_mail_address_that_is_not_understood_stops_the_start_without_telling_its_password(monkeypatch, url):
    monkeypatch.setenv("MADOGUCHI_X", url)
    with pytest.raises(ImproperlyConfigured, match="MADOGUCHI_X") as refused:
        env.mail_server("MADOGUCHI_X", "console:")
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize("raw", ["窓口", "a@", "窓口 <a>"])
def test_a_sender_that_is_none_stops_the_start(monkeypatch, raw):
    monkeypatch.setenv("MADOGUCHI_X", raw)
    with pytest.raises(ImproperlyConfigured, match="MADOGUCHI_X"):
        env.mail_sender("MADOGUCHI_X", "")


def test_a_sender_may_have_a_name(monkeypatch):
    monkeypatch.setenv("MADOGUCHI_X", "窓口 <window@example.jp>")
    assert env.mail_sender("MADOGUCHI_X", "") == "窓口 <window@example.jp>"


@pytest.mark.parametrize(
    "raw", ["madoguchi.example.jp", "ftp://a", "https://", "https://a/b", "https://a/?b=c"]
)
def test_a_site_address_that_is_none_stops_the_start(monkeypatch, raw):
    monkeypatch.setenv("MADOGUCHI_X", raw)
    with pytest.raises(ImproperlyConfigured, match="MADOGUCHI_X"):
        env.site_url("MADOGUCHI_X", "")


def test_a_site_address_loses_the_slash_at_its_end(monkeypatch):
    monkeypatch.setenv("MADOGUCHI_X", "https://madoguchi.example.jp:8443/")
    assert env.site_url("MADOGUCHI_X", "") == "https://madoguchi.example.jp:8443"
