"""Calls of addresses that somebody typed, against a server on this machine that misbehaves."""

import socket
import time
from ipaddress import ip_address
from urllib.parse import urlsplit

import pytest

from madoguchi.foundation import outgoing
from madoguchi.foundation.outgoing import AddressRefused, OutgoingError, is_public, open_url
from tests.foundation.misbehaving import misbehaving_server


@pytest.fixture
def server(settings):
    with misbehaving_server() as running:
        settings.OUTGOING_PORTS = frozenset({80, 443, urlsplit(running.url).port})
        yield running


def ask(server, path, **rest):
    options = {"timeout": 5, "most_bytes": 1000, "allow_private": True, **rest}
    return open_url(server.url + path, **options)


def test_an_answer_of_any_status_is_read_with_its_headers(server):
    server.answers["/gone?q=%E7%AA%93"] = (410, b"gone")
    reply = ask(server, "/gone?q=窓")
    assert (reply.status, reply.body, reply.headers["content-length"]) == (410, b"gone", "4")


def test_a_body_is_sent(server):
    server.answers["/hook"] = (204, b"")
    assert ask(server, "/hook", method="POST", body=b"{}", headers={"X-Sign": "1"}).status == 204
    assert (server.bodies, server.headers[0]["x-sign"]) == ([b"{}"], "1")


def test_this_machine_is_not_called(server):
    with pytest.raises(AddressRefused):
        ask(server, "/secret", allow_private=False)
    assert server.asked == []


def test_without_the_look_at_the_address_this_machine_would_be_called(server, monkeypatch):
    monkeypatch.setattr(outgoing, "is_public", lambda address: True)
    ask(server, "/secret", allow_private=False)
    assert server.asked == ["/secret"]


INNER = """127.0.0.1 127.9.9.9 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 100.100.100.200
0.0.0.0 168.63.129.16 224.0.0.1 255.255.255.255 192.0.2.1 ::1 :: fe80::1 fe80::1%eth0 fc00::1 ff02::1
fd00:ec2::254 ::ffff:127.0.0.1 ::ffff:169.254.169.254 2002:7f00:1:: 64:ff9b::7f00:1 64:ff9b:1::a00:1
2001:0:4136:e378:8000:63bf:80ff:fffe fec0::1 ::7f00:1 ::ffff:0:7f00:1 64:ff9b:1:a00:0:100:808:808"""


@pytest.mark.parametrize("address", INNER.split())
def test_an_inner_address_is_not_public_however_it_is_written(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_an_address_of_the_open_internet_is(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize("host", ["0x7f.1", "2130706433", "127.1", "localhost", "[::ffff:127.0.0.1]"])
def test_other_ways_to_write_this_machine_are_seen_through(server, host):
    port = urlsplit(server.url).port
    with pytest.raises(AddressRefused):
        open_url(f"http://{host}:{port}/", timeout=1, most_bytes=10)


def found(*addresses):
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in addresses]
    return lambda *_, **__: rows


def test_a_name_with_one_inner_address_among_others_is_refused(server, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", found("8.8.8.8", "10.0.0.1"))
    with pytest.raises(AddressRefused):
        open_url("http://rebinding.example/", timeout=1, most_bytes=10)


def test_the_address_that_was_looked_at_is_the_one_that_is_called(server, monkeypatch):
    """A name that answers anew at every question gets one question."""
    called = []
    monkeypatch.setattr(socket, "getaddrinfo", found("8.8.8.8"))

    def connect(address, timeout):
        called.append(address)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(OutgoingError):
        open_url("http://changing.example/", timeout=1, most_bytes=10)
    assert called == [("8.8.8.8", 80)]


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.jp/",
        "gopher://example.jp/",
        "http:///nowhere",
        "http://user:password@example.jp/",
        "http://example.jp:22/",
        "http://example.jp:99999/",
        "http://[::1/",
        "http://" + "a" * 300 + ".jp/",
        "",
    ],
)
def test_what_can_never_be_called_is_refused_without_a_look(url, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", None)
    with pytest.raises(AddressRefused):
        open_url(url, timeout=1, most_bytes=10)


def test_a_redirect_is_an_answer_and_not_followed(server):
    server.answers["/there"] = (302, b"")
    server.redirect_to = f"{server.url}/secret"
    reply = ask(server, "/there")
    assert (reply.status, reply.headers["location"]) == (302, f"{server.url}/secret")
    assert server.asked == ["/there"]


def test_an_answer_without_end_is_cut_off(server):
    server.answers["/long"] = (200, b"x" * 1001)
    with pytest.raises(OutgoingError, match="too long"):
        ask(server, "/long")


@pytest.mark.parametrize("path", ["/silent", "/dripping", "/dripping-headers", "/hanging-up"])
def test_a_server_that_keeps_us_waiting_is_left(server, path):
    with pytest.raises(OutgoingError):
        ask(server, path, timeout=0.3, most_bytes=2_000_000)


@pytest.mark.parametrize("path", ["/dripping", "/dripping-headers"])
def test_a_line_whose_number_was_taken_away_is_hung_up_as_well(server, path, monkeypatch):
    talk = outgoing._talk

    def wrapped(line, *rest):
        taken = socket.socket(fileno=line.detach())
        taken.settimeout(5)
        try:
            return talk(taken, *rest)
        finally:
            taken.close()

    monkeypatch.setattr(outgoing, "_talk", wrapped)
    began = time.monotonic()
    with pytest.raises(OutgoingError):
        ask(server, path, timeout=0.3, most_bytes=2_000_000)
    assert time.monotonic() - began < 5


def test_a_line_break_in_an_address_sends_no_second_header(server):
    server.answers["/ax:1"] = (200, b"")
    ask(server, "/a\r\nx:1")
    assert "x" not in server.headers[0]


def test_the_environments_proxy_is_not_used(server, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    server.answers["/direct"] = (200, b"yes")
    assert ask(server, "/direct").body == b"yes"


def test_nobody_there_is_an_error(settings):
    settings.OUTGOING_PORTS = frozenset({9})
    with pytest.raises(OutgoingError):
        open_url("http://127.0.0.1:9/", timeout=1, most_bytes=10, allow_private=True)
