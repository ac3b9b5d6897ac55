"""Grants line by line; the worked examples are the documents' (004: results of FY2022, 002: guide)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.eligibility.amounts.grant import Code, Cost, CostClass, Line, Terms, Undetermined, grant

TWO_THIRDS, HALF, THIRD = Fraction(2, 3), Fraction(1, 2), Fraction(1, 3)
# 004, lines 72-78: 補助率 1/12（国2/3）, 補助限度額 750万円（国6,000万円）.
ON_TOP = Terms(rate=Fraction(1, 12), on_top_of=TWO_THIRDS, cap_yen=7_500_000)

AMOUNTS = st.integers(0, 2**60)
RATES = st.fractions(0, 1, max_denominator=100)


def codes(path):
    return [line.code for line in path.lines]


@st.composite
def shares(draw):
    """Terms that are a share of the cost, with or without a range, caps, cutting and classes."""
    rate = draw(RATES)
    cap = draw(st.none() | AMOUNTS)
    return Terms(
        rate=rate,
        rate_low=draw(st.none() | st.fractions(0, rate, max_denominator=100)),
        on_top_of=draw(st.none() | st.fractions(0, 1 - rate, max_denominator=100)),
        cap_yen=cap,
        cap_low_yen=None if cap is None else draw(st.none() | st.integers(0, cap)),
        total_cap_yen=draw(st.none() | AMOUNTS),
        round_to_yen=draw(st.sampled_from([1, 100, 1000])),
        minimum_yen=draw(st.sampled_from([0, 500_000])),
        classes=draw(st.sampled_from([(), (CostClass("機械", HALF, 10**6), CostClass("旅費"))])),
    )


COSTS = st.lists(st.builds(Cost, st.sampled_from(["機械", "旅費", "広告"]), AMOUNTS), min_size=1, max_size=5)


def test_a_share_is_cut_and_capped():
    terms = Terms(rate=TWO_THIRDS, cap_yen=10_800_000, round_to_yen=1000)
    found = grant(terms, 4_000_000)
    assert found.lines == (
        Line(Code.TIMES, 2_666_666, (("cost", 4_000_000), ("rate", TWO_THIRDS))),
        Line(Code.CUT, 2_666_000, (("unit", 1000),)),
        Line(Code.WITHIN_CAP, 2_666_000, (("cap", 10_800_000),)),
        Line(Code.OWN_SHARE, 1_334_000),
    )
    assert (found.grant_yen, found.own_share_yen) == (2_666_000, 1_334_000)


@pytest.mark.parametrize(
    ("terms", "cost", "granted"),
    [
        (Terms(rate=TWO_THIRDS, cap_yen=10_800_000), 16_200_000, 10_800_000),
        (Terms(rate=TWO_THIRDS, cap_yen=10_800_000), 30_000_000, 10_800_000),
        (Terms(rate=THIRD, cap_yen=16_300_000), 30_000_000, 10_000_000),
        (Terms(rate=HALF, cap_yen=3_000_000), 5_000_000, 2_500_000),
        (Terms(rate=TWO_THIRDS, cap_yen=6_000_000), 9_000_000, 6_000_000),
        (Terms(rate=TWO_THIRDS, cap_yen=2_000_000), 2_999_999, 1_999_999),
    ],
    ids=["004:145", "004:145 capped", "004:151", "004:169", "004:759 robots", "004:759 AI"],
)
def test_the_frames_of_the_documents_give_what_they_say(terms, cost, granted):
    assert grant(terms, cost).grant_yen == granted


def test_an_expert_costs_the_business_a_third():
    """002, lines 759-761: 1/3 of fee and travel is paid by the business, the rest by the centre."""
    found = grant(Terms(own_share=THIRD), 100_000)
    assert (codes(found), found.grant_yen, found.own_share_yen) == (
        [Code.AFTER_OWN_SHARE, Code.OWN_SHARE],
        66_666,
        33_334,
    )


def test_a_fixed_amount_does_not_look_at_the_cost():
    """004, lines 816-817: 法人 10万円, 個人事業主 5万円."""
    assert [grant(Terms(amount_yen=amount)).grant_yen for amount in (100_000, 50_000)] == [100_000, 50_000]
    assert grant(Terms(amount_yen=100_000), 20_000).grant_yen == 100_000


def test_an_amount_a_piece_is_multiplied_and_capped():
    terms = Terms(piece_yen=10_000, cap_yen=100_000)
    assert [grant(terms, pieces=count).grant_yen for count in (0, 3, 10, 11)] == [0, 30_000, 100_000, 100_000]
    assert grant(terms) == grant(terms, 5_000_000)
    assert (grant(terms).undetermined, grant(terms).high_yen) == (Undetermined.PIECES, 100_000)


def test_a_top_up_adds_its_own_share_of_the_cost():
    """004, lines 72-78: at the state's ceiling of 6,000万円 the cost is 9,000万円 and 1/12 is 750万円."""
    found = grant(ON_TOP, 90_000_000, base_grant_yen=60_000_000)
    assert (codes(found), found.grant_yen, found.own_share_yen) == (
        [Code.TOP_UP, Code.WITHIN_CAP, Code.OWN_SHARE],
        7_500_000,
        22_500_000,
    )


