"""Which question to ask next: the one whose answer is expected to settle most.

For each open question every likely answer is tried on the rules that wait for it. What an answer is worth to
a rule is the share of its open questions that it saves: all of them when it settles the rule. Sets of
questions are bits of a number, because tens of thousands of them are counted for one question.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, reduce
from operator import or_
from typing import Any

from madoguchi.eligibility.rules.book import Book
from madoguchi.eligibility.rules.conditions import Condition, Group, Node, Not
from madoguchi.eligibility.rules.leaves import Leaf
from madoguchi.eligibility.rules.samples import Sample, samples_of
from madoguchi.eligibility.rules.status import Status, at_least, opposite
from madoguchi.eligibility.rules.values import Facts, Range

# Combinations of answers that one form of rule remembers before it begins anew.
_KEPT = 8192


@dataclass(frozen=True, slots=True)
class Gain:
    """An open question and how much of the weight of all rules its answer is expected to save."""

    fact: str
    gain: float


_Change = tuple[tuple[int, Status], ...]
"""Answers that a form gets instead of those that it has."""


_Shape = int | tuple[Any, ...]
"""What a rule asks: the place of a comparison, (n, ...) for at least n of some, or ("not", ...)."""


class _Form:
    """Rules that differ in their sentences alone: how they stand, what stays open, what an answer saves."""

    def __init__(self, shape: _Shape, bits: Sequence[int]) -> None:
        self.rules: list[int] = []
        self._places = tuple(dict.fromkeys(_places_of(shape)))
        # Hereafter the numbers of the answers that are picked.
        self._shape = _renamed(shape, {place: number for number, place in enumerate(self._places)})
        self._bits = [bits[place] for place in self._places]
        self._asked = reduce(or_, self._bits)
        self._stood: dict[tuple[Status, ...], tuple[Status, int]] = {}
        self._saved: dict[Any, float] = {}
        self._changes: dict[int, tuple[list[_Change], list[tuple[float, int]]]] = {}

    def pick(self, answers: Sequence[Status]) -> tuple[Status, ...]:
        """The answers to this form's own comparisons."""
        return tuple([answers[place] for place in self._places])

    def stands(self, picked: tuple[Status, ...]) -> tuple[Status, int]:
        """How it stands, and the questions that could still settle it as bits: none once it is settled."""
        found = self._stood.get(picked)
        if found is None:
            if len(self._stood) >= _KEPT:
                self._stood.clear()
            found = self._stood[picked] = _stands(self._shape, picked, self._bits)
        return found

    def saved(self, picked: tuple[Status, ...], askable: int, bit: int, samples: tuple[Sample, ...]) -> float:
        """The share of its open questions that the answer to one is expected to save.

        On most days a question has the same samples, which `Interview` then hands over as one object."""
        key = (picked, askable & self._asked, bit, id(samples))
        found = self._saved.get(key)
        if found is None:
            if len(self._saved) >= _KEPT:
                self._saved.clear()
            found = self._saved[key] = self._work_out(picked, askable, samples)
        return found

    def _work_out(self, picked: tuple[Status, ...], askable: int, samples: tuple[Sample, ...]) -> float:
        open_before = (self.stands(picked)[1] & askable).bit_count()
        changes, effects = self._effects(samples)
        saved = []
        for change in changes:
            after = list(picked)
            for index, status in change:
                after[index] = status
            left = (self.stands(tuple(after))[1] & askable).bit_count()
            saved.append(max(0.0, 1 - left / open_before))
        return sum([weight * saved[number] for weight, number in effects])

    def _effects(self, samples: tuple[Sample, ...]) -> tuple[list[_Change], list[tuple[float, int]]]:
        """What the samples change here, each change once; and the weight and the change of each sample."""
        found = self._changes.get(id(samples))
        if found is None:
            changes: dict[_Change, int] = {}
            effects = []
            for sample in samples:
                statuses = dict(sample.statuses)
                change = tuple(
                    (index, statuses[place]) for index, place in enumerate(self._places) if place in statuses
                )
                effects.append((sample.weight, changes.setdefault(change, len(changes))))
            if len(self._changes) >= _KEPT:
                self._changes.clear()
            found = self._changes[id(samples)] = (list(changes), effects)
        return found


