"""python -m bench.eligibility: whole economies and single businesses, beside other engines, in one run.

OpenFisca-core (AGPL) is measured from an environment of its own, never from ours:
    python -m venv DIR && DIR/bin/pip install openfisca-core polars
    python -m bench.eligibility --openfisca DIR/bin/python
"""

import argparse
import gc
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bench import eligibility_ours, eligibility_peers, eligibility_rules, machine, population
from madoguchi.eligibility.bulk import files, local
from madoguchi.eligibility.bulk.plan import Plan, make_plan
from madoguchi.eligibility.rules.book import Book, Rule
from madoguchi.eligibility.rules.explain import Explanation
from madoguchi.eligibility.rules.facts import Dictionary
from madoguchi.eligibility.rules.profile import read_profile
from madoguchi.eligibility.rules.values import Facts

_ON = date(2023, 6, 1)
_SINGLE = 500
_ENGINES = Path(__file__).with_name("eligibility_engines.py")


def main() -> None:
    """Measure and print Markdown."""
    arguments = _arguments()
    print(machine.describe(("numpy", "polars", "duckdb", "panzi-json-logic")))
    source = eligibility_rules.read(arguments.pack)
    with tempfile.TemporaryDirectory(prefix="bench-eligibility-") as name:
        directory = Path(name)
        file = directory / "businesses.parquet"
        _child(_make, file, arguments.size, source.dictionary, False)
        if not arguments.single:
            _four_valued(file, source, arguments)
            _peers(directory, source, arguments)
        _single(file, source, arguments.rounds)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=population.ALL_OF_JAPAN, help="businesses")
    parser.add_argument("--rules", type=int, action="append", help="how many; several times")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--single", action="store_true", help="one business at a time only")
    parser.add_argument("--pack", type=Path, default=Path("packs/aomori"))
    parser.add_argument(
        "--openfisca", metavar="PYTHON", help="the python of an environment with openfisca-core"
    )
    return parser.parse_args()


def _child(work: Callable[..., Any], *arguments: Any) -> Any:
    """Run in a process of its own, so that its memory is its own; what it returns comes back as JSON.

    A fork does not take the threads of polars along: this process must not have used polars before."""
    receive, send = os.pipe()
    child = os.fork()
    if not child:
        result = json.dumps(work(*arguments)).encode()
        os.write(send, result)
        os._exit(0)
    os.close(send)
    with os.fdopen(receive, "rb") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return json.loads(answer)


def _make(file: Path, size: int, dictionary: Dictionary, told: bool) -> None:
    population.make(size, dictionary, told=told).write_parquet(file)


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


# ── four values, the whole economy ──────────────────────────────────────────────────────────────────────
def _four_valued(file: Path, source: eligibility_rules.Source, arguments: argparse.Namespace) -> None:
    print(f"\n### {arguments.size:,} businesses, four values\n")
    rows = []
    for count in arguments.rules or [200, 500, 2000]:
        plan = make_plan(eligibility_rules.grow(source, count), on=_ON)
        loaded = _child(_from_columns, file, plan, source.dictionary, arguments.rounds)
        whole = _child(_from_file, file, plan, source.dictionary)
        rows.append((count, *loaded, *whole))
    headings = (
        "rules", "comparisons", "load s", "s", "fastest", "CPU s", "peak MB", "limit ms",
        "file to counts by place s", "CPU s", "peak MB",
    )  # fmt: skip
    print(machine.table(headings, rows))


def _from_columns(file: Path, plan: Plan, dictionary: Dictionary, rounds: int) -> list[float]:
    started = time.perf_counter()
    table = eligibility_ours.load(file, plan, dictionary)
    load = time.perf_counter() - started
    walls, processors = [], []
    for _ in range(rounds):
        wall, processor = time.perf_counter(), time.process_time()
        eligibility_ours.totals(plan, table, dictionary)
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    peak = _peak_mb()
    arrays = {id(array): array.nbytes for array in _arrays(table)}
    written = 3 * len(plan.rules) * table.height / 8
    limit = sum(arrays.values()) / _bandwidth() + written / _bandwidth()
    return [
        len(plan.leaves), load, statistics.median(walls), min(walls), statistics.median(processors), peak,
        limit * 1000,
    ]  # fmt: skip


