"""python -m bench.start: seconds from `script/run` in a fresh clone to the first page."""

import resource
import shutil
import subprocess
import tempfile
from pathlib import Path

from bench import machine, servers

_ROOT = Path(__file__).parents[1]


def main() -> None:
    """Clone the last commit, start it three times, print a table."""
    print(machine.describe(("uv",) if shutil.which("uv") else ()))
    with tempfile.TemporaryDirectory(prefix="bench-start-") as name:
        clone = Path(name, "clone")
        subprocess.run(["git", "clone", "--quiet", str(_ROOT), str(clone)], check=True)
        rows = [("first, nothing there but the package caches of the machine", *_start(clone))]
        shutil.rmtree(clone / "data")
        rows.append(("first, environment there", *_start(clone)))
        rows.append(("second", *_start(clone)))
        print("\n" + machine.table(("script/run to the first page", "seconds", "CPU s"), rows))


def _start(clone: Path) -> tuple[float, float]:
    """Seconds to the first page, and of processor time until everything has stopped again."""
    before = _cpu_seconds()
    port = servers.free_port()
    url = f"http://{servers.HOST}:{port}/"
    with servers.running(["script/run", "--port", str(port)], url, cwd=clone) as server:
        seconds = server.seconds
    return seconds, _cpu_seconds() - before


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
