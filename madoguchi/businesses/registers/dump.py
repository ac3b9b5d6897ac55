"""The agency's whole list in a SQLite file of its own: some five million rows, looked up by number.

The file holds public data only and can be made anew at any time, so it is not part of the backup.
"""

import codecs
import csv
import io
import sqlite3
import zipfile
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import IO

from django.conf import settings

from madoguchi.businesses.registers import nta
from madoguchi.businesses.registers.nta import Corporation

FILE_NAME = "register.sqlite3"
_BATCH = 20_000
_LOOKED_AT = 200_000
_SHOWN_MISTAKES = 5

_TEXTS = (
    "updated_on",
    "name",
    "kana",
    "kind",
    "area_code",
    "street_line",
    "postal_code",
    "closed_on",
    "close_cause",
    "successor",
)
_texts = attrgetter(*_TEXTS)
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS corporations (number INTEGER PRIMARY KEY, "
    + ", ".join(f"{name} TEXT NOT NULL" for name in _TEXTS)
    + ");"
)
# A file that is older than what is there changes nothing, so the order of loading does not matter.
_PUT = (
    f"INSERT INTO corporations VALUES ({', '.join('?' * (len(_TEXTS) + 1))}) "  # noqa: S608 (our columns)
    f"ON CONFLICT (number) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _TEXTS)} "
    "WHERE excluded.updated_on >= corporations.updated_on"
)
_DELETE = "DELETE FROM corporations WHERE number = ? AND updated_on <= ?"
_GET = "SELECT * FROM corporations WHERE number = ?"


class UnreadableDumpError(Exception):
    """The file is no list of the agency; its text is a Japanese sentence."""


@dataclass
class Loaded:
    """What came of loading a file."""

    rows: int = 0
    deleted: int = 0
    skipped: int = 0
    mistakes: tuple[str, ...] = ()


def path() -> Path:
    """Where the list is kept."""
    return settings.DATA_DIR / FILE_NAME


def is_there() -> bool:
    """Whether a list was loaded."""
    return path().is_file()


def count() -> int:
    """How many corporations the list holds."""
    with _reading() as connection:
        return int(connection.execute("SELECT count(*) FROM corporations").fetchone()[0])


def find(number: str) -> Corporation | None:
    """The corporation of a number; None when the list holds none. Raises sqlite3.Error on a broken file."""
    with _reading() as connection:
        row = connection.execute(_GET, (int(number),)).fetchone()
    if row is None:
        return None
    return Corporation(number=number, **dict(zip(_TEXTS, row[1:], strict=True)))


@contextmanager
def _reading() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"{path().as_uri()}?mode=ro", uri=True, timeout=2)) as connection:
        yield connection


def load(source: Path, *, tell: Callable[[int], None] = lambda _rows: None) -> Loaded:
    """Take a list (全件) or its differences (差分) into the file; `tell` hears the rows done so far.

    `source` is a .csv, or the .zip that the agency offers; Unicode and Shift-JIS are told apart. Loading the
    same again changes nothing; interrupted, it is loaded again. Raises UnreadableDumpError and OSError.
    """
    is_first = not is_there()
    target = path().with_suffix(".new") if is_first else path()
    target.parent.mkdir(parents=True, exist_ok=True)
    if is_first:
        target.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(target, timeout=30)) as connection:
            # The first list is written aside without a journal: until it is whole, nobody reads it.
            mode = "OFF" if is_first else "WAL"
            connection.executescript(
                f"PRAGMA journal_mode={mode}; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-200000; {_SCHEMA}"
            )
            with closing(_rows(source)) as rows:
                loaded = _put_all(connection, rows, tell)
    except sqlite3.Error as error:
        raise OSError(f"{target}: {error}") from error
    if is_first:
        target.replace(path())
    return loaded


def _put_all(
    connection: sqlite3.Connection, rows: Iterable[Sequence[str]], tell: Callable[[int], None]
) -> Loaded:
    loaded, mistakes, numbered = Loaded(), [], enumerate(rows, start=1)
    while batch := list(islice(numbered, _BATCH)):
        put, gone = [], []
        for line, row in batch:
            try:
                corporation = nta.corporation_of(row)
                number = int(corporation.number)
            except ValueError as error:
                loaded.skipped += 1
                mistakes.append(f"{line} 行目: {error}")
                continue
            if not nta.is_newest(row):
                continue
            if nta.is_deleted(row):
                gone.append((number, corporation.updated_on))
            else:
                put.append((number, *_texts(corporation)))
        with connection:
            connection.executemany(_PUT, put)
            connection.executemany(_DELETE, gone)
        loaded.rows += len(put)
        loaded.deleted += len(gone)
        tell(batch[-1][0])
    if loaded.skipped and not loaded.rows:
        raise UnreadableDumpError(f"法人番号の一覧ではありません。{mistakes[0]}")
    loaded.mistakes = tuple(mistakes[:_SHOWN_MISTAKES])
    return loaded


def _rows(source: Path) -> Generator[Sequence[str], None, None]:
    try:
        with (
            _opened(source) as binary,
            io.TextIOWrapper(binary, encoding=_encoding(source), newline="") as text,
        ):
            yield from csv.reader(text)
    except (UnicodeDecodeError, csv.Error, zipfile.BadZipFile) as error:
        raise UnreadableDumpError(f"「{source.name}」を読み取れません: {error}") from error


def _encoding(source: Path) -> str:
    with _opened(source) as binary:
        beginning = binary.read(_LOOKED_AT)
    try:
        codecs.getincrementaldecoder("utf-8-sig")().decode(beginning)  # a character cut in two is no mistake
    except UnicodeDecodeError:
        return "cp932"
    return "utf-8-sig"


@contextmanager
def _opened(source: Path) -> Iterator[IO[bytes]]:
    if not zipfile.is_zipfile(source):
        with source.open("rb") as binary:
            yield binary
        return
    with zipfile.ZipFile(source) as archive:
        names = [name for name in archive.namelist() if name.lower().endswith(".csv")]
        if len(names) != 1:
            raise UnreadableDumpError(
                f"「{source.name}」に CSV が {len(names)} つあります。1つのものを使ってください。"
            )
        with archive.open(names[0]) as binary:
            yield binary
