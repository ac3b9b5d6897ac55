"""Questions to services outside, against a server on this machine that misbehaves."""

import time

import pytest

from madoguchi.foundation import outside
from madoguchi.foundation.outside import OutsideError
from tests.foundation.misbehaving import misbehaving_server


@pytest.fixture(scope="module")
def server():
    with misbehaving_server() as running:
        yield running


def ask(server, path, **rest):
    return outside.get(f"{server.url}/api/", path, **rest)


def test_an_answer_is_read(server):
    server.answers["/api/num?id=x&number=1"] = (200, "はい".encode())
    assert ask(server, "num", query={"id": "x", "number": "1"}).body.decode() == "はい"


@pytest.mark.parametrize("status", [204, 301, 302, 307, 400, 403, 404, 429, 500, 503])
def test_any_other_status_is_an_error_that_names_it(server, status):
    server.answers["/api/bad"] = (status, b"")
    with pytest.raises(OutsideError) as refused:
        ask(server, "bad")
    assert refused.value.status == status


def test_a_redirect_is_not_followed(server):
    server.answers["/api/there"] = (302, b"")
    server.redirect_to = f"{server.url}/api/secret"
    server.answers["/api/secret"] = (200, b"inside")
    with pytest.raises(OutsideError):
        ask(server, "there")
    assert "/api/secret" not in server.asked


def test_an_answer_without_end_is_cut_off(server):
    server.answers["/api/long"] = (200, b"x" * 100_001)
    with pytest.raises(OutsideError, match="too long"):
        ask(server, "long", most_bytes=100_000)


@pytest.mark.parametrize("path", ["silent", "dripping"])
def test_a_server_that_keeps_us_waiting_is_left(server, path):
    started = time.monotonic()
    with pytest.raises(OutsideError):
        ask(server, path, seconds=0.5)
    assert time.monotonic() - started < 3


def test_a_server_that_hangs_up_is_an_error(server):
    with pytest.raises(OutsideError):
        ask(server, "hanging-up")


def test_nobody_there_is_an_error():
    with pytest.raises(OutsideError):
        outside.get("http://127.0.0.1:9", "x", seconds=1)


@pytest.mark.parametrize(
    "base", ["http://example.jp", "file:///etc/passwd", "ftp://127.0.0.2", "http://169.254.169.254"]
)
def test_only_https_leaves_this_machine(base):
    with pytest.raises(ValueError, match="https"):
        outside.get(base, "x")


def test_the_environments_proxy_is_not_used(server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    server.answers["/api/direct"] = (200, b"yes")
    assert ask(server, "direct").body == b"yes"
