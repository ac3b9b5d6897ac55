"""Texts cut into marked and unmarked pieces. Never HTML: the page marks them."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from madoguchi.search.text import Steps, is_kana

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
        self._texts = sorted({text for text in texts if len(text) > 1 or not is_kana(text)} - {""})

    def spans(self, squeezed: str) -> list[tuple[int, int]]:
        """Return where the texts occur in a folded, squeezed text; spans that touch are joined.

        Of texts that overlap the first counts, of those that begin together the longest.
        """
        # A pattern of all texts would find no quicker and takes longest to compile, for each new query.
        found: list[tuple[int, int]] = []
        for text in self._texts:
            begin = squeezed.find(text)
            while begin >= 0:
                found.append((begin, -begin - len(text)))
                begin = squeezed.find(text, begin + 1)
        found.sort()
        spans: list[tuple[int, int]] = []
        done = -1
        for begin, end in found:
            if begin == done:
                done = -end
                spans[-1] = (spans[-1][0], done)
            elif begin > done:
                done = -end
                spans.append((begin, done))
        return spans


def mark(text: str, steps: Steps, spans: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    """Return a text in pieces that join to it again; `spans` are in the squeezed text, `steps` lead back."""
    return _cut(text, 0, len(text), _originals(text, steps, spans))


def snippet(text: str, steps: Steps, spans: Sequence[tuple[int, int]], length: int) -> tuple[Piece, ...]:
    """Return the stretch of at most `length` characters with the most marks, in pieces."""
    if not spans:
        return _cut(text, 0, min(len(text), length), [])
    originals = _originals(text, steps, _richest(spans, length - _LEAD))
    start = _start(text, originals[0][0], length) if originals else 0
    return _cut(text, start, min(len(text), start + length), originals)


def _richest(spans: Sequence[tuple[int, int]], length: int) -> Sequence[tuple[int, int]]:
    """Return the spans of the stretch with the most marked characters, the first of equals."""
    best, most, marked, end = (0, 0), 0, 0, 0
    for begin, (low, high) in enumerate(spans):
        while end < len(spans) and spans[end][1] <= low + length:
            marked += spans[end][1] - spans[end][0]
            end += 1
        if marked > most:
            best, most = (begin, end), marked
        if end > begin:
            marked -= high - low
        else:
            end = begin + 1
    return spans[best[0] : best[1]]


def _start(text: str, begin: int, length: int) -> int:
    """Return where to begin to show the mark near the front, at a sentence's start where one is near."""
    earliest = max(0, min(begin - _LEAD, len(text) - length))
    last_end = max(text.rfind(end, earliest, begin) for end in _SENTENCE_ENDS)
    return earliest if last_end < 0 else last_end + 1


def _originals(text: str, steps: Steps, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans of the squeezed text as spans of the original one."""
    found: list[tuple[int, int]] = []
    for low, high in spans:
        begin, after = _original_span(steps, low, high)
        stop = begin + len(text[begin:after].rstrip())
        if stop > begin and (not found or begin >= found[-1][1]):
            found.append((begin, stop))
    return found


def _original_span(steps: Steps, low: int, high: int) -> tuple[int, int]:
    """Return where a span begins in the original text and where what follows it does."""
    squeezed, originals = steps
    at = bisect_right(squeezed, low) - 1
    if at + 1 == len(squeezed) or high < squeezed[at + 1]:
        shift = originals[at] - squeezed[at]
        return low + shift, high + shift
    last = _original(steps, high - 1)
    # What one character became (㈱ is （株）) is marked whole.
    end = high
    while (after := _original(steps, end)) <= last and end < high + 20:
        end += 1
    return _original(steps, low), after


def _original(steps: Steps, index: int) -> int:
    squeezed, originals = steps
    at = bisect_right(squeezed, index) - 1
    return originals[at] + index - squeezed[at]


def _cut(text: str, start: int, stop: int, spans: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    at = start
    for low, high in spans:
        begin, end = max(low, at), min(high, stop)
        if end <= begin:
            continue
        if begin > at:
            pieces.append(Piece(text[at:begin], hit=False))
        pieces.append(Piece(text[begin:end], hit=True))
        at = end
    if at < stop:
        pieces.append(Piece(text[at:stop], hit=False))
    return tuple(pieces)
