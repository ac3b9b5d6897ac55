"""Texts cut into marked and unmarked pieces. Never HTML: the page marks them."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from madoguchi.search.segments import Array
from madoguchi.search.text import is_kana

_LEAD = 20
_SENTENCE_ENDS = "。！？\n"


class Piece(NamedTuple):
    """A stretch of text, and whether it is what was looked for."""

    text: str
    hit: bool


class Marker:
    """Marks a set of folded texts wherever they occur."""

    def __init__(self, texts: Iterable[str]) -> None:
        # A lone kana is a particle in most places.
        wanted = sorted(
            {text for text in texts if len(text) > 1 or not is_kana(text)} - {""}, key=lambda t: (-len(t), t)
        )
        self._pattern = re.compile("|".join(map(re.escape, wanted))) if wanted else None

    def spans(self, squeezed: str) -> list[tuple[int, int]]:
        """Return where the texts occur in a folded, squeezed text; spans that touch are joined."""
        spans: list[tuple[int, int]] = []
        for match in self._pattern.finditer(squeezed) if self._pattern else ():
            if spans and spans[-1][1] == match.start():
                spans[-1] = (spans[-1][0], match.end())
            else:
                spans.append(match.span())
        return spans


def mark(text: str, steps: Array, spans: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    """Return a text in pieces that join to it again; `spans` are in the squeezed text, `steps` lead back."""
    return _cut(text, 0, len(text), _originals(text, steps, spans))


def snippet(text: str, steps: Array, spans: Sequence[tuple[int, int]], length: int) -> tuple[Piece, ...]:
    """Return the stretch of at most `length` characters with the most marks, in pieces."""
    originals = _originals(text, steps, spans)
    if len(text) <= length or not originals:
        return _cut(text, 0, min(len(text), length), [])
    begin = max(originals, key=lambda span: (_marked(originals, span[0], length), -span[0]))[0]
    start = _start(text, begin, length)
    return _cut(text, start, min(len(text), start + length), originals)


def _marked(spans: Sequence[tuple[int, int]], begin: int, length: int) -> int:
    inside = {(low, high) for low, high in spans if begin <= low and high <= begin + length - _LEAD}
    return sum(high - low for low, high in inside)


def _start(text: str, begin: int, length: int) -> int:
    """Return where to begin so that the mark stands near the front: after a sentence's end where one is near."""
    earliest = max(0, min(begin - _LEAD, len(text) - length))
    for at in range(begin, earliest, -1):
        if text[at - 1] in _SENTENCE_ENDS:
            return at
    return earliest


def _originals(text: str, steps: Array, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans of the squeezed text as spans of the original one."""
    pairs: list[list[int]] = steps.tolist()
    found: list[tuple[int, int]] = []
    for low, high in spans:
        begin, last = _original(pairs, low), _original(pairs, high - 1)
        # What one character became (㈱ is （株）) is marked whole.
        end = high
        while (after := _original(pairs, end)) <= last and end < high + 20:
            end += 1
        stop = begin + len(text[begin : min(after, len(text))].rstrip())
        if stop > begin and (not found or begin >= found[-1][1]):
            found.append((begin, stop))
    return found


def _original(pairs: list[list[int]], index: int) -> int:
    low, high = 0, len(pairs)
    while high - low > 1:
        middle = (low + high) // 2
        if pairs[middle][0] <= index:
            low = middle
        else:
            high = middle
    return pairs[low][1] + index - pairs[low][0]


def _cut(text: str, start: int, stop: int, spans: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    at = start
    for low, high in spans:
        low, high = max(low, at), min(high, stop)
        if high <= low:
            continue
        if low > at:
            pieces.append(Piece(text[at:low], hit=False))
        pieces.append(Piece(text[low:high], hit=True))
        at = high
    if at < stop:
        pieces.append(Piece(text[at:stop], hit=False))
    return tuple(pieces)
