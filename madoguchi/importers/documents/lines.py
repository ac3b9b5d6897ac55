"""The lines of a document as printed, and how to compare and rejoin them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from madoguchi.japan.text import fold

# One character by another, so that what is found in the plain form can be cut from the text as printed.
_PLAIN = str.maketrans(
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    | {0x3000: " ", 0x00A0: " ", ord("〜"): "~", ord("﹣"): "-"}
    | dict.fromkeys(map(ord, "‐‑‒–—―−─"), "-")
)
_LATIN = re.compile(r"[A-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line that is not empty. `number` counts from 1 in the file (in a PDF: over its lines).

    `page` is the printed page where the document tells, else the sheet; None when there are no pages.
    `gap` is how many empty lines stand before it. `cells` are the columns of a ruled or tabbed row.
    """

    number: int
    text: str
    page: int | None = None
    gap: int = 0
    cells: tuple[str, ...] = ()

    @property
    def plain(self) -> str:
        """The text with half-width letters, figures, dashes and spaces, as long as the original."""
        return plain(self.text)


@dataclass(frozen=True)
class Document:
    """A file that was read: its name, the hash of its bytes, and its lines."""

    name: str
    sha256: str
    lines: tuple[Line, ...]


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """Return the text in half width, character by character, so that positions stay the same."""
    return text.translate(_PLAIN)


@lru_cache(maxsize=50_000)
def key(text: str) -> str:
    """Return the form in which two writings of a name are compared: folded, without any space."""
    return fold(text).replace(" ", "")


def join(texts: Iterable[str]) -> str:
    """Rejoin a text that was broken over lines: Japanese without a space, Latin words with one."""
    joined = ""
    for text in texts:
        piece = text.strip()
        apart = joined and piece and _LATIN.match(joined[-1]) and _LATIN.match(piece[0])
        joined += f" {piece}" if apart else piece
    return joined


def span(lines: Sequence[Line]) -> tuple[int, int]:
    """Return the numbers of the first and the last line."""
    numbers = [line.number for line in lines]
    return min(numbers), max(numbers)
