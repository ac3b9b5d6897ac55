"""python -m bench.start: seconds from `script/run` in a fresh clone to the first page."""

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
        rows = [
            (
                "first start, nothing there (packages as the machine's caches and network give them)",
                _start(clone),
            )
        ]
        shutil.rmtree(clone / "data")
        rows.append(("first start, environment there", _start(clone)))
        rows.append(("second start", _start(clone)))
        print("\n" + machine.table(("script/run to the first page", "seconds"), rows))


def _start(clone: Path) -> float:
    port = servers.free_port()
    url = f"http://{servers.HOST}:{port}/"
    with servers.running(["script/run", "--port", str(port)], url, cwd=clone) as server:
        return server.seconds


if __name__ == "__main__":
    main()
