"""経営革新計画: the rates are those of the guide (002 and 000, 経営目標), handed in as a rule does."""

from fractions import Fraction
from typing import get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from madoguchi.eligibility.amounts.innovation_plan import (
    Figure,
    Gap,
    PlanYear,
    Unclear,
    growth,
    plan_growth,
    simulate,
)

VALUE_ADDED = {3: Fraction(9, 100), 4: Fraction(12, 100), 5: Fraction(15, 100)}
PAYROLL = {3: Fraction(45, 1000), 4: Fraction(60, 1000), 5: Fraction(75, 1000)}
FIGURES = st.sampled_from(get_args(Figure))

YEN = st.integers(1, 2**60)
YEARS = st.builds(
    PlanYear,
    operating_profit_yen=st.integers(-(2**60), 2**60),
    personnel_yen=YEN,
    depreciation_yen=YEN,
    payroll_yen=YEN,
    headcount=st.integers(1, 900),
)


def a_year(profit=0, personnel=0, depreciation=0, payroll=None, heads=None):
    return PlanYear(
        operating_profit_yen=profit,
        personnel_yen=personnel,
        depreciation_yen=depreciation,
        payroll_yen=payroll,
        headcount=heads,
    )


BASE = a_year(5_000_000, 30_000_000, 5_000_000, payroll=20_000_000, heads=10)


def judged(figure, target, *, years=3, base=BASE, by_years=VALUE_ADDED, has_research=False):
    return plan_growth(figure, by_years, years=years, has_research=has_research, base=base, target=target)


@pytest.mark.parametrize(("years", "enough"), [(3, 43_600_000), (4, 44_800_000), (5, 46_000_000)])
def test_value_added_has_to_grow_by_the_rate_of_its_years(years, enough):
    assert judged("value_added", a_year(enough), years=years) == "met"
    assert judged("value_added", a_year(enough - 1), years=years) == "unmet"


@pytest.mark.parametrize(("years", "enough"), [(3, 20_900_000), (4, 21_200_000), (5, 21_500_000)])
def test_the_payroll_has_to_grow_by_the_rate_of_its_years(years, enough):
    for payroll, status in ((enough, "met"), (enough - 1, "unmet")):
        assert judged("payroll", a_year(payroll=payroll), years=years, by_years=PAYROLL) == status


def test_value_added_is_profit_and_personnel_and_depreciation():
    assert BASE.value_added_yen == 40_000_000
    assert BASE.value("value_added_per_head") == 4_000_000


def test_growth_is_an_exact_fraction():
    assert growth("value_added", a_year(3), a_year(4)) == Fraction(1, 3)


def test_per_head_may_grow_where_the_whole_does_not():
    target = a_year(5_000_000, 30_000_000, 5_000_000, heads=9)
    assert judged("value_added", target) == "unmet"
    assert judged("value_added_per_head", target) == "met"


@pytest.mark.parametrize("years", [6, 7, 8])
@pytest.mark.parametrize("has_research", [True, None])
def test_a_long_plan_with_research_has_no_stated_rate(years, has_research):
    target = a_year(90_000_000)
    assert judged("value_added", target, years=years, has_research=has_research) == "unknown"
    found = simulate(
        "value_added", VALUE_ADDED, years=years, has_research=has_research, base=BASE, target=target
    )
    assert found.unclear is Unclear.NO_THRESHOLD
    assert [gap.gap_yen for gap in found.gaps] == [0, 0, 0]


def test_a_long_plan_without_research_is_told_apart():
    found = simulate("value_added", VALUE_ADDED, years=6, has_research=False, base=BASE, target=BASE)
    assert (found.status, found.unclear) == ("unknown", Unclear.ONLY_WITH_RESEARCH)


def test_a_plan_of_two_years_has_no_stated_rate():
    found = simulate("value_added", VALUE_ADDED, years=2, has_research=False, base=BASE, target=BASE)
    assert (found.status, found.unclear) == ("unknown", Unclear.NO_THRESHOLD)