class Interview:
    """Chooses questions over one book of rules."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._samples = lru_cache(maxsize=4096)(self._samples_on)
        # Never forgotten, so that an id stays that of the same samples: few, for only days differ by the day.
        self._known: dict[tuple[Sample, ...], tuple[Sample, ...]] = {}
        places = {leaf: place for place, leaf in enumerate(book.leaves)}
        # In the order of the dictionary: of equal questions the first one is asked.
        asked = {key for leaf in book.leaves for key in leaf.facts}
        known = [key for key in book.dictionary.facts if key in asked]
        self._facts = (*known, *sorted(asked - set(known)))
        self._bits = {key: bit for bit, key in enumerate(self._facts)}
        bits = [sum([1 << self._bits[key] for key in leaf.facts]) for leaf in book.leaves]
        forms: dict[_Shape, _Form] = {}
        for number, rule in enumerate(book.rules):
            shape = _shape(rule.node, places)
            if shape not in forms:
                forms[shape] = _Form(shape, bits)
            forms[shape].rules.append(number)
        self._forms = tuple(forms.values())

    def next(
        self, facts: Facts, *, on: date, weights: Sequence[float], skipped: Set[str] = frozenset()
    ) -> Gain | None:
        """The best question, or None when no answer could settle anything more.

        `weights` say how much each rule of the book matters; `skipped` are questions that got no answer."""
        answers = self._book.answers(facts, on=on)
        askable = self._askable(facts, skipped)
        gains: dict[int, float] = {}
        for form in self._forms:
            picked = form.pick(answers)
            still_open = form.stands(picked)[1] & askable
            if still_open:
                weight = sum([weights[number] for number in form.rules])
                for bit in _bits_of(still_open):
                    saved = form.saved(picked, askable, bit, self._samples(self._facts[bit], on))
                    gains[bit] = gains.get(bit, 0.0) + weight * saved
        if not gains:
            return None
        best = max(gains, key=lambda bit: (gains[bit], -bit))
        return Gain(self._facts[best], gains[best])

    def statuses(self, facts: Facts, *, on: date) -> list[Status]:
        """How each rule of the book stands, without what explains it."""
        answers = self._book.answers(facts, on=on)
        found = [Status.UNKNOWN] * len(self._book.rules)
        for form in self._forms:
            status, _ = form.stands(form.pick(answers))
            for number in form.rules:
                found[number] = status
        return found

    def _askable(self, facts: Facts, skipped: Set[str]) -> int:
        return sum(
            1 << bit
            for key, bit in self._bits.items()
            if key not in skipped and not _is_exact(facts.get(key))
        )

    def _samples_on(self, fact: str, on: date) -> tuple[Sample, ...]:
        told = self._book.dictionary.get(fact)
        samples = samples_of(told, self._book.placed(fact), on=on) if told else ()
        return self._known.setdefault(samples, samples)


def _shape(node: Node, places: dict[Leaf, int]) -> _Shape:
    """What a rule asks without its sentences, so that rules that ask the same are the same."""
    if isinstance(node, Condition):
        return places[node.leaf]
    if isinstance(node, Group):
        return (node.n, *(_shape(inner, places) for inner in node.of))
    inner = _shape(node.node, places)
    return ("not", inner) if isinstance(node, Not) else inner


def _places_of(shape: _Shape) -> Iterator[int]:
    if isinstance(shape, int):
        yield shape
    else:
        for inner in shape[1:]:
            yield from _places_of(inner)


def _renamed(shape: _Shape, numbers: Mapping[int, int]) -> _Shape:
    if isinstance(shape, int):
        return numbers[shape]
    return (shape[0], *(_renamed(inner, numbers) for inner in shape[1:]))


def _stands(shape: _Shape, picked: Sequence[Status], bits: Sequence[int]) -> tuple[Status, int]:
    """The status, and the bits of what could settle it: evaluate and open_facts in one walk."""
    if isinstance(shape, int):
        status = picked[shape]
        return status, bits[shape] if status is Status.UNKNOWN else 0
    n, *inside = shape
    if n == "not":
        status, still_open = _stands(inside[0], picked, bits)
        return opposite(status), still_open
    stood = [_stands(inner, picked, bits) for inner in inside]
    status = at_least(n, [each for each, _ in stood])
    return status, reduce(or_, [each for _, each in stood]) if status is Status.UNKNOWN else 0


def _bits_of(number: int) -> Iterable[int]:
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


def _is_exact(value: object) -> bool:
    """Whether a fact is told and asking again brings nothing; of what is told, only a range may tell more."""
    if value is None:
        return False
    return not isinstance(value, Range) or value.is_exact
