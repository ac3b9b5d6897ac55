"""The best lawful combination, against a search that tries everything."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.eligibility.amounts import combine as module
from madoguchi.eligibility.amounts.combine import Candidate, Left, LeftOut, combine
from madoguchi.eligibility.amounts.grant import Cost, CostClass, CostRow, Terms, grant

HALF, THIRD, TWO_THIRDS = Fraction(1, 2), Fraction(1, 3), Fraction(2, 3)
MACHINE, TRAVEL = CostRow("機械", 9_000_000), CostRow("旅費", 600_000)


def a_grant(key, rate=HALF, *, rows=("機械", "旅費"), not_with=(), tops_up=None, **terms):
    return Candidate(
        key=key,
        terms=Terms(rate=rate, **terms),
        rows=frozenset(rows),
        not_with=frozenset(not_with),
        tops_up=tops_up,
    )


def shown(found):
    return {one.key: (one.rows, one.counted_yen) for one in found.chosen}


def test_a_cost_is_paid_once_and_by_the_better_one():
    found = combine([a_grant("半分"), a_grant("三分の二", TWO_THIRDS)], [MACHINE])
    assert (found.total_yen, shown(found)) == (6_000_000, {"三分の二": (("機械",), 6_000_000)})
    assert (found.left_out, found.is_exact) == ((Left("半分", LeftOut.BETTER_ELSEWHERE),), True)


def test_costs_are_shared_out_when_a_cap_is_reached():
    found = combine([a_grant("三分の二", TWO_THIRDS, cap_yen=6_000_000), a_grant("半分")], [MACHINE, TRAVEL])
    assert shown(found) == {"三分の二": (("機械",), 6_000_000), "半分": (("旅費",), 300_000)}


def test_of_equals_the_one_named_first_is_used():
    for names in (["甲", "乙"], ["乙", "甲"]):
        found = combine([a_grant(name) for name in names], [MACHINE, TRAVEL])
        assert list(shown(found)) == names[:1]


def test_a_cost_goes_only_where_it_may():
    found = combine([a_grant("三分の二", TWO_THIRDS, rows=["旅費"]), a_grant("半分")], [MACHINE, TRAVEL])
    assert shown(found) == {"三分の二": (("旅費",), 400_000), "半分": (("機械",), 4_500_000)}


@pytest.mark.parametrize("says_so", [0, 1])
def test_of_two_that_exclude_each_other_the_better_is_used(says_so):
    pair = [a_grant("少ない", rows=["旅費"]), a_grant("多い", rows=["機械"])]
    pair[says_so] = replace(pair[says_so], not_with=frozenset([pair[1 - says_so].key]))
    found = combine(pair, [MACHINE, TRAVEL])
    assert shown(found) == {"多い": (("機械",), 4_500_000)}
    assert found.left_out == (Left("少ない", LeftOut.EXCLUDED, "多い"),)


def test_two_small_ones_may_beat_the_one_they_exclude():
    small = [a_grant("甲", THIRD, rows=["機械"]), a_grant("乙", THIRD, rows=["旅費"])]
    large = a_grant("丙", HALF, rows=["機械"], cap_yen=3_100_000, not_with=["甲", "乙"])
    assert combine([large, *small], [MACHINE, TRAVEL]).total_yen == 3_200_000


def test_a_top_up_is_paid_on_the_same_cost():
    """004, lines 72-78: 1/12 on top of the state's 2/3, up to 750万円."""
    state = a_grant("国", TWO_THIRDS, cap_yen=60_000_000)
    top = a_grant("県", Fraction(1, 12), on_top_of=TWO_THIRDS, cap_yen=7_500_000, tops_up="国")
    found = combine([top, state], [CostRow("機械", 90_000_000)])
    assert shown(found) == {"国": (("機械",), 60_000_000), "県": (("機械",), 7_500_000)}


def test_a_top_up_can_make_the_lower_rate_the_better():
    base, top = a_grant("半分"), a_grant("上乗せ", THIRD, tops_up="半分")
    assert combine([a_grant("三分の二", TWO_THIRDS), base, top], [MACHINE]).total_yen == 7_500_000


def test_a_top_up_without_its_base_is_left_out():
    found = combine([a_grant("上乗せ", THIRD, tops_up="国")], [MACHINE])
    assert (found.total_yen, found.left_out) == (0, (Left("上乗せ", LeftOut.NO_BASE),))


