"""Who matches what, as a table: a line for each business and rule that may fit, or a column for each rule."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

import numpy as np
import polars as pl

from madoguchi.eligibility.bulk.columns import Array
from madoguchi.eligibility.bulk.counting import VERDICTS, verdicts_of
from madoguchi.eligibility.bulk.kernel import Piece, Plane
from madoguchi.eligibility.rules.book import Rule

Form = Literal["long", "matrix"]
OWN_NAMES = frozenset({"row", "programme", "fiscal_year", "frame", "verdict"})
"""Columns of the long form, which no column of the businesses may take the name of."""

# So many verdicts at once: in the long form each may become a line of some 40 bytes.
_MOST_VERDICTS = 8_000_000


def portions(height: int, rules: int) -> Iterator[Piece]:
    """The rows in portions whose verdicts fit into little memory."""
    step = max(64, _MOST_VERDICTS // max(1, rules))
    for start in range(0, height, step):
        yield Piece(start, min(start + step, height))


class Statuses:
    """A sink for the kernel that keeps the status of some businesses for every rule."""

    def __init__(self, rules: int, rows: Piece) -> None:
        self._start = rows.start
        self.statuses = np.zeros((rules, rows.stop - rows.start), np.uint8)

    def take(self, number: int, piece: Piece, planes: tuple[Plane, Plane, Plane]) -> None:
        """Keep one rule of one piece: a status is the number of planes it reaches."""
        height = piece.stop - piece.start
        kept = self.statuses[number, piece.start - self._start :][:height]
        for plane in planes:
            if isinstance(plane, bool):
                kept += plane
            else:
                kept += np.unpackbits(plane.view(np.uint8), bitorder="little", count=height)


class Writer:
    """Turns statuses into frames of one schema, which begins with the columns that tell businesses apart."""

    def __init__(self, rules: Sequence[Rule], form: Form, own: Mapping[str, pl.DataType]) -> None:
        self._form = form
        self._own = own
        self._names = _names(rules)
        programmes = [rule.programme for rule in rules]
        frames = [rule.frame for rule in rules]
        self._described = {
            "programme": pl.Series(programmes, dtype=_enum(programmes)),
            "fiscal_year": pl.Series([rule.fiscal_year for rule in rules], dtype=pl.Int16),
            "frame": pl.Series(frames, dtype=_enum(frames)),
        }

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """The columns of every frame."""
        if self._form == "matrix":
            return {**self._own, **dict.fromkeys(self._names, VERDICTS)}
        described = {name: series.dtype for name, series in self._described.items()}
        return {**self._own, **described, "verdict": VERDICTS}

    def frame(self, statuses: Array, own: Mapping[str, pl.Series]) -> pl.DataFrame:
        """The frame of some businesses; the long form leaves those out that a rule does not fit."""
        columns = {name: own[name] for name in self._own}
        if self._form == "matrix":
            for name, of_rule in zip(self._names, statuses, strict=True):
                columns[name] = verdicts_of(of_rule)
        else:
            rules, places = np.nonzero(statuses)
            columns = {name: series.gather(places) for name, series in columns.items()}
            columns |= {name: series.gather(rules) for name, series in self._described.items()}
            columns["verdict"] = verdicts_of(statuses[rules, places])
        return pl.DataFrame(columns, schema=self.schema)


def _enum(words: Sequence[str]) -> pl.Enum:
    return pl.Enum(list(dict.fromkeys(words)))


def _names(rules: Sequence[Rule]) -> list[str]:
    """A column name for each rule: programme and year, and the frame where there is one."""
    names = [
        f"{rule.programme}:{rule.fiscal_year}" + (f":{rule.frame}" if rule.frame else "") for rule in rules
    ]
    if len(set(names)) < len(names):
        raise ValueError("two rules of the same programme, year and frame")
    return names
