"""Matching a file on this machine, slab by slab, so that its size does not matter."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
from polars.io.plugins import register_io_source

from madoguchi.eligibility.bulk import slab
from madoguchi.eligibility.bulk.counting import Tally
from madoguchi.eligibility.bulk.files import Job, Outcome, UnreadableError, unfinished
from madoguchi.eligibility.bulk.matches import Writer
from madoguchi.eligibility.bulk.reading import Troubles

SLAB = 1 << 19
"""Businesses in memory at once."""

Progress = Callable[[int], None]


def match_file(job: Job, *, progress: Progress) -> Outcome:
    """Match every business of a file. Raises UnreadableError when the file turns out to be broken.

    `progress` is told how many businesses are done."""
    run = _Run(job, progress)
    try:
        if job.output.matches is None:
            for _ in run.slabs():
                pass
        else:
            run.write(job.output.matches)
    except pl.exceptions.PolarsError as error:
        raise UnreadableError(f"「{job.source.path.name}」を終わりまで処理できません: {error}") from error
    return Outcome(run.businesses, run.tally.by_rule(), run.troubles)


class _Run:
    def __init__(self, job: Job, progress: Progress) -> None:
        self._job = job
        self._progress = progress
        self._threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
        self.businesses = 0
        self.tally = Tally(len(job.plan.rules))
        self.troubles = Troubles()

    def slabs(self) -> Iterator[slab.Slab]:
        """Each slab, counted."""
        job = self._job
        frame = job.source.frame.select(job.columns)
        for batch in frame.collect_batches(chunk_size=SLAB, maintain_order=True):
            one = slab.read_slab(
                batch,
                job.dictionary,
                self.troubles,
                text=job.source.text,
                first_row=self.businesses,
                id_name=job.output.id_name,
            )
            slab.count(one, job.plan, job.dictionary, self.tally, threads=self._threads)
            yield one
            self.businesses += batch.height
            self._progress(self.businesses)

    def write(self, path: Path) -> None:
        """Write the matches while they are made: polars takes frame after frame."""
        job = self._job
        id_name = job.output.id_name
        own: dict[str, pl.DataType] = {"row": pl.UInt64()}
        if id_name:
            own[id_name] = job.source.frame.collect_schema()[id_name]
        writer = Writer(job.plan.rules, job.output.form, own)

        def frames(*_asked: Any) -> Iterator[pl.DataFrame]:
            for one in self.slabs():
                yield from slab.matches(one, job.plan, job.dictionary, writer, threads=self._threads)

        with unfinished(path) as beside:
            register_io_source(frames, schema=writer.schema).sink_parquet(beside)
