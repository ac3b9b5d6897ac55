"""The shipped server and worker as processes of their own, in a data directory of their own."""

import email
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from email import policy
from pathlib import Path

COMMAND = Path(sys.executable).with_name("madoguchi")
TODAY = "2023-11-01"
START_SECONDS = 60


def wait_for(met: Callable[[], object], *, seconds: float, what: str) -> float:
    """Ask again and again until it is so; returns after how many seconds, raises once they are over."""
    began = time.monotonic()
    while not met():
        if time.monotonic() - began > seconds:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.05)
    return time.monotonic() - began


class Site:
    """An installation of its own. Whoever runs the tests may have set another one's database."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("MADOGUCHI_")},
            "MADOGUCHI_DATA_DIR": str(place / "data"),
            "MADOGUCHI_TODAY": TODAY,
            "PYTHONUTF8": "1",
        }
        self.port = _free_port()
        self.address = self.environment["MADOGUCHI_SITE_URL"] = f"http://127.0.0.1:{self.port}"

    def run(self, *words: str) -> str:
        """Run one command to its end; what it printed."""
        done = subprocess.run(
            [COMMAND, *words], env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def serve(self) -> subprocess.Popen[bytes]:
        """Start the server; returns once it answers."""
        server = self._start("serve", "--port", str(self.port))
        try:
            wait_for(self._answers, seconds=START_SECONDS, what=f"a server at {self.address}")
        except AssertionError:
            stop(server)
            raise AssertionError(self.log("serve")) from None
        return server

    def work(self) -> subprocess.Popen[bytes]:
        """Start the worker; returns once it says that it works."""
        said_before = self.log("work").count("裏方の仕事を始めました")
        worker = self._start("work")
        wait_for(
            lambda: self.log("work").count("裏方の仕事を始めました") > said_before,
            seconds=START_SECONDS,
            what="a worker",
        )
        return worker

    def mails(self) -> list[str]:
        """The texts of the mails that were handed over, the oldest first."""
        files = sorted((self.place / "data" / "mail").glob("*"), key=lambda path: path.stat().st_mtime_ns)
        messages = (email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in files)
        bodies = (message.get_body(("plain",)) for message in messages)
        return [body.get_content() for body in bodies if body is not None]

    def log(self, name: str) -> str:
        """What the processes of that name have printed so far."""
        path = self.place / f"{name}.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        with (self.place / f"{words[0]}.log").open("ab") as log:
            return subprocess.Popen([COMMAND, *words], env=self.environment, stdout=log, stderr=log)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.address, timeout=5) as response:  # noqa: S310 (our own)
                return bool(response.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process, by force if it does not go."""
    process.terminate()
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
