"""Small counts of a breakdown are not shown: with a little knowledge of the place they name somebody.

Counts of 1 to 4 are hidden. Where what is hidden in a row or a column could be worked out from its total,
or adds up to less than five, the smallest shown count of it is hidden too. The total of all is an approved
figure, not a breakdown, and always shown; where the total is itself a part of another figure, `tables` hides
it with that part. What several lines give away together to somebody who solves
equations is not looked for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

THRESHOLD = 5

Grid = list[list[int | None]]
_Place = tuple[int, int]


@dataclass(frozen=True)
class _Line:
    """A row or a column: its parts, and where their total stands."""

    parts: Sequence[_Place]
    total: _Place


def suppress(cells: Sequence[Sequence[int]]) -> Grid:
    """The cells with None for each that must not be shown.

    The last row holds the totals of columns, the last column those of rows, the corner the total of all.
    """
    corner = (len(cells) - 1, len(cells[0]) - 1)
    shown: Grid = [
        [None if 0 < n < THRESHOLD and (row, column) != corner else n for column, n in enumerate(line)]
        for row, line in enumerate(cells)
    ]
    while any(_hide_one_more(line, shown, cells) for line in _lines(*corner)):
        pass
    return shown


def _hide_one_more(line: _Line, shown: Grid, cells: Sequence[Sequence[int]]) -> bool:
    """Hide one more count of a line that gives a hidden one away; False when it gives nothing away."""
    hidden = [place for place in line.parts if shown[place[0]][place[1]] is None]
    if shown[line.total[0]][line.total[1]] is None:
        gives_away = not hidden
    else:
        gives_away = len(hidden) == 1 or 0 < sum(cells[row][column] for row, column in hidden) < THRESHOLD
    candidates = [place for place in line.parts if place not in hidden and cells[place[0]][place[1]] > 0]
    if not gives_away or not candidates:
        return False
    row, column = min(candidates, key=lambda place: cells[place[0]][place[1]])
    shown[row][column] = None
    return True


def _lines(last_row: int, last_column: int) -> Iterator[_Line]:
    """Every row and every column, those of the totals too."""
    for row in range(last_row + 1):
        yield _Line([(row, column) for column in range(last_column)], (row, last_column))
    for column in range(last_column + 1):
        yield _Line([(row, column) for row in range(last_row)], (last_row, column))
