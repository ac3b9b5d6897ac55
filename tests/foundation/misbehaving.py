"""A web server on this machine that answers what a test tells it, or not as it should."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_PATIENCE = 5.0


@dataclass
class Server:
    """Where it listens, what it answers by path, and what it was asked."""

    url: str = ""
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    redirect_to: str = ""
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)


class _Handler(BaseHTTPRequestHandler):
    state: Server

    def do_GET(self):
        self.state.asked.append(self.path)
        self.state.headers.append({name.lower(): value for name, value in self.headers.items()})
        with suppress(BrokenPipeError, ConnectionResetError):
            self._answer()

    def do_POST(self):
        self.state.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.do_GET()

    def _answer(self):
        if self.path.endswith("silent"):
            time.sleep(_PATIENCE / 2)
        elif self.path.endswith("dripping"):
            self._drip()
        elif self.path.endswith("dripping-headers"):
            self._drip_headers()
        elif not self.path.endswith("hanging-up"):
            bare = self.path.partition("?")[0]
            self._say(*self.state.answers.get(self.path, self.state.answers.get(bare, (404, b""))))

    def _say(self, status, body):
        self.send_response(status)
        if status in (301, 302, 307):
            self.send_header("Location", self.state.redirect_to)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)

    def _drip_headers(self):
        self.wfile.write(b"HTTP/1.0 200 OK\r\nX-Slow: ")
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def misbehaving_server() -> Iterator[Server]:
    """Run it while the block lasts. Paths that end in silent, dripping, dripping-headers or
    hanging-up do just that."""
    state = Server()
    handler = type("Handler", (_Handler,), {"state": state})
    listening = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    listening.daemon_threads = True
    state.url = f"http://127.0.0.1:{listening.server_port}"
    threading.Thread(target=listening.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield state
    finally:
        listening.shutdown()
        listening.server_close()
