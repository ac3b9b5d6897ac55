"""Runs a bound program over its rows in pieces, on several threads: numpy lets the interpreter go on."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

import numpy as np

from madoguchi.eligibility.bulk.binding import AtMost, Bound, Is
from madoguchi.eligibility.bulk.columns import Array
from madoguchi.eligibility.bulk.program import Step

PIECE = 1 << 19
"""Rows at a time: bitmaps of 64 KiB stay in the processor's cache. A multiple of 64."""

Plane = Array | bool
"""A bitmap in words of 64 rows, lowest bit first, with anything behind the last row; or one for all."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows from `start` to before `stop`."""

    start: int
    stop: int


Sink = Callable[[int, Piece, tuple[Plane, Plane, Plane]], None]
"""Takes what one rule says of one piece: the planes at least unknown, at least judgement, met.

The bitmaps are overwritten afterwards. Pieces come from several threads."""


def run(bound: Bound, sink: Sink, *, threads: int, rows: Piece | None = None) -> None:
    """Match every row, or some of them."""
    rows = rows or Piece(0, bound.height)
    pieces = [Piece(at, min(at + PIECE, rows.stop)) for at in range(rows.start, rows.stop, PIECE)]
    width = -(-min(PIECE, rows.stop - rows.start) // 64)
    workers: SimpleQueue[_Worker] = SimpleQueue()
    for _ in range(min(threads, len(pieces))):
        workers.put(_Worker(bound, sink, width))

    def match(piece: Piece) -> None:
        worker = workers.get()
        try:
            worker.match(piece)
        finally:
            workers.put(worker)

    if len(pieces) <= 1 or threads == 1:
        for piece in pieces:
            match(piece)
        return
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(match, pieces):
            pass


class _Worker:
    """The buffers of one thread, with the steps tied to them once."""

    def __init__(self, bound: Bound, sink: Sink, width: int) -> None:
        self._bound = bound
        self._sink = sink
        self._buffers = np.zeros((bound.program.buffers, width), np.uint64)
        self._truths = np.empty(width * 64, bool)
        self._classes: dict[int, Array] = {}
        self._piece = Piece(0, 0)
        self._steps = [self._tied(step) for step in bound.program.steps]

    def match(self, piece: Piece) -> None:
        self._piece = piece
        self._classes.clear()
        for operation, arguments in self._steps:
            operation(*arguments)

    def _tied(self, step: Step) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        inputs = tuple(place == -2 if place < 0 else self._buffers[place] for place in step.inputs)
        if step.operation == "root":
            return self._hand_out, (step.about, inputs)
        into = self._buffers[step.into]
        if step.operation == "atom":
            return self._fill, (step.about, into.view(np.uint8))
        if step.operation == "not":
            return np.invert, (*inputs, into)
        return (np.bitwise_and if step.operation == "and" else np.bitwise_or), (*inputs, into)

    def _hand_out(self, number: int, planes: tuple[Plane, Plane, Plane]) -> None:
        self._sink(number, self._piece, planes)

    def _fill(self, atom: Any, into: Array) -> None:
        piece = self._piece
        height = piece.stop - piece.start
        truths = self._truths[:height]
        if isinstance(atom, AtMost):
            np.less_equal(self._bound.arrays[atom.array][piece.start : piece.stop], atom.limit, out=truths)
        elif isinstance(atom, Is):
            np.equal(self._places(atom.array), atom.place, out=truths)
        else:
            truths = self._bound.arrays[atom.array][piece.start : piece.stop]
        packed = np.packbits(truths, bitorder="little")
        into[: len(packed)] = packed

    def _places(self, array: int) -> Array:
        """The classes of this piece's rows, looked up once for all atoms."""
        places = self._bound.arrays[array][self._piece.start : self._piece.stop]
        lookup = self._bound.lookups.get(array)
        if lookup is None:
            return places
        if array not in self._classes:
            self._classes[array] = np.take(lookup, places)
        return self._classes[array]
