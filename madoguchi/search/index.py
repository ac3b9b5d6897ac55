"""The index on disk: one writer, many readers, generations that swap in whole.

    <directory>/current                 the name of the generation to read
    <directory>/writer.lock             held by the one writer
    <directory>/<generation>/manifest.json   its segments and their dead documents
    <directory>/<generation>/<segment>/      an immutable segment

Replacing the manifest is commit and notice in one rename, so there is nothing between them that a crash could
tear apart; what a crash leaves behind is unreferenced, and the next writer removes it.
"""

import fcntl
import json
import logging
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from madoguchi.search.building import build_segment, merge_segments
from madoguchi.search.documents import Document
from madoguchi.search.segments import Array, Segment, sync
from madoguchi.search.snapshot import Snapshot

logger = logging.getLogger(__name__)

# Raise when the layout or the meaning of the arrays changes: an index of another layout must be rebuilt.
LAYOUT = 2
_AT_ONCE = 2_000
_MOST_SEGMENTS = 8
_LOOK_SECONDS = 0.05
# What reading a cut-off or overwritten file ends in.
_DAMAGE = (OSError, ValueError, KeyError, TypeError, EOFError, IndexError)
_CURRENT = "current"
_MANIFEST = "manifest.json"


class IndexBusyError(Exception):
    """Another process holds the writer's lock."""


@dataclass(frozen=True)
class Differences:
    """How the index differs from what it should hold, as keys."""

    missing: tuple[str, ...]
    stale: tuple[str, ...]
    surplus: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.missing or self.stale or self.surplus)


class Reader:
    """Gives the newest committed state; cheap to ask every time (two stats when nothing changed)."""

    def __init__(
        self, directory: Path, hierarchies: Mapping[str, Mapping[str, tuple[str, ...]]] | None = None
    ) -> None:
        self._directory = directory
        self._hierarchies = hierarchies
        self._segments: dict[Path, Segment] = {}
        self._current = directory / _CURRENT
        self._pointer: tuple[object, Path, Path] = (None, directory, directory / _MANIFEST)
        self._state: tuple[object, Snapshot] = (None, Snapshot(hierarchies=hierarchies))

    def snapshot(self) -> Snapshot:
        """Return the newest committed state, an empty one where there is no index that this code can read."""
        for _ in range(5):
            try:
                generation, manifest = self._generation()
                stamp = (generation, *_stamp(manifest))
                if stamp != self._state[0]:
                    self._state = (stamp, self._open(generation))
            except FileNotFoundError:
                continue  # Nothing there yet, or the writer tidied while we were reading: look again.
            except _DAMAGE:
                logger.exception("The search index cannot be read; the indexer will build it anew")
                self._state = (stamp, Snapshot(hierarchies=self._hierarchies))
            break
        return self._state[1]

    def verify(self, expected: Mapping[str, str]) -> Differences:
        """Return how the index differs from the expected keys and content hashes."""
        return differences(expected, self.snapshot().held())

    def _generation(self) -> tuple[Path, Path]:
        """Return the generation to read and its manifest."""
        stamp = _stamp(self._current)
        if stamp != self._pointer[0]:
            generation = _current(self._directory)
            self._pointer = (stamp, generation, generation / _MANIFEST)
        return self._pointer[1:]

    def _open(self, generation: Path) -> Snapshot:
        manifest = _manifest(generation)
        if manifest["signature"] != signature():
            return Snapshot(hierarchies=self._hierarchies)
        known = self._segments
        paths = {generation / name: dead for name, dead in manifest["segments"].items()}
        self._segments = {path: known[path] if path in known else Segment.open(path) for path in paths}
        parts = [(self._segments[path], _alive(self._segments[path], dead)) for path, dead in paths.items()]
        return Snapshot(parts, self._hierarchies)


