"""python -m bench.portal: pages a second from the shipped server, beside an empty view and nginx."""

import argparse
import contextlib
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from bench import corpus, machine, queries, servers
from madoguchi.packs.pack import Pack, read_pack

_ROOT = Path(__file__).parents[1]
_CONNECTIONS = 32
_ROUNDS = 3
_QUERY = "補助金"
# A browser's: what calls itself a machine is not counted, and counting is part of a page.
_HEADERS = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Accept": "text/html",
    "Accept-Language": "ja",
}
_GRANIAN = (
    sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "2",
)  # fmt: skip
_MEDIANS = ("p50_ms", "p99_ms", "cpu_us")
_MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
_NGINX = """
worker_processes 2; daemon off; pid {place}/nginx.pid; error_log stderr;
events {{ worker_connections 1024; }}
http {{
  access_log off; default_type text/html; client_body_temp_path {place}/body; proxy_temp_path {place}/proxy;
  fastcgi_temp_path {place}/fastcgi; uwsgi_temp_path {place}/uwsgi; scgi_temp_path {place}/scgi;
  server {{ listen 127.0.0.1:{port}; root {place}/files; keepalive_requests 10000000; }}
}}
"""
# Every address is another one, so that no answer is kept; the queries are the search's own mixture.
_LUA = """
local queries = {{ {queries} }}
local number = os.time() * 1000
function request()
  number = number + 1
  return wrk.format("GET", "{path}?q=" .. queries[number % #queries + 1] .. "&n=" .. number)
end
"""


@dataclass(frozen=True)
class Round:
    """What came of one run of wrk; milliseconds, and microseconds of the server's processors per request."""

    rate: float
    p50_ms: float
    p99_ms: float
    cpu_us: float
    not_200: int
    timeouts: int


@dataclass
class Target:
    """An address to measure, and what came of it."""

    name: str
    url: str
    server: servers.Server
    script: Path | None = None
    rounds: list[Round] = field(default_factory=list)

    def row(self) -> tuple[object, ...]:
        """The medians of the rounds, and everything that failed."""
        rates = [each.rate for each in self.rounds]
        medians = [statistics.median(getattr(each, name) for each in self.rounds) for name in _MEDIANS]
        failed = [sum(getattr(each, name) for each in self.rounds) for name in ("not_200", "timeouts")]
        size = None if self.script else len(servers.fetch(self.url))
        spread = f"{min(rates):,.0f}–{max(rates):,.0f}"
        return (self.name, size, round(statistics.median(rates)), spread, *medians, *failed)


def main() -> None:
    """Set up a site in a temporary directory, measure in turns, print a table."""
    arguments = _arguments()
    for program in ("wrk", "nginx"):
        if not shutil.which(program):
            raise SystemExit(f"{program} is needed: apt install wrk nginx-light")
    print(machine.describe(("django", "granian")))
    print(
        f"- wrk: {_CONNECTIONS} connections, one thread, median of {_ROUNDS} × {arguments.seconds} s in turns"
    )
    with tempfile.TemporaryDirectory(prefix="bench-portal-") as name, contextlib.ExitStack() as stack:
        targets = list(_targets(read_pack(arguments.pack), Path(name), arguments, stack))
        for target in targets:
            _wrk(target, 2)
        for _ in range(_ROUNDS):
            for target in targets:
                target.rounds.append(_wrk(target, arguments.seconds))
        headings = (
            "page",
            "bytes",
            "requests/s",
            "least–most",
            "p50 ms",
            "p99 ms",
            "CPU µs",
            "not 200",
            "timeouts",
        )
        print("\n" + machine.table(headings, [target.row() for target in targets]))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", type=Path, default=_ROOT / "packs/aomori")
    parser.add_argument("--seconds", type=int, default=5)
    return parser.parse_args()


