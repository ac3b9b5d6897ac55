"""python -m bench.search: the search engine beside others, on the same texts and queries, in one run."""

import argparse
import gc
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench import corpus, engines, machine, queries
from bench.engines import Measured, Texts
from bench.queries import Asked
from madoguchi.japan import areas
from madoguchi.packs.pack import Pack, read_pack
from madoguchi.search.documents import Document
from madoguchi.search.places import Place
from madoguchi.search.thesaurus import Thesaurus

_SEED = 2023
_ROUNDS = 3
_POSTGRES = "postgres://postgres@127.0.0.1:5432/test"
_HEADINGS = (
    "engine", "build CPU s", "index MB", "p50 ms", "p95 ms", "max ms", "CPU p50", "CPU p95", "CPU max",
    "hits", "recall", "precision", "variants",
)  # fmt: skip


@dataclass(frozen=True)
class Answered:
    """What an answer took: on the clock and, which other work disturbs less, of the processor."""

    wall_ms: float
    cpu_ms: float | None
    hits: int


def main() -> None:
    """Measure every size that was asked for and print a table for each."""
    arguments = _arguments()
    print(machine.describe(("numpy", "tantivy", "sudachipy", "sudachidict-core", "psycopg")))
    pack = read_pack(arguments.pack)
    real = corpus.real(pack, arguments.jgrants)
    for size in arguments.size or [10_000]:
        with tempfile.TemporaryDirectory(prefix="bench-search-") as directory:
            ours = arguments.keep / str(size) if arguments.keep else Path(directory, "ours")
            _measure(size, pack, real, (Path(directory), ours), with_postgres=not arguments.no_postgres)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, action="append", help="documents; may be given several times")
    parser.add_argument("--pack", type=Path, default=Path("packs/aomori"))
    parser.add_argument("--jgrants", type=Path, help="directory with list.jsonl and details.jsonl")
    parser.add_argument("--keep", type=Path, help="directory that keeps Madoguchi's index for the next run")
    parser.add_argument("--no-postgres", action="store_true")
    return parser.parse_args()


def _measure(
    size: int, pack: Pack, real: corpus.Real, places: tuple[Path, Path], *, with_postgres: bool
) -> None:
    documents = corpus.grow(real, size, _SEED)
    texts = _texts(documents)
    asked = queries.mixed(documents, _SEED)
    measured = list(_engines(pack, *places, with_postgres=with_postgres))
    is_kept = (places[1] / "current").exists()
    builds = [_cpu_seconds(lambda engine=engine: engine.build(texts)) for engine in measured]
    answers = _ask(measured, asked)
    literal = [(each, queries.holding_all(each.terms, texts.plain)) for each in asked if each.is_literal]
    variant = [(each, queries.holding_any(wanted, texts.plain)) for each, wanted in queries.variants()]
    characters = sum(map(len, texts.plain))
    print(f"\n### {size:,} documents, {characters / 1e6:.1f} million characters", end=", ")
    print(f"{len(real.documents):,} of them real, {len(asked)} queries; median of {_ROUNDS} rounds\n")
    rows = []
    for number, engine in enumerate(measured):
        has_built = engine.in_process and builds[number] > 0.01 and not (is_kept and number == 0)
        wall, cpu = (
            _spread([getattr(each, name) for each in answers[number]]) for name in ("wall_ms", "cpu_ms")
        )
        hits = statistics.median(each.hits for each in answers[number])
        quality = (*_recall_and_precision(engine, literal), _recall_and_precision(engine, variant)[0])
        rows.append(
            (
                engine.name,
                builds[number] if has_built else None,
                round(engine.size() / 1e6),
                *wall,
                *cpu,
                hits,
                *quality,
            )
        )
    print(machine.table(_HEADINGS, rows))
    print("\nMadoguchi's build cuts the texts into words; the others were given the tokens.")
    print(_by_kind(measured, asked, answers), flush=True)


def _texts(documents: Sequence[Document]) -> Texts:
    raw = [corpus.text_of(document) for document in documents]
    tokens = [" ".join(engines.tokens_of(text)) for text in raw]
    return Texts(documents, [queries.plain(text) for text in raw], tokens)


