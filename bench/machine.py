"""What a figure was measured on, and Markdown tables of figures."""

import os
import platform
import sqlite3
import subprocess
import time
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path


def describe(packages: Iterable[str]) -> str:
    """The machine and the versions, as Markdown lines."""
    pairs = {"Python": platform.python_version(), "SQLite": sqlite3.sqlite_version}
    pairs |= {name: version(name) for name in packages}
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    now = time.strftime("%Y-%m-%d %H:%M", time.gmtime())
    return "\n".join(
        (
            f"- {now} UTC, commit {_commit()}, load before the run {load}",
            f"- {os.cpu_count()} × {_line('/proc/cpuinfo', 'model name')},"
            f" {_memory_gib()} GiB, {_line('/etc/os-release', 'PRETTY_NAME')}",
            "- " + ", ".join(f"{name} {value}" for name, value in pairs.items()),
        )
    )


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; numbers to the right."""
    lines = ["| " + " | ".join(headings) + " |", "|---" + "|--:" * (len(headings) - 1) + "|"]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"
    if isinstance(value, int):
        return f"{value:,}"
    return "–" if value is None else str(value)


def _commit() -> str:
    found = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return found.stdout.strip() or "unknown"


def _line(path: str, key: str) -> str:
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    found = next((line for line in lines if line.startswith(key)), "?")
    return found.replace("=", ":", 1).split(":", 1)[-1].strip().strip('"')


def _memory_gib() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