def _targets(
    pack: Pack, place: Path, arguments: argparse.Namespace, stack: contextlib.ExitStack
) -> Iterator[Target]:
    os.environ["MADOGUCHI_DATA_DIR"] = str(place / "data")
    os.environ["MADOGUCHI_API_PER_MINUTE"] = "0"  # It is the pages that are measured, not the limit.
    madoguchi = str(Path(sys.executable).with_name("madoguchi"))
    setup = [madoguchi, "setup", "--pack", str(arguments.pack)]
    subprocess.run(setup, cwd=_ROOT, check=True, stdout=subprocess.DEVNULL)
    site, server = _started(stack, [madoguchi, "serve", "--port", "{port}"])
    programme = max(pack.programmes, key=lambda each: len(each.model_dump_json()))
    yield Target("home", f"{site}/", server)
    yield Target("results", f"{site}/search/?q={quote(_QUERY)}", server)
    yield Target("programme", f"{site}/programmes/{programme.slug}/", server)
    asked = [quote(each.text) for each in queries.mixed(corpus.real(pack, None).documents, seed=1)]
    for name, path in (("results, uncached", "/search/"), ("API search, uncached", "/api/v1/search")):
        script = place / f"{len(path)}.lua"
        script.write_text(_LUA.format(path=path, queries=", ".join(f'"{each}"' for each in asked)))
        yield Target(name, f"{site}{path}", server, script)
    home = servers.fetch(f"{site}/")
    empty = [*_GRANIAN, "--port", "{port}", "bench.empty:application"]
    for name, environment in (
        ("empty view, no middleware", {}),
        ("empty view, no middleware, as long as home", {"BENCH_BYTES": str(len(home))}),
        ("empty view, the project's middleware", {"BENCH_EMPTY": "project"}),
    ):
        url, server = _started(stack, empty, environment)
        yield Target(name, f"{url}/", server)
    yield _nginx(stack, place, home)


def _started(
    stack: contextlib.ExitStack, command: list[str], environment: dict[str, str] | None = None
) -> tuple[str, servers.Server]:
    port = servers.free_port()
    url = f"http://{servers.HOST}:{port}"
    here = [word.replace("{port}", str(port)) for word in command]
    running = servers.running(here, f"{url}/", cwd=_ROOT, environment=environment)
    return url, stack.enter_context(running)


def _nginx(stack: contextlib.ExitStack, place: Path, page: bytes) -> Target:
    (place / "files").mkdir()
    (place / "files" / "index.html").write_bytes(page)
    place.chmod(0o755)
    port = servers.free_port()
    (place / "nginx.conf").write_text(_NGINX.format(place=place, port=port))
    url = f"http://{servers.HOST}:{port}/"
    running = servers.running(["nginx", "-c", str(place / "nginx.conf")], url, cwd=place)
    return Target("nginx, home as a file", url, stack.enter_context(running))


def _wrk(target: Target, seconds: int) -> Round:
    command = ["wrk", "-t1", f"-c{_CONNECTIONS}", f"-d{seconds}s", "--latency"]
    for name, value in _HEADERS.items():
        command += ["-H", f"{name}: {value}"]
    if target.script:
        command += ["-s", str(target.script)]
    before = target.server.cpu_seconds()
    printed = subprocess.run([*command, target.url], check=True, capture_output=True, text=True).stdout
    for _ in range(8):  # What wrk left in the server's queues must not burden the next target.
        servers.fetch(target.url)
    used = target.server.cpu_seconds() - before
    count = _number(r"(\d+) requests in", printed)
    return Round(
        rate=_number(r"Requests/sec:\s+([\d.]+)", printed),
        p50_ms=_latency(printed, 50),
        p99_ms=_latency(printed, 99),
        cpu_us=used / max(count, 1) * 1e6,
        not_200=int(_number(r"Non-2xx or 3xx responses: (\d+)", printed)),
        timeouts=int(_number(r"timeout (\d+)", printed)),
    )


def _number(pattern: str, printed: str) -> float:
    found = re.search(pattern, printed)
    return float(found[1]) if found else 0.0


def _latency(printed: str, percent: int) -> float:
    found = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s|m)\b", printed)
    return float(found[1]) * _MILLISECONDS[found[2]]


if __name__ == "__main__":
    main()
