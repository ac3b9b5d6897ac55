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


@dataclass
class Target:
    """An address to measure, and what came of each round."""

    name: str
    url: str
    script: Path | None = None
    rounds: list[tuple[float, float, float, int]] = field(default_factory=list)

    def row(self) -> tuple[object, ...]:
        """Name, bytes, requests a second, the least and the most of the rounds, p50 and p99, failures."""
        rates = [each[0] for each in self.rounds]
        p50, p99 = (statistics.median(each[at] for each in self.rounds) for at in (1, 2))
        size = None if self.script else len(servers.fetch(self.url))
        middle = round(statistics.median(rates))
        between = f"{min(rates):,.0f}–{max(rates):,.0f}"
        return (self.name, size, middle, between, p50, p99, sum(each[3] for each in self.rounds))


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
        headings = ("page", "bytes", "requests/s", "least–most", "p50 ms", "p99 ms", "not 200")
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
    madoguchi = str(Path(sys.executable).with_name("madoguchi"))
    setup = [madoguchi, "setup", "--pack", str(arguments.pack)]
    subprocess.run(setup, cwd=_ROOT, check=True, stdout=subprocess.DEVNULL)
    site = _started(stack, [madoguchi, "serve", "--port", "{port}"])
    programme = max(pack.programmes, key=lambda each: len(each.model_dump_json()))
    yield Target("home", f"{site}/")
    yield Target("results", f"{site}/search/?q={quote(_QUERY)}")
    yield Target("programme", f"{site}/programmes/{programme.slug}/")
    asked = [quote(each.text) for each in queries.mixed(corpus.real(pack, None).documents, seed=1)]
    for name, path in (
        ("results, each another search", "/search/"),
        ("API, each another search", "/api/v1/search"),
    ):
        script = place / f"{len(path)}.lua"
        script.write_text(_LUA.format(path=path, queries=", ".join(f'"{each}"' for each in asked)))
        yield Target(name, f"{site}{path}", script)
    granian = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--workers",
        "2",
        "--blocking-threads",
        "2",
    ]
    empty = [*granian, "--port", "{port}", "bench.empty:application"]
    yield Target("empty view, no middleware", _started(stack, empty) + "/")
    yield Target("empty view, all middleware", _started(stack, empty, {"BENCH_EMPTY": "project"}) + "/")
    yield Target("nginx, a file like home", _nginx(stack, place, servers.fetch(f"{site}/")))


def _started(
    stack: contextlib.ExitStack, command: list[str], environment: dict[str, str] | None = None
) -> str:
    port = servers.free_port()
    url = f"http://{servers.HOST}:{port}"
    here = [word.replace("{port}", str(port)) for word in command]
    stack.enter_context(servers.running(here, f"{url}/", cwd=_ROOT, environment=environment))
    return url


def _nginx(stack: contextlib.ExitStack, place: Path, page: bytes) -> str:
    (place / "files").mkdir()
    (place / "files" / "index.html").write_bytes(page)
    place.chmod(0o755)
    port = servers.free_port()
    (place / "nginx.conf").write_text(_NGINX.format(place=place, port=port))
    url = f"http://{servers.HOST}:{port}/"
    stack.enter_context(servers.running(["nginx", "-c", str(place / "nginx.conf")], url, cwd=place))
    return url


def _wrk(target: Target, seconds: int) -> tuple[float, float, float, int]:
    """Requests a second, p50 and p99 in milliseconds, answers that were not 200."""
    command = ["wrk", "-t1", f"-c{_CONNECTIONS}", f"-d{seconds}s", "--latency"]
    for name, value in _HEADERS.items():
        command += ["-H", f"{name}: {value}"]
    if target.script:
        command += ["-s", str(target.script)]
    printed = subprocess.run([*command, target.url], check=True, capture_output=True, text=True).stdout
    for _ in range(8):  # What wrk left in the server's queues must not burden the next target.
        servers.fetch(target.url)
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", printed)[1])
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", printed)
    errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", printed)
    lost = sum(map(int, errors.groups())) if errors else 0
    return rate, _latency(printed, 50), _latency(printed, 99), lost + (int(failed[1]) if failed else 0)


def _latency(printed: str, percent: int) -> float:
    found = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s|m)\b", printed)
    return float(found[1]) * _MILLISECONDS[found[2]]


if __name__ == "__main__":
    main()
