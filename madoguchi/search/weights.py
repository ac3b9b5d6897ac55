"""How much a word in a field counts (BM25F), fixed so that adding documents never changes old ones."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

BOOSTS: Mapping[str, float] = {"name": 6.0, "keywords": 4.0, "summary": 2.0, "body": 1.0}
# Typical lengths in long units. Constants, not averages: the same documents give the same index in any order.
LENGTHS: Mapping[str, float] = {"name": 8.0, "keywords": 12.0, "summary": 50.0, "body": 300.0}
K1 = 2.0
B = 0.5
# One byte holds a word's impact on a document: 255 is a word that says it all.
STEP = (K1 + 1.0) / 255.0


def field_weight(field: str, length: int) -> float:
    """Return what one occurrence counts in a field of this many tokens."""
    return BOOSTS[field] / (1.0 - B + B * length / LENGTHS[field])


def impacts(frequencies: npt.NDArray[np.float64]) -> npt.NDArray[np.uint8]:
    """Return the saturated impact of weighted frequencies, as multiples of STEP."""
    saturated = frequencies * (K1 + 1.0) / (K1 + frequencies)
    return np.clip(np.rint(saturated / STEP), 1, 255).astype(np.uint8)


def rarity(found: int, total: int) -> float:
    """Return the inverse document frequency (BM25, never negative)."""
    return float(np.log1p((total - found + 0.5) / (found + 0.5)))
