"""The search of a copy: texts as pairs of characters in small files, which the browser asks for."""

import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from madoguchi.finding import ask
from madoguchi.finding.indexing import all_documents
from madoguchi.search.documents import Document

SHARDS = 64
# How much a pair counts in a name, and elsewhere.
_IN_NAME, _ELSEWHERE = 4, 1


@dataclass(frozen=True)
class Found:
    """What one hit shows, and the codes by which a list is narrowed."""

    type: str
    name: str
    url: str
    summary: str
    kinds: tuple[str, ...]
    purposes: tuple[str, ...]


def documents() -> list[Document]:
    """The newest of each group that has a page: what is shown for it."""
    newest: dict[str, Document] = {}
    for document in all_documents():
        held = newest.get(document.group)
        if held is None or (document.fiscal_year or 0) > (held.fiscal_year or 0):
            newest[document.group] = document
    return sorted(newest.values(), key=lambda document: (document.type, document.name, document.key))


def shown(document: Document) -> Found:
    """A document as a hit."""
    return Found(
        document.type,
        document.name,
        ask.url_of(document.type, document.slug),
        document.summary,
        tuple(document.kinds),
        tuple(document.purposes),
    )


def files(found: Iterable[Document]) -> Iterator[tuple[str, bytes]]:
    """The files of the index: the hits, and the places of each pair by the number of its shard."""
    rows = list(found)
    hits = [vars(shown(row)) for row in rows]
    yield "search/index/documents.json", _json(hits)
    places: dict[int, dict[str, list[list[int]]]] = {shard: {} for shard in range(SHARDS)}
    for number, row in enumerate(rows):
        for pair, weight in weights(row).items():
            places[shard_of(pair)].setdefault(pair, []).append([number, weight])
    for shard, pairs in places.items():
        yield f"search/index/{shard:02}.json", _json(dict(sorted(pairs.items())))


def weights(document: Document) -> Mapping[str, int]:
    """Each pair of a document and how much it counts there."""
    found: dict[str, int] = defaultdict(int)
    for pair in pairs_of(" ".join((document.summary, document.body, *document.keywords))):
        found[pair] = _ELSEWHERE
    for pair in pairs_of(f"{document.name} {document.name_reading}"):
        found[pair] = _IN_NAME
    return found


def pairs_of(text: str) -> set[str]:
    """The pairs of characters in each run of letters and digits; the script of the page makes the same."""
    folded = unicodedata.normalize("NFKC", text).lower()
    plain = "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in folded)
    runs = "".join(c if unicodedata.category(c)[0] in "LN" else " " for c in plain).split()
    return {run[at : at + 2] for run in runs for at in range(len(run) - 1)}


def shard_of(pair: str) -> int:
    """In which file the places of a pair stand."""
    return sum(map(ord, pair)) % SHARDS


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