def _engines(pack: Pack, directory: Path, kept: Path, *, with_postgres: bool) -> Iterable[Measured]:
    ours = engines.Ours(kept, _thesaurus(pack), _places(pack))
    both = engines.FtsTokensAndPairs(directory)
    whole = engines.Tantivy(directory)
    yield ours
    yield engines.OursAgain(ours)
    yield engines.OursBare(ours)
    yield engines.FtsTrigram(directory)
    yield engines.FtsTokens(directory)
    yield both
    yield engines.FtsFaceted(both)
    yield whole
    yield engines.TantivyUncounted(whole)
    if with_postgres:
        try:
            yield engines.Postgres(_POSTGRES)
        except psycopg.OperationalError:
            print(f"- PostgreSQL was not measured: nothing answers at {_POSTGRES}")


def _thesaurus(pack: Pack) -> Thesaurus:
    groups = pack.thesaurus
    return Thesaurus.from_groups(
        {"from": group.words, "to": group.to} if group.to else {"words": group.words} for group in groups
    )


def _places(pack: Pack) -> list[Place]:
    home = pack.region.prefecture if pack.region else ""
    return [
        Place(
            area.code,
            area.name if area.parent in (areas.NATION, home) else area.full_name,
            ancestors=areas.ancestors(area.code),
        )
        for area in areas.all_areas()
        if area.is_municipality or area.parent == areas.NATION
    ]


def _ask(measured: Sequence[Measured], asked: Sequence[Asked]) -> list[list[Answered]]:
    """What every engine needed for every query, medians of the rounds.

    Engines take turns within each query, in an order that changes, after a round that is not counted."""
    rng = random.Random(_SEED)
    samples: list[list[list[Answered]]] = [[[] for _ in asked] for _ in measured]
    gc.collect()
    gc.freeze()
    for _ in range(_ROUNDS + 1):
        for at, each in enumerate(asked):
            for number in rng.sample(range(len(measured)), k=len(measured)):
                samples[number][at].append(_answered(measured[number], each))
    gc.unfreeze()
    return [[_median(rounds[1:]) for rounds in engine] for engine in samples]


def _answered(engine: Measured, asked: Asked) -> Answered:
    began, cpu_began = time.perf_counter(), time.thread_time()
    hits = engine.top(asked)
    cpu_ms = (time.thread_time() - cpu_began) * 1000
    return Answered((time.perf_counter() - began) * 1000, cpu_ms if engine.in_process else None, hits)


def _median(rounds: Sequence[Answered]) -> Answered:
    cpu = [each.cpu_ms for each in rounds if each.cpu_ms is not None]
    wall_ms = statistics.median(each.wall_ms for each in rounds)
    return Answered(wall_ms, statistics.median(cpu) if cpu else None, rounds[0].hits)


def _spread(times: Sequence[float | None]) -> tuple[float | None, float | None, float | None]:
    """p50, p95 and the most."""
    ordered = sorted(time for time in times if time is not None)
    if not ordered:
        return None, None, None
    return statistics.median(ordered), ordered[int(len(ordered) * 0.95)], ordered[-1]


def _recall_and_precision(engine: Measured, gold: Sequence[tuple[Asked, set[int]]]) -> tuple[float, float]:
    """The mean shares of what should be found, and of what was; only queries that have both."""
    pairs = [(engine.found(asked), wanted) for asked, wanted in gold if wanted]
    recall = statistics.mean(len(found & wanted) / len(wanted) for found, wanted in pairs)
    precision = statistics.mean(len(found & wanted) / len(found) for found, wanted in pairs if found)
    return recall, precision


def _by_kind(measured: Sequence[Measured], asked: Sequence[Asked], answers: Sequence[list[Answered]]) -> str:
    kinds = sorted({each.kind for each in asked})
    rows = []
    for engine, answered in zip(measured, answers, strict=True):
        pairs = list(zip(asked, answered, strict=True))
        times = [
            [a.wall_ms if a.cpu_ms is None else a.cpu_ms for q, a in pairs if q.kind == k] for k in kinds
        ]
        rows.append((engine.name, *map(statistics.median, times)))
    return (
        "\nMedian milliseconds by kind of query (processor; wall clock for PostgreSQL):\n\n"
        + machine.table(("engine", *kinds), rows)
    )


def _cpu_seconds(work: Callable[[], None]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()
