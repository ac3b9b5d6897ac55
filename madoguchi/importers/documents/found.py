"""A value with where it was read and how sure the reading is, for a person to accept, correct or reject."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from madoguchi.importers.documents.lines import Line, span

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

# How sure a reading is, from 0 to 1; the reason stands beside it.
SURE, LIKELY, UNSURE, GUESS = 1.0, 0.8, 0.5, 0.3


@dataclass(frozen=True)
class Found(Generic[T_co]):
    """A value, the text it was read from (in one line), its lines and page, and how sure it is."""

    value: T_co
    source: str
    lines: tuple[int, int]
    page: int | None
    confidence: float = SURE
    reason: str = ""

    @classmethod
    def at(
        cls, value: T, lines: Sequence[Line], source: str = "", confidence: float = SURE, reason: str = ""
    ) -> "Found[T]":
        """A value read from these lines."""
        text = source or " ".join(line.text for line in lines)
        return Found(value, text, span(lines), lines[0].page, confidence, reason)


@dataclass(frozen=True)
class Note:
    """Something a person should look at: a stable code, a sentence, the lines it is about."""

    code: str
    sentence: str
    lines: tuple[int, ...] = ()

    def __str__(self) -> str:
        if not self.lines:
            return self.sentence
        where = "・".join(str(line) for line in self.lines)
        return f"{self.sentence}（{where}行目）"
