"""The engines that are compared: each builds its index of the same documents and answers the same queries."""

import re
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
import psycopg
import tantivy

from bench.queries import Asked, plain
from madoguchi.japan.text import fold
from madoguchi.search.analyser import analyse
from madoguchi.search.documents import Document
from madoguchi.search.engine import Engine, Settings
from madoguchi.search.index import Reader, Writer
from madoguchi.search.matching import Matcher
from madoguchi.search.places import Gazetteer, Place
from madoguchi.search.query import Parser
from madoguchi.search.results import SearchRequest
from madoguchi.search.text import clean
from madoguchi.search.thesaurus import Thesaurus

TOP = 20
_ON = date(2024, 6, 1)
_SPACES = str.maketrans("01", " \u3000")
_CLAUSE = re.compile(r"[、。\n]+")


@dataclass(frozen=True)
class Texts:
    """The documents as each engine takes them: tokens and character pairs are separated by spaces."""

    documents: Sequence[Document]
    plain: Sequence[str]
    tokens: Sequence[str]


class Measured(Protocol):
    """An engine; `top` gives the number of hits it knows of, `found` the numbers of all documents.

    Processor time is measured of those that run in this process."""

    name: str
    in_process: bool

    def build(self, texts: Texts) -> None:
        """Build the index."""

    def size(self) -> int:
        """The bytes of the index on disk."""

    def top(self, asked: Asked) -> int:
        """Answer the best twenty."""

    def found(self, asked: Asked) -> set[int]:
        """Answer everything."""


def tokens_of(text: str) -> list[str]:
    """The short units of a text, normalised: what Madoguchi itself indexes, without its long units."""
    return [token for clause in _CLAUSE.split(text) for token in _tokens_of_clause(clause)]


@cache
def _tokens_of_clause(clause: str) -> tuple[str, ...]:
    found: list[str] = []
    for token in analyse(fold(clean(clause))):
        if not token.noise:
            parts = [part.text for part in token.parts if part.text]
            found.extend(parts or [token.text])
    return tuple(found)


def pairs_of(plain_text: str) -> list[str]:
    """The character pairs of a plain text."""
    squeezed = "".join(plain_text.split())
    return [squeezed[at : at + 2] for at in range(len(squeezed) - 1)]


class Ours:
    """Madoguchi's engine. Without facets: the same matching and the best twenty, nothing counted or shown."""

    in_process = True

    def __init__(self, directory: Path, thesaurus: Thesaurus, places: Sequence[Place]) -> None:
        self.name = "Madoguchi"
        self._directory = directory
        self._thesaurus = thesaurus
        self._places = places

    def build(self, texts: Texts) -> None:
        if not (self._directory / "current").exists():
            with Writer(self._directory) as writer:
                writer.rebuild(texts.documents)
        self._engine = Engine(self._directory, self._thesaurus, self._places, Settings())
        self._parser = Parser(self._thesaurus, Gazetteer(self._places))
        snapshot = Reader(self._directory).snapshot()
        self._matcher = Matcher(snapshot, self._parser)
        numbers = {document.key: number for number, document in enumerate(texts.documents)}
        keys = (key.decode() for segment in snapshot.segments for key in segment.keys)
        self._numbers = np.array([numbers[key] for key in keys])
        self._asked = 0

    def size(self) -> int:
        return _bytes_below(self._directory)

    def top(self, asked: Asked) -> int:
        """Ask in a text that the engine has never seen: other spaces at its end, which mean nothing."""
        self._asked += 1
        return self._ask(asked.text + f"{self._asked:b}".translate(_SPACES))

    def again(self, asked: Asked) -> int:
        """Ask in the very text that was asked before."""
        return self._ask(asked.text)

    def _ask(self, text: str) -> int:
        result = self._engine.search(SearchRequest(on=_ON, text=text, limit=TOP))
        for counts in result.facets.values():
            _ = counts.columns  # Made when they are read.
        return result.total

    def bare(self, asked: Asked) -> int:
        """Match and take the best twenty, nothing else."""
        match = self._matcher.match(self._parser.parse(asked.text))
        found = np.flatnonzero(match.mask)
        if len(found) > TOP:
            score = match.score[found]
            best = np.argpartition(-score, TOP)[:TOP]
            found[best[np.argsort(-score[best])]]
        return len(found)

    def found(self, asked: Asked) -> set[int]:
        match = self._matcher.match(self._parser.parse(asked.text))
        return set(self._numbers[np.flatnonzero(match.mask)].tolist())


class OursAgain:
    """The same engine, asked what others have asked before: it remembers how it understood a text."""

    in_process = True

    def __init__(self, whole: Ours) -> None:
        self.name = "Madoguchi, repeated queries"
        self._whole = whole
        self.found = whole.found
        self.top = whole.again
        self.size = whole.size

    def build(self, texts: Texts) -> None:
        """Nothing of its own."""


