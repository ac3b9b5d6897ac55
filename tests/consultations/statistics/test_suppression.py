from hypothesis import given
from hypothesis import strategies as st

from madoguchi.consultations.statistics.suppression import THRESHOLD, suppress

grids = st.integers(1, 6).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 30), min_size=width, max_size=width), min_size=1, max_size=6
    )
)


def lines(grid):
    return [*grid, *zip(*grid, strict=True)]


def test_counts_of_one_to_four_are_hidden_and_nothing_is_no_secret():
    assert suppress([[0, 4, 3, 12]]) == [[0, None, None, 12]]


def test_a_single_hidden_count_takes_the_smallest_other_one_with_it():
    assert suppress([[3, 20, 8]]) == [[None, 20, None]]


def test_a_line_with_one_count_only_has_nothing_to_hide_behind():
    assert suppress([[3]]) == [[None]]


@given(grids)
def test_no_small_count_is_ever_shown(cells):
    shown = suppress(cells)
    for row, line in zip(cells, shown, strict=True):
        assert all(cell is None or cell == was for was, cell in zip(row, line, strict=True))
        assert not any(0 < (cell or 0) < THRESHOLD for cell in line)


@given(grids)
def test_nothing_hidden_can_be_worked_out_from_the_total_of_its_line(cells):
    shown = suppress(cells)
    for line, was in zip(lines(shown), lines(cells), strict=True):
        hidden = [n for cell, n in zip(line, was, strict=True) if cell is None]
        others = [n for cell, n in zip(line, was, strict=True) if cell is not None and n > 0]
        assert len(hidden) != 1 or not others


def test_without_the_second_step_the_total_would_give_it_away():
    cells = [[3, 20, 8]]
    naive = [[None if 0 < cell < THRESHOLD else cell for cell in row] for row in cells]
    assert sum(cells[0]) - sum(cell or 0 for cell in naive[0]) == 3
