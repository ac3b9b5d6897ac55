"""Servers that a measurement starts, waits for and stops again."""

import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

HOST = "127.0.0.1"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def fetch(url: str) -> bytes:
    """The body of an answer of status 200; raises OSError for anything else."""
    request = urllib.request.Request(url, headers={"Accept-Language": "ja"})
    with urllib.request.urlopen(request, timeout=30) as response:
        body: bytes = response.read()
    return body


@contextmanager
def running(
    command: Sequence[str], url: str, *, cwd: Path, environment: Mapping[str, str] | None = None
) -> Iterator[float]:
    """Start a server, wait until the address answers, and stop it at the end; gives the seconds it took."""
    began = time.perf_counter()
    with tempfile.NamedTemporaryFile(prefix="bench-") as log:
        server = subprocess.Popen(
            command,
            cwd=cwd,
            env={**os.environ, **(environment or {})},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            _wait(server, url, Path(log.name))
            yield time.perf_counter() - began
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)


def _wait(server: subprocess.Popen[bytes], url: str, log: Path) -> None:
    for _ in range(60_000):
        if server.poll() is not None:
            raise SystemExit(f"the server ended by itself:\n{log.read_text(errors='replace')[-2000:]}")
        try:
            fetch(url)
        except OSError:
            time.sleep(0.01)
        else:
            return
    raise SystemExit(f"nothing answers at {url}")
