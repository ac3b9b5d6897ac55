"""python -m bench.questions: how much is settled after each question, and how long choosing one takes.

Businesses of bench.population, moved into the region, answer truthfully what they are asked: a fact the
population does not have is "I do not know". Needs a data directory that was set up (MADOGUCHI_DATA_DIR).
"""

import argparse
import gc
import os
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
django.setup()

from bench import machine, population  # noqa: E402
from madoguchi.catalogue.states import ReceptionStatus  # noqa: E402
from madoguchi.eligibility import questions, rulebook  # noqa: E402
from madoguchi.eligibility.rules.profile import read_profile  # noqa: E402
from madoguchi.foundation import clock  # noqa: E402
from madoguchi.institutions import queries as institutions  # noqa: E402
from madoguchi.japan import areas  # noqa: E402

_MOST_QUESTIONS = 12
_OPEN = {ReceptionStatus.OPEN, ReceptionStatus.UPCOMING, ReceptionStatus.ROLLING, ReceptionStatus.BOOKING}


def main() -> None:
    """Print a table by number of questions, the questions asked most, and the time of one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=500)
    size = parser.parse_args().size
    book, at, on = rulebook.current(), clock.now(), clock.today()
    settled: defaultdict[int, list[float]] = defaultdict(list)
    settled_open: defaultdict[int, list[float]] = defaultdict(list)
    asked: defaultdict[int, Counter[str]] = defaultdict(Counter)
    seconds: list[float] = []
    gc.freeze()
    for business in _businesses(size, book):
        told: dict[str, Any] = {}
        skipped: set[str] = set()
        for number in range(1, _MOST_QUESTIONS + 1):
            facts = read_profile(told, book.dictionary).facts
            began = time.process_time()
            question = questions.next_question(book, facts, at=at, on=on, skipped=skipped)
            seconds.append(time.process_time() - began)
            if question.fact:
                key = question.fact.key
                asked[number][key] += 1
                told |= {key: business[key]} if key in business else {}
                skipped |= {key} - set(business)
            matches = book.match(read_profile(told, book.dictionary).facts, at=at, on=on)
            _note(settled[number], questions.progress(matches))
            _note(settled_open[number], questions.progress(m for m in matches if m.reception.status in _OPEN))
    print(machine.describe(("django",)))
    print(f"\n{size} businesses, {len(matches)} verdicts each, on {on}\n")
    rows = [
        (
            number,
            f"{statistics.mean(shares):.1%}",
            f"{min(shares):.1%}",
            f"{statistics.mean(settled_open[number]):.1%}",
            ", ".join(f"{key} {count}" for key, count in asked[number].most_common(3)),
        )
        for number, shares in settled.items()
    ]
    headings = ("questions", "settled, mean", "settled, least", "of the open ones, mean", "asked most")
    print(machine.table(headings, rows))
    seconds.sort()
    shown = ", ".join(
        f"{name} {seconds[int(len(seconds) * share)] * 1000:.2f} ms"
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    )
    print(f"\nChoosing a question, processor time: {shown}")


def _note(shares: list[float], progress: questions.Progress) -> None:
    shares.append(progress.settled / progress.total if progress.total else 1.0)


def _businesses(size: int, book: rulebook.Rulebook) -> list[Mapping[str, Any]]:
    region = institutions.region()
    if region is None:
        raise SystemExit("set up a data directory first: madoguchi setup")
    here = [area.code for area in areas.municipalities(region.prefecture_code)]
    rows = population.make(size, book.dictionary, told=True).drop("id").to_dicts()
    return [_told(row, here[number % len(here)]) for number, row in enumerate(rows)]


def _told(row: Mapping[str, Any], area: str) -> Mapping[str, Any]:
    """As somebody would tell it: dates as text, no capital for a sole proprietor, at home in the region."""
    told = {key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()}
    if told["legal_form"] == "sole":
        del told["capital_yen"]
    return told | {"area": area, "head_office_area": area, "home_area": area}


if __name__ == "__main__":
    main()
