"""Engines that count whom each rule fits, one a process: python bench/eligibility_engines.py NAME DIR.

A process loads its columns once, then for every line on its input counts again and prints seconds and
counts. Rules are two-valued expressions (eligibility_peers.py). OpenFisca (AGPL) is no dependency of ours: it
runs in an environment of its own, with openfisca-core and polars alone; that is why nothing here imports
madoguchi at the top.
"""
# ruff: noqa: PLC0415 - each engine imports its own library

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, reduce
from operator import and_, eq, ge, le, or_
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

Expression = Any
Counts = list[int]
_ROWS_OF_JSON_LOGIC = 500
_SIGNS = {"le": "<=", "ge": ">=", "is": "="}
_COMPARED = {"le": le, "ge": ge, "is": eq}


@dataclass(frozen=True)
class Part:
    """One different comparison or combination; `of` are the places of what it combines."""

    kind: str
    of: tuple[int, ...]
    about: tuple[Any, ...]
    level: int


def parts_of(rules: list[Expression]) -> tuple[list[Part], list[int]]:
    """Every different part once, inner ones first, and the place of each rule, so that engines can share."""
    places: dict[str, int] = {}
    parts: list[Part] = []

    def place(expression: Expression) -> int:
        key = json.dumps(expression)
        if key not in places:
            kind, *rest = expression
            inner = {"and": lambda: rest[0], "or": lambda: rest[0], "not": lambda: rest}.get(kind, list)()
            of = tuple(place(one) for one in inner)
            level = 1 + max((parts[one].level for one in of), default=-1)
            parts.append(Part(kind, of, () if of else tuple(rest), level))
            places[key] = len(parts) - 1
        return places[key]

    return parts, [place(rule) for rule in rules]


def polars_engine(directory: Path, rules: list[Expression]) -> Callable[[], Counts]:
    """Polars expressions: the parts of a level as columns from those below, then one sum a rule."""
    frame = pl.read_parquet(directory / "coded.parquet")
    parts, roots = parts_of(rules)

    def expression(part: Part) -> pl.Expr:
        of = [pl.col(f"_{place}") for place in part.of]
        made = {
            "and": lambda: pl.all_horizontal(of),
            "or": lambda: pl.any_horizontal(of),
            "not": lambda: ~of[0],
            "true": lambda: pl.lit(part.about[0]),
            "le": lambda: pl.col(part.about[0]) <= part.about[1],
            "ge": lambda: pl.col(part.about[0]) >= part.about[1],
            "is": lambda: pl.col(part.about[0]) == part.about[1],
        }
        return made[part.kind]()

    query = frame.lazy()
    for level in range(1 + max(part.level for part in parts)):
        numbered = ((place, part) for place, part in enumerate(parts) if part.level == level)
        query = query.with_columns(expression(part).alias(f"_{place}") for place, part in numbered)
    sums = [pl.col(f"_{root}").cast(pl.UInt32).sum().alias(str(number)) for number, root in enumerate(roots)]
    query = query.select(sums)
    return lambda: list(query.collect().row(0))


def duckdb_engine(directory: Path, rules: list[Expression]) -> Callable[[], Counts]:
    """DuckDB on a table in memory: the parts of a level over those below, then one filtered count a rule."""
    import duckdb

    base = duckdb.connect(config={"threads": 2})
    base.execute(f"create table b as select * from read_parquet('{directory / 'coded.parquet'}')")
    parts, roots = parts_of(rules)

    def sql(part: Part) -> str:
        if part.kind == "true":
            return str(part.about[0]).lower()
        if part.kind == "not":
            return f"not _{part.of[0]}"
        if part.of:
            return f" {part.kind} ".join(f"_{place}" for place in part.of)
        return f'"{part.about[0]}" {_SIGNS[part.kind]} {part.about[1]}'

    query = "b"
    for level in range(1 + max(part.level for part in parts)):
        numbered = ((place, part) for place, part in enumerate(parts) if part.level == level)
        query = (
            f"(select *, {', '.join(f'{sql(part)} as _{place}' for place, part in numbered)} from {query})"
        )
    counts = ", ".join(f"count(*) filter (where _{root})" for root in roots)
    return lambda: list(base.execute(f"select {counts} from {query}").fetchone())