class OursBare:
    """The same engine, asked for the best twenty alone."""

    in_process = True

    def __init__(self, whole: Ours) -> None:
        self.name = "Madoguchi, no facets or snippets"
        self._whole = whole
        self.found = whole.found
        self.top = whole.bare
        self.size = whole.size

    def build(self, texts: Texts) -> None:
        """Nothing of its own."""


class _Sqlite(ABC):
    in_process = True

    def __init__(self, directory: Path) -> None:
        self._file = directory / f"{type(self).__name__}.sqlite3"
        self._connection = sqlite3.connect(self._file)
        self._connection.execute("PRAGMA cache_size = -2000000")

    def _fill(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        with self._connection as connection:
            connection.executemany(statement, rows)
            connection.execute("INSERT INTO texts (texts) VALUES ('optimize')")

    def size(self) -> int:
        return self._file.stat().st_size

    @abstractmethod
    def _where(self, asked: Asked) -> tuple[str, list[str]]:
        """The condition and its values."""

    def top(self, asked: Asked) -> int:
        where, values = self._where(asked)
        ranked = "ORDER BY bm25(texts)" if "MATCH" in where else ""
        statement = f"SELECT rowid FROM texts WHERE {where} {ranked} LIMIT {TOP}"
        self._connection.execute(statement, values).fetchall()
        total: int = self._connection.execute(f"SELECT count(*) FROM texts WHERE {where}", values).fetchone()[
            0
        ]
        return total

    def found(self, asked: Asked) -> set[int]:
        where, values = self._where(asked)
        return {row for (row,) in self._connection.execute(f"SELECT rowid FROM texts WHERE {where}", values)}


class FtsTrigram(_Sqlite):
    """FTS5 with its trigram tokenizer; terms under three characters are looked for in the texts."""

    name = "FTS5 trigram"

    def build(self, texts: Texts) -> None:
        self._connection.execute("CREATE VIRTUAL TABLE texts USING fts5(body, tokenize = 'trigram')")
        self._fill("INSERT INTO texts (rowid, body) VALUES (?, ?)", enumerate(texts.plain))

    def _where(self, asked: Asked) -> tuple[str, list[str]]:
        terms = [fold(term) for term in asked.terms]
        long = [_quoted(term) for term in terms if len(term) >= 3]
        short = [term for term in terms if len(term) < 3]
        parts = ["texts MATCH ?"] * bool(long) + ["instr(body, ?) > 0"] * len(short)
        return " AND ".join(parts), [" AND ".join(long)] * bool(long) + short


class FtsTokens(_Sqlite):
    """FTS5 over Sudachi's tokens; a term is a phrase of its tokens."""

    name = "FTS5 tokens"

    def build(self, texts: Texts) -> None:
        self._connection.execute("CREATE VIRTUAL TABLE texts USING fts5(tokens, content = '')")
        self._fill("INSERT INTO texts (rowid, tokens) VALUES (?, ?)", enumerate(texts.tokens))

    def _where(self, asked: Asked) -> tuple[str, list[str]]:
        return "texts MATCH ?", [" AND ".join(_phrase(tokens_of(term)) for term in asked.terms)]


class FtsTokensAndPairs(_Sqlite):
    """FTS5 over tokens and character pairs: a term is a phrase of either."""

    name = "FTS5 tokens + bigrams"

    def build(self, texts: Texts) -> None:
        self._connection.execute("CREATE VIRTUAL TABLE texts USING fts5(tokens, pairs, content = '')")
        rows = (
            (number, tokens, " ".join(pairs_of(text)))
            for number, (tokens, text) in enumerate(zip(texts.tokens, texts.plain, strict=True))
        )
        self._fill("INSERT INTO texts (rowid, tokens, pairs) VALUES (?, ?, ?)", rows)

    def _where(self, asked: Asked) -> tuple[str, list[str]]:
        return "texts MATCH ?", [" AND ".join(map(self._either, asked.terms))]

    def add_facets(self, documents: Sequence[Document]) -> None:
        """Write down every value of every facet."""
        run = self._connection.execute
        run("CREATE TABLE facets (number INTEGER, facet TEXT, value TEXT)")
        rows = ((number, *row) for number, document in enumerate(documents) for row in _facets(document))
        with self._connection as connection:
            connection.executemany("INSERT INTO facets VALUES (?, ?, ?)", rows)
        run("CREATE INDEX of_number ON facets (number, facet, value)")

    def count_facets(self, asked: Asked) -> None:
        """Count the values of what is found."""
        where, values = self._where(asked)
        self._connection.execute(
            "SELECT facet, value, count(*) FROM facets"
            f" WHERE number IN (SELECT rowid FROM texts WHERE {where}) GROUP BY facet, value",
            values,
        ).fetchall()

    def _either(self, term: str) -> str:
        return f"(tokens : {_phrase(tokens_of(term))} OR pairs : {_phrase(pairs_of(plain(term)))})"


class FtsFaceted:
    """The same tables, with the counts of every facet besides: what a list of results shows."""

    in_process = True

    def __init__(self, whole: FtsTokensAndPairs) -> None:
        self.name = f"{whole.name}, with facets"
        self._whole = whole
        self.found = whole.found
        self.size = whole.size

    def build(self, texts: Texts) -> None:
        self._whole.add_facets(texts.documents)

    def top(self, asked: Asked) -> int:
        self._whole.count_facets(asked)
        return self._whole.top(asked)


class Tantivy:
    """tantivy over Sudachi's tokens, nothing stored but the number."""

    in_process = True

    def __init__(self, directory: Path) -> None:
        self.name = "tantivy tokens, top 20 + count"
        self._directory = directory / "tantivy"
        self._directory.mkdir()

    def build(self, texts: Texts) -> None:
        schema = tantivy.SchemaBuilder()
        schema.add_integer_field("number", stored=True)
        schema.add_text_field("tokens", tokenizer_name="spaces", index_option="position")
        self._index = tantivy.Index(schema.build(), path=str(self._directory))
        spaces = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer("spaces", spaces)
        writer = self._index.writer(heap_size=400_000_000, num_threads=1)
        for number, tokens in enumerate(texts.tokens):
            writer.add_document(tantivy.Document(number=number, tokens=tokens))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()
        self._count = len(texts.documents)

    def size(self) -> int:
        return _bytes_below(self._directory)

    def _query(self, asked: Asked) -> tantivy.Query:
        parts = []
        for term in asked.terms:
            words = tokens_of(term)
            schema = self._index.schema
            if len(words) > 1:
                parts.append(tantivy.Query.phrase_query(schema, "tokens", list(words)))
            else:
                parts.append(tantivy.Query.term_query(schema, "tokens", words[0] if words else ""))
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in parts])

    def top(self, asked: Asked) -> int:
        total: int = self._searcher.search(self._query(asked), TOP, count=True).count
        return total

    def uncounted(self, asked: Asked) -> int:
        """The best twenty; how many there are is not asked."""
        return len(self._searcher.search(self._query(asked), TOP, count=False).hits)

    def found(self, asked: Asked) -> set[int]:
        hits = self._searcher.search(self._query(asked), self._count).hits
        return {self._searcher.doc(address)["number"][0] for _, address in hits}


