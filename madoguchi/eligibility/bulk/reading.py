"""A frame of businesses read into typed columns; what cannot be used is named and stays unknown."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast

import numpy as np
import polars as pl

from madoguchi.eligibility.bulk import coherence
from madoguchi.eligibility.bulk.columns import Array, Codes, Column, Numbers, Sets, Table, fitting
from madoguchi.eligibility.rules.facts import CODES, SERIES, Dictionary, Fact, FactType
from madoguchi.eligibility.rules.values import (
    MOST_COUNT,
    MOST_YEN,
    Range,
    Value,
    read_value,
)

_SHOWN = 3
_EPOCH = date(1970, 1, 1).toordinal()
# What an unknown cell holds (columns.Numbers).
_NEVER, _NEVER_64 = 2**31 - 1, 2**63 - 1
# How a CSV writes several codes in one cell.
_BETWEEN_CODES = "|"
_PERIOD = {
    FactType.MONTHLY: re.compile(r"\d{4}-(0[1-9]|1[0-2])"),
    FactType.YEARLY: re.compile(r"\d{4}"),
}


@dataclass(frozen=True)
class Trouble:
    """Cells of a column that cannot be used: why, how many, the first rows (from 1) with their content."""

    column: str
    reason: str
    cells: int
    samples: tuple[tuple[int, str], ...] = ()

    @property
    def message(self) -> str:
        """The sentence for people."""
        shown = "、".join(f"{row:,}行目" + (f"「{text}」" if text else "") for row, text in self.samples)
        where = f"。はじめの例: {shown}" if shown else ""
        why = f"{self.reason.rstrip('。')}{where}"
        return f"列「{self.column}」の {self.cells:,} 件は使えないので、未確認とします（{why}）。"


@dataclass
class Troubles:
    """Troubles of the same column and reason stand once."""

    _found: dict[tuple[str, str], Trouble] = field(default_factory=dict)

    def add(self, trouble: Trouble) -> None:
        """Count one more, or more of one that is known."""
        key = (trouble.column, trouble.reason)
        there = self._found.get(key)
        if there is not None:
            samples = tuple(sorted({*there.samples, *trouble.samples}))[:_SHOWN]
            trouble = replace(there, cells=there.cells + trouble.cells, samples=samples)
        self._found[key] = trouble

    def __iter__(self) -> Any:
        return iter(self._found.values())


def known_columns(names: Iterable[str], dictionary: Dictionary) -> tuple[list[str], list[str]]:
    """The names that are facts ("sales_yearly.2022" is one of a series), and those that are none."""
    known: list[str] = []
    unknown: list[str] = []
    for name in names:
        key, _, period = name.partition(".")
        fact = dictionary.get(key)
        fits = (
            fact is not None and fact.type is not FactType.COSTS and (not period or _is_period(fact, period))
        )
        (known if fits else unknown).append(name)
    return known, unknown


def read_table(
    frame: pl.DataFrame, dictionary: Dictionary, troubles: Troubles, *, text: bool, first_row: int = 0
) -> Table:
    """The columns of facts in a frame; `text` says that numbers and truths are written out, as in a CSV.

    Columns that are no facts are passed over."""
    columns: dict[str, Column] = {}
    known, _ = known_columns(frame.columns, dictionary)
    for name in known:
        fact = cast("Fact", dictionary.get(name.partition(".")[0]))
        for part in _parts(frame[name], fact):
            reader = _Reader(fact, part, dictionary, troubles, text=text, first_row=first_row)
            if (column := reader.column()) is not None:
                columns[part.name] = column
    found = list(coherence.contradicting(columns))
    empty = {name: frame[name].is_null().to_numpy() for name in known}
    coherence.imply(columns, empty, dictionary)
    for keys, sentence, rows in found:
        troubles.add(_contradiction(keys, sentence, rows, first_row))
        coherence.forget(columns, keys, rows)
    return Table(frame.height, columns)


def _contradiction(keys: tuple[str, ...], sentence: str, rows: Array, first_row: int) -> Trouble:
    first = np.flatnonzero(rows)[:_SHOWN]
    return Trouble(
        "・".join(keys), sentence, int(rows.sum()), tuple((first_row + int(row) + 1, "") for row in first)
    )


def _parts(series: pl.Series, fact: Fact) -> Iterable[pl.Series]:
    """A struct of monthly or yearly figures falls apart into one column a period."""
    if fact.type in SERIES and series.dtype == pl.Struct:
        inner = series.struct.unnest()
        return [inner[period].alias(f"{fact.key}.{period}") for period in inner.columns]
    return [series]


@dataclass
class _Reader:
    fact: Fact
    series: pl.Series
    dictionary: Dictionary
    troubles: Troubles
    text: bool
    first_row: int

    def column(self) -> Column | None:
        """The column, or None when the whole of it cannot be used."""
        if self.text:
            self.series = self.series.str.strip_chars().replace("", None)
        kind = self.fact.type
        if kind in (FactType.YEN, FactType.COUNT) or kind in SERIES:
            return self._numbers()
        if kind is FactType.DATE:
            return self._days()
        if kind is FactType.BOOLEAN:
            return self._truths()
        return self._sets() if kind is FactType.SET else self._words()

    def _unusable(self, bad: pl.Series, reason: str) -> None:
        """Note the cells of a truth series that are told and cannot be used."""
        cells = int(bad.sum())
        if cells:
            first = bad.arg_true().head(_SHOWN).to_list()
            samples = tuple((self.first_row + row + 1, _shown(self.series[row])) for row in first)
            self.troubles.add(Trouble(self.series.name, reason, cells, samples))

    def _wrong_type(self, expected: str) -> None:
        self._unusable(
            self.series.is_not_null(), f"{expected}の列にしてください。いまの型は {self.series.dtype} です"
        )

    def _numbers(self) -> Numbers | None:
        if self.fact.type in SERIES and "." not in self.series.name:
            self._wrong_type(f"「{self.fact.key}.2022」のように期間ごとの整数")
            return None
        series = self.series
        if self.text:
            series = series.cast(pl.Int64, strict=False)
            self._unusable(series.is_null() & self.series.is_not_null(), "整数で書いてください")
        elif not series.dtype.is_integer():
            self._wrong_type("整数")
            return None
        most = MOST_COUNT if self.fact.type is FactType.COUNT else MOST_YEN
        least = -most if self.fact.signed else 0
        self._unusable(series < least, "0以上の数で書いてください" if least == 0 else "数が大きすぎます")
        self._unusable(series > most, "数が大きすぎます")
        small = self.fact.type is FactType.COUNT
        series = series.set(~series.is_between(least, most), None).cast(pl.Int32 if small else pl.Int64)
        return _exact(series)

    def _days(self) -> Numbers | None:
        if self.series.dtype == pl.Date:
            return _exact(self.series.to_physical())
        if not _is_text(self.series):
            self._wrong_type("日付（Date）か、2019-04-01 のような文字")
            return None
        codes = self._words()
        spans = [None if one is None else cast("Range", one) for one in codes.meanings]
        ends = [[_day(None if span is None else end(span)) for span in spans] for end in (_low, _high)]
        low, high = (np.array(end, np.int32)[codes.places] for end in ends)
        known = np.array([span is not None for span in spans])[codes.places]
        return Numbers(low, low if ends[0] == ends[1] else high, None if known.all() else known)

    def _truths(self) -> Codes | None:
        series = self.series
        if self.text:
            series = series.replace_strict(
                {"true": True, "false": False}, default=None, return_dtype=pl.Boolean
            )
            self._unusable(series.is_null() & self.series.is_not_null(), "true か false で書いてください")
        elif series.dtype != pl.Boolean:
            self._wrong_type("真偽（Boolean）")
            return None
        told: list[Value | None] = [False, True]
        if series.null_count():
            return Codes(series.cast(pl.UInt8).fill_null(2).to_numpy(), [*told, None])
        return Codes(series.cast(pl.UInt8).to_numpy(), told)

    def _words(self) -> Codes:
        """Texts, each different one read once by the function that reads a single profile."""
        if not _is_text(self.series):
            self._wrong_type('"9%" のような文字' if self.fact.type is FactType.PERCENT else "コードの文字")
            return Codes(np.zeros(len(self.series), np.uint8), [None])
        words, places = _different(self.series)
        meanings, refused = self._read(words, lambda word: read_value(self.fact, word, self.dictionary))
        for reason, these in refused.items():
            self._unusable(self.series.cast(pl.String).is_in(these), reason)
        merged: dict[Value | None, int] = {}
        target = [merged.setdefault(meaning, len(merged)) for meaning in meanings]
        return Codes(np.array(target, fitting(len(merged)))[places], list(merged))

    def _read(
        self, words: list[str | None], read: Callable[[str], Value]
    ) -> tuple[list[Value | None], Mapping[str, list[str]]]:
        meanings: list[Value | None] = []
        refused: dict[str, list[str]] = {}
        for word in words:
            meaning = None
            if word is not None:
                try:
                    meaning = read(word)
                except ValueError as error:
                    refused.setdefault(self._reason(error), []).append(word)
            meanings.append(meaning)
        return meanings, refused

    def _reason(self, error: ValueError) -> str:
        # The sentence about a code names it; the samples do that here.
        return "知らないコードです" if self.fact.type in CODES | {FactType.SET} else str(error)

    def _sets(self) -> Sets | None:
        series = self.series
        if self.text:
            series = series.str.split(_BETWEEN_CODES)
        if not (isinstance(series.dtype, pl.List) and (series.dtype.inner in (pl.String, pl.Null))):
            self._wrong_type("コードの一覧（List(String)）")
            return None
        lengths = series.list.len().fill_null(0).to_numpy()
        told = (
            series.drop_nulls().list.explode(empty_as_null=False).cast(pl.String)
            if lengths.any()
            else pl.Series([], dtype=pl.String)
        )
        words, places = _different(told)
        meanings, refused = self._read(
            words,
            lambda word: next(iter(cast("frozenset[str]", read_value(self.fact, [word], self.dictionary)))),
        )
        row_of = np.repeat(np.arange(len(series)), lengths)
        # A set of which one code cannot be read, or is missing, is not known as a whole.
        bad = np.zeros(len(series), bool)
        bad[row_of[np.array([meaning is None for meaning in meanings], bool)[places]]] = True
        for reason, these in refused.items():
            wrong = np.zeros(len(series), bool)
            wrong[row_of[np.isin(places, [words.index(one) for one in these])]] = True
            self._unusable(pl.Series(wrong), reason)
        known = series.is_not_null().to_numpy() & ~bad
        holds = {
            cast("str", meaning): np.zeros(len(series), bool) for meaning in meanings if meaning is not None
        }
        for place, meaning in enumerate(meanings):
            if meaning is not None:
                holds[cast("str", meaning)][row_of[places == place]] = True
        for truth in holds.values():
            np.logical_and(truth, known, out=truth)
        return Sets(holds, None if known.all() else known)


def _is_period(fact: Fact, period: str) -> bool:
    return fact.type in _PERIOD and _PERIOD[fact.type].fullmatch(period) is not None


def _shown(cell: object) -> str:
    return str(cell.to_list() if isinstance(cell, pl.Series) else cell)[:40]


def _is_text(series: pl.Series) -> bool:
    return series.dtype in (pl.String, pl.Null) or isinstance(series.dtype, pl.Categorical | pl.Enum)


def _different(series: pl.Series) -> tuple[list[str | None], Array]:
    """The different texts, and for each row the place of its own among them."""
    series = series.cast(pl.String)
    words = series.unique().drop_nulls()
    places = series.cast(pl.Enum(words)).to_physical()
    if not series.null_count():
        return words.to_list(), places.to_numpy()
    return [*words.to_list(), None], places.cast(pl.UInt32).fill_null(len(words)).to_numpy()


def _exact(series: pl.Series) -> Numbers:
    if not series.null_count():
        numbers = series.to_numpy()
        return Numbers(numbers, numbers)
    numbers = series.fill_null(_NEVER if series.dtype == pl.Int32 else _NEVER_64).to_numpy()
    return Numbers(numbers, numbers, series.is_not_null().to_numpy())


def _low(span: Range) -> date | None:
    return cast("date | None", span.low)


def _high(span: Range) -> date | None:
    return cast("date | None", span.high)


def _day(day: date | None) -> int:
    return _NEVER if day is None else day.toordinal() - _EPOCH
