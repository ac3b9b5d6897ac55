"""Documents into a segment, and small segments into a larger one."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np

from madoguchi.search.analyser import Token, analyse
from madoguchi.search.documents import FIELDS, MODES, Document
from madoguchi.search.segments import (
    FOREVER,
    NO_DAY,
    NO_YEAR,
    PLACE,
    SUMMARY_END,
    VALUE_SETS,
    Array,
    Blob,
    Postings,
    Segment,
)
from madoguchi.search.text import (
    FILTER_BITS,
    fold_field,
    grams_of,
    hash64,
    pack_steps,
    squeeze,
    to_hiragana,
    triple_bits,
)
from madoguchi.search.weights import field_weight, impacts

# A compound of more nouns than this is a title, not a word that people mistype.
_COMPOUND = 4
# Sorting this many postings at a time keeps a merge of 100,000 documents under two gigabytes.
_MERGE_AT_ONCE = 20_000_000

_PLAIN_COLUMNS = ("filters", "key_hash", "group_hash", "fiscal_year", "published", "mode")

DAY_ZERO = date(1970, 1, 1)


def build_segment(documents: Sequence[Document]) -> Segment:
    """Return the segment of some documents with different keys."""
    builder = _Builder()
    for document in documents:
        builder.add(document)
    return builder.finish()


def day_number(day: date) -> int:
    """Return the days since 1970-01-01."""
    return day.toordinal() - DAY_ZERO.toordinal()


class _Builder:
    def __init__(self) -> None:
        self.documents: list[Document] = []
        self.vocabulary: dict[str, tuple[str, set[str]]] = {}
        self.numbers: dict[str, int] = {}
        self.names: set[str] = set()
        self.texts: list[bytes] = []
        self.steps: list[bytes] = []
        self.filters: list[Array] = []
        self.word_ids: list[int] = []
        self.word_counts: list[int] = []
        self.word_weights: list[float] = []
        self.gram_keys: list[Array] = []
        self.gram_weights: list[Array] = []

    def add(self, document: Document) -> None:
        weights: dict[str, float] = {}
        keys, counts, lines, steps = [], [], [], []
        for name in FIELDS:
            text, line, moves = fold_field(document.texts[name])
            tokens = [token for token in analyse(text) if not token.noise]
            weight = field_weight(name, len(tokens))
            for token in tokens:
                self._count(token, weight, weights)
            if name in {"name", "keywords"}:
                self._remember_names(text, tokens)
            lines.append(line)
            steps.append(moves)
            grams = grams_of(line)
            keys.append(grams)
            counts.append(np.full(len(grams), weight))
        if document.name_reading:
            self.names.add(f"{lines[0]}\t{squeeze(to_hiragana(document.name_reading))}")
        self.steps.append(pack_steps(steps))
        self.texts.append(_utf8("\n".join(lines)))
        self.filters.append(_filter(lines))
        self._finish_document(document, weights)
        unique, places = np.unique(np.concatenate(keys), return_inverse=True)
        self.gram_keys.append(unique)
        self.gram_weights.append(np.bincount(places, np.concatenate(counts), len(unique)))

    def _count(self, token: Token, weight: float, weights: dict[str, float]) -> None:
        weights[token.text] = weights.get(token.text, 0.0) + weight
        self._learn(token.text, token.reading, token.surface)
        for part in (*token.parts, *token.middles):
            if part.text:
                weights[part.text] = weights.get(part.text, 0.0) + weight
                self._learn(part.text, part.reading, part.surface)

    def _learn(self, text: str, reading: str, surface: str) -> None:
        known = self.vocabulary.get(text)
        if known is None:
            self.numbers[text] = len(self.vocabulary)
            known = self.vocabulary[text] = (reading, set())
        known[1].add(surface)

    def _remember_names(self, text: str, tokens: list[Token]) -> None:
        for start, first in enumerate(tokens):
            run = [first]
            for before, token in pairwise(tokens[start : start + _COMPOUND]):
                if token.begin != before.end or not token.noun:
                    break
                run.append(token)
                compound = text[first.begin : token.end]
                self.names.add(f"{compound}\t{''.join(each.reading for each in run)}")

    def _finish_document(self, document: Document, weights: dict[str, float]) -> None:
        self.documents.append(document)
        self.word_counts.append(len(weights))
        self.word_ids.extend(map(self.numbers.__getitem__, weights))
        self.word_weights.extend(weights.values())

    def finish(self) -> Segment:
        documents = self.documents
        count = len(documents)
        keys = np.fromiter(map(hash64, self.vocabulary), np.uint64, len(self.vocabulary))
        entries = [_entry(text, *known) for text, known in self.vocabulary.items()]
        docs = np.arange(count, dtype=np.uint32)
        words = Postings.of(
            keys[np.array(self.word_ids, np.int64)],
            np.repeat(docs, np.array(self.word_counts, np.int64)),
            impacts(np.array(self.word_weights, np.float64)),
        )
        grams = Postings.of(
            np.concatenate([*self.gram_keys, np.zeros(0, np.uint64)]),
            np.repeat(docs, np.array([len(found) for found in self.gram_keys], np.int64)),
            impacts(np.concatenate([*self.gram_weights, np.zeros(0)])),
        )
        signatures, facets = _facet_columns(documents)
        windows = [window for document in documents for window in document.windows]
        return Segment(
            words=words,
            grams=grams,
            vocabulary=Blob.of([entries[index] for index in np.argsort(keys)]),
            names=Blob.of([_utf8(name) for name in sorted(self.names)]),
            cards=Blob.of([_utf8(document.card) for document in documents]),
            originals=Blob.of([_original(document) for document in documents]),
            texts=Blob.of(self.texts),
            steps=Blob.of(self.steps),
            keys=Blob.of([_utf8(document.key) for document in documents]),
            hashes=Blob.of([_utf8(document.content_hash) for document in documents]),
            filters=np.array(self.filters, np.uint8).reshape(count, FILTER_BITS // 8),
            key_hash=_column(documents, lambda document: hash64(document.key), np.uint64),
            group_hash=_column(documents, lambda document: hash64(document.group or document.key), np.uint64),
            fiscal_year=_column(documents, lambda document: document.fiscal_year or NO_YEAR, np.int16),
            published=_column(documents, lambda document: _day_or(document.published_on, NO_DAY), np.int32),
            mode=_column(documents, lambda document: MODES.index(document.mode), np.uint8),
            window_starts=np.concatenate(
                ([0], np.cumsum([len(document.windows) for document in documents], dtype=np.uint32))
            ).astype(np.uint32),
            window_opens=np.array([_day_or(opens, NO_DAY) for opens, _ in windows], np.int32),
            window_closes=np.array([_day_or(closes, FOREVER) for _, closes in windows], np.int32),
            facets=facets,
            signatures=signatures,
        )


def _filter(lines: Sequence[str]) -> Array:
    bits = np.zeros(FILTER_BITS, bool)
    for line in lines:
        bits[triple_bits(line)] = True
    return np.packbits(bits)


def _entry(text: str, reading: str, surfaces: set[str]) -> bytes:
    return _utf8("\t".join((text, reading, *sorted(surfaces))))


def _original(document: Document) -> bytes:
    return SUMMARY_END.join(_utf8(text.replace("\0", " ")) for text in (document.summary, document.body))


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _day_or(day: date | None, missing: int) -> int:
    return missing if day is None else day_number(day)


def _column(documents: Iterable[Document], read: Callable[[Document], int], kind: type[np.generic]) -> Array:
    return np.array([read(document) for document in documents], kind)


def _facet_columns(
    documents: Sequence[Document],
) -> tuple[dict[str, list[tuple[str, ...]]], dict[str, Array]]:
    signatures: dict[str, list[tuple[str, ...]]] = {}
    columns: dict[str, Array] = {}
    for facet in VALUE_SETS:
        numbers: dict[tuple[str, ...], int] = {}
        codes = [numbers.setdefault(_values(document, facet), len(numbers)) for document in documents]
        signatures[facet] = list(numbers)
        columns[facet] = np.array(codes, np.int32)
    return signatures, columns


def _values(document: Document, facet: str) -> tuple[str, ...]:
    if facet == "type":
        return (document.type,)
    if facet == "fiscal_year":
        return () if document.fiscal_year is None else (str(document.fiscal_year),)
    values = {
        "kind": document.kinds,
        "purpose": document.purposes,
        "industry": document.industries,
        "area": document.areas,
        "organisation": document.organisations,
        PLACE: document.places,
    }[facet]
    return tuple(sorted(set(values)))


def merge_segments(parts: Sequence[tuple[Segment, Array]]) -> Segment:
    """Return one segment of the documents that are alive in the given ones (segment, alive mask)."""
    moves = _moves([alive for _, alive in parts])
    segments = [segment for segment, _ in parts]
    words = _merge_postings([segment.words for segment in segments], moves)
    facets, signatures = _merge_facets(parts)
    window_counts: list[Array] = [np.diff(s.window_starts.astype(np.int64)) for s in segments]
    kept_windows = [np.repeat(alive, counts) for (_, alive), counts in zip(parts, window_counts, strict=True)]

    def column(name: str) -> Array:
        return np.concatenate([getattr(segment, name)[alive] for segment, alive in parts])

    def window(name: str) -> Array:
        pairs = zip(segments, kept_windows, strict=True)
        return np.concatenate([getattr(segment, name)[kept] for segment, kept in pairs])

    alive_counts = [counts[alive] for (_, alive), counts in zip(parts, window_counts, strict=True)]
    blobs = {
        name: _merge_blob(parts, name) for name in ("cards", "originals", "texts", "steps", "keys", "hashes")
    }
    columns = {name: column(name) for name in _PLAIN_COLUMNS}
    merged: dict[str, Any] = {**blobs, **columns}
    return Segment(
        words=words,
        grams=_merge_postings([segment.grams for segment in segments], moves),
        vocabulary=_merge_vocabulary(segments, words.keys),
        names=Blob.of(sorted({name for segment in segments for name in segment.names})),
        window_starts=np.concatenate(([0], np.cumsum(np.concatenate(alive_counts)))).astype(np.uint32),
        window_opens=window("window_opens"),
        window_closes=window("window_closes"),
        facets=facets,
        signatures=signatures,
        **merged,
    )


def _moves(masks: Sequence[Array]) -> list[Array]:
    """Return for each segment its documents' new numbers, -1 for the dead."""
    moves, base = [], 0
    for alive in masks:
        moves.append(np.where(alive, base + np.cumsum(alive) - 1, -1))
        base += int(alive.sum())
    return moves


