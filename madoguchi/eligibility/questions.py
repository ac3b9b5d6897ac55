"""The next question for a visitor, and how far the programmes in reach are settled."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from madoguchi.catalogue.queries import reception_of
from madoguchi.catalogue.states import ReceptionStatus
from madoguchi.eligibility.rulebook import Match, Rulebook
from madoguchi.eligibility.rules.book import Book
from madoguchi.eligibility.rules.facts import Fact
from madoguchi.eligibility.rules.interview import Interview
from madoguchi.eligibility.rules.status import Verdict, verdict_of
from madoguchi.eligibility.rules.values import Facts
from madoguchi.usage import queries as usage

# How much it matters to settle a programme by how its reception stands; what has closed hardly matters.
_RECEPTION = {
    ReceptionStatus.OPEN: 4.0,
    ReceptionStatus.UPCOMING: 3.0,
    ReceptionStatus.ROLLING: 3.0,
    ReceptionStatus.BOOKING: 3.0,
    ReceptionStatus.NOT_STATED: 1.0,
    ReceptionStatus.CLOSED: 0.2,
}
_SOON = timedelta(days=30)
_POPULAR_DAYS = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many programmes in reach are settled: every frame of them has another verdict than 要確認."""

    settled: int
    total: int


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask next; None when nothing that could be asked would settle more."""

    fact: Fact | None
    progress: Progress


def next_question(
    rulebook: Rulebook,
    facts: Facts,
    *,
    at: datetime,
    on: date,
    fiscal_year: int | None = None,
    skipped: Set[str] = frozenset(),
) -> Question:
    """The question whose answer is expected to settle most of what is in reach, and how far we are."""
    entries, book = rulebook.in_reach(on=on, fiscal_year=fiscal_year)
    interview = _interview(book)
    weights = _weights(rulebook, at.replace(minute=0, second=0, microsecond=0), on, fiscal_year)
    best = interview.next(facts, on=on, weights=weights, skipped=skipped)
    fact = rulebook.dictionary.get(best.fact) if best else None
    verdicts = [verdict_of(status) for status in interview.statuses(facts, on=on)]
    return Question(fact, _progress(zip((entry.programme for entry in entries), verdicts, strict=True)))


def progress(matches: Iterable[Match]) -> Progress:
    """How many programmes are settled."""
    return _progress((match.entry.programme, match.verdict) for match in matches)


def _progress(verdicts: Iterable[tuple[str, Verdict]]) -> Progress:
    settled: dict[str, bool] = {}
    for programme, verdict in verdicts:
        settled[programme] = settled.get(programme, True) and verdict is not Verdict.UNKNOWN
    return Progress(sum(settled.values()), len(settled))


# Not one a day: whoever names many days would make every visitor wait for what is forgotten meanwhile.
@lru_cache(maxsize=8)
def _interview(book: Book) -> Interview:
    return Interview(book)


@lru_cache(maxsize=4)
def _weights(rulebook: Rulebook, hour: datetime, on: date, fiscal_year: int | None) -> tuple[float, ...]:
    """How much each entry in reach matters: by reception, nearness of the deadline, and how much it is read.

    Looked up once an hour. The frames of a programme share its weight."""
    entries, _ = rulebook.in_reach(on=on, fiscal_year=fiscal_year)
    views = usage.views_by_key("programme", since=on - _POPULAR_DAYS, until=on)
    most = max(views.values(), default=0) or 1
    frames: dict[str, int] = {}
    for entry in entries:
        frames[entry.programme] = frames.get(entry.programme, 0) + 1
    weights = []
    for entry in entries:
        reception = reception_of(entry.edition, at=hour)
        weight = _RECEPTION[reception.status] * (1 + _share(views, entry.programme, most))
        if reception.closes_at and reception.closes_at - hour <= _SOON:
            weight *= 2
        weights.append(weight / frames[entry.programme])
    return tuple(weights)


def _share(views: Mapping[str, int], key: str, most: int) -> float:
    return views.get(key, 0) / most
