"""Every comparison on both sides of its edge."""

from datetime import date
from fractions import Fraction

import pytest

from madoguchi.eligibility.rules.leaves import Ago, Judgement, Unwritten
from madoguchi.eligibility.rules.status import Status
from tests.eligibility.rules.words import ON, WORDS, leaf, read, status

BIG = 2**53 + 1  # the first whole number that a float cannot hold

MET, UNMET, UNKNOWN = "met", "unmet", "unknown"


@pytest.mark.parametrize(
    ("condition", "answers"),
    [
        ({"at_most": 300}, {299: MET, 300: MET, 301: UNMET}),
        ({"at_least": 300}, {299: UNMET, 300: MET, 301: MET}),
        ({"less_than": 300}, {299: MET, 300: UNMET, 301: UNMET}),
        ({"more_than": 300}, {299: UNMET, 300: UNMET, 301: MET}),
        ({"equals": 300}, {299: UNMET, 300: MET, 301: UNMET}),
        ({"between": [6, 20]}, {5: UNMET, 6: MET, 20: MET, 21: UNMET}),
        ({"between": [6, 6]}, {5: UNMET, 6: MET, 7: UNMET}),
    ],
)
def test_a_number_on_both_sides_of_its_limits(condition, answers):
    for told, expected in answers.items():
        assert status(leaf(fact="employees", **condition), {"employees": told}) == expected, told


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"from": 6, "to": 20}, MET),
        ({"from": 6}, UNKNOWN),
        ({"to": 20}, UNKNOWN),
        ({"to": 5}, UNMET),
        ({"from": 21}, UNMET),
        ({"from": 5, "to": 6}, UNKNOWN),
        ({"from": 20, "to": 21}, UNKNOWN),
        ({"from": None, "to": None}, UNKNOWN),
    ],
)
def test_a_range_settles_only_what_all_of_it_settles(told, expected):
    assert status(leaf(fact="employees", between=[6, 20]), {"employees": told}) == expected


@pytest.mark.parametrize("limit", [2**31, 2**32 + 1, BIG, 10**17])
def test_yen_are_compared_to_the_yen_however_many(limit):
    rule = leaf(fact="capital_yen", at_most=limit)
    assert status(rule, {"capital_yen": limit}) == MET
    assert status(rule, {"capital_yen": limit - 1}) == MET
    if limit < 10**17:
        assert status(rule, {"capital_yen": limit + 1}) == UNMET


def test_a_float_would_not_have_seen_the_difference():
    """The twin: 2^53 and 2^53 + 1 are one number as floats."""
    assert float(BIG) == float(BIG - 1)
    assert status(leaf(fact="capital_yen", at_least=BIG), {"capital_yen": BIG - 1}) == UNMET


def test_a_loss_is_less_than_nothing_where_a_fact_may_be_negative():
    rule = leaf(fact="profit_yen", less_than=0)
    assert status(rule, {"profit_yen": -1}) == MET
    assert status(rule, {"profit_yen": 0}) == UNMET


@pytest.mark.parametrize(
    ("limit", "told", "expected"),
    [
        ("1/3", "1/3", MET),
        ("1/3", "33.333333%", UNMET),
        ("33.333333%", "1/3", MET),
        ("9%", "9％", MET),
        ("9%", "9/100", MET),
        ("9%", "8.999999%", UNMET),
    ],
)
def test_rates_are_fractions(limit, told, expected):
    assert status(leaf(fact="share", at_least=limit), {"share": told}) == expected


def test_a_rate_that_must_stay_below_its_limit_may_come_as_near_as_it_likes():
    rule = leaf(fact="share", less_than="1/3")
    assert status(rule, {"share": "33.333333%"}) == MET
    assert status(rule, {"share": "1/3"}) == UNMET
    assert status(leaf(fact="share", more_than="1/3"), {"share": "1/3"}) == UNMET
    assert status(leaf(fact="share", more_than="1/3"), {"share": "333333334/999999999"}) == MET
    assert Fraction("333333334/999999999") - Fraction(1, 3) == Fraction(1, 999999999)


# ── days ────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("span", "on", "day"),
    [
        (Ago(months=1), date(2023, 3, 31), date(2023, 2, 28)),
        (Ago(months=1), date(2024, 3, 31), date(2024, 2, 29)),
        (Ago(months=1), date(2023, 7, 31), date(2023, 6, 30)),
        (Ago(years=1), date(2024, 2, 29), date(2023, 2, 28)),
        (Ago(years=4), date(2024, 2, 29), date(2020, 2, 29)),
        (Ago(years=1), date(2023, 2, 28), date(2022, 2, 28)),
        (Ago(months=2), date(2023, 1, 31), date(2022, 11, 30)),
        (Ago(months=12), date(2023, 6, 10), date(2022, 6, 10)),
        (Ago(years=1, months=1, days=1), date(2023, 3, 31), date(2022, 2, 27)),
        (Ago(days=1), date(2023, 1, 1), date(2022, 12, 31)),
        (Ago(), date(2023, 6, 10), date(2023, 6, 10)),
        (Ago(years=200), date(100, 1, 1), date.min),
        (Ago(days=36_500), date(1, 1, 2), date.min),
    ],
)
def test_days_are_counted_back_to_a_day_that_exists(span, on, day):
    assert span.before(on) == day


