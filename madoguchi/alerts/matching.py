"""Which entries a question is about today, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from madoguchi.alerts.kinds import Kind
from madoguchi.eligibility import rulebook
from madoguchi.eligibility.rules.profile import read_profile
from madoguchi.eligibility.rules.status import Verdict
from madoguchi.finding import ask

# More than any region has; a question that finds more is about everything.
MOST_HITS = 2000
_HOPEFUL = {Verdict.LIKELY: 0, Verdict.ELIGIBLE: 1}
MOST_REASONS = 3


@dataclass(frozen=True)
class Matched:
    """Why an entry belongs to a question; without a fiscal year any edition does."""

    fiscal_year: int | None = None
    verdict: Verdict | None = None
    reasons: tuple[str, ...] = ()


def entries(kind: str, question: Any, *, at: datetime) -> Mapping[str, Matched]:
    """The entries (`programme:slug`, `event:slug`) of a question on this day."""
    if kind == Kind.SEARCH:
        return _found(question, at=at)
    if kind == Kind.FACTS:
        return _fitting(question, at=at)
    return {item: Matched() for item in question}


def _found(pairs: Sequence[Sequence[str]], *, at: datetime) -> Mapping[str, Matched]:
    """What the search finds with all its words: what fits in part is no news."""
    parameters: dict[str, list[str]] = {}
    for name, value in pairs:
        parameters.setdefault(name, []).append(value)
    result = ask.answer(ask.read(parameters, today=at.date()), limit=MOST_HITS)
    if result.understood.partial:
        return {}
    return {f"{hit.type}:{hit.slug}": Matched(fiscal_year=hit.fiscal_year) for hit in result.hits}


def _fitting(answers: Mapping[str, Any], *, at: datetime) -> Mapping[str, Matched]:
    """The programmes with a frame that is 該当 or 該当見込み, by the best of their frames."""
    book = rulebook.current()
    facts = read_profile(answers, book.dictionary).facts
    found: dict[str, Matched] = {}
    for match in book.match(facts, at=at, on=at.date()):
        key, verdict = f"programme:{match.entry.programme}", match.verdict
        best = found.get(key)
        if verdict not in _HOPEFUL or (best and best.verdict and _HOPEFUL[best.verdict] >= _HOPEFUL[verdict]):
            continue
        reasons = tuple(reason.because for reason in match.explanation.reasons[:MOST_REASONS])
        found[key] = Matched(match.entry.edition.fiscal_year, verdict, reasons)
    return found
