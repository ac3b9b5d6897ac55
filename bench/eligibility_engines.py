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
from functools import reduce
from operator import and_, or_
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

Expression = Any
Counts = list[int]
_ROWS_OF_JSON_LOGIC = 500
_SIGNS = {"le": "<=", "ge": ">=", "is": "="}


def combined(expression: Expression, leaf: Callable[..., Any], invert: Callable[[Any], Any]) -> Any:
    """The expression with `&`, `|` and `invert` over what `leaf` makes of each comparison."""
    kind, *rest = expression
    if kind in ("and", "or"):
        return reduce(and_ if kind == "and" else or_, (combined(one, leaf, invert) for one in rest[0]))
    return invert(combined(rest[0], leaf, invert)) if kind == "not" else leaf(kind, *rest)


def polars_engine(directory: Path, rules: list[Expression]) -> Callable[[], Counts]:
    """Polars expressions, one sum a rule."""
    frame = pl.read_parquet(directory / "coded.parquet")

    def leaf(kind: str, *rest: Any) -> pl.Expr:
        if kind == "true":
            return pl.lit(rest[0])
        column = pl.col(rest[0])
        made = {
            "le": lambda: column <= rest[1],
            "ge": lambda: column >= rest[1],
            "in": lambda: column.is_in(rest[1]),
            "is": lambda: column == rest[1],
        }
        return made[kind]()

    query = [
        combined(rule, leaf, lambda one: ~one).cast(pl.UInt32).sum().alias(str(number))
        for number, rule in enumerate(rules)
    ]

    def count() -> Counts:
        row = frame.select(pl.lit(0).alias("none"), *query).row(0)
        # A constant is summed as one row.
        return [
            frame.height * value if rule[0] == "true" else value
            for rule, value in zip(rules, row[1:], strict=True)
        ]

    return count


def duckdb_engine(directory: Path, rules: list[Expression]) -> Callable[[], Counts]:
    """DuckDB on a table in memory, one filtered count a rule."""
    import duckdb

    base = duckdb.connect(config={"threads": 2})
    base.execute(f"create table b as select * from read_parquet('{directory / 'coded.parquet'}')")

    class Sql(str):
        def __and__(self, other: str) -> "Sql":
            return Sql(f"({self} and {other})")

        def __or__(self, other: str) -> "Sql":
            return Sql(f"({self} or {other})")

    def leaf(kind: str, *rest: Any) -> Sql:
        if kind == "true":
            return Sql(str(rest[0]).lower())
        column = f'"{rest[0]}"'
        if kind == "in":
            return Sql(f"{column} in ({','.join(map(str, rest[1]))})" if rest[1] else "false")
        return Sql(f"{column} {_SIGNS[kind]} {rest[1]}")

    counts = ", ".join(
        f"count(*) filter (where {combined(rule, leaf, lambda one: Sql(f'(not {one})'))})" for rule in rules
    )
    return lambda: list(base.execute(f"select {counts} from b").fetchone())


def openfisca_engine(directory: Path, rules: list[Expression]) -> Callable[[], Counts]:
    """OpenFisca-core: a variable for each column (its int is 32 bits) and for each rule."""
    from openfisca_core import entities, periods, simulations, taxbenefitsystems, variables

    frame = pl.read_parquet(directory / "coded.parquet")
    columns = {name: frame[name].to_numpy() for name in frame.columns}
    person = entities.Entity("business", "businesses", "", "")

    def variable(name: str, formula: Any = None) -> Any:
        members = {
            "value_type": int if formula is None else bool, "entity": person,
            "definition_period": periods.DateUnit.ETERNITY if formula is None else periods.DateUnit.MONTH,
        }  # fmt: skip
        if formula is not None:
            members["formula"] = formula
        return type(name, (variables.Variable,), members)

    def formula(rule: Expression) -> Any:
        def of(business: Any, period: Any, parameters: Any = None) -> Any:
            return np.broadcast_to(
                combined(rule, lambda kind, *rest: _of_arrays(kind, rest, business, period), np.logical_not),
                business.count,
            )

        return of

    system = taxbenefitsystems.TaxBenefitSystem([person])
    for name in columns:
        system.add_variable(variable(_named(name)))
    for number, rule in enumerate(rules):
        system.add_variable(variable(f"rule_{number}", formula(rule)))

    def count() -> Counts:
        simulation = simulations.SimulationBuilder().build_default_simulation(system, count=frame.height)
        for name, values in columns.items():
            simulation.set_input(_named(name), periods.DateUnit.ETERNITY, values)
        return [int(simulation.calculate(f"rule_{number}", "2023-06").sum()) for number in range(len(rules))]

    return count


def _named(column: str) -> str:
    return "fact_" + column.replace(".", "_")


def _of_arrays(kind: str, rest: Any, business: Any, period: Any) -> Any:
    if kind == "true":
        return np.bool_(rest[0])
    values = business(_named(rest[0]), period)
    made = {
        "le": lambda: values <= rest[1],
        "ge": lambda: values >= rest[1],
        "in": lambda: np.isin(values, rest[1]),
        "is": lambda: values == rest[1],
    }
    return made[kind]()


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
        if kind == "in":
            return {"in": [value, rest[1]]}
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
    "openfisca": openfisca_engine,
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
