"""The files of a report: made once for each content, kept in the data directory, never made twice at once.

A file is named after what it was made of (the report, and the code that makes it), so that whoever finds it
there need not ask whether it is still right."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from madoguchi.foundation import files
from madoguchi.reporting.annual.render import Kind, render
from madoguchi.reporting.annual.shape import AnnualReport
from madoguchi.reporting.look import Look

_FOLDER = "reports"
_CODE = Path(__file__).parents[1]


@dataclass(frozen=True)
class Kept:
    """A file, the digest of what it was made of, and when that was."""

    content: bytes
    digest: str
    made_at: datetime


def kept(report: AnnualReport, kind: Kind, *, on: date, look: Look | None = None) -> Kept:
    """The file of a report, made now if nobody has asked for it before; it bears the day it was made on.

    Raises OSError, and what the renderers raise."""
    digest = _digest(report, kind, look)
    folder = settings.DATA_DIR / _FOLDER
    path = folder / f"{report.fiscal_year}-{digest[:20]}.{kind}"
    found = _read(path, digest)
    if found is not None:
        return found
    with _alone(folder, kind):
        found = _read(path, digest)  # made by another meanwhile
        if found is not None:
            return found
        content = render(report, kind, on=on, look=look)
        files.write_atomically(path, content)
        _drop_older(path, report.fiscal_year, kind)
        return Kept(content, digest, _moment(path))


def _digest(report: AnnualReport, kind: Kind, look: Look | None) -> str:
    """Frozen dataclasses of texts and numbers print the same as long as they hold the same."""
    return hashlib.sha256(f"{_code()} {kind} {look!r} {report!r}".encode()).hexdigest()


@lru_cache(maxsize=1)
def _code() -> str:
    """The digest of the code and templates that make the files: a newer version makes them anew."""
    digest = hashlib.sha256()
    for path in sorted(_CODE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _read(path: Path, digest: str) -> Kept | None:
    try:
        return Kept(path.read_bytes(), digest, _moment(path))
    except FileNotFoundError:
        return None


def _moment(path: Path) -> datetime:
    return datetime.fromtimestamp(int(path.stat().st_mtime), tz=UTC)


@contextmanager
def _alone(folder: Path, kind: Kind) -> Iterator[None]:
    """Wait until no other thread or process makes a file of this kind."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f".{kind}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _drop_older(new: Path, fiscal_year: int, kind: Kind) -> None:
    """Remove what was made of an earlier content."""
    for old in new.parent.glob(f"{fiscal_year}-*.{kind}"):
        if old != new:
            old.unlink(missing_ok=True)
