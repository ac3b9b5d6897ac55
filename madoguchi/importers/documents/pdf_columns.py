"""Pages set in two columns: the parts of a page in the order in which they are read."""

from collections.abc import Iterator, Sequence
from typing import Any

# How wide the room between two columns is at least, and how far from the middle it may lie, as a share.
_ROOM = 9.0
_AROUND = 0.08
_STEP = 3.0
_STOP = "。"
# As many sentences end in each of two columns; beside each other in a list of names and costs none does.
_SENTENCES = 2

Box = tuple[float, float, float, float]
Stretch = tuple[float, float]


def parts(page: Any, tables: Sequence[Box]) -> list[Box]:
    """Where to read first, then next: the whole page, or its columns between what goes across both."""
    x0, top, x1, bottom = page.bbox
    if _sentences(page.chars, x0, (x0 + x1) / 2) < _SENTENCES:
        return [page.bbox]
    for middle in _middles(x0, x1):
        across = _across(page, tables, middle)
        bands = list(_between(across, (top, bottom)))
        if not any(_is_text(page.chars, band, (x0, middle, x1)) for band in bands):
            continue
        found: list[Box] = []
        for band, is_free in _in_order(across, bands):
            columns = is_free and _is_text(page.chars, band, (x0, middle, x1))
            edges = [(x0, middle), (middle, x1)] if columns else [(x0, x1)]
            found += [(left, band[0], right, band[1]) for left, right in edges]
        return found
    return [page.bbox]


def _middles(x0: float, x1: float) -> Iterator[float]:
    """Where the room between the columns may lie, the middle of the page first."""
    middle, reach = (x0 + x1) / 2, (x1 - x0) * _AROUND
    away = 0.0
    while away <= reach:
        yield from dict.fromkeys((middle - away, middle + away))
        away += _STEP


def _across(page: Any, tables: Sequence[Box], middle: float) -> list[Stretch]:
    """The stretches, from top to bottom, in which something stands where the room would be."""
    left, right = middle - _ROOM / 2, middle + _ROOM / 2
    signs = (sign for sign in page.chars if sign["text"].strip())
    found = [(s["top"], s["bottom"]) for s in signs if s["x0"] < right and s["x1"] > left]
    found += [(box[1], box[3]) for box in tables if box[0] < right and box[2] > left]
    merged: list[Stretch] = []
    for top, bottom in sorted(found):
        if merged and top <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(bottom, merged[-1][1]))
        else:
            merged.append((top, bottom))
    return merged


def _between(across: Sequence[Stretch], whole: Stretch) -> Iterator[Stretch]:
    above = whole[0]
    for top, bottom in across:
        if top > above:
            yield above, top
        above = max(above, bottom)
    if whole[1] > above:
        yield above, whole[1]


def _in_order(across: Sequence[Stretch], bands: Sequence[Stretch]) -> list[tuple[Stretch, bool]]:
    both = [(each, False) for each in across] + [(each, True) for each in bands]
    return sorted(both)


def _is_text(chars: Sequence[dict[str, Any]], band: Stretch, edges: tuple[float, float, float]) -> bool:
    """Whether running text stands on both sides of a band."""
    here = [sign for sign in chars if band[0] <= (sign["top"] + sign["bottom"]) / 2 <= band[1]]
    left, middle, right = edges
    return min(_sentences(here, left, middle), _sentences(here, middle, right)) >= _SENTENCES


def _sentences(chars: Sequence[dict[str, Any]], left: float, right: float) -> int:
    return sum(sign["text"] == _STOP and left <= sign["x0"] < right for sign in chars)