@pytest.mark.parametrize("profit", [-1, 0, -(10**12)])
def test_growth_from_nothing_or_a_loss_is_not_defined(profit):
    base = a_year(profit, heads=5)
    found = simulate("value_added", VALUE_ADDED, years=3, has_research=False, base=base, target=BASE)
    assert (found.status, found.growth, found.gaps) == ("unknown", None, ())
    assert found.unclear is Unclear.BASE_NOT_POSITIVE


def test_a_target_with_a_loss_is_simply_unmet():
    assert judged("value_added", a_year(-1)) == "unmet"


@pytest.mark.parametrize(
    ("base", "target"),
    [(a_year(1, heads=0), BASE), (BASE, a_year(1, heads=0)), (a_year(1, heads=0), a_year())],
)
def test_per_head_of_nobody_is_not_defined(base, target):
    found = simulate(
        "value_added_per_head", VALUE_ADDED, years=3, has_research=False, base=base, target=target
    )
    assert (found.status, found.unclear) == ("unknown", Unclear.NO_HEADS)


def test_what_is_still_missing_is_named_by_its_fact():
    found = simulate(
        "value_added_per_head",
        VALUE_ADDED,
        years=None,
        has_research=None,
        base=BASE,
        target=PlanYear(personnel_yen=1),
    )
    assert (found.status, found.unclear) == ("unknown", Unclear.MISSING)
    assert found.missing == (
        "plan_years",
        "target_operating_profit_yen",
        "target_depreciation_yen",
        "target_headcount",
    )


def test_what_must_be_reached_is_known_before_the_target_is():
    found = simulate("value_added", VALUE_ADDED, years=3, has_research=False, base=BASE, target=PlanYear())
    assert found.gaps[0] == Gap(3, Fraction(9, 100), 43_600_000, None)


def test_a_negative_number_of_heads_is_refused():
    with pytest.raises(ValueError, match="0以上"):
        PlanYear(headcount=-1)


@given(FIGURES, YEARS, YEARS, st.sampled_from([3, 4, 5]))
def test_the_gap_is_the_smallest_amount_that_reaches_the_rate(figure, base, target, years):
    assume(base.value(figure) > 0)
    found = simulate(figure, VALUE_ADDED, years=years, has_research=False, base=base, target=target)
    gap = next(gap.gap_yen for gap in found.gaps if gap.years == years)
    assert (found.status == "met") == (gap == 0)

    def with_more(amount):
        more = {name: getattr(target, name) for name in PlanYear.__dataclass_fields__}
        name = "payroll_yen" if figure == "payroll" else "operating_profit_yen"
        return PlanYear(**more | {name: more[name] + amount})

    assert judged(figure, with_more(gap), base=base, years=years) == "met"
    if gap:
        assert judged(figure, with_more(gap - 1), base=base, years=years) == "unmet"


@given(FIGURES, YEARS, YEARS, st.integers(0, 2**60), st.sampled_from([3, 4, 5]))
def test_a_better_target_never_turns_met_to_unmet(figure, base, target, more, years):
    values = {name: getattr(target, name) for name in PlanYear.__dataclass_fields__}
    values |= {name: values[name] + more for name in ("operating_profit_yen", "payroll_yen")}
    if judged(figure, target, base=base, years=years) == "met":
        assert judged(figure, PlanYear(**values), base=base, years=years) == "met"


@given(FIGURES, YEARS, YEARS, st.sets(st.sampled_from(list(PlanYear.__dataclass_fields__))))
def test_an_answer_with_less_told_is_the_same_or_unknown(figure, base, target, hidden):
    values = {name: getattr(target, name) for name in PlanYear.__dataclass_fields__}
    partly = PlanYear(**values | dict.fromkeys(hidden))
    assert judged(figure, partly, base=base) in ("unknown", judged(figure, target, base=base))


def test_one_yen_decides_where_a_float_would_not_see_it():
    base = a_year(100 * 2**53)
    assert judged("value_added", a_year(109 * 2**53), base=base) == "met"
    assert judged("value_added", a_year(109 * 2**53 - 1), base=base) == "unmet"
