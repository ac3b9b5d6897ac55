from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.consultations.states import MOVES, CaseState, InvolvementState, state_of_case

S = InvolvementState


@pytest.mark.parametrize(
    ("involvements", "state"),
    [
        ([S.SENT], CaseState.NEW),
        ([S.ACCEPTED], CaseState.WORKING),
        ([S.WORKING, S.SENT], CaseState.WORKING),
        ([S.FINISHED, S.SENT], CaseState.NEW),
        ([S.FINISHED, S.WORKING], CaseState.WORKING),
        ([S.FINISHED, S.DECLINED], CaseState.FINISHED),
        ([S.DECLINED], CaseState.UNTAKEN),
        ([], CaseState.UNTAKEN),
    ],
)
def test_a_case_stands_as_its_involvements_do(involvements, state):
    assert state_of_case(involvements, is_held=False, is_closed=False) == state


def test_closed_beats_held_and_held_beats_the_involvements():
    assert state_of_case([S.WORKING], is_held=True, is_closed=True) == CaseState.CLOSED
    assert state_of_case([S.WORKING], is_held=True, is_closed=False) == CaseState.HELD


@given(
    st.lists(st.sampled_from(S)).flatmap(lambda states: st.tuples(st.just(states), st.permutations(states)))
)
def test_the_order_of_involvements_does_not_matter(both):
    one, other = (state_of_case(states, is_held=False, is_closed=False) for states in both)
    assert one == other


def test_every_state_can_be_reached_and_has_its_moves():
    assert set(MOVES) == set(S)
    reached, new = set(), {S.SENT}
    while new:
        reached |= new
        new = {to for state in new for to in MOVES[state]} - reached
    assert reached == set(S)


def test_nobody_at_work_is_ever_overlooked():
    for states in combinations_with_replacement(S, 3):
        if {S.ACCEPTED, S.WORKING} & set(states):
            assert state_of_case(states, is_held=False, is_closed=False) == CaseState.WORKING
