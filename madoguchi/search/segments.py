"""An immutable part of the index: arrays in one directory, memory-mapped by every reader."""

import json
import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

# Facets whose values are fixed when a document is written (the reception status depends on the day).
STORED_FACETS = ("type", "kind", "purpose", "industry", "area", "organisation", "fiscal_year")
# Stored like a facet, but only ranks.
PLACE = "place"
VALUE_SETS = (*STORED_FACETS, PLACE)
NO_YEAR = -1
NO_DAY = np.iinfo(np.int32).min
FOREVER = np.iinfo(np.int32).max
SUMMARY_END = b"\x00"


@dataclass(frozen=True, eq=False)
class Blob:
    """Many byte strings in one array."""

    starts: Array
    data: Array

    def __len__(self) -> int:
        return len(self.starts) - 1

    @cached_property
    def _views(self) -> tuple[memoryview, memoryview]:
        # Reading one item through a memory view takes a tenth of what it takes through numpy.
        return self.starts.data, self.data.data

    def __getitem__(self, index: int) -> bytes:
        starts, data = self._views
        return bytes(data[starts[index] : starts[index + 1]])

    def __iter__(self) -> Iterator[bytes]:
        whole, starts = self.data.tobytes(), self.starts.tolist()
        return (whole[begin:end] for begin, end in pairwise(starts))

    @classmethod
    def of(cls, items: Sequence[bytes]) -> Self:
        """Return the strings packed together."""
        starts = np.zeros(len(items) + 1, np.uint64)
        np.cumsum(np.fromiter(map(len, items), np.uint64, len(items)), out=starts[1:])
        return cls(starts, np.frombuffer(b"".join(items), np.uint8))


@dataclass(frozen=True, eq=False)
class Postings:
    """For each term (a sorted 64-bit key) the documents that hold it and the impact in each."""

    keys: Array
    starts: Array
    docs: Array
    impacts: Array

    def find(self, key: int) -> tuple[Array, Array]:
        """Return the documents and impacts of one term, empty when nobody holds it."""
        index = self.index(key)
        if index < 0:
            return self.docs[:0], self.impacts[:0]
        starts = self._views[1]
        span = slice(starts[index], starts[index + 1])
        return self.docs[span], self.impacts[span]

    def index(self, key: int) -> int:
        """Return the position of a term, -1 when it is not there."""
        keys = self._views[0]
        index = bisect_left(keys, key)
        return index if index < len(keys) and keys[index] == key else -1

    @cached_property
    def _views(self) -> tuple[memoryview, memoryview]:
        return self.keys.data, self.starts.data

    def between(self, low: int, high: int) -> Array:
        """Return the documents that hold any term of `low <= key < high`."""
        first, last = np.searchsorted(self.keys, np.array([low, high], np.uint64))
        docs = self.docs[int(self.starts[first]) : int(self.starts[last])]
        held = np.zeros(int(docs.max(initial=0)) + 1, bool)
        held[docs] = True
        return np.flatnonzero(held)

    @classmethod
    def of(cls, keys: Array, docs: Array, impacts: Array) -> Self:
        """Return the table of (key, document, impact) triples; documents ascend within a key."""
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        first = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1]))) if len(keys) else keys[:0]
        starts = np.append(first, len(keys)).astype(np.uint64)
        return cls(keys[first], starts, docs[order], impacts[order])


@dataclass(frozen=True, eq=False)
class Segment:
    """Documents 0..count-1 with everything a search needs about them.

    `vocabulary` runs beside `words` (term, reading and surfaces, tab-separated); `names` are whole names
    and noun compounds with their readings; `cards` are what every hit shows as
    JSON; `originals` are the summary and the body as they were written (`SUMMARY_END` between them);
    `texts` are folded, without white space, one line per field, and
    `filters` tell cheaply which triples of characters they cannot hold,
    `steps` lead from them back to the original;
    `signatures[facet]` lists the value sets that occur and `<facet>` columns point into it.
    """

    words: Postings
    grams: Postings
    vocabulary: Blob
    names: Blob
    cards: Blob
    originals: Blob
    texts: Blob
    steps: Blob
    keys: Blob
    hashes: Blob
    filters: Array
    key_hash: Array
    group_hash: Array
    fiscal_year: Array
    published: Array
    mode: Array
    window_starts: Array
    window_opens: Array
    window_closes: Array
    facets: dict[str, Array]
    signatures: dict[str, list[tuple[str, ...]]]

    @property
    def count(self) -> int:
        """Return how many documents the segment holds, the dead ones included."""
        return len(self.keys)

    def save(self, directory: Path) -> None:
        """Write the segment; the directory appears under its name only when it is complete."""
        building = directory.with_name(directory.name + ".building")
        building.mkdir(parents=True)
        for name, array in self._arrays():
            np.save(building / f"{name}.npy", array)
        (building / "signatures.json").write_text(json.dumps(self.signatures, ensure_ascii=False), "utf-8")
        for path in building.iterdir():
            sync(path)
        building.rename(directory)
        sync(directory.parent)

    def _arrays(self) -> Iterable[tuple[str, Array]]:
        for item in fields(self):
            value = getattr(self, item.name)
            if isinstance(value, Postings | Blob):
                for part in fields(value):
                    yield f"{item.name}.{part.name}", getattr(value, part.name)
            elif item.name == "facets":
                yield from ((f"facet.{facet}", column) for facet, column in value.items())
            elif item.name != "signatures":
                yield item.name, value

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Return the segment of a directory, memory-mapped."""

        def load(name: str) -> Array:
            return np.asarray(np.load(directory / f"{name}.npy", mmap_mode="r"))

        def postings(name: str) -> Postings:
            return Postings(*(load(f"{name}.{item.name}") for item in fields(Postings)))

        signatures = json.loads((directory / "signatures.json").read_text("utf-8"))
        blobs = ("vocabulary", "names", "cards", "originals", "texts", "steps", "keys", "hashes")
        columns = (
            "filters",
            "key_hash", "group_hash", "fiscal_year", "published", "mode",
            "window_starts", "window_opens", "window_closes",
        )  # fmt: skip
        parts: dict[str, Any] = {name: Blob(load(f"{name}.starts"), load(f"{name}.data")) for name in blobs}
        parts |= {name: load(name) for name in columns}
        return cls(
            words=postings("words"),
            grams=postings("grams"),
            facets={facet: load(f"facet.{facet}") for facet in VALUE_SETS},
            signatures={facet: [tuple(values) for values in found] for facet, found in signatures.items()},
            **parts,
        )


def sync(path: Path) -> None:
    """Make a file or directory survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