@pytest.mark.parametrize(
    ("condition", "answers"),
    [
        ({"on_or_after": "2019-04-01"}, {"2019-03-31": UNMET, "2019-04-01": MET}),
        ({"on_or_before": "2019-04-01"}, {"2019-04-01": MET, "2019-04-02": UNMET}),
        ({"at_least_ago": {"years": 1}}, {"2022-06-10": MET, "2022-06-11": UNMET}),
        ({"at_most_ago": {"years": 5}}, {"2018-06-10": MET, "2018-06-09": UNMET}),
        ({"less_than_ago": {"years": 5}}, {"2018-06-10": UNMET, "2018-06-11": MET}),
        ({"at_most_ago": {"months": 6}}, {"2022-12-10": MET, "2022-12-09": UNMET}),
        ({"at_most_ago": {"days": 1}}, {"2023-06-09": MET, "2023-06-08": UNMET, "2023-06-10": MET}),
    ],
)
def test_a_day_on_both_sides_of_its_limit(condition, answers):
    for told, expected in answers.items():
        assert status(leaf(fact="established_on", **condition), {"established_on": told}) == expected, told


@pytest.mark.parametrize(
    ("told", "expected"), [("2019", UNKNOWN), ("2019-04", MET), ("2018", UNMET), ("2020", MET)]
)
def test_a_month_or_a_year_settles_what_all_its_days_settle(told, expected):
    assert status(leaf(fact="established_on", on_or_after="2019-04-01"), {"established_on": told}) == expected


def test_the_day_of_the_application_decides_and_not_today():
    rule = leaf(fact="established_on", less_than_ago={"years": 5})
    told = {"established_on": "2018-06-11"}
    assert status(rule, told, on=date(2023, 6, 10)) == MET
    assert status(rule, told, on=date(2023, 6, 11)) == UNMET


def test_one_who_began_on_a_leap_day_is_a_year_old_on_the_first_of_march():
    rule = leaf(fact="established_on", at_least_ago={"years": 1})
    told = {"established_on": "2020-02-29"}
    assert status(rule, told, on=date(2021, 2, 28)) == UNMET
    assert status(rule, told, on=date(2021, 3, 1)) == MET


# ── codes ───────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("fact", "within", "answers"),
    [
        ("industry", ["39"], {"39": MET, "391": MET, "3911": MET, "G": UNKNOWN, "E": UNMET, "38": UNMET}),
        ("industry", ["391", "392"], {"391": MET, "3929": MET, "39": UNKNOWN, "G": UNKNOWN, "393": UNMET}),
        ("industry", ["E"], {"E": MET, "09": MET, "０９": MET, "0911": MET, "e": MET, "D": UNMET}),
        ("area", ["020001"], {"022012": MET, "02201": MET, "000000": UNKNOWN, "131016": UNMET}),
        ("area", ["west"], {"022021": MET, "020001": UNKNOWN, "022012": UNMET, "west": MET}),
        ("area", ["022055"], {"west": UNKNOWN, "coast": UNKNOWN, "022055": MET, "022012": UNMET}),
        ("legal_form", ["company"], {"kabushiki": MET, "corporation": UNKNOWN, "npo": UNMET, "sole": UNMET}),
        ("legal_form", ["sole", "company"], {"sole": MET, "company": MET, "corporation": UNKNOWN}),
    ],
)
def test_a_code_is_met_from_below_and_open_from_above(fact, within, answers):
    for told, expected in answers.items():
        assert status(leaf(fact=fact, within=within), {fact: told}) == expected, told


def test_a_set_is_told_whole():
    some = leaf(fact="intents", has_any=["digital", "hire"])
    every = leaf(fact="intents", has_all=["digital", "hire"])
    for told, any_of, all_of in (
        ([], UNMET, UNMET),
        (["digital"], MET, UNMET),
        (["hire", "digital", "ip"], MET, MET),
        (["ip"], UNMET, UNMET),
    ):
        assert (status(some, {"intents": told}), status(every, {"intents": told})) == (any_of, all_of)
    assert status(some, {}) == UNKNOWN


# ── figures by month and year ───────────────────────────────────────────────────────────────────────
def test_a_month_is_compared_with_its_own_figure():
    rule = leaf(fact="sales_monthly", month="2022-04", at_least=100)
    assert status(rule, {"sales_monthly": {"2022-04": 100, "2022-05": 0}}) == MET
    assert status(rule, {"sales_monthly": {"2022-04": 99}}) == UNMET
    assert status(rule, {"sales_monthly": {"2022-05": 100}}) == UNKNOWN
    assert status(rule, {}) == UNKNOWN


