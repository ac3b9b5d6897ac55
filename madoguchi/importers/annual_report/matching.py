"""Rows of the lists and the pages that go with them."""

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from madoguchi.importers.annual_report.drafts import PageDraft, ProgrammeDraft
from madoguchi.importers.documents.lines import key

_ENOUGH, _WITH_COST, _CERTAIN = 0.62, 0.35, 0.93


@lru_cache(maxsize=20_000)
def bare(name: str) -> str:
    """Return a name for comparison, without 再掲."""
    folded = key(name)
    for tail in ("(再掲)", "[再掲]", "【再掲】", "再掲"):
        folded = folded.removesuffix(tail)
    return folded


def pair(rows: Sequence[ProgrammeDraft], pages: Sequence[PageDraft]) -> list[int | None]:
    """Return for each row the place of its page: both run in the same order, with gaps on either side.

    Rows left over take an unused page of the same name wherever it stands.
    """
    found = _aligned(rows, pages)
    used = {place for place in found if place is not None}
    names = {bare(page.name.value): place for place, page in reversed(list(enumerate(pages)))}
    for place, row in enumerate(rows):
        if found[place] is None:
            other = names.get(bare(row.name.value))
            if other is not None and other not in used:
                found[place] = other
                used.add(other)
    return found


def _aligned(rows: Sequence[ProgrammeDraft], pages: Sequence[PageDraft]) -> list[int | None]:
    scores = [[_likeness(row, page) for page in pages] for row in rows]
    best = [[0.0] * (len(pages) + 1) for _ in range(len(rows) + 1)]
    for i in range(len(rows) - 1, -1, -1):
        for j in range(len(pages) - 1, -1, -1):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + scores[i][j])
    found: list[int | None] = [None] * len(rows)
    i = j = 0
    while i < len(rows) and j < len(pages):
        if scores[i][j] and best[i][j] == best[i + 1][j + 1] + scores[i][j]:
            found[i] = j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _likeness(row: ProgrammeDraft, page: PageDraft) -> float:
    """How well a row and a page go together; 0 when they do not."""
    likeness = fuzz.ratio(bare(row.name.value), bare(page.name.value)) / 100
    agree = _costs_agree(row, page)
    if agree and likeness >= _WITH_COST:
        return likeness + 0.2
    return likeness if likeness >= (_CERTAIN if agree is False else _ENOUGH) else 0.0


def _costs_agree(row: ProgrammeDraft, page: PageDraft) -> bool | None:
    """Tell whether list and page state the same cost; None where one of them states none."""
    if row.cost_yen is None or not page.costs_yen:
        return None
    return row.cost_yen.value in {cost.value for cost in page.costs_yen}
