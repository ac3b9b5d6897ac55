"""A circuit put in order: which bitmaps to compute one after another, in as few buffers as possible."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from madoguchi.eligibility.bulk.circuit import FALSE, TRUE, Circuit

Operation = Literal["atom", "not", "and", "or", "root"]
Planes = tuple[int, int, int]
"""Three gates of a four-valued answer: at least unknown, at least judgement, met."""


@dataclass(frozen=True, slots=True)
class Step:
    """One bitmap into the buffer `into`, from the buffers `inputs`; a root hands its buffers out.

    `about` is the atom, or the number of the root; a constant input is -1 (false) or -2 (true)."""

    operation: Operation
    inputs: tuple[int, ...]
    into: int
    about: Hashable = None


@dataclass(frozen=True, slots=True)
class Program:
    """Steps in order, and how many buffers they need."""

    steps: tuple[Step, ...]
    buffers: int


def make_program(circuit: Circuit, roots: Sequence[Planes]) -> Program:
    """The program that computes the planes of every root."""
    pairs = _in_pairs(circuit, roots)
    uses = Counter(gate for _, inputs, _ in pairs.gates.values() for gate in inputs)
    for planes in pairs.roots:
        uses.update(set(planes))
    return _Emitter(pairs, uses).program()


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Gates with at most two inputs by their place, and the roots."""

    gates: dict[int, tuple[Operation, tuple[int, ...], Hashable]]
    roots: list[Planes]


def _in_pairs(circuit: Circuit, roots: Sequence[Planes]) -> _Pairs:
    """Gates of many inputs become chains of two, the most used first, so that chains share their start."""
    needed = _needed(circuit, {gate for planes in roots for gate in planes})
    popular = Counter(inner for gate in needed for inner in _inner(circuit, gate))
    gates: dict[int, tuple[Operation, tuple[int, ...], Hashable]] = {}

    def ordered(gate: int) -> list[int]:
        return sorted(_inner(circuit, gate), key=lambda one: (-popular[one], one))

    known: dict[tuple[Operation, int, int], int] = {}
    for gate in needed:
        if circuit.gates[gate][0] in ("and", "or") and len(_inner(circuit, gate)) == 2:
            first, second = ordered(gate)
            known[circuit.gates[gate][0], first, second] = gate
    for gate in needed:
        kind, inner = circuit.gates[gate]
        if kind == "atom":
            gates[gate] = ("atom", (), inner)
        elif kind == "not":
            gates[gate] = ("not", (int(inner),), None)  # type: ignore[call-overload]
        else:
            several = ordered(gate)
            first = several[0]
            for second in several[1:-1]:
                key = (kind, first, second)
                if key not in known:
                    known[key] = len(circuit.gates) + len(known)
                    gates[known[key]] = (kind, (first, second), None)
                first = known[key]
            gates[gate] = (kind, (first, several[-1]), None)
    return _Pairs(gates, list(roots))


def _inner(circuit: Circuit, gate: int) -> tuple[int, ...]:
    kind, inner = circuit.gates[gate]
    if kind == "atom":
        return ()
    return (inner,) if kind == "not" else inner  # type: ignore[return-value]


def _needed(circuit: Circuit, gates: Iterable[int]) -> list[int]:
    """The gates under some gates, inner ones first; a gate is always made after those inside it."""
    found: set[int] = set()
    waiting = [gate for gate in gates if gate not in (FALSE, TRUE)]
    while waiting:
        gate = waiting.pop()
        if gate not in found:
            found.add(gate)
            waiting.extend(_inner(circuit, gate))
    return sorted(found)


class _Emitter:
    """Walks from the roots and hands a buffer back as soon as its last reader has run."""

    def __init__(self, pairs: _Pairs, uses: Counter[int]) -> None:
        self._pairs = pairs
        self._left = uses
        self._buffer: dict[int, int] = {FALSE: -1, TRUE: -2}
        self._free: list[int] = []
        self._most = 0
        self._steps: list[Step] = []

    def program(self) -> Program:
        for number, planes in enumerate(self._pairs.roots):
            for gate in dict.fromkeys(planes):
                self._compute(gate)
            self._steps.append(Step("root", tuple(self._buffer[gate] for gate in planes), -1, number))
            for gate in set(planes):
                self._release(gate)
        return Program(tuple(self._steps), self._most)

    def _compute(self, root: int) -> None:
        waiting = [root]
        while waiting:
            gate = waiting[-1]
            if gate in self._buffer:
                waiting.pop()
                continue
            operation, inputs, about = self._pairs.gates[gate]
            missing = [one for one in inputs if one not in self._buffer]
            if missing:
                waiting.extend(reversed(missing))
                continue
            read = tuple(self._buffer[one] for one in inputs)
            for one in set(inputs):
                self._release(one)
            # A buffer that was just read for the last time may be written: the operations go word by word.
            self._buffer[gate] = into = self._take()
            self._steps.append(Step(operation, read, into, about))
            waiting.pop()

    def _take(self) -> int:
        if self._free:
            return self._free.pop()
        self._most += 1
        return self._most - 1

    def _release(self, gate: int) -> None:
        if gate in (FALSE, TRUE):
            return
        self._left[gate] -= 1
        if not self._left[gate]:
            self._free.append(self._buffer[gate])
