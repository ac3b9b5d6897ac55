"""The nationwide facts and definitions are well formed, and say what the tables of the law say."""

from datetime import date
from itertools import product

import pytest

from madoguchi.eligibility import dictionary
from madoguchi.eligibility.rules.evaluate import evaluate
from madoguchi.eligibility.rules.facts import CODES, FactType
from madoguchi.eligibility.rules.parse import Parser
from madoguchi.eligibility.rules.profile import read_profile
from madoguchi.eligibility.rules.status import Status
from madoguchi.japan import industries, sme_law

ON = date(2023, 6, 10)
WORDS = dictionary.build(dictionary.Additions(), programmes={})
GROUPS = [each.code for division in industries.divisions() for each in industries.major_groups(division.code)]
# Every group of two digits, and every one of three that some table tells apart.
FINE = [f"{group}{digit}" for group in ("39", "41", "69", "75", "79", "80") for digit in range(10)]


def _node(name, version):
    parser = Parser(WORDS, dictionary.core_definitions())
    source = {"law": "試験法", "clause": "1"}
    node = parser.rule({"define": name, "version": version, "because": "であること", "source": source})
    assert not parser.problems
    return node


def _ask(node, **told):
    profile = read_profile(told, WORDS)
    assert not profile.troubles
    return evaluate(node, profile.facts, on=ON).status


def _answer(holds):
    return {True: Status.MET, False: Status.UNMET, None: Status.UNKNOWN}[holds]


SME, SMALL = _node("sme", "basic-act"), _node("small", "basic-act")


@pytest.mark.parametrize("code", [code for code in (*GROUPS, *FINE) if industries.sme_class(code)])
def test_who_is_small_or_medium_is_who_the_table_of_the_act_says(code):
    kind = industries.sme_class(code)
    assert kind is not None
    rule, small = sme_law.sme_rules()[kind.value], sme_law.small_business_rules()[kind.value]
    capitals = (None, rule.capital_limit_yen, rule.capital_limit_yen + 1)
    heads = (None, 5, 6, 20, 21, rule.employee_limit, rule.employee_limit + 1)
    for capital, people in product(capitals, heads):
        told = {"industry": code, "legal_form": "kabushiki", "capital_yen": capital, "employees": people}
        expected = _answer(rule.is_met(capital_yen=capital, employee_count=people))
        assert _ask(SME, **told) is expected, told
        assert _ask(SMALL, **told) is _answer(small.is_met(employee_count=people)), told
    for people in heads:
        told = {"industry": code, "legal_form": "sole", "employees": people}
        assert _ask(SME, **told) is _answer(rule.is_met_by_individual(employee_count=people)), told


def test_the_oracle_would_see_a_limit_that_is_off_by_one():
    """The twin: another table than the law's is noticed."""
    rule = sme_law.sme_rules()["retail"]
    told = {"industry": "56", "legal_form": "sole", "employees": rule.employee_limit + 1}
    assert _ask(SME, **told) is not Status.MET
    assert _ask(SME, **{**told, "employees": rule.employee_limit}) is Status.MET


@pytest.mark.parametrize("form", ["npo", "medical", "union", "ippan", "llp"])
def test_who_is_neither_company_nor_individual_is_not_one_by_the_act(form):
    assert _ask(SME, legal_form=form, industry="56", employees=1) is Status.UNMET


@pytest.mark.parametrize(("key", "code"), [("software", "391"), ("software", "392"), ("lodging", "751")])
def test_the_ordinance_widens_the_limits_of_its_industries(key, code):
    node, rule = _node("sme", "with-ordinance-industries"), sme_law.sme_rules()[key]
    told = {"industry": code, "legal_form": "kabushiki", "capital_yen": 10**12}
    assert _ask(node, **told, employees=rule.employee_limit) is Status.MET
    assert _ask(node, **told, employees=rule.employee_limit + 1) is Status.UNMET
    assert _ask(SME, **told, employees=rule.employee_limit) is Status.UNMET
    richest = {**told, "capital_yen": rule.capital_limit_yen, "employees": 10**6}
    assert _ask(node, **richest) is Status.MET
    assert _ask(node, **{**richest, "capital_yen": rule.capital_limit_yen + 1}) is Status.UNMET


def test_small_lodging_and_leisure_may_have_twenty():
    node = _node("small", "support-act")
    for code in ("751", "75", "80", "803"):
        told = {"industry": code, "legal_form": "sole"}
        assert [_ask(node, **told, employees=n) for n in (20, 21)] == [Status.MET, Status.UNMET]
        assert _ask(SMALL, **told, employees=20) is Status.UNMET
    assert _ask(node, industry="56", legal_form="sole", employees=6) is Status.UNMET


def test_an_industry_belongs_to_one_class_only():
    names = ("wholesale-industry", "service-industry", "retail-industry", "other-industry")
    nodes = [_node(name, "jsic-2023") for name in names]
    for code in (*GROUPS, *FINE):
        if industries.sme_class(code) is not None:
            assert [_ask(node, industry=code) for node in nodes].count(Status.MET) == 1, code


# ── the dictionary ──────────────────────────────────────────────────────────────────────────────────
def test_every_definition_reads_without_a_mistake():
    for (name, version), row in dictionary.core_definitions().items():
        parser = Parser(WORDS, dictionary.core_definitions())
        assert parser.rule(row["rule"]) is not None
        assert parser.problems == [], (name, version)
        assert row["label"]


@pytest.mark.parametrize("fact", dictionary.core_facts(), ids=lambda fact: fact.key)
def test_a_fact_has_all_that_a_question_needs(fact):
    assert fact.label
    assert fact.where
    assert fact.question.endswith("。")
    assert bool(fact.choices) == (fact.type in (FactType.CHOICE, FactType.SET))
    codes = [choice.code for choice in fact.choices]
    assert len(set(codes)) == len(codes)
    assert {choice.parent for choice in fact.choices} <= {*codes, ""}
    allowed = {"true", "false"} if fact.type is FactType.BOOLEAN else set(codes)
    assert {name for name, _ in fact.usual} <= allowed
    if fact.type is FactType.YEN:
        assert fact.unit == "円"
    for key, value in fact.implies:
        implied = WORDS.get(key)
        assert implied is not None
        assert WORDS.canonical(implied, value) == value


def test_keys_are_unique_and_every_code_has_one_spelling():
    keys = [fact.key for fact in dictionary.core_facts()]
    assert len(set(keys)) == len(keys)
    for fact in dictionary.core_facts():
        if fact.type in CODES:
            for choice in fact.choices:
                assert WORDS.canonical(fact, choice.code) == choice.code


@pytest.mark.parametrize("code", ["U", "1", "24١", "2 4", "AB", "", "000", "100000"])
def test_what_is_no_industry_is_refused(code):
    with pytest.raises(ValueError, match="コード"):
        WORDS.canonical(WORDS.facts["industry"], code)


@pytest.mark.parametrize(
    ("additions", "says"),
    [
        ({"facts": [{"key": "employees", "label": "x", "type": "count", "question": "x"}]}, "すでにあります"),
        ({"choices": [{"fact": "nowhere", "code": "x", "label": "x"}]}, "ありません"),
        ({"choices": [{"fact": "employees", "code": "x", "label": "x"}]}, "ありません"),
        ({"choices": [{"fact": "intents", "code": "digital", "label": "x"}]}, "すでにあります"),
    ],
)
def test_an_addition_that_does_not_fit_is_refused(additions, says):
    with pytest.raises(ValueError, match=says):
        dictionary.build(dictionary.Additions(**additions), programmes={})
