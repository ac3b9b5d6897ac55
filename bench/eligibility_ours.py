"""Madoguchi's side of bench.eligibility: columns loaded one after another, then matched again and again."""

import pickle
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from madoguchi.eligibility.bulk import binding, kernel
from madoguchi.eligibility.bulk.columns import Table
from madoguchi.eligibility.bulk.kernel import Piece, Plane
from madoguchi.eligibility.bulk.plan import Plan
from madoguchi.eligibility.bulk.reading import Troubles, read_table
from madoguchi.eligibility.rules.facts import Dictionary


def load(file: Path, plan: Plan, dictionary: Dictionary) -> Table:
    """The columns that a plan looks at, read one at a time so that texts are never all in memory."""
    columns = {}
    height = pl.scan_parquet(file).select(pl.len()).collect().item()
    for name in pl.scan_parquet(file).collect_schema().names():
        if name.partition(".")[0] in plan.facts:
            frame = pl.read_parquet(file, columns=[name])
            columns |= read_table(frame, dictionary, Troubles(), text=False).columns
    return Table(height, columns)


class Totals:
    """A sink for the kernel that counts the businesses at least unknown, at least judgement and met."""

    def __init__(self, rules: int) -> None:
        self._lock = threading.Lock()
        self.reached = np.zeros((rules, 3), np.int64)

    def take(self, number: int, piece: Piece, planes: tuple[Plane, Plane, Plane]) -> None:
        """Count one rule in one piece."""
        height = piece.stop - piece.start
        last: Plane | None = None
        counted = 0
        for level, plane in enumerate(planes):
            if plane is not last:
                counted, last = _count(plane, height), plane
            with self._lock:
                self.reached[number, level] += counted


def _count(plane: Plane, height: int) -> int:
    if isinstance(plane, bool):
        return height if plane else 0
    whole, rest = divmod(height, 64)
    counted = int(np.bitwise_count(plane[:whole]).sum(dtype=np.int64))
    return counted + (int(plane[whole]) & ((1 << rest) - 1)).bit_count() if rest else counted


def totals(plan: Plan, table: Table, dictionary: Dictionary) -> Totals:
    """Everything from loaded columns to the counts of each rule."""
    counted = Totals(len(plan.rules))
    kernel.run(binding.bind(plan, table, dictionary), counted.take, threads=2)
    return counted


def counter(directory: Path) -> Callable[[], list[int]]:
    """For the comparison: the plan and dictionary that bench.eligibility left, and the told population."""
    plan, dictionary = pickle.loads((directory / "plan.pickle").read_bytes())
    table = load(directory / "told.parquet", plan, dictionary)

    def count() -> list[int]:
        met: list[int] = totals(plan, table, dictionary).reached[:, 2].tolist()
        return met

    return count
