"""What search adds to the folding of `madoguchi.japan.text`."""

import re
from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from madoguchi.japan.text import fold, fold_with_offsets

Steps = tuple[Sequence[int], Sequence[int]]

Codes = npt.NDArray[np.uint64]

# Wide enough that three of four bits stay clear in a document of a thousand characters.
FILTER_BITS = 4096
_MIX = np.uint64(0x9E3779B97F4A7C15)

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]")
_KANA = re.compile(r"[ぁ-ゖァ-ヺー]+\Z")


def clean(text: str) -> str:
    """Return the text with control characters and lone surrogates turned into spaces."""
    return _CONTROL.sub(" ", text)


def squeeze(folded: str) -> str:
    """Return the text without spaces: Japanese breaks lines inside words."""
    return folded.replace(" ", "")


def is_kana(text: str) -> bool:
    """Tell whether the text is kana and nothing else."""
    return _KANA.match(text) is not None


def to_hiragana(text: str) -> str:
    """Return the text folded, with katakana written as hiragana."""
    return fold(text, fold_kana=True)


def hash64(text: str) -> int:
    """Return a stable 64-bit number for a string (keys of the term table)."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def codes_of(squeezed: str) -> Codes:
    """Return the code points of a text."""
    return np.frombuffer(squeezed.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)


def grams_of(squeezed: str) -> Codes:
    """Return the character pairs of a squeezed text as 64-bit keys; the last character pairs with nothing."""
    codes = codes_of(squeezed)
    following = np.append(codes[1:], np.uint64(0))[: len(codes)]
    return (codes << np.uint64(32)) | following


def triple_bits(squeezed: str) -> Codes:
    """Return for every three characters in a row which bit of a document's filter they set."""
    codes = codes_of(squeezed)
    mixed = ((codes[:-2] * _MIX + codes[1:-1]) * _MIX + codes[2:]) * _MIX
    return mixed >> np.uint64(64 - FILTER_BITS.bit_length() + 1)


def fold_field(text: str) -> tuple[str, str, list[tuple[int, int]]]:
    """Return a field folded, folded and squeezed, and where the squeezed text stops running in step.

    The steps are pairs (index in the squeezed text, index in `text`): between two of them both indexes
    grow by one a character.
    """
    folded, offsets = fold_with_offsets(clean(text))
    kept = [(char, offset) for char, offset in zip(folded, offsets, strict=True) if char != " "]
    steps = [(0, 0)] if not kept else []
    expected = -1
    for index, (_, offset) in enumerate(kept):
        if offset != expected:
            steps.append((index, offset))
        expected = offset + 1
    return folded, "".join(char for char, _ in kept), steps


def pack_steps(fields: list[list[tuple[int, int]]]) -> bytes:
    """Return the steps of a document's fields as bytes."""
    return b"".join(np.array([len(steps), *sum(steps, ())], np.int32).tobytes() for steps in fields)


def unpack_steps(packed: bytes, field: int) -> Steps:
    """Return the steps of one field: indexes in the squeezed text and in the original."""
    numbers = memoryview(packed).cast("i")
    at = 0
    for _ in range(field):
        at += 1 + 2 * numbers[at]
    end = at + 1 + 2 * numbers[at]
    return numbers[at + 1 : end : 2], numbers[at + 2 : end : 2]
