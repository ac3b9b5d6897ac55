"""A plan meets a table: which bitmaps each comparison needs, and the circuit of all rules over them."""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

import numpy as np

from madoguchi.eligibility.bulk import rows
from madoguchi.eligibility.bulk.circuit import FALSE, TRUE, Circuit
from madoguchi.eligibility.bulk.columns import Array, Codes, Column, Numbers, Sets, Table, fitting
from madoguchi.eligibility.bulk.plan import Ask, AtLeast, Plan
from madoguchi.eligibility.bulk.program import Planes, Program, make_program
from madoguchi.eligibility.rules.facts import CODES, Dictionary
from madoguchi.eligibility.rules.leaves import Between, Day, Has, Leaf, Truth, Within, period_of
from madoguchi.eligibility.rules.status import Status
from madoguchi.eligibility.rules.values import Value

_EPOCH = date(1970, 1, 1).toordinal()
# Up to so many meanings each has a bitmap; more are first merged into classes that no rule tells apart.
_FEW = 32


@dataclass(frozen=True, slots=True)
class AtMost:
    """True where an array holds at most a number."""

    array: int
    limit: int


@dataclass(frozen=True, slots=True)
class Is:
    """True where an array holds just this."""

    array: int
    place: int


@dataclass(frozen=True, slots=True)
class Held:
    """True where a truth array is."""

    array: int


@dataclass(frozen=True, eq=False)
class Bound:
    """A program, and the arrays its atoms look at by their number.

    `lookups` gives for an array of meanings the class of each meaning, where they were merged."""

    program: Program
    arrays: Sequence[Array]
    lookups: Mapping[int, Array]
    height: int


def bind(plan: Plan, table: Table, dictionary: Dictionary) -> Bound:
    """Everything the kernel needs to match the businesses of a table."""
    binder = _Binder(plan, table, dictionary)
    planes = binder.planes()
    program = make_program(binder.circuit, [planes[root] for root in plan.roots])
    return Bound(program, binder.arrays, binder.lookups, table.height)


