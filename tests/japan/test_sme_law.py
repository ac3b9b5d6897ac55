import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.japan.industries import SmeClass
from madoguchi.japan.sme_law import RuleSet, small_business_rules, sme_rules

FIGURES = st.integers(0, 10**9)


@pytest.mark.parametrize(
    ("key", "capital_yen", "employees", "clause"),
    [
        ("other", 300_000_000, 300, "中小企業基本法 第2条第1項第1号"),
        ("wholesale", 100_000_000, 100, "中小企業基本法 第2条第1項第2号"),
        ("service", 50_000_000, 100, "中小企業基本法 第2条第1項第3号"),
        ("retail", 50_000_000, 50, "中小企業基本法 第2条第1項第4号"),
    ],
)
def test_the_act_sets_these_limits(key, capital_yen, employees, clause):
    rule = sme_rules()[key]
    assert (rule.capital_limit_yen, rule.employee_limit, rule.clause) == (capital_yen, employees, clause)


@pytest.mark.parametrize(
    ("key", "capital_yen", "employees"),
    [("rubber", 300_000_000, 900), ("software", 300_000_000, 300), ("lodging", 50_000_000, 200)],
)
def test_the_orders_set_wider_limits(key, capital_yen, employees):
    rule = sme_rules()[key]
    assert (rule.capital_limit_yen, rule.employee_limit, rule.rule_set) == (
        capital_yen,
        employees,
        RuleSet.ORDINANCE,
    )


def test_every_kind_of_business_has_its_rules_in_the_act():
    for rules in (sme_rules(), small_business_rules()):
        assert {key for key, rule in rules.items() if rule.rule_set is RuleSet.BASIC} == set(SmeClass)


@pytest.mark.parametrize(
    ("capital_yen", "employees", "expected"),
    [
        (50_000_000, 51, True),
        (50_000_001, 50, True),
        (50_000_001, 51, False),
        (None, 50, True),
        (None, 51, None),
        (50_000_001, None, None),
        (None, None, None),
    ],
)
def test_one_limit_kept_suffices_and_the_unknown_stays_open(capital_yen, employees, expected):
    assert sme_rules()["retail"].is_met(capital_yen=capital_yen, employee_count=employees) is expected


@pytest.mark.parametrize(("employees", "expected"), [(50, True), (51, False), (None, None)])
def test_a_sole_proprietor_is_judged_by_employees_alone(employees, expected):
    assert sme_rules()["retail"].is_met_by_individual(employee_count=employees) is expected


@pytest.mark.parametrize(
    ("key", "limit"),
    [("other", 20), ("wholesale", 5), ("service", 5), ("retail", 5), ("lodging_and_leisure", 20)],
)
def test_a_small_business_has_few_employees(key, limit):
    rule = small_business_rules()[key]
    assert [rule.is_met(employee_count=count) for count in (limit, limit + 1, None)] == [True, False, None]


@given(st.sampled_from(list(sme_rules().values())), FIGURES, FIGURES)
def test_learning_the_missing_figure_never_overturns_a_settled_answer(rule, capital_yen, employees):
    settled = rule.is_met(capital_yen=capital_yen, employee_count=employees)
    for partial in (
        rule.is_met(capital_yen=capital_yen, employee_count=None),
        rule.is_met(capital_yen=None, employee_count=employees),
    ):
        assert partial in (None, settled)
