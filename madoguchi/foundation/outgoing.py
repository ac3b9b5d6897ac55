"""Requests to addresses that somebody typed: never to this machine, its network or a cloud's metadata.

The name is looked up once and that address is called, so that it cannot change between the look and the call.
No redirect is followed, no proxy of the environment is used, an answer has an end in bytes and in seconds.
For services that the settings name there is `outside`.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, quote, urlsplit

from django.conf import settings

Address = IPv4Address | IPv6Address

_PORTS = {"http": 80, "https": 443}
# Public by its number, and yet the host of a virtual machine: Azure's platform address.
_PLATFORMS = frozenset({IPv4Address("168.63.129.16")})
# IPv4 inside IPv6 (RFC 6052, RFC 8215): the translator would call the address that is inside.
_TRANSLATED = (IPv6Network("64:ff9b::/96"),)
# Site-local, IPv4-compatible, IPv4-translated, and a network's own translator (RFC 8215), which hides the
# address inside at a place that only that network knows.
_NEVER = tuple(map(IPv6Network, ("fec0::/10", "::/96", "::ffff:0:0:0/96", "64:ff9b:1::/48")))
# Left as they are: what RFC 3986 allows, and what is escaped already.
_SAFE = "/?%:@!$&'()*+,;=-._~"


class OutgoingError(Exception):
    """Nothing usable came back: not reached, too slow, too long."""


class AddressRefused(OutgoingError):
    """The address must not be called: its scheme, its port, or where it leads to."""


@dataclass(frozen=True)
class Reply:
    """An answer of any status; the names of the headers are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class _Where:
    """An address that may be looked up, in its parts."""

    is_secured: bool
    host: str
    port: int
    target: str


@dataclass(frozen=True)
class _Question:
    """What is sent."""

    method: str
    body: bytes | None
    headers: Mapping[str, str]


def open_url(
    url: str,
    *,
    timeout: float,
    most_bytes: int,
    allow_private: bool = False,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """Ask an address once, in at most `timeout` seconds after its name was found; any status is an answer.

    `allow_private` is for tests, and for an address that the operator chose. Raises AddressRefused before
    anything is sent to where we must not go, OutgoingError when no answer of `most_bytes` comes in time.
    """
    where = _read(url)
    question = _Question(method, body, {"User-Agent": "madoguchi", **(headers or {})})
    try:
        address = _look_up(where, allow_private=allow_private)
        deadline = time.monotonic() + timeout
        # A timeout of the socket starts anew with every byte: the timer does not. It hangs up a duplicate,
        # because wrapping for https takes the first one's number away.
        with socket.create_connection((address, where.port), timeout) as line, line.dup() as spare:
            stop = threading.Timer(timeout, _hang_up, [spare])
            stop.start()
            try:
                reply = _talk(line, where, question, most_bytes)
            finally:
                stop.cancel()
    except (OSError, http.client.HTTPException) as error:
        raise OutgoingError(f"{where.host}: {type(error).__name__}") from error
    if time.monotonic() >= deadline:  # a body without a length looks complete when it is cut off
        raise OutgoingError(f"{where.host}: too slow")
    return reply


def check(url: str) -> None:
    """Raise AddressRefused for an address that can never be called, without looking up its name."""
    _read(url)


def is_public(address: Address) -> bool:
    """Whether an address belongs to the open internet, seen through every way of writing IPv4 inside IPv6."""
    inside = _inside(address)
    if inside is not None:
        return is_public(inside)
    if isinstance(address, IPv6Address) and any(address in network for network in _NEVER):
        return False
    return address.is_global and not address.is_multicast and address not in _PLATFORMS


def _inside(address: Address) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return None
    if any(address in network for network in _TRANSLATED):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def _read(url: str) -> _Where:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError as error:  # UnicodeError is one
        raise AddressRefused("This is no address") from error
    if not host or port is None or parts.scheme not in _PORTS:
        raise AddressRefused("Only http and https addresses are called")
    if "@" in parts.netloc:
        raise AddressRefused("An address with a name or password in it is not called")
    if port not in settings.OUTGOING_PORTS:
        raise AddressRefused(f"Port {port} is not called")
    return _Where(parts.scheme == "https", host, port, _target(parts))


def _target(parts: SplitResult) -> str:
    query = f"?{quote(parts.query, safe=_SAFE)}" if parts.query else ""
    return quote(parts.path or "/", safe=_SAFE) + query


def _look_up(where: _Where, *, allow_private: bool) -> str:
    """The address to call. One inner address among several is reason enough to refuse them all."""
    rows = socket.getaddrinfo(where.host, where.port, type=socket.SOCK_STREAM)
    found = [str(row[4][0]) for row in rows]
    if not allow_private and not all(is_public(ip_address(address)) for address in found):
        raise AddressRefused(f"{where.host} leads to an inner network")
    return found[0]


def _hang_up(line: socket.socket) -> None:
    with suppress(OSError):  # it is closed already
        line.shutdown(socket.SHUT_RDWR)


def _talk(line: socket.socket, where: _Where, question: _Question, most_bytes: int) -> Reply:
    kind = http.client.HTTPSConnection if where.is_secured else http.client.HTTPConnection
    connection = kind(where.host, where.port)
    connection.sock = line
    if where.is_secured:
        # The certificate has to be for the name, though the number is called.
        connection.sock = ssl.create_default_context().wrap_socket(line, server_hostname=where.host)
    with closing(connection):
        connection.request(question.method, where.target, question.body, dict(question.headers))
        with connection.getresponse() as response:
            told = response.read(most_bytes + 1)
            if len(told) > most_bytes:
                raise OutgoingError(f"{where.host}: too long")
            return Reply(response.status, {n.lower(): v for n, v in response.getheaders()}, told)
