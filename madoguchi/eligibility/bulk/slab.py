"""The businesses that are matched together, whichever engine brings them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from madoguchi.eligibility.bulk import binding, kernel
from madoguchi.eligibility.bulk.columns import Table
from madoguchi.eligibility.bulk.counting import Groups, SlabCount, Tally, group
from madoguchi.eligibility.bulk.matches import Statuses, Writer, portions
from madoguchi.eligibility.bulk.plan import Plan
from madoguchi.eligibility.bulk.reading import Troubles, read_table
from madoguchi.eligibility.rules.facts import Dictionary


@dataclass(frozen=True, eq=False)
class Slab:
    """A table in the order of its groups, and in that order what tells the businesses apart.

    `row` is the line in the input, from 1; beside it stands the column that names them, if there is one."""

    table: Table
    groups: Groups
    own: Mapping[str, pl.Series]


def read_slab(
    frame: pl.DataFrame,
    dictionary: Dictionary,
    troubles: Troubles,
    *,
    text: bool,
    first_row: int,
    id_name: str,
) -> Slab:
    """Read a frame and put businesses of one municipality and industry together."""
    facts = frame.drop(id_name) if id_name else frame
    table = read_table(facts, dictionary, troubles, text=text, first_row=first_row)
    order, groups = group(table, dictionary)
    own = {"row": pl.Series(order.astype(np.uint64) + np.uint64(first_row + 1))}
    if id_name:
        own[id_name] = frame[id_name].gather(order)
    return Slab(table.taken(order), groups, own)


def count(slab: Slab, plan: Plan, dictionary: Dictionary, tally: Tally, *, threads: int) -> None:
    """Count the verdicts of a slab."""
    counted = SlabCount(slab.groups, len(plan.rules))
    kernel.run(binding.bind(plan, slab.table, dictionary), counted.take, threads=threads)
    tally.add(slab.groups, counted)


def matches(
    slab: Slab, plan: Plan, dictionary: Dictionary, writer: Writer, *, threads: int
) -> Iterator[pl.DataFrame]:
    """The verdicts of a slab as frames of a bounded size."""
    bound = binding.bind(plan, slab.table, dictionary)
    for rows in portions(slab.table.height, len(plan.rules)):
        kept = Statuses(len(plan.rules), rows)
        kernel.run(bound, kept.take, threads=threads, rows=rows)
        own = {name: series[rows.start : rows.stop] for name, series in slab.own.items()}
        yield writer.frame(kept.statuses, own)
