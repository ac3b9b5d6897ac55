from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.consultations.statistics.suppression import THRESHOLD, suppress

tables = st.integers(1, 6).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 30), min_size=width, max_size=width), min_size=1, max_size=6
    )
)


def with_totals(cells):
    rows = [[*row, sum(row)] for row in cells]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def one_line(*cells):
    """What is shown of a breakdown by one thing."""
    return suppress([[*cells, sum(cells)]])[0][:-1]


def lines(grid):
    return [*grid, *zip(*grid, strict=True)]


def given_away(grid, shown):
    """Lines that tell what is hidden in them, or that it is few in all, though more could be hidden."""
    for was, line in zip(lines(grid), lines(shown), strict=True):
        hidden = [n for n, cell in zip(was[:-1], line[:-1], strict=True) if cell is None]
        others = [n for n, cell in zip(was[:-1], line[:-1], strict=True) if cell is not None and n > 0]
        is_known = line[-1] is not None and (len(hidden) == 1 or 0 < sum(hidden) < THRESHOLD)
        if others and (is_known or (line[-1] is None and not hidden)):
            yield line


def test_counts_of_one_to_four_are_hidden_and_nothing_is_no_secret():
    assert one_line(0, 4, 3, 12) == [0, None, None, 12]


def test_a_single_hidden_count_takes_the_smallest_other_one_with_it():
    assert one_line(3, 20, 8) == [None, 20, None]


def test_two_hidden_ones_that_can_only_be_one_each_take_another_with_them():
    assert one_line(1, 1, 5, 7) == [None, None, None, 7]


def test_a_breakdown_of_one_small_count_shows_the_total_alone():
    assert one_line(3) == [None]


def test_the_totals_of_columns_do_not_give_a_row_away():
    shown = suppress(with_totals([[2, 0], [0, 18]]))
    assert shown == [[None, 0, None], [0, None, None], [None, None, 20]]


@given(tables)
def test_no_small_count_but_the_total_of_all_is_ever_shown(cells):
    grid = with_totals(cells)
    shown = suppress(grid)
    for row, line in zip(grid, shown, strict=True):
        assert all(cell is None or cell == was for was, cell in zip(row, line, strict=True))
    assert not any(0 < (cell or 0) < THRESHOLD for cell in [*chain(*shown)][:-1])
    assert shown[-1][-1] == sum(chain(*cells))


@given(tables)
def test_nothing_hidden_can_be_worked_out_from_its_line(cells):
    grid = with_totals(cells)
    assert list(given_away(grid, suppress(grid))) == []


def test_hiding_the_small_ones_alone_would_give_them_away():
    grid = with_totals([[3, 20, 8]])
    naive = [[None if 0 < n < THRESHOLD else n for n in row] for row in grid]
    assert list(given_away(grid, naive)) != []