@dataclass
class _Binder:
    plan: Plan
    table: Table
    dictionary: Dictionary
    circuit: Circuit = field(default_factory=Circuit)
    arrays: list[Array] = field(default_factory=list)
    lookups: dict[int, Array] = field(default_factory=dict)
    _numbers: dict[int, int] = field(default_factory=dict)

    def planes(self) -> list[Planes]:
        """The three gates of each part of the plan."""
        answers = self._answers()
        planes: list[Planes] = []
        for part in self.plan.parts:
            if isinstance(part, Ask):
                planes.append(answers[part.leaf])
            elif isinstance(part, AtLeast):
                inside = [planes[inner] for inner in part.of]
                planes.append(_each(lambda several, n=part.n: self.circuit.at_least(n, several), inside))
            else:
                planes.append(self._opposite(planes[part.of]))
        return planes

    def _opposite(self, planes: Planes) -> Planes:
        """Met and unmet change places; what is unknown or left to people stays."""
        possible, judgement, met = planes
        circuit = self.circuit
        not_met, unmet = circuit.invert(met), circuit.invert(possible)
        theirs = FALSE if judgement == met else circuit.all_of((judgement, not_met))
        return not_met, circuit.any_of((theirs, unmet)), unmet

    def _answers(self) -> dict[Leaf, Planes]:
        answers: dict[Leaf, Planes] = {}
        coded: dict[str, list[Leaf]] = defaultdict(list)
        for leaf in self.plan.leaves:
            name = _column_of(leaf, self.plan.on)
            column = self.table.columns.get(name)
            if name and isinstance(column, Codes):
                coded[name].append(leaf)
            elif name or not leaf.facts:
                answers[leaf] = self._uncoded(leaf, column)
            else:
                answers[leaf] = self._row_by_row(leaf)
        for name, leaves in coded.items():
            answers |= self._coded(name, leaves)
        return answers

    def _uncoded(self, leaf: Leaf, column: Column | None) -> Planes:
        if column is None:
            return _constant(leaf.ask({}, self.plan.on))
        if isinstance(column, Sets):
            return self._set(cast("Has", leaf), column)
        between = leaf.between(self.plan.on) if isinstance(leaf, Day) else cast("Between", leaf)
        return self._between(between, cast("Numbers", column))

    def _number_of(self, array: Array) -> int:
        if id(array) not in self._numbers:
            self._numbers[id(array)] = len(self.arrays)
            self.arrays.append(array)
        return self._numbers[id(array)]

    def _truth(self, array: Array | None) -> int:
        return TRUE if array is None else self.circuit.atom(Held(self._number_of(array)))

    # ── numbers and days ────────────────────────────────────────────────────────────────────────────
    def _between(self, leaf: Between, column: Numbers) -> Planes:
        first, last = _ends(leaf)
        circuit = self.circuit
        known = self._truth(column.known)
        # An unknown cell holds the largest number: at most anything is false for it, more than anything true.
        surely, maybe = [], []
        if last is not None:
            surely.append(self._at_most(column.high, last))
            maybe.append(circuit.any_of((self._at_most(column.low, last), circuit.invert(known))))
        else:
            surely.append(known)
        if first is not None:
            surely.append(circuit.invert(self._at_most(column.low, first - 1)))
            maybe.append(circuit.invert(self._at_most(column.high, first - 1)))
        met = circuit.all_of(surely)
        return circuit.all_of(maybe), met, met

    def _at_most(self, array: Array, limit: int) -> int:
        ends = np.iinfo(array.dtype)
        if limit < ends.min:
            return FALSE
        return self.circuit.atom(AtMost(self._number_of(array), min(limit, int(ends.max) - 1)))

    # ── codes, choices, truths, percentages ─────────────────────────────────────────────────────────
    def _coded(self, name: str, leaves: Sequence[Leaf]) -> dict[Leaf, Planes]:
        column = cast("Codes", self.table.columns[name])
        classes, samples = self._classes(name, column, leaves)
        array = self._number_of(column.places)
        if classes is not None:
            self.lookups[array] = classes
        answers = {}
        for leaf in leaves:
            statuses = [self._ask(leaf, name, column.meanings[sample]) for sample in samples]
            possible = [place for place, status in enumerate(statuses) if status > Status.UNMET]
            met = [place for place, status in enumerate(statuses) if status is Status.MET]
            gates = [self._one_of(array, some, len(samples)) for some in (possible, met)]
            answers[leaf] = (gates[0], gates[1], gates[1])
        return answers

    def _ask(self, leaf: Leaf, name: str, meaning: object) -> Status:
        return leaf.ask({} if meaning is None else {name: cast("Any", meaning)}, self.plan.on)

    def _classes(
        self, name: str, column: Codes, leaves: Sequence[Leaf]
    ) -> tuple[Array | None, Sequence[int]]:
        """The class of each meaning (None: each is its own), and one meaning of each class."""
        if len(column.meanings) <= _FEW:
            return None, range(len(column.meanings))
        classes: dict[Hashable, int] = {}
        samples: list[int] = []
        keys = self._alike(name, column.meanings, leaves)
        for place, key in enumerate(keys):
            if classes.setdefault(key, len(samples)) == len(samples):
                samples.append(place)
        return np.array([classes[key] for key in keys], fitting(len(samples))), samples

    def _alike(self, name: str, meanings: Sequence[Value | None], leaves: Sequence[Leaf]) -> list[Hashable]:
        """A key for each meaning: those with the same key get the same answer from every comparison."""
        fact = self.dictionary.get(name)
        if fact is None or fact.type not in CODES:
            return [tuple(self._ask(leaf, name, meaning) for leaf in leaves) for meaning in meanings]
        within = [cast("Within", leaf) for leaf in leaves]
        named = frozenset().union(*(leaf.codes | leaf.wider for leaf in within))
        # What a comparison knows of a code: whether it is named itself, and which named codes it lies in.
        return [
            None
            if code is None
            else (code if code in named else "", named.intersection(self.dictionary.ancestors(fact, code)))
            for code in cast("Sequence[str | None]", meanings)
        ]

    def _one_of(self, array: int, places: Sequence[int], of: int) -> int:
        """True where the array holds one of some classes, by whichever bitmaps are fewer."""
        if len(places) * 2 > of:
            others = set(range(of)).difference(places)
            return self.circuit.invert(self._one_of(array, sorted(others), of))
        return self.circuit.any_of(self.circuit.atom(Is(array, place)) for place in places)

    # ── sets, and what is worked out row by row ─────────────────────────────────────────────────────
    def _set(self, leaf: Has, column: Sets) -> Planes:
        truths = (self._truth(column.holds[code]) if code in column.holds else FALSE for code in leaf.codes)
        holds = self.circuit.all_of(truths) if leaf.every else self.circuit.any_of(truths)
        known = self._truth(column.known)
        met = self.circuit.all_of((holds, known))
        return self.circuit.any_of((holds, self.circuit.invert(known))), met, met

    def _row_by_row(self, leaf: Leaf) -> Planes:
        statuses = rows.statuses(leaf, self.table, on=self.plan.on)
        if statuses is None:
            return _constant(leaf.ask({}, self.plan.on))
        array = self._number_of(statuses)
        met = self.circuit.atom(Is(array, Status.MET))
        return self.circuit.invert(self.circuit.atom(Is(array, Status.UNMET))), met, met


def _each(combine: Any, inside: Sequence[Planes]) -> Planes:
    possible, judgement, met = (combine([planes[place] for planes in inside]) for place in range(3))
    return possible, judgement, met


def _constant(status: Status) -> Planes:
    return tuple(TRUE if status >= at else FALSE for at in (1, 2, 3))  # type: ignore[return-value]


def _column_of(leaf: Leaf, on: date) -> str:
    """The one column that a comparison looks at; empty for none, and for a calculation over several."""
    if isinstance(leaf, Between) and leaf.period:
        return f"{leaf.fact}.{period_of(leaf.period, on)}"
    return leaf.fact if isinstance(leaf, Between | Day | Truth | Within | Has) else ""


def _ends(leaf: Between) -> tuple[int | None, int | None]:
    """The first and the last whole number, or day since 1970, that belongs."""
    low, high = (_whole(end) for end in (leaf.low, leaf.high))
    first = last = None
    if low is not None:
        first = math.floor(low) + 1 if leaf.low_open else math.ceil(low)
    if high is not None:
        last = math.ceil(high) - 1 if leaf.high_open else math.floor(high)
    return first, last


def _whole(end: Any) -> Any:
    return end.toordinal() - _EPOCH if isinstance(end, date) else end


def needed_columns(plan: Plan, names: Iterable[str]) -> list[str]:
    """Of some column names those that a rule of the plan looks at."""
    return [name for name in names if name.partition(".")[0] in plan.facts]