def test_a_top_up_is_worked_out_before_its_base_is_known_but_the_own_share_is_not():
    found = grant(ON_TOP, 12_000_000)
    assert (found.grant_yen, found.own_share_yen) == (1_000_000, None)


def test_without_a_base_there_is_no_top_up():
    found = grant(ON_TOP, 12_000_000, base_grant_yen=0)
    assert (codes(found)[1], found.grant_yen) == (Code.NO_BASE, 0)


def test_base_and_top_up_never_exceed_the_cost():
    found = grant(ON_TOP, 12_000_000, base_grant_yen=11_500_000)
    assert (codes(found)[1], found.grant_yen, found.own_share_yen) == (Code.WITHIN_COST, 500_000, 0)
    assert grant(ON_TOP, 12_000_000, base_grant_yen=13_000_000).grant_yen == 0


def test_a_range_of_rates_gives_a_range():
    """003, line 69: 助成率 1/3~2/3, 限度額 2,000万円~3,000万円."""
    terms = Terms(rate=TWO_THIRDS, rate_low=THIRD, cap_yen=30_000_000, cap_low_yen=20_000_000)
    found = grant(terms, 30_000_000)
    assert (found.low_yen, found.high_yen, found.grant_yen) == (10_000_000, 20_000_000, None)
    assert (found.undetermined, found.lines) == (Undetermined.RANGE, ())
    assert (grant(terms, 90_000_000).low_yen, grant(terms, 90_000_000).high_yen) == (20_000_000, 30_000_000)


def test_a_range_whose_ends_meet_is_an_amount():
    assert grant(Terms(rate=TWO_THIRDS, rate_low=HALF, cap_yen=3_000_000), 6_000_000).grant_yen == 3_000_000


def test_classes_of_cost_have_rates_and_caps_of_their_own():
    terms = Terms(rate=TWO_THIRDS, classes=(CostClass("機械", HALF, 1_000_000), CostClass("旅費")))
    found = grant(terms, [Cost("機械", 3_000_000), Cost("旅費", 200_000), Cost("旅費", 100_000)])
    assert codes(found) == [
        Code.CLASS_TIMES,
        Code.CLASS_CAP,
        Code.CLASS_TIMES,
        Code.SUM,
        Code.OWN_SHARE,
    ]
    assert (found.grant_yen, found.own_share_yen) == (1_200_000, 2_100_000)


def test_the_cap_over_all_classes_holds_beside_their_own():
    terms = Terms(classes=(CostClass("計画", TWO_THIRDS), CostClass("伴走", HALF)), total_cap_yen=250_000)
    assert grant(terms, [Cost("計画", 300_000), Cost("伴走", 200_000)]).grant_yen == 250_000


def test_a_class_that_is_not_listed_is_not_covered_unless_the_frame_has_a_rate():
    classes = (CostClass("機械", HALF),)
    assert grant(Terms(classes=classes), [Cost("交際", 100)]).grant_yen == 0
    assert grant(Terms(classes=classes, rate=THIRD), [Cost("交際", 100)]).grant_yen == 33


