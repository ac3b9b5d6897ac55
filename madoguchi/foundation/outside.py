"""Questions to services outside: to hosts that the settings name, and to nowhere else.

No redirect is followed, no proxy of the environment is used, an answer has an end in bytes and in seconds.
So what a visitor types can neither choose where we call nor keep a worker waiting.
"""

import http.client
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

_PIECE = 64 * 1024
_LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})


class OutsideError(Exception):
    """The service did not answer as it should: not reached, too slow, too long, or with a status."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        """Take what happened, for the log, and the status of the answer if there was one."""
        super().__init__(message)
        self.status = status


@dataclass(frozen=True)
class Answer:
    """An answer with status 200."""

    body: bytes
    content_type: str


def get(
    base: str,
    path: str,
    *,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    seconds: float = 5,
    most_bytes: int = 2_000_000,
) -> Answer:
    """Ask `base` + `path` once. `base` comes from the settings, `path` holds no free text.

    Raises OutsideError on everything but an answer with status 200 within time and size, and ValueError when
    `base` is neither https nor this machine.
    """
    deadline = time.monotonic() + seconds
    where = urlsplit(base)
    if where.scheme != "https" and where.hostname not in _LOCAL:
        raise ValueError(f"{base} is not https")
    kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
    connection = kind(where.hostname or "", where.port, timeout=seconds)
    target = f"{where.path.rstrip('/')}/{path.lstrip('/')}" + (f"?{urlencode(query)}" if query else "")
    try:
        connection.request("GET", target, headers={"User-Agent": "madoguchi", **(headers or {})})
        with connection.getresponse() as response:
            if response.status != http.client.OK:
                raise OutsideError(f"{where.hostname} answered {response.status}", status=response.status)
            body = _read(response, connection, deadline=deadline, most_bytes=most_bytes)
            return Answer(body, response.headers.get_content_type())
    except (OSError, http.client.HTTPException) as error:
        raise OutsideError(f"{where.hostname}: {type(error).__name__}") from error
    finally:
        connection.close()


def _read(
    response: http.client.HTTPResponse,
    connection: http.client.HTTPConnection,
    *,
    deadline: float,
    most_bytes: int,
) -> bytes:
    """The body, as long as time and bytes last: a server that drips one byte a second ends too."""
    pieces: list[bytes] = []
    size = 0
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise OutsideError("too slow")
        if connection.sock is not None:
            connection.sock.settimeout(left)
        piece = response.read1(_PIECE)
        if not piece:
            return b"".join(pieces)
        size += len(piece)
        if size > most_bytes:
            raise OutsideError("too long")
        pieces.append(piece)