def _arrays(table: Any) -> list[Any]:
    found = []
    for column in table.columns.values():
        parts = [getattr(column, name, None) for name in ("low", "high", "known", "places")]
        found += [part for part in (*parts, *getattr(column, "holds", {}).values()) if part is not None]
    return found


def _bandwidth() -> float:
    """Bytes a second of a copy, read and written, by one core."""
    block = np.ones(200_000_000, np.uint8)
    other = np.empty_like(block)
    times = []
    for _ in range(5):
        started = time.perf_counter()
        np.copyto(other, block)
        times.append(time.perf_counter() - started)
    return 2 * block.nbytes / min(times)


def _from_file(file: Path, plan: Plan, dictionary: Dictionary) -> list[float]:
    """What `madoguchi match-bulk FILE --counts CSV` does once the rules are in memory."""
    wall, processor = time.perf_counter(), time.process_time()
    job = files.Job(files.open_input(file), plan, dictionary, files.Output(None, "long", "id"))
    outcome = local.match_file(job, progress=lambda _: None)
    files.write_counts(file.with_suffix(".csv"), plan, outcome.counts)
    file.with_suffix(".csv").unlink()
    return [time.perf_counter() - wall, time.process_time() - processor, _peak_mb()]


# ── two values, beside others ───────────────────────────────────────────────────────────────────────────
def _peers(directory: Path, source: eligibility_rules.Source, arguments: argparse.Namespace) -> None:
    print(f"\n### {arguments.size:,} businesses × 200 rules in two values, engines in turn\n")
    _child(_prepare, directory, arguments.size, source)
    pythons = dict.fromkeys(("madoguchi", "polars", "duckdb", "json-logic"), sys.executable)
    if arguments.openfisca:
        pythons |= dict.fromkeys(("openfisca", "openfisca-parts"), arguments.openfisca)
    else:
        print("OpenFisca was not measured: no --openfisca.\n")
    engines = {name: _Engine(name, python, directory) for name, python in pythons.items()}
    for number in range(arguments.rounds):
        for engine in engines.values():
            # One round of the slow ones is enough.
            if not (number and engine.name not in ("madoguchi", "polars", "duckdb")):
                engine.run()
    right = engines["madoguchi"].counts
    rows = [engine.row(arguments.size, right) for engine in engines.values()]
    print(
        machine.table(
            (
                "engine",
                "load s",
                "s",
                "fastest",
                "CPU s",
                "peak MB",
                "million pairs/s",
                "rules counted otherwise",
            ),
            rows,
        )
    )
    for name, engine in engines.items():
        if name != "json-logic":
            _differences(name, engine.counts, right)
    for engine in engines.values():
        engine.stop()


def _prepare(directory: Path, size: int, source: eligibility_rules.Source) -> None:
    told = population.make(size, source.dictionary, told=True)
    rules = eligibility_rules.grow(source, 200)
    eligibility_peers.prepare(directory, told, rules, source.dictionary, _ON)