@pytest.mark.parametrize(
    ("terms", "costs", "reason"),
    [
        (Terms(cap_yen=500_000), 1_000_000, Undetermined.RATE),
        (Terms(classes=(CostClass("機械"),)), [Cost("機械", 1)], Undetermined.RATE),
        (Terms(rate=HALF, cap_yen=500_000), None, Undetermined.COST),
        (Terms(classes=(CostClass("機械", HALF),), cap_yen=500_000), 1_000, Undetermined.COST_CLASS),
    ],
)
def test_what_is_not_known_is_said_and_not_guessed(terms, costs, reason):
    found = grant(terms, costs)
    assert (found.undetermined, found.grant_yen, found.lines) == (reason, None, ())
    assert found.high_yen == terms.cap_yen


def test_costs_told_so_far_give_the_least_amount():
    terms = Terms(rate=HALF, cap_yen=900_000)
    found = grant(terms, [Cost("機械", 600_000), Cost("旅費", None)])
    assert (found.low_yen, found.high_yen, found.own_share_yen) == (300_000, 900_000, None)


def test_below_the_least_grant_nothing_is_paid():
    terms = Terms(rate=HALF, minimum_yen=500_000)
    assert [grant(terms, cost).grant_yen for cost in (999_998, 1_000_000)] == [0, 500_000]


@pytest.mark.parametrize(
    "terms",
    [
        {"rate": Fraction(4, 3)},
        {"rate": HALF, "own_share": THIRD},
        {"rate": HALF, "amount_yen": 5},
        {"rate": HALF, "on_top_of": TWO_THIRDS},
        {"rate_low": HALF},
        {"rate": THIRD, "rate_low": HALF},
        {"cap_low_yen": 5},
        {"cap_yen": -1},
        {"rate": HALF, "round_to_yen": 0},
    ],
)
def test_terms_that_cannot_be_are_refused(terms):
    with pytest.raises(ValueError, match="。"):
        Terms(**terms)


@pytest.mark.parametrize("known", [{"costs": -1}, {"pieces": -1}, {"costs": 1, "base_grant_yen": -1}])
def test_negative_figures_are_refused(known):
    with pytest.raises(ValueError, match="0以上"):
        grant(Terms(rate=HALF), **known)


@given(shares(), COSTS, st.none() | AMOUNTS)
def test_a_grant_stays_between_nothing_and_the_cost(terms, costs, base):
    found = grant(terms, costs, base_grant_yen=base)
    cost = sum(row.yen for row in costs)
    assert 0 <= found.low_yen <= found.high_yen <= max(0, cost - (base or 0))
    for path in (found.low, found.high):
        assert all(line.yen >= 0 for line in path.lines)
        if path.own_share_yen is not None and (base or 0) <= cost:
            assert path.grant_yen + path.own_share_yen + (base or 0) == cost


@given(shares(), COSTS, st.none() | AMOUNTS, st.integers(0, 4), AMOUNTS)
def test_more_cost_never_gives_less(terms, costs, base, position, more):
    row = costs[position % len(costs)]
    raised = [Cost(one.class_name, one.yen + more) if one is row else one for one in costs]
    before, after = (grant(terms, given, base_grant_yen=base) for given in (costs, raised))
    assert before.low_yen <= after.low_yen
    assert before.high_yen <= after.high_yen


@given(RATES, st.integers(2**31, 2**90), st.sampled_from([1, 1000]))
def test_amounts_are_exact_whatever_their_size(rate, cost, unit):
    found = grant(Terms(rate=rate, round_to_yen=unit), cost).grant_yen
    assert found % unit == 0
    assert 0 <= cost * rate - found < unit


def test_a_float_would_have_been_wrong_by_then():
    cost = 2**53 + 1
    assert grant(Terms(rate=Fraction(1)), cost).grant_yen == cost != int(cost * 1.0)


@given(shares(), AMOUNTS, st.none() | AMOUNTS)
def test_the_last_line_before_the_own_share_is_the_grant(terms, cost, base):
    found = grant(terms, [Cost("旅費", cost)], base_grant_yen=base)
    lines = [line for line in found.high.lines if line.code is not Code.OWN_SHARE]
    assert lines[-1].yen == found.high.grant_yen


@given(shares(), COSTS)
def test_learning_a_cost_only_narrows(terms, costs):
    partly = grant(terms, [*costs[:-1], Cost(costs[-1].class_name, None)])
    fully = grant(terms, costs)
    assert partly.low_yen <= fully.low_yen
    assert partly.high_yen is None or fully.high_yen <= partly.high_yen
