"""The files that businesses come from and that counts go to."""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from madoguchi.eligibility.bulk import coherence
from madoguchi.eligibility.bulk.matches import Form
from madoguchi.eligibility.bulk.plan import Plan
from madoguchi.eligibility.bulk.reading import Troubles, known_columns
from madoguchi.eligibility.rules.facts import Dictionary

# What businesses are counted by, and what contradictions speak of.
_ALWAYS = frozenset({"area", "industry", *coherence.CHECKED, *coherence.SALES})


class UnreadableError(Exception):
    """A file cannot be read as a table; the message is a Japanese sentence."""


class UnwritableError(Exception):
    """A result cannot go where it is asked to; the message is a Japanese sentence."""


@dataclass(frozen=True)
class Input:
    """A table on disk. `text` says that every cell is written out, as in a CSV.

    `twice` are names that several columns of a CSV bear: which of them is meant is not guessed, so `names`
    has none of these."""

    path: Path
    frame: pl.LazyFrame
    names: tuple[str, ...]
    text: bool
    twice: tuple[str, ...] = ()

    @property
    def height(self) -> int | None:
        """The number of businesses where the file says so without being read through."""
        return None if self.text else int(self.frame.select(pl.len()).collect().item())


@dataclass(frozen=True)
class Output:
    """Where matches go, if anywhere, in which form, and the column that names a business, if there is one."""

    matches: Path | None
    form: Form
    id_name: str


@dataclass(frozen=True)
class Outcome:
    """What came of a run: how many businesses, the counts of each rule, what could not be used."""

    businesses: int
    counts: Iterable[pl.DataFrame]
    troubles: Troubles


@dataclass(frozen=True)
class Fit:
    """How the columns of a file fit what the rules ask: read, no fact at all, asked for but not there."""

    read: tuple[str, ...]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Job:
    """A whole run: which businesses, which rules, and where to."""

    source: Input
    plan: Plan
    dictionary: Dictionary
    output: Output

    @cached_property
    def fit(self) -> Fit:
        """How the columns of the file fit what the rules ask."""
        known, unknown = known_columns(
            (name for name in self.source.names if name != self.output.id_name), self.dictionary
        )
        told = {name.partition(".")[0] for name in known}
        wanted = self.plan.facts | _ALWAYS
        read = tuple(name for name in known if name.partition(".")[0] in wanted)
        facts = [self.dictionary.get(key) for key in told]
        implied = {key for fact in facts if fact for key, _ in fact.implies}
        return Fit(read, tuple(unknown), tuple(sorted(self.plan.facts - told - implied)))

    @property
    def columns(self) -> list[str]:
        """The columns to take from the file, never none: the rows have to be counted."""
        names = [*self.fit.read, *([self.output.id_name] if self.output.id_name else [])]
        return names or list(self.source.names[:1])


def open_input(path: Path) -> Input:
    """The table of a file by its ending. Raises UnreadableError."""
    if not path.exists():
        raise UnreadableError(f"ファイル「{path}」がありません。")
    ending = path.suffix.lower()
    if ending not in (".parquet", ".csv", ".arrow", ".ipc", ".feather"):
        raise UnreadableError(
            f"「{path.name}」は読めません（.parquet、.csv、.arrow のどれかにしてください）。"
        )
    text = ending == ".csv"
    try:
        if text:
            head = pl.scan_csv(path, infer_schema=False, has_header=False, n_rows=1).collect()
            written = [name or "" for name in head.row(0)]
            frame = pl.scan_csv(path, infer_schema=False)
        else:
            frame = pl.scan_parquet(path) if ending == ".parquet" else pl.scan_ipc(path)
            written = []
        names = tuple(frame.collect_schema().names())
    except (pl.exceptions.PolarsError, OSError) as error:
        raise UnreadableError(f"「{path.name}」を表として読めません: {error}") from error
    twice = tuple(name for name, times in Counter(written).items() if name and times > 1)
    # Of columns with one name, polars leaves it to the first and calls the others name_duplicated_0.
    pairs = zip(names, written, strict=True) if twice else ()
    single = tuple(name for name, as_written in pairs if as_written not in twice)
    if twice and not single:
        raise UnreadableError(f"「{path.name}」の列の名前は、どれも二度以上あります。")
    return Input(path, frame, single if twice else names, text, twice)


def check_places(source: Path, places: Iterable[Path]) -> None:
    """Raise UnwritableError, before anything is worked out, where writing would fail or destroy something."""
    taken = {source.resolve()}
    for place in places:
        if place.resolve() in taken or (place.exists() and place.samefile(source)):
            raise UnwritableError(f"「{place}」は、ほかにも使うファイルです。書く先を別にしてください。")
        taken.add(place.resolve())
        if not place.parent.is_dir():
            raise UnwritableError(f"書く先のフォルダー「{place.parent}」がありません。")
        # A finished file takes the place of what was there: never of a folder or a device.
        if place.exists() and not place.is_file():
            raise UnwritableError(f"「{place}」には書けません（ファイルではありません）。")


@contextmanager
def unfinished(path: Path) -> Iterator[Path]:
    """A file beside another, which takes its place at the end: what breaks off never looks finished."""
    beside = path.with_name(f".{path.name}.unfinished")
    try:
        yield beside
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def write_counts(path: Path, plan: Plan, counts: Iterable[pl.DataFrame]) -> None:
    """One line for each programme, frame, municipality, division of industry and verdict that someone has."""
    header = True
    with unfinished(path) as beside, beside.open("wb") as file:
        for rule, counted in zip(plan.rules, counts, strict=True):
            of_rule = (
                pl.lit(getattr(rule, name)).alias(name) for name in ("programme", "fiscal_year", "frame")
            )
            counted.select(*of_rule, pl.all()).write_csv(file, include_header=header)
            header = False
