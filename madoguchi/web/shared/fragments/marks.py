"""Found texts as HTML: what was looked for in mark, names folded at their own points.

Not a template: a page of results shows forty such texts of several pieces each.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

# Django's own looks for lazy texts first, which takes longer than escaping.
from html import escape
from itertools import accumulate, pairwise
from typing import Protocol

from django.utils.safestring import SafeString

from madoguchi.web.shared import folding


class Piece(Protocol):
    """A stretch of a found text; `hit` when the search words stand in it."""

    @property
    def text(self) -> str: ...
    @property
    def hit(self) -> bool: ...


def marked(pieces: Iterable[Piece]) -> SafeString:
    """A text with the found words in mark."""
    return SafeString(
        "".join(
            [f"<mark>{escape(piece.text)}</mark>" if piece.hit else escape(piece.text) for piece in pieces]
        )
    )


def marked_name(pieces: Sequence[Piece], breaks: str) -> SafeString:
    """A name with what was looked for in mark, that breaks only where `|` stands in `breaks`."""
    if not any(piece.hit for piece in pieces):
        return folding.breaks(breaks or "".join([piece.text for piece in pieces]))
    if not breaks:
        return marked(pieces)
    folds, shown, begin = _folds(breaks), [], 0
    for piece in pieces:
        end = begin + len(piece.text)
        inner = _folded(piece.text, begin, [fold for fold in folds if begin <= fold < end])
        shown.append(f"<mark>{inner}</mark>" if piece.hit else inner)
        begin = end
    return SafeString(f'<span class="ph"{folding.lang_of_content()}>{"".join(shown)}</span>')


def _folded(text: str, begin: int, folds: Sequence[int]) -> str:
    """A text that begins at `begin` in its name, with a fold before the characters at `folds`."""
    if not folds:
        return escape(text)
    cuts = [0, *(fold - begin for fold in folds), len(text)]
    return "<wbr>".join([escape(text[start:end]) for start, end in pairwise(cuts)])


@lru_cache(maxsize=4096)
def _folds(breaks: str) -> tuple[int, ...]:
    """How many characters stand before each `|`."""
    return tuple(accumulate(map(len, breaks.split(folding.FOLD))))[:-1]
