"""Matching inside Spark: the same kernel for every Arrow batch, on one machine or on a cluster.

Needs the extra `madoguchi[spark]` and Java 17, and madoguchi installed where Spark's workers run.
"""

import logging
import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from madoguchi.eligibility.bulk import slab
from madoguchi.eligibility.bulk.counting import COUNTS, VERDICTS, Tally
from madoguchi.eligibility.bulk.files import Job, Outcome, Output, UnreadableError
from madoguchi.eligibility.bulk.matches import Writer
from madoguchi.eligibility.bulk.plan import Plan
from madoguchi.eligibility.bulk.reading import Trouble, Troubles
from madoguchi.eligibility.rules.facts import Dictionary

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_BATCH = 1 << 18
_COUNTED: dict[str, Any] = {"rule": pl.Int32(), **COUNTS, "verdict": pl.String()}
# In place of the number of a rule: a trouble (column, reason and cells), and how many businesses there are.
_TROUBLE, _ALL = -1, -2


def match_file(job: Job, *, master: str) -> Outcome:
    """Match every business of a file with Spark; `master` is its address. Raises UnreadableError."""
    session = _session(master)
    from pyspark.errors import PySparkException  # noqa: PLC0415 - an optional extra

    try:
        businesses = _read(session, job)
        batches = _Batches(job.plan, job.dictionary, job.output, job.source.text)
        counted = businesses.mapInArrow(batches.count, _ddl(_COUNTED))
        rows = counted.groupBy("rule", "area", "industry", "verdict").sum("businesses").collect()
        if job.output.matches is not None:
            matched = businesses.mapInArrow(batches.match, _ddl(batches.writer.schema))
            matched.write.parquet(str(job.output.matches))
    except PySparkException as error:
        raise UnreadableError(f"Spark が「{job.source.path.name}」を処理できません: {error}") from error
    finally:
        session.stop()
    return _outcome([tuple(row) for row in rows], len(job.plan.rules))


def _session(master: str) -> "SparkSession":
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise UnreadableError("Spark を使うには、madoguchi[spark] を入れてください。") from error
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise UnreadableError("Spark には Java 17 が要ります（java がみつかりません）。")
    logging.getLogger("py4j").setLevel(logging.WARNING)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    return (
        SparkSession.builder.appName("madoguchi")
        .master(master)
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", _BATCH)
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )


def _read(session: "SparkSession", job: Job) -> "DataFrame":
    source, output = job.source, job.output
    if output.matches is not None and not output.id_name:
        raise UnreadableError("Spark では行に番号がありません。--id に、事業者を見分ける列を書いてください。")
    if output.matches is not None and output.matches.exists():
        raise UnreadableError(f"「{output.matches}」がすでにあります。Spark は上書きしません。")
    if source.text:
        frame = session.read.option("header", True).csv(str(source.path))
    elif source.path.suffix.lower() == ".parquet":
        frame = session.read.parquet(str(source.path))
    else:
        raise UnreadableError("Spark で読めるのは .parquet と .csv です。")
    # A name may hold a dot, as in sales_yearly.2022.
    return frame.select(*(f"`{name}`" for name in job.columns))


@dataclass
class _Batches:
    """What Spark's workers do with the Arrow batches of their part of the businesses."""

    plan: Plan
    dictionary: Dictionary
    output: Output
    text: bool

    @property
    def writer(self) -> Writer:
        """What turns verdicts into tables; businesses are named by texts."""
        return Writer(self.plan.rules, self.output.form, {self.output.id_name: pl.String()})

    def count(self, batches: Iterator[Any]) -> Iterator[Any]:
        """The counts of all batches, the troubles, and the number of businesses, in one table."""
        tally, troubles, businesses = Tally(len(self.plan.rules)), Troubles(), 0
        for one in self._slabs(batches, troubles):
            slab.count(one, self.plan, self.dictionary, tally, threads=1)
            businesses += one.table.height
        rows = [(_ALL, "", "", "", businesses)]
        rows += [(_TROUBLE, trouble.column, trouble.reason, "", trouble.cells) for trouble in troubles]
        yield from _as_arrow(pl.DataFrame(rows, schema=_COUNTED, orient="row"))
        for number, counts in enumerate(tally.by_rule()):
            numbered = counts.with_columns(
                pl.lit(number, pl.Int32).alias("rule"), pl.col("verdict").cast(pl.String)
            )
            yield from _as_arrow(numbered.select(list(_COUNTED)))

    def match(self, batches: Iterator[Any]) -> Iterator[Any]:
        """The matches of all batches."""
        writer = self.writer
        for one in self._slabs(batches, Troubles()):
            for frame in slab.matches(one, self.plan, self.dictionary, writer, threads=1):
                yield from _as_arrow(frame.with_columns(pl.col(pl.Enum).cast(pl.String)))

    def _slabs(self, batches: Iterator[Any], troubles: Troubles) -> Iterator[slab.Slab]:
        for batch in batches:
            frame = pl.from_arrow(batch)
            if not isinstance(frame, pl.DataFrame) or not frame.height:
                continue
            id_name = self.output.id_name
            if id_name:
                frame = frame.with_columns(pl.col(id_name).cast(pl.String))
            yield slab.read_slab(
                frame, self.dictionary, troubles, text=self.text, first_row=0, id_name=id_name
            )


def _as_arrow(frame: pl.DataFrame) -> Iterator[Any]:
    import pyarrow  # noqa: PLC0415 - an optional extra

    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    plain = [
        field.with_type(pyarrow.string()) if pyarrow.types.is_large_string(field.type) else field
        for field in table.schema
    ]
    yield from table.cast(pyarrow.schema(plain)).to_batches()


def _ddl(schema: Mapping[str, Any]) -> str:
    """The same columns as Spark writes them down."""
    kinds: dict[Any, str] = {pl.Int16(): "short", pl.Int32(): "int", pl.Int64(): "long"}
    return ", ".join(f"`{name}` {kinds.get(kind, 'string')}" for name, kind in schema.items())


def _outcome(rows: Sequence[tuple[Any, ...]], rules: int) -> Outcome:
    troubles = Troubles()
    businesses = 0
    counts = pl.DataFrame([row for row in rows if row[0] >= 0], schema=_COUNTED, orient="row").with_columns(
        pl.col("verdict").cast(VERDICTS)
    )
    for number, column, reason, _, many in rows:
        if number == _ALL:
            businesses = many
        elif number == _TROUBLE:
            troubles.add(Trouble(column, reason, many))
    ordered = counts.sort("area", "industry", "verdict", descending=[False, False, True])
    by_rule = (ordered.filter(pl.col("rule") == number).drop("rule") for number in range(rules))
    return Outcome(businesses, by_rule, troubles)
