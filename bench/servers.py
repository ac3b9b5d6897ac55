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
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Server:
    """A server that answers: its process group, and the seconds from its start to the first answer."""

    group: int
    seconds: float

    def cpu_seconds(self) -> float:
        """The processor time its living processes have used, which a shared machine distorts least."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue  # It ended just now.
            if int(fields[2]) == self.group:
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(
    command: Sequence[str], url: str, *, cwd: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Start a server, wait until the address answers, and stop it at the end."""
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
            yield Server(server.pid, time.perf_counter() - began)
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