def test_top_ups_never_lift_the_grants_above_the_cost():
    tops = [a_grant(f"上乗せ{n}", THIRD, tops_up="国") for n in range(2)]
    assert combine([a_grant("国", TWO_THIRDS), *tops], [MACHINE]).total_yen == 9_000_000


def test_what_is_paid_whatever_the_cost_comes_beside():
    benefit = Candidate(key="支援金", terms=Terms(amount_yen=100_000))
    trucks = Candidate(key="車両", terms=Terms(piece_yen=10_000), pieces=3)
    assert combine([benefit, a_grant("半分"), trucks], [MACHINE]).total_yen == 4_630_000


def test_of_a_range_the_lower_end_counts():
    found = combine([a_grant("幅", TWO_THIRDS, rate_low=THIRD), a_grant("半分")], [MACHINE])
    assert shown(found) == {"半分": (("機械",), 4_500_000)}
    alone = combine([a_grant("幅", TWO_THIRDS, rate_low=THIRD)], [MACHINE]).chosen[0]
    assert (alone.counted_yen, alone.grant.low_yen, alone.grant.high_yen) == (3_000_000, 3_000_000, 6_000_000)


def test_each_one_left_out_has_its_reason():
    found = combine(
        [
            a_grant("率なし", rate=None, cap_yen=5),
            a_grant("別の費用", rows=["広告"]),
            a_grant("下限", minimum_yen=10**9),
            Candidate(key="数", terms=Terms(piece_yen=5)),
        ],
        [MACHINE, CostRow("広告", None)],
    )
    assert [(left.key, left.reason) for left in found.left_out] == [
        ("率なし", LeftOut.UNDETERMINED),
        ("別の費用", LeftOut.NO_COST),
        ("下限", LeftOut.NOTHING),
        ("数", LeftOut.UNDETERMINED),
    ]
    assert (found.chosen, found.untold_rows) == ((), ("広告",))


@pytest.mark.parametrize(
    ("candidates", "rows"), [([a_grant("甲"), a_grant("甲")], []), ([], [MACHINE, MACHINE])]
)
def test_two_of_the_same_name_are_refused(candidates, rows):
    with pytest.raises(ValueError, match="2回"):
        combine(candidates, rows)


def test_only_a_share_of_the_cost_tops_up():
    with pytest.raises(ValueError, match="上乗せ"):
        Candidate(key="定額", terms=Terms(amount_yen=5), tops_up="国")


def test_more_costs_than_can_be_gone_through_are_shared_lawfully_and_it_says_so(monkeypatch):
    rows = [CostRow(f"費用{n}", 1_000_003 + 7 * n) for n in range(6)]
    candidates = [a_grant(f"支援{n}", rows=[row.key for row in rows], cap_yen=900_000 + n) for n in range(4)]
    exact = combine(candidates, rows)
    monkeypatch.setattr(module, "_SHARED", 3)
    hurried = combine(candidates, rows)
    assert (exact.is_exact, hurried.is_exact) == (True, False)
    assert 0 < hurried.total_yen <= exact.total_yen
    handed_out = [key for one in hurried.chosen for key in one.rows]
    assert sorted(handed_out) == sorted(row.key for row in rows)


def test_costs_without_a_choice_do_not_count_against_the_limit():
    rows = [CostRow(f"費用{n}", 100) for n in range(40)]
    candidates = [
        a_grant(f"支援{n}", rows=[f"費用{m}" for m in range(n * 20, n * 20 + 20)]) for n in range(2)
    ]
    assert (combine(candidates, rows).is_exact, combine(candidates, rows).total_yen) == (True, 2000)


def test_more_exclusions_than_can_be_gone_through_leave_the_smallest_untried():
    names = [f"支援{n}" for n in range(14)]
    candidates = [
        a_grant(name, rows=[name], not_with=["支援13"] if name != "支援13" else []) for name in names
    ]
    found = combine(candidates, [CostRow(name, 1000 * (n + 1)) for n, name in enumerate(names)])
    assert (found.is_exact, found.total_yen) == (False, sum(500 * (n + 1) for n in range(2, 13)))
    assert [left.reason for left in found.left_out] == [
        LeftOut.NOT_TRIED,
        LeftOut.NOT_TRIED,
        LeftOut.EXCLUDED,
    ]


KEYS = ["甲", "乙", "丙", "丁"]
ROWS = ["一", "二", "三", "四"]


