"""A fall in sales as the emergency benefit of FY2022 asks for it (004, lines 819-825)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.eligibility.amounts.sales_drop import Requirement, sales_drop

BENEFIT = Requirement(
    year=2022, against=(2019, 2020, 2021), at_least=Fraction(30, 100), annual_minimum_yen=2_400_000
)
AGAINST_ONE = Requirement(year=2022, against=(2019,), at_least=Fraction(30, 100))


def months(year, *amounts, start=1):
    return {f"{year}-{month:02}": amount for month, amount in enumerate(amounts, start)}


def flat(year, amount):
    return months(year, *[amount] * 12)


def test_two_months_that_fell_by_three_tenths_are_enough():
    found = sales_drop(BENEFIT, months(2022, 700, 700) | months(2019, 1000, 1000), {2019: 2_400_000})
    assert found.status == "met"
    assert (found.best.months, found.best.against) == (("2022-01", "2022-02"), 2019)
    assert (found.best.drop, found.best.gap_yen, found.best.annual_gap_yen) == (Fraction(3, 10), 0, 0)
    assert (found.missing_months, found.missing_years) == ((), ())


def test_one_yen_too_many_is_not():
    then = months(2019, 1000, 1000)
    assert sales_drop(AGAINST_ONE, flat(2022, 9999) | months(2022, 700, 701) | then, {}).status == "unknown"
    everything = flat(2022, 9999) | flat(2019, 1000) | months(2022, 700, 701)
    found = sales_drop(AGAINST_ONE, everything, {})
    assert (found.status, found.best.gap_yen, found.best.now_yen) == ("unmet", 1, 1401)


def test_the_two_months_are_added_up():
    """One month may stay above if the other makes up for it: the document counts the sales of two months."""
    found = sales_drop(AGAINST_ONE, months(2022, 900, 500) | months(2019, 1000, 1000), {})
    assert found.status == "met"


def test_the_months_have_to_follow_each_other():
    now = months(2022, 0, 2000) | months(2022, *[2000] * 9, 0, start=3)
    assert sales_drop(AGAINST_ONE, now | flat(2019, 1000), {}).status == "unmet"


def test_months_over_the_end_of_the_year_are_no_pair():
    now = flat(2022, 1000) | {"2022-12": 0, "2023-01": 0}
    then = flat(2019, 1) | {"2019-12": 500, "2020-01": 9_000_000}
    assert sales_drop(AGAINST_ONE, now | then, {}).status == "unmet"


def test_any_of_the_years_will_do():
    figures = flat(2022, 700) | flat(2019, 600) | flat(2020, 600) | flat(2021, 1000)
    found = sales_drop(BENEFIT, figures, dict.fromkeys((2019, 2020), 7200) | {2021: 12_000})
    assert (found.status, found.best.against, found.best.annual_gap_yen) == ("unmet", 2021, 2_388_000)
    in_thousands = {month: amount * 1000 for month, amount in figures.items()}
    assert sales_drop(BENEFIT, in_thousands, {}).status == "met"


def test_the_annual_sales_of_the_year_compared_count_and_not_those_of_another():
    figures = months(2022, 1, 1) | months(2019, 100_000, 100_000) | flat(2020, 1) | flat(2021, 1)
    assert sales_drop(BENEFIT, figures, {2019: 2_399_999}).status == "unmet"
    assert sales_drop(BENEFIT, figures, {2019: 2_400_000}).status == "met"


def test_annual_sales_are_known_from_twelve_months():
    assert sales_drop(BENEFIT, flat(2022, 1) | flat(2019, 200_000), {}).status == "met"


def test_annual_sales_are_enough_once_the_months_told_reach_them():
    then = months(2019, 1_200_000, 1_200_000)
    assert sales_drop(BENEFIT, months(2022, 1, 1) | then, {}).status == "met"


def test_without_the_annual_sales_it_stays_open():
    found = sales_drop(BENEFIT, months(2022, 1, 1) | months(2019, 100_000, 100_000), {})
    assert (found.status, found.missing_years) == ("unknown", (2019, 2020, 2021))
    assert found.best.annual_gap_yen is None


def test_annual_sales_just_at_the_least_keep_the_question_open_and_one_yen_below_closes_it():
    one_year = Requirement(year=2022, against=(2019,), at_least=Fraction(1, 2), annual_minimum_yen=2_400_000)
    statuses = [sales_drop(one_year, {}, {2019: annual}).status for annual in (2_400_000, 2_399_999)]
    assert statuses == ["unknown", "unmet"]


def test_a_month_that_follows_from_the_year_is_not_asked_for():
    then = flat(2019, 1000) | {"2019-02": None}
    found = sales_drop(AGAINST_ONE, months(2022, *[900] * 11, start=2) | then, {2019: 12_000})
    assert (found.status, found.missing_months) == ("unknown", ("2022-01",))


def test_nothing_sold_then_is_no_fall():
    found = sales_drop(AGAINST_ONE, flat(2022, 0) | flat(2019, 0), {})
    assert (found.status, found.best) == ("unmet", None)


def test_months_and_year_that_disagree_are_reported_and_not_used():
    found = sales_drop(AGAINST_ONE, flat(2022, 1) | flat(2019, 1000), {2019: 12_001})
    assert (found.status, found.contradictory_years, found.best) == ("unknown", (2019,), None)
    assert sales_drop(AGAINST_ONE, months(2019, 500), {2019: 499}).contradictory_years == (2019,)
    assert sales_drop(AGAINST_ONE, flat(2022, 1) | flat(2019, 1000), {2019: 12_000}).status == "met"


def test_the_last_month_follows_from_the_year():
    then = flat(2019, 1000) | {"2019-02": None}
    assert sales_drop(AGAINST_ONE, months(2022, 700, 700) | then, {2019: 12_000}).status == "met"


def test_the_months_still_to_be_told_are_named():
    found = sales_drop(AGAINST_ONE, flat(2022, 900) | months(2019, *[1000] * 10), {})
    assert (found.status, found.missing_months) == ("unknown", ("2019-11", "2019-12"))


def test_with_nothing_told_everything_is_missing():
    found = sales_drop(AGAINST_ONE, {}, {})
    assert (found.status, found.best, len(found.missing_months)) == ("unknown", None, 24)


def test_three_months_and_another_rate_are_a_matter_of_the_rule():
    rule = Requirement(year=2023, against=(2022,), at_least=Fraction(1, 2), consecutive_months=3)
    now = flat(2023, 1000) | months(2023, 500, 500, 500, start=5)
    assert sales_drop(rule, now | flat(2022, 1000), {}).best.months == ("2023-05", "2023-06", "2023-07")


def test_negative_sales_are_refused():
    with pytest.raises(ValueError, match="0円以上"):
        sales_drop(AGAINST_ONE, {"2022-01": -1}, {})


@pytest.mark.parametrize(
    "wrong", [{"consecutive_months": 0}, {"consecutive_months": 13}, {"at_least": Fraction()}]
)
def test_a_requirement_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match="。"):
        Requirement(**{"year": 2022, "against": (2019,), "at_least": Fraction(1, 2)} | wrong)


AMOUNTS = st.integers(0, 10) | st.integers(0, 2**60)
YEAR_OF_SALES = st.lists(AMOUNTS, min_size=12, max_size=12)
RULES = st.builds(
    Requirement,
    year=st.just(2022),
    against=st.sampled_from([(2021,), (2020, 2021)]),
    at_least=st.sampled_from([Fraction(3, 10), Fraction(1, 2), Fraction(1)]),
    consecutive_months=st.integers(1, 12),
    annual_minimum_yen=AMOUNTS,
)


@st.composite
def histories(draw):
    """All figures of three years, and the keys of those that are not told."""
    monthly = {
        key: amount
        for year in (2020, 2021, 2022)
        for key, amount in months(year, *draw(YEAR_OF_SALES)).items()
    }
    yearly = {
        year: sum(amount for key, amount in monthly.items() if key.startswith(str(year)))
        for year in (2020, 2021, 2022)
    }
    hidden = draw(st.sets(st.sampled_from([*monthly, *yearly])))
    return monthly, yearly, hidden


def told(figures, hidden):
    return {key: None if key in hidden else amount for key, amount in figures.items()}


def by_hand(rule, monthly, yearly):
    """The requirement in the plainest way, for figures that are all known."""
    for start in range(1, 14 - rule.consecutive_months):
        window = range(start, start + rule.consecutive_months)
        now = sum(monthly[f"2022-{month:02}"] for month in window)
        for year in rule.against:
            then = sum(monthly[f"{year}-{month:02}"] for month in window)
            if then and now <= then * (1 - rule.at_least) and yearly[year] >= rule.annual_minimum_yen:
                return "met"
    return "unmet"


@given(RULES, histories())
def test_with_everything_told_it_is_the_plain_sum(rule, history):
    monthly, yearly, _ = history
    assert sales_drop(rule, monthly, yearly).status == by_hand(rule, monthly, yearly)
    assert sales_drop(rule, monthly, {}).status == by_hand(rule, monthly, yearly)


@given(RULES, histories())
def test_learning_more_never_overturns_an_answer(rule, history):
    monthly, yearly, hidden = history
    partly = sales_drop(rule, told(monthly, hidden), told(yearly, hidden))
    assert partly.status in ("unknown", by_hand(rule, monthly, yearly))
    assert partly.contradictory_years == ()
    assert (partly.status == "unknown") >= bool(partly.missing_months or partly.missing_years)


@given(RULES, histories())
def test_what_is_open_says_what_to_tell(rule, history):
    monthly, yearly, hidden = history
    found = sales_drop(rule, told(monthly, hidden), told(yearly, hidden))
    if found.status == "unknown":
        assert set(found.missing_months) | set(found.missing_years) <= hidden
        assert found.missing_months or found.missing_years


@given(RULES, histories())
def test_the_gap_in_yen_is_exactly_what_is_too_much(rule, history):
    monthly, yearly, _ = history
    best = sales_drop(rule, monthly, yearly).best
    if best is None:
        return
    assert best.drop == Fraction(best.then_yen - best.now_yen, best.then_yen)
    assert (best.gap_yen == 0) == (best.drop >= rule.at_least)
    if best.gap_yen:
        for gap, is_enough in ((best.gap_yen, True), (best.gap_yen - 1, False)):
            assert (best.now_yen - gap <= best.then_yen * (1 - rule.at_least)) == is_enough


def test_one_yen_decides_where_a_float_would_not_see_it():
    then = flat(2019, 10 * 2**53)
    assert sales_drop(AGAINST_ONE, flat(2022, 7 * 2**53) | then, {}).status == "met"
    assert sales_drop(AGAINST_ONE, flat(2022, 7 * 2**53 + 1) | then, {}).status == "unmet"
