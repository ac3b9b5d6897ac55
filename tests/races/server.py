"""The site as it is served, over real HTTP, by several processes on the test database.

    with served(tmp_path) as site:
        answers = at_once([lambda: site.post(path, fields, session=session) for session in two])

Needs `django_db(transaction=True)`: what a test writes has to be seen by the server's processes.
"""

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import Membership, User
from tests.accounts.people import sign_in
from tests.databases import database_url

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = "madoguchi.config.wsgi:application"
# Our own token in cookie and form: what a browser would have from a page it opened before.
_TOKEN = "t" * 32


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    text: str


@dataclass(frozen=True)
class Served:
    """A running site."""

    port: int

    def post(self, path: str, fields: Mapping[str, object], *, session: str = "") -> Answer:
        """Send a form as the person of a session."""
        body = urlencode({**fields, "csrfmiddlewaretoken": _TOKEN}, doseq=True)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._ask("POST", path, session, body=body, headers=headers)

    def get(self, path: str, *, session: str = "") -> Answer:
        """Open a page as the person of a session."""
        return self._ask("GET", path, session)

    def _ask(self, method: str, path: str, session: str, *, body: str = "", headers=None) -> Answer:
        cookies = f"{settings.CSRF_COOKIE_NAME}={_TOKEN}; {settings.SESSION_COOKIE_NAME}={session}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body=body, headers={**(headers or {}), "Cookie": cookies})
            response = connection.getresponse()
            return Answer(response.status, response.read().decode())
        finally:
            connection.close()


def session_of(hat: Hat) -> str:
    """The session of a person who is signed in under this hat."""
    client = Client()
    sign_in(client, User.objects.get(pk=hat.user_id), Membership.objects.get(pk=hat.membership_id))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def at_once(deeds: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Do all of it at the same moment; the answers in the order of the deeds."""
    begin = threading.Barrier(len(deeds))

    def do(deed: Callable[[], Answer]) -> Answer:
        begin.wait(timeout=30)
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))


@contextmanager
def served(place: Path, *, application: str = SHIPPED, workers: int = 2) -> Iterator[Served]:
    """Serve the test database by granian with several processes; `application` may take a protection off."""
    port = _free_port()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "madoguchi.config.settings",
        "MADOGUCHI_DATABASE_URL": database_url(),
        "MADOGUCHI_DATA_DIR": str(place),
        "MADOGUCHI_SECRET_KEY": settings.SECRET_KEY,
        "MADOGUCHI_TODAY": "actual",
        # Style sheets without collecting them first.
        "MADOGUCHI_DEBUG": "1",
    }
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", str(workers), "--blocking-threads", "2"]
    log = (place / "granian.log").open("wb")
    process = subprocess.Popen(
        [*command, "--no-access-log", application], cwd=ROOT, env=environment, stdout=log, stderr=log
    )
    try:
        _wait_until_it_answers(port, process, place / "granian.log")
        yield Served(port)
    finally:
        process.terminate()
        process.wait(timeout=30)
        log.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Until each process has answered a page: the first one is slow."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text(encoding="utf-8")
        try:
            Served(port).get("/account/login/")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(log.read_text(encoding="utf-8"))
