"""The index follows the rooms: by the notes of the outbox within a second, or compared as a whole."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from django.conf import settings

from madoguchi.catalogue import documents as catalogue
from madoguchi.events import documents as events
from madoguchi.finding import words
from madoguchi.foundation import files, outbox
from madoguchi.institutions import documents as institutions
from madoguchi.results import documents as results
from madoguchi.search.documents import Document
from madoguchi.search.index import Differences, IndexBusyError, Reader, Writer, is_readable

TOPIC = outbox.SEARCH_TOPIC
_STAMP = "changed"
# How long the command line waits for the worker to finish a batch.
_PATIENCE_SECONDS = 60

_ROOMS: Mapping[str, Callable[[Iterable[str] | None], list[Document]]] = {
    "programme": catalogue.documents,
    "desk": institutions.desk_documents,
    "organisation": institutions.organisation_documents,
    "project": results.documents,
    "event": events.documents,
}


def stamp() -> tuple[int, int]:
    """A value that differs once the index or its words were changed; one look at the disk."""
    try:
        found = os.stat(_stamp_of(settings.INDEX_DIR))
    except FileNotFoundError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_ino)


@cache
def _stamp_of(index: Path) -> str:
    """Where the stamp of an index lies; joining the path took as long as looking."""
    return str(index / _STAMP)


def _changed() -> None:
    """Tell every process that what it kept of the old index may be old."""
    words.write()
    files.write_atomically(settings.INDEX_DIR / _STAMP, b"")


def all_documents() -> list[Document]:
    """Everything that can be found."""
    return [document for documents in _ROOMS.values() for document in documents(None)]


def follow() -> int:
    """Bring what the outbox names into the index; returns how many records. Safe to run twice.

    Does nothing while another process writes the index: that one or the next round will do it. An index
    of an earlier version of the program or of the dictionary is built anew."""
    if is_readable(settings.INDEX_DIR) and words.read() and not outbox.pending(TOPIC, limit=1):
        return 0
    try:
        with Writer(settings.INDEX_DIR) as writer:
            # Notes and documents are read under the lock: what another writer has just followed may not
            # be overwritten by what was read before it.
            waiting = outbox.pending(TOPIC)
            count = _rebuild(writer) if writer.begins_anew else _bring(waiting, writer)
    except IndexBusyError:
        return 0
    _changed()
    outbox.done(waiting)
    return count


def _rebuild(writer: Writer) -> int:
    found = all_documents()
    writer.rebuild(found)
    return len(found)


def _bring(waiting: Sequence[outbox.Pending], writer: Writer) -> int:
    named: dict[str, set[str]] = {}
    for item in waiting:
        kind, _, slug = item.key.partition(":")
        # "words:" and what a later version may note need no document, only the words.
        if kind in _ROOMS:
            named.setdefault(kind, set()).add(slug)
    found = [document for kind, slugs in named.items() for document in _ROOMS[kind](slugs)]
    writer.delete(_gone(named, found))
    writer.upsert(found)
    writer.commit()
    return len(waiting)


def rebuild() -> int:
    """Build the whole index aside and swap it in; returns the number of documents.

    Raises IndexBusyError when another process goes on writing for longer than a minute."""
    with Writer(settings.INDEX_DIR, patience_seconds=_PATIENCE_SECONDS) as writer:
        count = _rebuild(writer)
    _changed()
    return count


def differences() -> Differences:
    """How the index differs from what the rooms offer."""
    return Reader(settings.INDEX_DIR).verify({item.key: item.content_hash for item in all_documents()})


def catch_up() -> int:
    """Make the index hold exactly what the rooms offer, writing only what differs; returns how many.

    Raises IndexBusyError when another process goes on writing for longer than a minute."""
    with Writer(settings.INDEX_DIR, patience_seconds=_PATIENCE_SECONDS) as writer:
        wanted = {document.key: document for document in all_documents()}
        if writer.begins_anew:
            writer.rebuild(wanted.values())
        else:
            held = Reader(settings.INDEX_DIR).snapshot().held()
            writer.delete(held.keys() - wanted.keys())
            writer.upsert(wanted.values())
            writer.commit()
    _changed()
    return len(wanted)


def _gone(named: Mapping[str, set[str]], found: Iterable[Document]) -> list[str]:
    """The indexed keys of the named records that they no longer offer."""
    offered = {document.key for document in found}
    groups = {f"{kind}:{slug}" for kind, slugs in named.items() for slug in slugs}
    held = Reader(settings.INDEX_DIR).snapshot().held()
    return [key for key in held if key not in offered and ":".join(key.split(":")[:2]) in groups]
