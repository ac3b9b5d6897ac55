"""What looks wrong about a figure, and what does not."""

import pytest

from madoguchi.results.cells import read_cell
from madoguchi.results.rules import DOUBTS, DoubtKind, Standing, can_review, can_write, doubts, within
from madoguchi.results.states import ReturnState


def kinds(before: str | None, now: str, narrative: str = "") -> list[str]:
    return [
        doubt.kind
        for doubt in doubts(read_cell(before) if before else None, read_cell(now), narrative=narrative)
    ]


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("10件", "29件", []),
        ("10件", "30件", ["factor"]),
        ("30件", "10件", ["factor"]),
        ("10件", "10件", []),
        ("10件", "0件", ["zero_after_years"]),
        ("0件", "10件", []),
        ("0件", "0件", []),
        ("10件", "10名", ["unit_changed"]),
        ("10千円", "10,000円", ["unit_changed"]),
        ("6件 8名", "6件", ["unit_changed"]),
        ("6件 8名", "7件 80名", ["factor"]),
        ("10件", "－", ["not_measured_any_more"]),
        ("－", "10件", []),
        ("随時", "10件", []),
        ("10件", "随時", ["words_now"]),
        ("10件", "abc", ["unreadable"]),
        ("10件", "144.5.6件", ["broken_figure"]),
        (None, "abc", ["unreadable"]),
        ("随時", "随時", []),
        (None, "10件", []),
    ],
)
def test_a_figure_beside_last_years(before, now, expected):
    assert kinds(before, now) == expected


@pytest.mark.parametrize(
    ("now", "narrative", "expected"),
    [
        ("33社", "商談会に３４社が参加しました。", ["not_in_narrative"]),
        ("1,033名", "1033名が参加しました。", []),
        ("33社", "県内の会社が参加しました。", []),
        ("33社", "20社を訪ね、33社が参加しました。", []),
        ("33", "34が参加しました。", []),
        ("－", "34社が参加しました。", []),
    ],
)
def test_a_figure_beside_the_text(now, narrative, expected):
    assert kinds(None, now, narrative) == expected


def test_every_doubt_has_its_sentence():
    assert set(DOUBTS) == set(DoubtKind)
    assert all("%(before)s" in sentence or "%(now)s" in sentence for sentence in DOUBTS.values())


@pytest.mark.parametrize("handed", [*ReturnState, None])
def test_a_unit_writes_until_it_has_handed_in_and_the_secretariat_always(handed):
    may = handed in (None, ReturnState.OWED, ReturnState.RETURNED)
    assert (can_write(Standing(is_own=True, handed=handed)) is None) == may
    assert can_write(Standing(is_secretariat=True, handed=handed)) is None
    assert can_write(Standing(handed=handed)) is not None
    assert can_review(Standing(is_own=True, handed=handed)) is not None


def test_a_circle_of_units_ends():
    assert within(1, {1: 2, 2: 1, 3: None}, {3: [1], 1: [3]}) == {1, 2, 3}