class TantivyUncounted:
    """The same index, asked for the best twenty alone."""

    in_process = True

    def __init__(self, whole: Tantivy) -> None:
        self.name = "tantivy tokens, top 20 only"
        self.found = whole.found
        self.top = whole.uncounted
        self.size = whole.size

    def build(self, texts: Texts) -> None:
        """Nothing of its own."""


class Postgres:
    """PostgreSQL's tsvector over Sudachi's tokens, with a GIN index."""

    name = "PostgreSQL tsvector"
    in_process = False

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self.name += f" {self._connection.info.server_version // 10_000}"

    def build(self, texts: Texts) -> None:
        run = self._connection.execute
        run("CREATE TEMPORARY TABLE texts (number integer, tokens tsvector)")
        with self._connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE incoming (number integer, tokens text)")
            with cursor.copy("COPY incoming FROM STDIN") as copy:
                for row in enumerate(texts.tokens):
                    copy.write_row(row)
        run("INSERT INTO texts SELECT number, to_tsvector('simple', tokens) FROM incoming")
        run("DROP TABLE incoming")
        run("CREATE INDEX ON texts USING gin (tokens)")
        run("ANALYZE texts")

    def size(self) -> int:
        row = self._connection.execute("SELECT pg_total_relation_size('texts')").fetchone()
        return int(row[0]) if row else 0

    def _query(self, asked: Asked) -> tuple[str, list[str]]:
        parts = ["phraseto_tsquery('simple', %s)"] * len(asked.terms)
        return f"SELECT {' && '.join(parts)} AS wanted", [" ".join(tokens_of(term)) for term in asked.terms]

    def top(self, asked: Asked) -> int:
        query, values = self._query(asked)
        rows = self._connection.execute(
            f"SELECT number, count(*) OVER () FROM texts, ({query}) AS query WHERE tokens @@ wanted"
            f" ORDER BY ts_rank(tokens, wanted) DESC LIMIT {TOP}",
            values,
        ).fetchall()
        return int(rows[0][1]) if rows else 0

    def found(self, asked: Asked) -> set[int]:
        query, values = self._query(asked)
        statement = f"SELECT number FROM texts, ({query}) AS query WHERE tokens @@ wanted"
        return {number for (number,) in self._connection.execute(statement, values)}


def _facets(document: Document) -> Iterator[tuple[str, str]]:
    yield "type", document.type
    yield "fiscal_year", str(document.fiscal_year)
    yield "status", document.mode
    for name in ("kinds", "purposes", "industries", "areas", "organisations"):
        for value in getattr(document, name):
            yield name, value


def _phrase(tokens: Sequence[str]) -> str:
    return _quoted(" ".join(tokens))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', " ") + '"'


def _bytes_below(directory: Path) -> int:
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
