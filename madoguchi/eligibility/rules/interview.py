"""Which question to ask next: the one whose answer is expected to settle most.

For each open question every likely answer is tried on the rules that wait for it. What an answer is worth to
a rule is the share of its open questions that it saves: all of them when it settles the rule.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from madoguchi.eligibility.rules.book import Book, Outlook
from madoguchi.eligibility.rules.samples import Sample, samples_of
from madoguchi.eligibility.rules.status import Status
from madoguchi.eligibility.rules.values import Facts, Range


@dataclass(frozen=True, slots=True)
class Gain:
    """An open question and how much of the weight of all rules its answer is expected to save."""

    fact: str
    gain: float


class Interview:
    """Chooses questions over one book of rules."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._samples = lru_cache(maxsize=4096)(self._samples_on)

    def next(
        self, facts: Facts, *, on: date, weights: Sequence[float], skipped: Set[str] = frozenset()
    ) -> Gain | None:
        """The best question, or None when no answer could settle anything more.

        `weights` say how much each rule of the book matters; `skipped` are questions that got no answer."""
        answers = self._book.answers(facts, on=on)
        gains = []
        for fact, rules in self._waiting(answers, facts, skipped).items():
            gain = 0.0
            for sample in self._samples(fact, on):
                before = [(place, answers[place]) for place, _ in sample.statuses]
                _put(answers, sample.statuses)
                gain += sample.weight * self._saved(rules, answers, skipped, weights)
                _put(answers, before)
            gains.append(Gain(fact, gain))
        # Of equal questions the one that stands first in the dictionary: the answers stay the same.
        order = {key: number for number, key in enumerate(self._book.dictionary.facts)}
        return max(gains, key=lambda gain: (gain.gain, -order.get(gain.fact, len(order))), default=None)

    def _waiting(
        self, answers: list[Status], facts: Facts, skipped: Set[str]
    ) -> Mapping[str, list[tuple[int, int]]]:
        """For each open question the rules that wait for it, with the number of their open questions."""
        waiting: dict[str, list[tuple[int, int]]] = {}
        for number, outlook in enumerate(self._book.outlooks(answers)):
            if outlook.status is Status.UNKNOWN:
                still_open = [key for key in outlook.open if key not in skipped and not _is_exact(facts, key)]
                for key in still_open:
                    waiting.setdefault(key, []).append((number, len(still_open)))
        return waiting

    def _saved(
        self,
        rules: list[tuple[int, int]],
        answers: list[Status],
        skipped: Set[str],
        weights: Sequence[float],
    ) -> float:
        saved = 0.0
        for number, open_before in rules:
            left = _left(self._book.outlook(number, answers), skipped)
            saved += weights[number] * max(0.0, 1 - left / open_before)
        return saved

    def _samples_on(self, fact: str, on: date) -> tuple[Sample, ...]:
        told = self._book.dictionary.get(fact)
        return samples_of(told, self._book.placed(fact), on=on) if told else ()


def _put(answers: list[Status], statuses: Iterable[tuple[int, Status]]) -> None:
    for place, status in statuses:
        answers[place] = status


def _left(outlook: Outlook, skipped: Set[str]) -> int:
    if outlook.status is not Status.UNKNOWN:
        return 0
    return sum(key not in skipped for key in outlook.open)


def _is_exact(facts: Facts, key: str) -> bool:
    """Whether a fact is told so exactly that asking again brings nothing: a range or a wide code may."""
    value = facts.get(key)
    if value is None:
        return False
    return not isinstance(value, Range) or value.low == value.high