@pytest.mark.parametrize(("year", "asked"), [(2022, "2022"), (0, "2023"), ("-1", "2022"), ("-10", "2013")])
def test_a_year_counts_back_from_that_of_the_application(year, asked):
    rule = leaf(fact="sales_yearly", year=year, at_least=100)
    assert status(rule, {"sales_yearly": {asked: 100}}) == MET
    assert status(rule, {"sales_yearly": {asked: 99}}) == UNMET
    assert status(rule, {"sales_yearly": {"2000": 100}}) == UNKNOWN


def test_a_relative_year_is_of_the_calendar_not_the_fiscal_year():
    rule = leaf(fact="sales_yearly", year=0, at_least=1)
    assert status(rule, {"sales_yearly": {"2024": 1}}, on=date(2024, 3, 31)) == MET


# ── other programmes ────────────────────────────────────────────────────────────────────────────────
def test_used_counts_on_both_sides():
    twice = leaf(used={"programme": "other", "at_most": 1})
    assert [status(twice, {"used:other": n}) for n in (0, 1, 2)] == [MET, MET, UNMET]
    before = leaf(used={"programme": "other", "at_least": 1})
    assert [status(before, {"used:other": n}) for n in (0, 1)] == [UNMET, MET]
    span = leaf(used={"programme": "other", "at_least": 1, "at_most": 2})
    assert [status(span, {"used:other": n}) for n in (0, 1, 2, 3)] == [UNMET, MET, MET, UNMET]
    assert status(span, {}) == UNKNOWN


def test_adopted_asks_for_yes_and_not_with_for_no():
    adopted, apart = leaf(adopted={"programme": "other"}), leaf(not_with={"programme": "other"})
    assert [status(adopted, {"adopted:other": v}) for v in (True, False)] == [MET, UNMET]
    assert [status(apart, {"receives:other": v}) for v in (True, False)] == [UNMET, MET]
    assert (status(adopted, {"receives:other": True}), status(apart, {})) == (UNKNOWN, UNKNOWN)


def test_yes_and_no():
    rule = leaf(fact="tax_arrears", equals=False)
    assert [status(rule, told) for told in ({"tax_arrears": False}, {"tax_arrears": True}, {})] == [
        MET,
        UNMET,
        UNKNOWN,
    ]


# ── what is worked out ──────────────────────────────────────────────────────────────────────────────
DROP = leaf(
    compute="sales_drop",
    **{
        "with": {
            "year": 2022,
            "against": [2021],
            "consecutive_months": 2,
            "at_least": "30%",
            "annual_minimum_yen": 1200,
        }
    },
)


def _sales(april, may):
    earlier = {f"2021-{month:02}": 100 for month in range(1, 13)}
    others = {f"2022-{month:02}": 100 for month in range(1, 13)}
    return {"sales_monthly": {**earlier, **others, "2022-04": april, "2022-05": may}}


@pytest.mark.parametrize(
    ("april", "may", "expected"), [(70, 70, MET), (70, 71, UNMET), (40, 100, MET), (41, 100, UNMET)]
)
def test_two_months_together_fall_by_the_rate_or_more(april, may, expected):
    assert status(DROP, _sales(april, may)) == expected


def test_sales_below_the_annual_minimum_do_not_count():
    told = _sales(0, 0)
    told["sales_monthly"]["2021-12"] = 99
    assert status(DROP, told) == UNMET
    assert status(DROP, {}) == UNKNOWN


GROWTH = leaf(
    compute="plan_growth", **{"with": {"figure": "payroll", "by_years": {"3": "4.5%", "5": "7.5%"}}}
)


def _plan(years, target, **more):
    return {
        "plan_years": years,
        "base_payroll_yen": 1000,
        "target_payroll_yen": target,
        "plan_has_research": False,
        **more,
    }


@pytest.mark.parametrize(
    ("years", "target", "expected"),
    [(3, 1045, MET), (3, 1044, UNMET), (5, 1075, MET), (5, 1074, UNMET), (4, 9999, UNKNOWN)],
)
def test_a_plan_grows_by_the_rate_of_its_length(years, target, expected):
    assert status(GROWTH, _plan(years, target)) == expected


def test_a_range_of_a_figure_leaves_growth_open():
    told = _plan(3, 1045, base_payroll_yen={"from": 900, "to": 1000})
    assert status(GROWTH, told) == UNKNOWN


# ── what no answer settles ──────────────────────────────────────────────────────────────────────────
def test_a_judgement_stays_with_people_and_the_unwritten_stays_open():
    for facts in ({}, {"employees": 1}):
        assert Judgement("審査会", "新しさ").ask(facts, ON) is Status.JUDGEMENT
        assert Unwritten().ask(facts, ON) is Status.UNKNOWN


def test_every_leaf_is_open_while_nothing_is_told():
    for condition in (
        leaf(fact="employees", at_most=1),
        leaf(fact="established_on", at_least_ago={"days": 1}),
        leaf(fact="industry", within=["E"]),
        leaf(fact="sales_yearly", year=0, at_least=1),
        DROP,
        GROWTH,
    ):
        assert status(condition, {}) == UNKNOWN
        assert set(read(condition).leaf.facts) <= set(WORDS.facts)
