"""Small counts of a breakdown are not shown: with a little knowledge of the place they name somebody.

Counts of 1 to 4 are hidden. Where a row or a column with a shown total has one hidden count only, it could
be worked out; then its smallest shown count is hidden too. An approved indicator is a total, not a breakdown,
and is never hidden.
"""

from collections.abc import Sequence

THRESHOLD = 5

Grid = list[list[int | None]]


def suppress(cells: Sequence[Sequence[int]]) -> Grid:
    """The cells with None for each that must not be shown; totals of rows and columns stay shown."""
    shown: Grid = [[None if 0 < cell < THRESHOLD else cell for cell in row] for row in cells]
    while _hide_one_more(shown, cells):
        pass
    return shown


def _hide_one_more(shown: Grid, cells: Sequence[Sequence[int]]) -> bool:
    """Hide a second count of one line that has a single hidden one; False when there is no such line."""
    for line in _lines(shown):
        hidden = [place for place in line if shown[place[0]][place[1]] is None]
        candidates = [place for place in line if place not in hidden and cells[place[0]][place[1]] > 0]
        if len(hidden) == 1 and candidates:
            row, column = min(candidates, key=lambda place: cells[place[0]][place[1]])
            shown[row][column] = None
            return True
    return False


def _lines(shown: Grid) -> list[list[tuple[int, int]]]:
    """The places of every row and of every column."""
    width = len(shown[0]) if shown else 0
    rows = [[(row, column) for column in range(width)] for row in range(len(shown))]
    columns = [[(row, column) for row in range(len(shown))] for column in range(width)]
    return rows + columns