class Writer:
    """The one process that changes the index. Use as a context manager; `commit` makes changes visible.

    `begins_anew` tells that nothing readable was there: then only a rebuild makes sense."""

    def __init__(self, directory: Path, *, patience_seconds: float = 0) -> None:
        """Take the directory, and how long to wait for another writer to finish."""
        self._directory = directory
        self._patience_seconds = patience_seconds
        self.begins_anew = False
        self._pending: dict[str, Document | None] = {}
        self._parts: dict[str, tuple[Segment, Array]] = {}
        self._held: dict[str, tuple[str, int, str]] = {}

    def __enter__(self) -> Self:
        """Take the lock and tidy up after a crash; raises IndexBusyError when another writer is at work."""
        self._directory.mkdir(parents=True, exist_ok=True)
        self._lock = (self._directory / "writer.lock").open("a")
        try:
            self._take_lock()
            self._load()
            self._tidy()
        except BaseException:
            self._lock.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let the lock go; what was not committed is forgotten."""
        self._lock.close()

    def upsert(self, documents: Iterable[Document]) -> None:
        """Add documents, or replace those of the same key; unchanged ones cost nothing."""
        for document in documents:
            held = self._held.get(document.key)
            if held is not None and held[2] == document.content_hash:
                self._pending.pop(document.key, None)
            else:
                self._pending[document.key] = document

    def delete(self, keys: Iterable[str]) -> None:
        """Remove the documents with these keys; unknown keys are no error."""
        for key in keys:
            self._pending[key] = None

    def commit(self) -> None:
        """Make everything since the last commit visible, all of it or, after a crash, nothing."""
        if not self._pending:
            return
        self._bury(self._pending)
        added = [document for document in self._pending.values() if document is not None]
        for batch in _batches(added):
            self._keep(build_segment(batch))
        self._merge_small()
        self._publish()
        self._pending = {}

    def rebuild(self, documents: Iterable[Document]) -> None:
        """Build a new generation aside from all documents and swap it in."""
        self._generation = self._new_generation()
        self._parts, self._held, self._pending = {}, {}, {}
        for batch in _batches(documents):
            unique = {document.key: document for document in batch}
            self._bury(unique)
            self._keep(build_segment(list(unique.values())))
        if len(self._parts) > 1:
            self._merge(list(self._parts))
        self._publish()

    def _take_lock(self) -> None:
        give_up = time.monotonic() + self._patience_seconds
        while True:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                if time.monotonic() >= give_up:
                    raise IndexBusyError(str(self._directory)) from error
                time.sleep(_LOOK_SECONDS)
            else:
                return

    def _load(self) -> None:
        self.begins_anew = not is_readable(self._directory)
        if not self.begins_anew:
            try:
                self._open(_current(self._directory))
            except _DAMAGE:
                logger.exception("The search index is damaged; it has to be built anew")
                self.begins_anew = True
        if self.begins_anew:
            self._parts, self._held = {}, {}
            self._generation = self._new_generation()

    def _open(self, generation: Path) -> None:
        self._generation = generation
        for name, dead in _manifest(generation)["segments"].items():
            segment = Segment.open(generation / name)
            self._register(name, segment, _alive(segment, dead))

    def _register(self, name: str, segment: Segment, alive: Array) -> None:
        self._parts[name] = (segment, alive)
        rows = zip(segment.keys, segment.hashes, alive.tolist(), strict=True)
        for number, (key, content_hash, lives) in enumerate(rows):
            if lives:
                self._held[_text(key)] = (name, number, _text(content_hash))

    def _new_generation(self) -> Path:
        numbers = [int(path.name) for path in _generations(self._directory)]
        return self._directory / f"{max(numbers, default=0) + 1:06d}"

    def _bury(self, keys: Iterable[str]) -> None:
        for key in keys:
            held = self._held.pop(key, None)
            if held is not None:
                self._parts[held[0]][1][held[1]] = False

    def _keep(self, segment: Segment) -> str:
        taken = [int(path.name[1:]) for path in self._generation.glob("s??????")]
        name = f"s{max(taken, default=0) + 1:06d}"
        segment.save(self._generation / name)
        opened = Segment.open(self._generation / name)
        self._register(name, opened, _alive(opened, ()))
        return name

    def _merge_small(self) -> None:
        for name, (_, alive) in list(self._parts.items()):
            if not alive.any():
                del self._parts[name]
        sizes = {name: int(alive.sum()) for name, (_, alive) in self._parts.items()}
        if sum(segment.count for segment, _ in self._parts.values()) > 2 * sum(sizes.values()):
            self._merge(list(self._parts))
        elif len(self._parts) > _MOST_SEGMENTS:
            largest = max(sizes, key=lambda name: sizes[name])
            # The largest part joins only once the others have grown to a tenth of it.
            grown = 10 * (sum(sizes.values()) - sizes[largest]) > sizes[largest]
            self._merge([name for name in self._parts if grown or name != largest])

    def _merge(self, names: list[str]) -> None:
        merged = merge_segments([self._parts[name] for name in names])
        for name in names:
            del self._parts[name]
        self._keep(merged)

    def _publish(self) -> None:
        dead = {name: np.flatnonzero(~alive).tolist() for name, (_, alive) in self._parts.items()}
        manifest = {"signature": signature(), "segments": dead}
        self._generation.mkdir(exist_ok=True)
        _replace(self._generation / _MANIFEST, json.dumps(manifest))
        if _current_or_none(self._directory) != self._generation:
            _replace(self._directory / _CURRENT, self._generation.name)
        self._tidy()

    def _tidy(self) -> None:
        """Remove what nothing refers to; the generation before stays for readers that are just opening it."""
        generations = _generations(self._directory)
        kept = {self._generation, *[path for path in generations if path < self._generation][-1:]}
        for path in generations:
            if path not in kept:
                shutil.rmtree(path)
        for path in self._generation.glob("s*"):
            if path.name not in self._parts:
                shutil.rmtree(path)


def differences(expected: Mapping[str, str], held: Mapping[str, str]) -> Differences:
    """Return what is missing from, stale in and surplus to the keys and content hashes that are held."""
    return Differences(
        missing=tuple(sorted(expected.keys() - held.keys())),
        stale=tuple(sorted(key for key in expected.keys() & held.keys() if expected[key] != held[key])),
        surplus=tuple(sorted(held.keys() - expected.keys())),
    )


def is_readable(directory: Path) -> bool:
    """Tell whether there is an index that this code can read; otherwise one must be built from everything."""
    generation = _current_or_none(directory)
    try:
        return generation is not None and bool(_manifest(generation)["signature"] == signature())
    except _DAMAGE:
        return False


def signature() -> str:
    """Return what an index depends on besides its documents: the layout and the dictionary."""
    return f"{LAYOUT}/{_dictionary()}"


@cache
def _dictionary() -> str:
    return f"{version('sudachipy')}/{version('sudachidict-core')}"


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    rest = iter(documents)
    while batch := list(islice(rest, _AT_ONCE)):
        yield batch


def _replace(path: Path, text: str) -> None:
    """Write a small file so that readers see the old text or the new one, never a part."""
    aside = path.with_name(path.name + ".new")
    aside.write_text(text, "utf-8")
    sync(aside)
    aside.replace(path)
    sync(path.parent)


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_ino


def _generations(directory: Path) -> list[Path]:
    return sorted(path for path in directory.iterdir() if path.is_dir() and path.name.isdigit())


def _current(directory: Path) -> Path:
    return directory / (directory / _CURRENT).read_text("utf-8")


def _current_or_none(directory: Path) -> Path | None:
    return _current(directory) if (directory / _CURRENT).exists() else None


def _manifest(generation: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((generation / _MANIFEST).read_text("utf-8"))
    return manifest


def _alive(segment: Segment, dead: Iterable[int]) -> Array:
    alive = np.ones(segment.count, bool)
    alive[list(dead)] = False
    return alive


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogatepass")
