"""python -m bench.feeds --jgrants FILE: the search of a region before and after a feed's items came in.

Sets up a region of its own, takes the file in with `madoguchi import jgrants`, and prints how long that took,
what the graded questions score, and the processor time of an answer.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import machine

_ROUNDS = 3
_QUESTIONS = ("relevance.yaml", "relevance-holdout.yaml")


def main() -> None:
    """Measure, import, measure again, each time in a process of its own."""
    arguments = _arguments()
    if arguments.measure:
        _measure(arguments.pack)
        return
    print(machine.describe(("numpy", "sudachipy", "sudachidict-core")))
    with tempfile.TemporaryDirectory(prefix="bench-feeds-") as directory:
        _madoguchi(directory, "setup", "--pack", str(arguments.pack))
        _again(directory, arguments.pack)
        everywhere = ["--everywhere"] if arguments.everywhere else []
        began = time.perf_counter()
        _madoguchi(directory, "import", "jgrants", "--from", str(arguments.jgrants), *everywhere)
        print(f"import {time.perf_counter() - began:.0f} s on the clock")
        _madoguchi(directory, "reindex")
        _again(directory, arguments.pack)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jgrants", type=Path, help="file with one row of the list a line")
    parser.add_argument("--pack", type=Path, default=Path("packs/aomori"))
    parser.add_argument("--everywhere", action="store_true", help="also what is for other prefectures alone")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _madoguchi(directory: str, *words: str) -> None:
    program = Path(sys.executable).with_name("madoguchi")
    subprocess.run([program, *words], env=os.environ | {"MADOGUCHI_DATA_DIR": directory}, check=True)


def _again(directory: str, pack: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "bench.feeds", "--measure", "--pack", str(pack)],
        env=os.environ | {"MADOGUCHI_DATA_DIR": directory},
        check=True,
    )


def _measure(pack: Path) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
    import django  # noqa: PLC0415

    django.setup()
    from madoguchi.finding import ask, engine, relevance  # noqa: PLC0415
    from madoguchi.foundation import clock  # noqa: PLC0415

    today, files = clock.today(), [relevance.read_questions(pack / name) for name in _QUESTIONS]
    for name, questions in zip(_QUESTIONS, files, strict=True):
        quality = relevance.measure(questions, on=today).quality
        print(f"{name}: nDCG@10 {quality.ndcg_at_10:.3f}, recall@20 {quality.recall_at_20:.3f}")
    engine.warm_up()
    took = []
    for _ in range(_ROUNDS):
        for text in [each.text for questions in files for each in questions]:
            began = time.process_time()
            ask.answer(ask.Asked(on=today, text=text))
            took.append((time.process_time() - began) * 1000)
    took.sort()
    middle, late = took[len(took) // 2], took[len(took) * 95 // 100]
    print(f"{len(took)} answers, processor ms: p50 {middle:.2f}, p95 {late:.2f}, max {took[-1]:.2f}", end="")
    print(f"; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
