"""The same rules for engines with two values: what people judge holds, what no column tells does not."""

import json
import math
import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from madoguchi.eligibility.bulk.plan import make_plan
from madoguchi.eligibility.rules.book import Rule
from madoguchi.eligibility.rules.conditions import Condition, Group, Node, Not
from madoguchi.eligibility.rules.facts import Dictionary
from madoguchi.eligibility.rules.leaves import Between, Day, Has, Judgement, Leaf, Truth, Within
from madoguchi.eligibility.rules.status import Status
from madoguchi.eligibility.rules.values import Facts

_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Fixed:
    """A comparison whose answer is settled."""

    status: Status

    @property
    def facts(self) -> tuple[str, ...]:
        """None."""
        return ()

    def ask(self, facts: Facts, on: date) -> Status:
        """Always this."""
        return self.status


def prepare(
    directory: Path, told: pl.DataFrame, rules: Sequence[Rule], dictionary: Dictionary, on: date
) -> list[Any]:
    """Write rules and businesses as each engine takes them; the two-valued expressions come back."""
    columns = {name for name in told.columns if name != "id"}
    settled = [replace(rule, node=_settled(rule.node, columns)) for rule in rules]
    plan = make_plan(settled, on=on)
    used = [name for name in told.columns if name in plan.facts]
    told = told.select(used)
    told.write_parquet(directory / "told.parquet")
    words = {name: told[name].unique().sort().to_list() for name in used if told.schema[name] == pl.String}
    words |= {
        name: sorted(told[name].explode().drop_nulls().unique())
        for name in used
        if told.schema[name] == pl.List
    }
    coded = [series for name in used for series in _coded(told[name], words)]
    pl.DataFrame(coded).write_parquet(directory / "coded.parquet")
    (directory / "plan.pickle").write_bytes(pickle.dumps((plan, dictionary)))
    expressions = [_expression(rule.node, words, on) for rule in settled]
    (directory / "rules.json").write_text(json.dumps(expressions))
    return expressions


def _settled(node: Node, columns: set[str]) -> Node:
    if isinstance(node, Condition):
        if isinstance(node.leaf, Judgement):
            return replace(node, leaf=Fixed(Status.MET))
        single = isinstance(node.leaf, Between | Day | Truth | Within | Has) and node.leaf.facts[0] in columns
        return node if single else replace(node, leaf=Fixed(Status.UNMET))
    if isinstance(node, Group):
        return replace(node, of=tuple(_settled(inner, columns) for inner in node.of))
    return replace(node, node=_settled(node.node, columns))


def _coded(series: pl.Series, words: Mapping[str, list[str]]) -> list[pl.Series]:
    """Codes as their places, sets as a truth for each code, days since 1970: whole numbers for everyone."""
    if series.dtype == pl.String:
        return [series.cast(pl.Enum(words[series.name])).to_physical().cast(pl.Int32)]
    if series.dtype == pl.List:
        truths = [(f"{series.name}.{word}", series.list.contains(word)) for word in words[series.name]]
        return [truth.cast(pl.Int8).alias(name) for name, truth in truths]
    return [series.cast(pl.Int8) if series.dtype == pl.Boolean else series.to_physical()]


def _expression(node: Node, words: Mapping[str, list[str]], on: date) -> Any:
    if isinstance(node, Condition):
        return _leaf(node.leaf, words, on)
    if isinstance(node, Not):
        return ["not", _expression(node.node, words, on)]
    if not isinstance(node, Group):
        return _expression(node.node, words, on)
    inside = [_expression(inner, words, on) for inner in node.of]
    if node.n in (1, len(inside)):
        return ["and" if node.is_all else "or", inside]
    raise ValueError("no pack rule here counts between one and all")


def _leaf(leaf: Leaf, words: Mapping[str, list[str]], on: date) -> Any:
    if isinstance(leaf, Fixed):
        return ["true", leaf.status is Status.MET]
    if isinstance(leaf, Truth):
        return ["is", leaf.fact, int(leaf.value)]
    if isinstance(leaf, Within):
        codes = words[leaf.fact]
        return _runs(leaf.fact, [at for at, code in enumerate(codes) if leaf.ask_code(code) is Status.MET])
    if isinstance(leaf, Has):
        truths = [["is", f"{leaf.fact}.{code}", 1] for code in sorted(leaf.codes)]
        return ["and" if leaf.every else "or", truths]
    between = leaf.between(on) if isinstance(leaf, Day) else leaf
    return _ends(between)  # type: ignore[arg-type]


def _runs(name: str, places: Sequence[int]) -> Any:
    """Codes in their order lie together under a wider one: a few ranges, which every engine compares fast."""
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][1] + 1:
            runs[-1][1] = place
        else:
            runs.append([place, place])
    if not runs:
        return ["true", False]
    ranges = [
        ["and", [["ge", name, low], ["le", name, high]]] if low < high else ["is", name, low]
        for low, high in runs
    ]
    return ranges[0] if len(ranges) == 1 else ["or", ranges]


def _ends(leaf: Between) -> Any:
    low, high = (end.toordinal() - _EPOCH if isinstance(end, date) else end for end in (leaf.low, leaf.high))
    ends = []
    if low is not None:
        ends.append(["ge", leaf.fact, math.floor(low) + 1 if leaf.low_open else math.ceil(low)])
    if high is not None:
        ends.append(["le", leaf.fact, math.ceil(high) - 1 if leaf.high_open else math.floor(high)])
    return ["and", ends]