def _merge_blob(parts: Sequence[tuple[Segment, Array]], name: str) -> Blob:
    items: list[bytes] = []
    for segment, alive in parts:
        items.extend(item for item, keep in zip(getattr(segment, name), alive.tolist(), strict=True) if keep)
    return Blob.of(items)


def _merge_facets(
    parts: Sequence[tuple[Segment, Array]],
) -> tuple[dict[str, Array], dict[str, list[tuple[str, ...]]]]:
    columns: dict[str, Array] = {}
    signatures: dict[str, list[tuple[str, ...]]] = {}
    for facet in VALUE_SETS:
        numbers: dict[tuple[str, ...], int] = {}
        found = []
        for segment, alive in parts:
            codes = [numbers.setdefault(values, len(numbers)) for values in segment.signatures[facet]]
            found.append(np.array(codes, np.int32)[segment.facets[facet][alive]])
        columns[facet] = np.concatenate(found)
        signatures[facet] = list(numbers)
    return columns, signatures


def _merge_postings(tables: Sequence[Postings], moves: Sequence[Array]) -> Postings:
    pieces = []
    borders = _borders(tables)
    for low, high in pairwise(borders):
        triples = [_slice(table, move, low, high) for table, move in zip(tables, moves, strict=True)]
        pieces.append(Postings.of(*(np.concatenate(column) for column in zip(*triples, strict=True))))
    sizes = np.cumsum([0, *(len(piece.docs) for piece in pieces)])
    shifted = [piece.starts[:-1] + np.uint64(size) for piece, size in zip(pieces, sizes, strict=False)]
    return Postings(
        np.concatenate([piece.keys for piece in pieces]),
        np.append(np.concatenate(shifted), np.uint64(sizes[-1])),
        np.concatenate([piece.docs for piece in pieces]),
        np.concatenate([piece.impacts for piece in pieces]),
    )


