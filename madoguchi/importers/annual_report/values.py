"""Cells of indicator tables in flattened text: which words are values, and which column a stack fills."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from madoguchi.importers.annual_report.layout import Layout
from madoguchi.importers.documents.lines import Line, key, plain
from madoguchi.results.cells import CellKind, read_cell

_LEAD = re.compile(r"(?:延べ?|のべ|累計|合?計|約|概ね|およそ|うち)+")
_DIGITS = r"[▲△+-]?\d[\d,]*(?:\.\d+)?"
# Counters are short; what begins with these is a name: 3か年計画, 5G普及件数, 2024年問題.
_COUNTER = r"(?!か年|ヶ年|ケ年|年[^間度]|次|期|号|級|種|代|条|項|月|[A-Za-z]\w{2})[^\d\s。、,()「」【】]{0,5}"
_ONE = rf"(?:(?:延べ?|のべ|累計|合?計|約|概ね|うち)\s?)*{_DIGITS}\s?{_COUNTER}(?:\([^)]*\))?"
_VALUE = re.compile(rf"{_ONE}(?:[・/／~～、]\s?{_ONE})*|[-…*]+|\([^)]*\d[^)]*\)")
_BRACKET = re.compile(r"\([^)]*\)?")
_TOO_MANY = 12


@dataclass(frozen=True)
class Piece:
    """A value as printed, and its line; `gap` tells whether an empty line stands before it."""

    text: str
    line: Line
    gap: int


class ValueReader:
    """Tells values from words, with the words a layout counts as values."""

    def __init__(self, layout: Layout) -> None:
        self._words = frozenset(map(key, layout.file.words_as_values))

    def split(self, line: Line) -> tuple[str, list[Piece]]:
        """Return the words a line begins with, and the values it ends with."""
        groups = list(_groups(line.text.split()))
        first = len(groups)
        while first > 0 and self.is_value(groups[first - 1]):
            first -= 1
        values = _with_brackets(
            [
                Piece(text, line, line.gap if place == 0 and first == 0 else 1)
                for place, text in enumerate(groups[first:])
            ]
        )
        return " ".join(groups[:first]), values

    def is_value(self, text: str) -> bool:
        """Tell whether a word is a value: a number, a dash, 随時."""
        return _VALUE.fullmatch(plain(text)) is not None or key(text) in self._words


def _groups(words: Sequence[str]) -> Iterator[str]:
    """Join what belongs to one value: 延べ 13名, 78.4 %, 165,551 千円."""
    waiting: list[str] = []
    done: str | None = None
    for word in words:
        flat = plain(word)
        tail = done is not None and plain(done)[-1:].isdigit() and re.fullmatch(r"%|(?:百万|千|万)?円", flat)
        if tail:
            done = f"{done} {word}"
            continue
        if done is not None:
            yield done
            done = None
        if _LEAD.fullmatch(flat):
            waiting.append(word)
            continue
        done = " ".join([*waiting, word])
        waiting = []
    if done is not None:
        yield done
    yield from waiting


def _with_brackets(values: Sequence[Piece]) -> list[Piece]:
    """A bracket belongs to the value before it."""
    joined: list[Piece] = []
    for piece in values:
        if joined and is_bracket(piece):
            last = joined[-1]
            joined[-1] = Piece(f"{last.text} {piece.text}", last.line, last.gap)
        else:
            joined.append(piece)
    return joined


def is_bracket(piece: Piece) -> bool:
    """Tell whether a piece is nothing but a bracket: it says more of what stands before it."""
    return _BRACKET.fullmatch(plain(piece.text)) is not None


def merged(stack: Sequence[Piece]) -> list[Piece]:
    """Return a stack of values, brackets with the value they stand under."""
    return _with_brackets(stack)


def partition(stack: Sequence[Piece], years: Sequence[int | None]) -> list[list[Piece]] | None:
    """Return the values dealt to as many columns as there are years; None when there are too few.

    Each column gets one value or more. Columns whose units agree speak for a way to cut, as do a dash that
    stands alone, a cell that begins without an empty line, and a date that lies in the column's year.
    """
    count = len(years)
    if len(stack) < count or len(stack) > _TOO_MANY:
        return None
    best: tuple[float, list[list[Piece]]] | None = None
    for cuts in combinations(range(1, len(stack)), count - 1):
        edges = (0, *cuts, len(stack))
        columns = [list(stack[edges[i] : edges[i + 1]]) for i in range(count)]
        score = _fit(columns, years)
        if best is None or score > best[0]:
            best = score, columns
    return best[1] if best else None


def _fit(columns: Sequence[Sequence[Piece]], years: Sequence[int | None]) -> float:
    score = 0.0
    signatures = set()
    for place, (column, year) in enumerate(zip(columns, years, strict=True)):
        cells = [read_cell(piece.text) for piece in column]
        dashes = sum(cell.kind is CellKind.NOT_MEASURED for cell in cells)
        if dashes:
            score += 1.0 if len(cells) == 1 else -3.0
        else:
            signatures.add(tuple(part.unit for cell in cells for part in cell.parts))
        score += sum(_dated(part.as_of, year) for cell in cells for part in cell.parts)
        score -= sum(piece.gap == 0 for piece in column[1:])
        score += place > 0 and column[0].gap == 0
    sizes = {len(column) for column in columns}
    return score + 3.0 * (len(signatures) <= 1) + 0.5 * (len(sizes) == 1)


_MONTH = re.compile(r"(?:[RHS]|令和|平成)\s?(\d{1,2})[.年]\s?(\d{1,2})")


def _dated(as_of: str, year: int | None) -> float:
    """Whether a date such as R4.6 lies in the year of its column."""
    found = _MONTH.search(plain(as_of))
    if found is None or year is None:
        return 0.0
    base = 1988 if plain(as_of).startswith(("H", "平成")) else 2018
    lies_in = base + int(found[1]) - (int(found[2]) < 4)
    return 1.0 if lies_in == year else -1.0