@st.composite
def worlds(draw):
    """Up to four grants and four costs, with exclusions, top-ups, caps, classes, cutting and benefits."""
    rows = [
        CostRow(key, draw(st.integers(0, 3000) | st.integers(2**53, 2**54)), draw(st.sampled_from("XY")))
        for key in ROWS[: draw(st.integers(0, 4))]
    ]
    candidates = []
    for key in KEYS[: draw(st.integers(1, 4))]:
        rate = draw(st.sampled_from([THIRD, HALF, TWO_THIRDS, Fraction(1, 12)]))
        cap = draw(st.none() | st.integers(0, 3000))
        share = Terms(
            rate=rate,
            rate_low=draw(st.sampled_from([None, rate / 2])),
            cap_yen=cap,
            round_to_yen=draw(st.sampled_from([1, 100])),
            minimum_yen=draw(st.sampled_from([0, 300])),
            classes=draw(st.sampled_from([(), (CostClass("X", HALF, 200),)])),
        )
        is_benefit = draw(st.booleans()) and draw(st.booleans())
        earlier = [one.key for one in candidates if one.tops_up is None]
        tops = None if is_benefit or not earlier else draw(st.none() | st.sampled_from(earlier))
        candidates.append(
            Candidate(
                key=key,
                terms=Terms(amount_yen=draw(st.integers(0, 900))) if is_benefit else share,
                rows=frozenset(draw(st.sets(st.sampled_from(ROWS)))),
                not_with=frozenset(draw(st.sets(st.sampled_from(KEYS), max_size=1))),
                tops_up=tops,
            )
        )
    return candidates, rows


def worth(chosen, shared):
    """What a set of grants brings with the rows handed to each, or None where the set is not lawful."""
    keys = {one.key for one in chosen}
    if any(one.not_with & (keys - {one.key}) for one in chosen):
        return None
    total, paid = 0, {}
    for one in chosen:
        costs = [
            Cost(row.class_name, row.yen)
            for row in shared.get(one.tops_up or one.key, [])
            if row.key in one.rows
        ]
        if one.tops_up is None:
            brought = grant(one.terms, costs).low_yen
            paid[one.key] = brought
        elif not paid.get(one.tops_up):
            continue
        else:
            base = next(other for other in chosen if other.key == one.tops_up)
            both = [row for row in shared.get(base.key, []) if row.key in one.rows & base.rows]
            of_base = grant(base.terms, [Cost(row.class_name, row.yen) for row in both]).high_yen
            brought = grant(
                one.terms, costs, base_grant_yen=of_base + paid.get((base.key, "tops"), 0)
            ).low_yen
            high = grant(one.terms, costs, base_grant_yen=of_base + paid.get((base.key, "tops"), 0)).high_yen
            paid[base.key, "tops"] = paid.get((base.key, "tops"), 0) + (high if brought else 0)
        total += brought
    return total


def everything_tried(candidates, rows):
    best = 0
    for picks in product([False, True], repeat=len(candidates)):
        chosen = [one for one, is_in in zip(candidates, picks, strict=True) if is_in]
        bases = [one for one in chosen if one.tops_up is None and one.terms.depends_on_cost]
        for takers in product(*([None, *(one for one in bases if row.key in one.rows)] for row in rows)):
            shared = {}
            for row, taker in zip(rows, takers, strict=True):
                if taker is not None:
                    shared.setdefault(taker.key, []).append(row)
            best = max(best, worth(chosen, shared) or 0)
    return best


@settings(max_examples=300, deadline=None)
@given(worlds())
def test_nothing_lawful_is_better(world):
    candidates, rows = world
    found = combine(candidates, rows)
    assert found.is_exact
    assert found.total_yen == everything_tried(candidates, rows)


@given(worlds())
def test_no_yen_is_paid_twice(world):
    candidates, rows = world
    by_key = {one.key: one for one in candidates}
    found = combine(candidates, rows)
    used = [by_key[one.key] for one in found.chosen]
    bases = [one for one in found.chosen if by_key[one.key].tops_up is None]
    handed_out = [key for one in bases for key in one.rows]
    assert len(handed_out) == len(set(handed_out))
    assert all(not one.not_with & {other.key for other in used if other is not one} for one in used)
    assert all(set(one.rows) <= by_key[one.key].rows for one in found.chosen)
    tied = [one.counted_yen for one in found.chosen if by_key[one.key].terms.depends_on_cost]
    assert sum(tied) <= sum(row.yen for row in rows)
    assert found.total_yen == sum(one.counted_yen for one in found.chosen)
    assert {one.key for one in found.chosen} | {left.key for left in found.left_out} == set(by_key)