def _borders(tables: Sequence[Postings]) -> list[int | None]:
    """Return keys that cut the tables into slices that sort within bounded memory (None: no limit)."""
    slices = sum(len(table.docs) for table in tables) // _MERGE_AT_ONCE
    largest = max(tables, key=lambda table: len(table.docs))
    targets = [len(largest.docs) * step // (slices + 1) for step in range(1, slices + 1)]
    cuts = np.searchsorted(largest.starts, np.array(targets, np.uint64))
    inner = sorted({int(largest.keys[min(cut, len(largest.keys) - 1)]) for cut in cuts.tolist()})
    return [None, *inner, None]


def _slice(table: Postings, move: Array, low: int | None, high: int | None) -> tuple[Array, Array, Array]:
    first = 0 if low is None else int(np.searchsorted(table.keys, np.uint64(low)))
    last = len(table.keys) if high is None else int(np.searchsorted(table.keys, np.uint64(high)))
    starts = table.starts[first : last + 1].astype(np.int64)
    docs = move[table.docs[starts[0] : starts[-1]]]
    alive = docs >= 0
    keys = np.repeat(table.keys[first:last], np.diff(starts))
    return keys[alive], docs[alive].astype(np.uint32), table.impacts[starts[0] : starts[-1]][alive]


def _merge_vocabulary(segments: Sequence[Segment], keys: Array) -> Blob:
    known: dict[str, tuple[str, set[str]]] = {}
    for segment in segments:
        for entry in segment.vocabulary:
            text, reading, *surfaces = entry.decode("utf-8", "surrogatepass").split("\t")
            known.setdefault(text, (reading, set()))[1].update(surfaces)
    by_key = {hash64(text): _entry(text, *rest) for text, rest in known.items()}
    return Blob.of([by_key[key] for key in keys.tolist()])