class _Engine:
    def __init__(self, name: str, python: str, directory: Path) -> None:
        self.name = name
        environment = {**os.environ, "PYTHONPATH": str(_ENGINES.parent.parent)}
        self._process = subprocess.Popen(
            [python, str(_ENGINES), name, str(directory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        self._load = self._answer()["load_s"]
        self._runs: list[dict[str, Any]] = []

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def run(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        self._runs.append(self._answer())

    @property
    def counts(self) -> list[int]:
        return self._runs[-1]["counts"]

    def row(self, size: int, right: Sequence[int]) -> tuple[Any, ...]:
        walls = [run["wall_s"] for run in self._runs]
        wall = statistics.median(walls)
        size, other = (500, None) if self.name == "json-logic" else (size, _unlike(self.counts, right))
        processor = statistics.median(run["cpu_s"] for run in self._runs)
        pairs = size * len(right) / wall / 1e6
        return (self.name, self._load, wall, min(walls), processor, self._runs[-1]["peak_mb"], pairs, other)

    def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def _unlike(counts: Sequence[int], right: Sequence[int]) -> int:
    return sum(one != other for one, other in zip(counts, right, strict=True))


def _differences(name: str, counts: Sequence[int], right: Sequence[int]) -> None:
    for number, (one, other) in enumerate(zip(counts, right, strict=True)):
        if one != other:
            print(f"\n{name} counts {one:,} for rule {number} where {other:,} is right ({one - other:+,}).")


# ── one business ────────────────────────────────────────────────────────────────────────────────────────
def _single(file: Path, source: eligibility_rules.Source, rounds: int) -> None:
    print("\n### One business × every rule: reasons, deciding clauses, nearest miss, what to ask\n")
    print(
        f"Warmed with {_SINGLE:,} businesses; then {_SINGLE:,} others, no two of all of which answer every\n"
        f"comparison alike; then the first ones again. Every explanation is read. Medians of {rounds}\n"
        "processes, and of each business the fastest, which other work on the machine disturbs least.\n"
    )
    rows = []
    for count in (200, 500):
        runs = [_child(_one_process, file, source, count) for _ in range(rounds)]
        for name in runs[0]["times"]:
            times = np.array([run["times"][name] for run in runs])
            medians = np.median(np.percentile(times, (50, 95, 99), axis=1), axis=1)
            fastest = np.percentile(times.min(axis=0)[:, 1], (50, 95, 99))
            rows.append((f"{count} rules, {name}", *medians.T.ravel().tolist(), *fastest.tolist()))
        print(f"{count} rules: {runs[0]['kept_mb']:.0f} MB are kept after {2 * _SINGLE:,} businesses.")
    headings = ("", "p50 ms", "p95", "p99", "CPU p50", "CPU p95", "CPU p99", "fastest: CPU p50", "p95", "p99")
    print("\n" + machine.table(headings, rows))
    print(f"\nLoad after the run {' '.join(f'{value:.1f}' for value in os.getloadavg())}.")


def _one_process(file: Path, source: eligibility_rules.Source, count: int) -> dict[str, Any]:
    rules = eligibility_rules.grow(source, count)
    told = _different(file, Book(rules, source.dictionary), 2 * _SINGLE)
    known, strangers = told[:_SINGLE], told[_SINGLE:]
    kept = _kept_mb(rules, source.dictionary, told)
    book = Book(rules, source.dictionary)
    for facts in known:
        _explained(book, facts)
    gc.collect()
    gc.freeze()
    times = {
        "never seen before": [_timed(_explained, book, facts) for facts in strangers],
        "seen before": [_timed(_explained, book, facts) for facts in known],
    }
    ready = [[_pieces(each) for each in book.match(facts, on=_ON)] for facts in known]
    times["made of ready pieces and read"] = [_timed(_made, pieces) for pieces in ready]
    return {"times": times, "kept_mb": kept}


def _kept_mb(rules: Sequence[Rule], dictionary: Dictionary, told: Sequence[Facts]) -> float:
    book = Book(rules, dictionary)
    tracemalloc.start()
    for facts in told:
        _explained(book, facts)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return kept / 1e6


def _different(file: Path, book: Book, count: int) -> list[Facts]:
    """So many businesses that differ in the answer to some comparison; asked of a book of their own."""
    frame = pl.scan_parquet(file).drop("id").with_columns(pl.col(pl.Date).cast(pl.String))
    found: dict[Any, Facts] = {}
    for row in frame.head(20 * count).collect().iter_rows(named=True):
        profile = {key: cell for key, cell in row.items() if cell is not None}
        facts = read_profile(profile, book.dictionary).facts
        found.setdefault(tuple(book.answers(facts, on=_ON)), facts)
        if len(found) == count:
            break
    return list(found.values())


def _explained(book: Book, facts: Facts) -> None:
    """Every verdict with all that explains it, really read."""
    _read(book.match(facts, on=_ON))


def _read(explanations: Iterable[Explanation]) -> None:
    for each in explanations:
        _ = (each.verdict, each.reasons, each.deciding, each.miss, each.ask)


def _pieces(each: Explanation) -> tuple[Any, ...]:
    return each.status, list(each.reasons), each.deciding, each.miss, each.ask


def _made(ready: Sequence[tuple[Any, ...]]) -> None:
    """No less can it take to make what is not kept: nothing is worked out or looked up."""
    _read([Explanation(status, tuple(reasons), *others) for status, reasons, *others in ready])


def _timed(work: Callable[..., None], *of: Any) -> tuple[float, float]:
    """Milliseconds by the clock and of the processor."""
    wall, processor = time.perf_counter(), time.thread_time()
    work(*of)
    return (time.perf_counter() - wall) * 1000, (time.thread_time() - processor) * 1000


if __name__ == "__main__":
    main()
