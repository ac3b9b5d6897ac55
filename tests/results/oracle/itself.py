"""The oracle against itself: sums, costs named twice, repeats, the order of the lines."""

import unicodedata
from itertools import pairwise

from tests.results.oracle.tables import Oracle, Row, whole


def sum_problems(oracle: Oracle) -> list[str]:
    """Lists whose rows do not add up to the subtotal that is printed under them."""
    problems = []
    for mark, (stated, line) in oracle.subtotals.items():
        listed = sum(whole(row.cost) for row in oracle.lists.values() if row.place.mark == mark)
        if listed != whole(stated):
            problems.append(f"{mark} subtotal (line {line}): keyed {stated}, the rows add up to {listed:,}")
    return problems


def cost_problems(oracle: Oracle) -> list[str]:
    """Costs that the list, the page or the parts on the page tell differently."""
    problems = []
    for place, row in oracle.lists.items():
        page = oracle.page(place)
        if page.cost != row.cost:
            problems.append(f"{place} cost: {row.cost} in the list, {page.cost} on the page")
        parts = [part.cost for part in oracle.pages if part.place == place and part.part]
        if parts and sum(map(whole, parts)) != whole(page.cost):
            problems.append(f"{place} cost: {page.cost} is not the sum of {parts}")
    return problems


def _said(row: Row) -> list[tuple[str, ...]]:
    """What a row says, without where it stands."""
    return [
        (t.year, t.what, unicodedata.normalize("NFKC", t.printed), t.unit, t.cumulative)
        for t in row
        if t.what != "name"
    ]


def repeat_problems(oracle: Oracle) -> list[str]:
    """Pages printed again that differ from the first one, each with the row and the year."""
    problems = []
    for place, row in oracle.lists.items():
        if row.same_as is None:
            continue
        if row.cost != oracle.lists[row.same_as].cost:
            problems.append(f"{place} cost: {row.cost}, {row.same_as} has {oracle.lists[row.same_as].cost}")
        again, first = oracle.rows(place), oracle.rows(row.same_as)
        if len(again) != len(first):
            problems.append(f"{place}: {len(again)} rows, {row.same_as} has {len(first)}")
        for ours, theirs in zip(again, first, strict=False):
            if _said(ours) != _said(theirs):
                years = sorted({one[0] for one in set(_said(ours)) ^ set(_said(theirs))})
                problems.append(f"{place} row {ours[0].row} {' '.join(years)}: differs from {row.same_as}")
    return problems


def order_problems(oracle: Oracle) -> list[str]:
    """Rows, pages and lines that are not in the order of the document, or left out."""
    problems = []
    for mark in oracle.subtotals:
        numbers = [place.number for place in oracle.lists if place.mark == mark]
        if numbers != list(range(1, len(numbers) + 1)):
            problems.append(f"{mark}: numbers {numbers}")
    if [page.place for page in oracle.pages if not page.part] != list(oracle.lists):
        problems.append("the pages are not those of the lists")
    ends = [page.cost_line for page in oracle.pages if not page.part]
    for place, (start, end) in zip(oracle.lists, pairwise([*ends, oracle.lines]), strict=True):
        rows = oracle.rows(place)
        if [row[0].row for row in rows] != list(range(1, len(rows) + 1)) or not rows:
            problems.append(f"{place}: rows {[row[0].row for row in rows]}")
        lines = [token.line for row in rows for token in row]
        if lines != sorted(lines) or not all(start < line < end for line in lines):
            problems.append(f"{place}: lines {lines} are not in the order of its page, {start} to {end}")
    return problems


def itself_problems(oracle: Oracle) -> list[str]:
    """All of them."""
    return [
        *sum_problems(oracle),
        *cost_problems(oracle),
        *repeat_problems(oracle),
        *order_problems(oracle),
    ]