def openfisca_engine(directory: Path, rules: list[Expression], *, kept: bool = True) -> Callable[[], Counts]:
    """OpenFisca-core: a variable for each column (its int is 32 bits) and for each part, which it keeps.

    Without `kept` there is a variable for each rule only, as rules are usually written."""
    from openfisca_core import entities, periods, simulations, taxbenefitsystems, variables

    frame = pl.read_parquet(directory / "coded.parquet")
    columns = {name: frame[name].to_numpy() for name in frame.columns}
    parts, roots = parts_of(rules)
    person = entities.Entity("business", "businesses", "", "")
    system = taxbenefitsystems.TaxBenefitSystem([person])

    def add(name: str, **members: Any) -> None:
        system.add_variable(type(name, (variables.Variable,), {"entity": person, **members}))

    def formula(part: Part) -> Any:
        def of(business: Any, period: Any, parameters: Any = None) -> Any:
            if kept:
                values = [business(f"part_{place}", period) for place in part.of]
            else:
                values = [formula(parts[place])(business, period) for place in part.of]
            if values:
                return (
                    ~values[0] if part.kind == "not" else reduce(and_ if part.kind == "and" else or_, values)
                )
            return _of_column(part, business, period)

        return of

    for name in columns:
        add(_named(name), value_type=int, definition_period=periods.DateUnit.ETERNITY)
    month = periods.DateUnit.MONTH
    for place in range(len(parts)) if kept else set(roots):
        add(f"part_{place}", value_type=bool, definition_period=month, formula=formula(parts[place]))

    def count() -> Counts:
        simulation = simulations.SimulationBuilder().build_default_simulation(system, count=frame.height)
        for name, values in columns.items():
            simulation.set_input(_named(name), periods.DateUnit.ETERNITY, values)
        return [int(simulation.calculate(f"part_{root}", "2023-06").sum()) for root in roots]

    return count


def _of_column(part: Part, business: Any, period: Any) -> Any:
    if part.kind == "true":
        return np.full(business.count, part.about[0])
    return _COMPARED[part.kind](business(_named(part.about[0]), period), part.about[1])


def _named(column: str) -> str:
    return "fact_" + column.replace(".", "_")


def json_logic_engine(directory: Path, rules: list[Expression]) -> Callable[[], Counts]:
    """panzi-json-logic on the first few businesses: one evaluation for each of them and each rule."""
    from json_logic import jsonLogic

    frame = pl.read_parquet(directory / "coded.parquet", n_rows=_ROWS_OF_JSON_LOGIC)
    # In a variable's name a dot would mean something inside.
    names = {name: name.replace(".", "_") for name in frame.columns}
    rows = frame.rename(names).rows(named=True)

    def logic(expression: Expression) -> Any:
        kind, *rest = expression
        if kind in ("and", "or"):
            return {kind: [logic(one) for one in rest[0]]}
        if kind == "not":
            return {"!": [logic(rest[0])]}
        if kind == "true":
            return rest[0]
        value = {"var": names[rest[0]]}
        return {"==" if kind == "is" else _SIGNS[kind]: [value, rest[1]]}

    written = [logic(rule) for rule in rules]
    return lambda: [sum(bool(jsonLogic(rule, row)) for row in rows) for rule in written]


def ours(directory: Path, rules: list[Expression]) -> Callable[[], Counts]:
    """Madoguchi's bulk engine, on what the others have got as codes; two values are four without unknowns."""
    from bench import eligibility_ours

    return eligibility_ours.counter(directory)


ENGINES = {
    "polars": polars_engine,
    "duckdb": duckdb_engine,
    "openfisca": partial(openfisca_engine, kept=False),
    "openfisca-parts": openfisca_engine,
    "json-logic": json_logic_engine,
    "madoguchi": ours,
}


def main() -> None:
    """Load, then answer line after line."""
    name, directory = sys.argv[1], Path(sys.argv[2])
    rules = json.loads((directory / "rules.json").read_text())
    started = time.perf_counter()
    count = ENGINES[name](directory, rules)
    print(json.dumps({"load_s": time.perf_counter() - started}), flush=True)
    for _ in sys.stdin:
        wall, processor = time.perf_counter(), time.process_time()
        counts = count()
        report = {
            "wall_s": time.perf_counter() - wall,
            "cpu_s": time.process_time() - processor,
            "counts": counts,
        }
        report["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        print(json.dumps(report), flush=True)


if __name__ == "__main__":
    main()
