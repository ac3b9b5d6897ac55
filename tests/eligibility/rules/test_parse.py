"""Every mistake in a rule is named at its path, all at once, and nothing is guessed."""

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.eligibility.rules.evaluate import evaluate
from madoguchi.eligibility.rules.parse import Parser
from madoguchi.eligibility.rules.profile import from_json, read_profile
from tests.eligibility.bulk import worlds
from tests.eligibility.rules.words import DEFINITIONS, SOURCE, WORDS, leaf, problems, read, status

FEW = leaf(fact="employees", at_most=5)
DROP = {"year": 2022, "against": [2021], "consecutive_months": 2, "at_least": "30%", "annual_minimum_yen": 0}


def _with(data: Any, **changed: Any) -> dict[str, Any]:
    return {key: value for key, value in {**data, **changed}.items() if value is not ...}


@pytest.mark.parametrize(
    ("data", "path", "says"),
    [
        # its form
        ([], "", "項目と値の組"),
        ("sme", "", "項目と値の組"),
        ({}, "", "ありません"),
        (leaf(fact="employees", at_most=5, all=[FEW]), "", "all、fact"),
        (leaf(fact="employees"), "", "比べ方を、一つだけ"),
        (leaf(fact="employees", at_most=5, at_least=1), "", "比べ方を、一つだけ"),
        (_with(FEW, because=...), "", "because"),
        (_with(FEW, because="  "), "", "because"),
        (_with(FEW, because=5), "because", "文で"),
        (_with(FEW, source=...), "", "source"),
        (_with(FEW, source="000"), "source", "出典は"),
        (_with(FEW, source={"law": "法"}), "source", "出典は"),
        (_with(FEW, source={"file": 4, "section": "1", "lines": "1"}), "source", "引用符"),
        (leaf(judgement="窓口", by="審査会"), "by", "知らない項目"),
        (leaf(judgement=True), "judgement", "だれが"),
        # groups
        ({"all": []}, "all", "一つ以上"),
        ({"any": {}}, "any", "一つ以上"),
        ({"any": None}, "any", "一つ以上"),
        ({"all": [FEW, "x"]}, "all.1", "項目と値の組"),
        ({"any": [FEW], "others": "窓口"}, "others", "others は"),
        ({"any": [FEW], "others": {"because": "認められること"}}, "others", "others は"),
        ({"any": [FEW], "others": {"judgement": "窓口", "source": SOURCE}}, "others", "because"),
        ({"any": [FEW], "others": leaf(judgement="")}, "others.judgement", "だれが"),
        ({"any": [FEW], "others": leaf(judgement="窓口", but_not=[])}, "others.but_not", "一つ以上"),
        ({"any": [FEW], "others": leaf(judgement="窓口", but=[FEW])}, "others.but", "知らない項目"),
        ({"any": [{"all": [FEW]}], "others": leaf(judgement="窓口")}, "others", "除く条件には"),
        ({"all": [FEW], "others": leaf(judgement="窓口")}, "others", "知らない項目"),
        ({"at_least_n_of": {"n": 0, "of": [FEW]}}, "at_least_n_of.n", "1 から 1"),
        ({"at_least_n_of": {"n": 2, "of": [FEW]}}, "at_least_n_of.n", "1 から 1"),
        ({"at_least_n_of": {"n": True, "of": [FEW]}}, "at_least_n_of.n", "1 から 1"),
        ({"at_least_n_of": {"n": "1", "of": [FEW]}}, "at_least_n_of.n", "1 から 1"),
        ({"at_least_n_of": {"n": 1}}, "at_least_n_of", "のように"),
        ({"at_least_n_of": [FEW]}, "at_least_n_of", "のように"),
        ({"at_least_n_of": {"n": 1, "of": []}}, "at_least_n_of.of", "一つ以上"),
        ({"not": leaf(fact="employees", at_most=5, because="5人以下のこと")}, "", "because（〜でないこと）"),
        ({"when": FEW}, "", "then"),
        ({"then": FEW}, "", "ありません"),
        # facts and their codes
        (leaf(fact="shoe_size", at_most=5), "fact", "shoe_size"),
        (leaf(fact=5, at_most=5), "fact", "はありません"),
        (leaf(fact="used:nowhere", at_most=5), "fact", "nowhere"),
        (leaf(fact="employees", at_most="5"), "at_most", "整数"),
        (leaf(fact="employees", at_most=5.0), "at_most", "整数"),
        (leaf(fact="employees", at_most=True), "at_most", "整数"),
        (leaf(fact="employees", at_most=-1), "at_most", "0以上"),
        (leaf(fact="employees", at_most=10**9 + 1), "at_most", "大きすぎ"),
        (leaf(fact="employees", atmost=5), "atmost", "比べます"),
        (leaf(fact="employees", within=["E"]), "within", "比べます"),
        (leaf(fact="employees", between=[5]), "between", "[下, 上]"),
        (leaf(fact="employees", between=[6, 5]), "between", "下が上より"),
        (leaf(fact="employees", between=[1, "5"]), "between.1", "整数"),
        (leaf(fact="employees", at_most=5, year=2022), "year", "付けられません"),
        (leaf(fact="area", within=["020001"], month="2022-04"), "month", "付けられません"),
        (leaf(fact="share", at_least=0.09), "at_least", "割合は"),
        (leaf(fact="share", at_least="1/0"), "at_least", "割合は"),
        (leaf(fact="industry", within=[]), "within", "一覧"),
        (leaf(fact="industry", within="E"), "within", "一覧"),
        (leaf(fact="industry", within=[24]), "within.0", "引用符"),
        (leaf(fact="industry", within=["E", "U"]), "within.1", "「U」"),
        (leaf(fact="industry", within=["24١"]), "within.0", "「24١」"),
        (leaf(fact="area", within=["020002"]), "within.0", "020002"),
        (leaf(fact="area", within=["nowhere"]), "within.0", "nowhere"),
        (leaf(fact="legal_form", within=["daikigyo"]), "within.0", "daikigyo"),
        (leaf(fact="intents", within=["digital"]), "within", "has_all か has_any"),
        (leaf(fact="intents", has_any=["fly"]), "has_any.0", "fly"),
        (leaf(fact="tax_arrears", equals="no"), "equals", "true か"),
        (leaf(fact="tax_arrears", at_most=0), "at_most", "true か"),
        (leaf(fact="established_on", on_or_after="2023-02-29"), "on_or_after", "実際にある日"),
        (leaf(fact="established_on", on_or_after="2023-02"), "on_or_after", "実際にある日"),
        (leaf(fact="established_on", on_or_after=20190401), "on_or_after", "実際にある日"),
        (leaf(fact="established_on", at_least=5), "at_least", "比べます"),
        (leaf(fact="established_on", at_most_ago={}), "at_most_ago", "years"),
        (leaf(fact="established_on", at_most_ago={"weeks": 1}), "at_most_ago", "years"),
        (leaf(fact="established_on", at_most_ago={"years": -1}), "at_most_ago", "0以上"),
        (leaf(fact="established_on", at_most_ago={"years": 201}), "at_most_ago", "200年"),
        (leaf(fact="sales_monthly", at_least=1), "month", "どの月"),
        (leaf(fact="sales_monthly", month="2022-13", at_least=1), "month", "どの月"),
        (leaf(fact="sales_yearly", year=1, at_least=1), "year", "どの年"),
        (leaf(fact="sales_yearly", year=True, at_least=1), "year", "どの年"),
        (leaf(fact="sales_yearly", month="2022-04", at_least=1), "month", "付けられません"),
        # programmes and definitions
        (leaf(used={"programme": "nowhere", "at_most": 1}), "used.programme", "nowhere"),
        (leaf(used={"programme": "other"}), "used", "at_most か at_least"),
        (leaf(used="other"), "used", "の形で"),
        (leaf(used={"programme": "other", "at_most": "1"}), "used.at_most", "整数"),
        (leaf(adopted={"programme": "other", "at_most": 1}), "adopted", "の形で"),
        (leaf(not_with={"programme": None}), "not_with.programme", "None"),
        ({"define": "sme", "version": "2099", "source": SOURCE}, "define", "basic-act"),
        ({"define": "huge", "version": "1", "source": SOURCE}, "define", "この名前の定義は"),
        ({"define": "sme", "version": 2025, "source": SOURCE}, "define", "引用符"),
        ({"define": "sme", "source": SOURCE}, "define", "版「」"),
        # computations
        (leaf(compute="profit", **{"with": {}}), "with", "「profit」"),
        (leaf(compute="sales_drop"), "with", "値を書いて"),
        (leaf(compute="sales_drop", **{"with": {**DROP, "against": []}}), "with", "一つ以上"),
        (leaf(compute="sales_drop", **{"with": {**DROP, "against": [21]}}), "with", "西暦"),
        (leaf(compute="sales_drop", **{"with": {**DROP, "consecutive_months": 13}}), "with", "12まで"),
        (leaf(compute="sales_drop", **{"with": {**DROP, "consecutive_months": True}}), "with", "整数"),
        (leaf(compute="sales_drop", **{"with": {**DROP, "at_least": "130%"}}), "with", "1以下"),
        (leaf(compute="sales_drop", **{"with": {**DROP, "annual_minimum_yen": -1}}), "with", "0以上"),
        (leaf(compute="plan_growth", **{"with": {"figure": "sales", "by_years": {}}}), "with", "figure"),
        (leaf(compute="plan_growth", **{"with": {"figure": "payroll", "by_years": {}}}), "with", "by_years"),
        (
            leaf(compute="plan_growth", **{"with": {"figure": "payroll", "by_years": {"x": "9%"}}}),
            "with",
            "by_years",
        ),
        (
            leaf(compute="plan_growth", **{"with": {"figure": "payroll", "by_years": {"3": 9}}}),
            "with",
            "割合は",
        ),
    ],
)
def test_a_mistake_is_named_at_its_path_alone(data, path, says):
    inside = f"all.1.{path}".rstrip(".")
    assert [where for where, _ in problems(data)] == [path]
    found = problems({"all": [leaf(fact="capital_yen", at_most=1), data]})
    assert [where for where, _ in found] == [inside]
    assert says in found[0][1], found


def test_all_mistakes_are_named_at_once_wherever_they_are():
    found = problems(
        {
            "source": {"file": "000"},
            "all": [
                {"fact": "nowhere", "at_most": 1, "because": "x"},
                {"any": [{"fact": "employees", "at_most": "x", "because": "x"}, {"all": []}]},
                {
                    "when": {"fact": "employees", "at_most": "x", "because": "x"},
                    "then": {"judgement": 5, "because": "x"},
                },
            ],
        }
    )
    assert [where for where, _ in found] == [
        "source",
        "all.0.fact",
        "all.1.any.0.at_most",
        "all.1.any.1.all",
        "all.2.when.at_most",
        "all.2.then.judgement",
    ]


def test_a_section_that_no_document_has_is_a_mistake():
    data = leaf(fact="employees", at_most=5, source={"file": "004", "section": "9", "lines": "1"})
    assert problems(data, sections={("004", "1")}) == [("source", "出典 004 の「9」が sources にありません")]
    assert problems(data, sections={("004", "9")}) == []
    assert problems(data) == []


# ── definitions ─────────────────────────────────────────────────────────────────────────────────────
def _definition(rule: Any) -> dict[str, Any]:
    return {"label": "定義", "rule": rule}


A = {"define": "a", "version": "1", "because": "aであること", "source": SOURCE}


def test_definitions_that_use_each_other_in_a_circle_are_named():
    b = {**A, "define": "b"}
    found = problems(A, {("a", "1"): _definition({"all": [b]}), ("b", "1"): _definition({"not": A})})
    assert [where for where, _ in found] == ["define"]
    assert "循環" in found[0][1]


def test_a_definition_used_twice_is_no_circle():
    b = {**A, "define": "b"}
    definitions = {
        ("a", "1"): _definition({"any": [b, leaf(judgement="窓口")]}),
        ("b", "1"): _definition(FEW),
    }
    assert problems({"any": [A, b]}, definitions) == []


def test_a_mistake_in_a_definition_is_told_where_it_is_used_and_as_its_own():
    wrong = {("a", "1"): _definition({"all": [FEW, leaf(fact="nowhere", equals=1)]})}
    found = problems({"any": [FEW, A]}, wrong)
    assert [where for where, _ in found] == ["any.1.define"]
    assert "定義「a」に誤りがあります（all.1.fact）" in found[0][1]
    assert "nowhere" in found[0][1]


def test_definitions_on_definitions_end_somewhere():
    chain = {("0", "1"): _definition(FEW)}
    for number in range(1, 40):
        below = {**A, "define": str(number - 1)}
        chain[str(number), "1"] = _definition({"all": [below, below]})
    found = problems({**A, "define": "39"}, chain)
    assert len(found) == 1
    assert "深すぎます" in found[0][1]


def test_a_rule_that_grows_by_its_definitions_is_too_much():
    eight = {"any": [{**A, "define": "0"}] * 8}
    chain = {("0", "1"): _definition(FEW)}
    for number in range(1, 6):
        chain[str(number), "1"] = _definition({"any": [{**A, "define": str(number - 1)}] * 8})
    assert problems(eight, chain) == []
    found = problems({**A, "define": "5"}, chain)
    assert [sentence for _, sentence in found] == ["条件が多すぎます（2,000 まで）"]


@pytest.mark.parametrize("operator", ["all", "any", "not"])
def test_a_rule_that_is_too_deep_is_named_and_not_followed(operator):
    data: Any = FEW
    for _ in range(2000):
        data = {operator: data if operator == "not" else [data], "because": "であること"}
    found = problems(data)
    assert [sentence for _, sentence in found] == ["条件の入れ子が深すぎます"]


# ── branches that can never matter ──────────────────────────────────────────────────────────────────
AREA, OTHER = (leaf(fact="area", within=[code]) for code in ("020001", "131016"))


@pytest.mark.parametrize(
    "pair",
    [
        (leaf(fact="employees", at_most=5), leaf(fact="employees", at_least=6)),
        (leaf(fact="employees", less_than=6), leaf(fact="employees", more_than=5)),
        (leaf(fact="share", less_than="1/3"), leaf(fact="share", at_least="1/3")),
        (leaf(fact="tax_arrears", equals=True), leaf(fact="tax_arrears", equals=False)),
        (
            leaf(fact="established_on", on_or_after="2020-01-02"),
            leaf(fact="established_on", on_or_before="2020-01-01"),
        ),
        (AREA, OTHER),
        (
            leaf(fact="sales_yearly", year=0, at_least=2),
            leaf(fact="sales_yearly", year=0, at_most=1),
        ),
    ],
)
def test_a_pair_that_excludes_each_other_is_named_in_all_and_may_stand_in_any(pair):
    assert "けっして同時には満たされません" in problems({"all": list(pair)})[0][1]
    assert (
        "けっして同時には" in problems({"all": [pair[0], {"all": [leaf(judgement="窓口"), pair[1]]}]})[0][1]
    )
    assert problems({"any": list(pair)}) == []


@pytest.mark.parametrize(
    "pair",
    [
        (leaf(fact="employees", at_most=5), leaf(fact="employees", at_least=5)),
        (leaf(fact="share", at_most="1/3"), leaf(fact="share", at_least="1/3")),
        (
            leaf(fact="sales_yearly", year=0, at_least=2),
            leaf(fact="sales_yearly", year="-1", at_most=1),
        ),
        (
            leaf(fact="established_on", on_or_after="2020-01-02"),
            leaf(fact="established_on", at_least_ago={"years": 1}),
        ),
        (AREA, leaf(fact="area", within=["022012"])),
        (leaf(fact="area", within=["west"]), leaf(fact="area", within=["coast"])),
        (leaf(fact="area", within=["020001"]), leaf(fact="head_office_area", within=["131016"])),
    ],
)
def test_a_pair_that_can_be_met_together_is_no_mistake(pair):
    assert problems({"all": list(pair)}) == []


def test_the_same_condition_twice_is_named_but_two_judgements_may_be_the_same():
    again = {**FEW, "because": "ほかの言い方"}
    assert "同じ条件が二度" in problems({"any": [FEW, again]})[0][1]
    assert problems({"all": [leaf(judgement="窓口"), leaf(judgement="窓口")]}) == []


def test_less_than_five_is_the_same_comparison_as_at_most_four():
    assert read(leaf(fact="employees", less_than=5)).leaf == read(leaf(fact="employees", at_most=4)).leaf


# ── anything at all ─────────────────────────────────────────────────────────────────────────────────
_PLAIN = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | st.text(max_size=8)
_WORDS = st.sampled_from(
    [
        "all",
        "any",
        "at_least_n_of",
        "not",
        "when",
        "then",
        "define",
        "version",
        "judgement",
        "used",
        "adopted",
        "not_with",
        "compute",
        "with",
        "fact",
        "because",
        "source",
        "month",
        "year",
        "at_most",
        "between",
        "within",
        "has_any",
        "on_or_after",
        "at_most_ago",
        "n",
        "of",
        "programme",
        "by_years",
        "figure",
        "from",
        "to",
        "employees",
        "area",
        "sales_monthly",
        "legal_form",
        "file",
        "law",
    ]
)
_ANYTHING = st.recursive(
    _PLAIN | _WORDS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(_WORDS | st.text(max_size=4), inner, max_size=5)
    ),
    max_leaves=20,
)


@given(_ANYTHING)
@settings(max_examples=300)
def test_whatever_stands_in_a_rule_is_read_or_named(data):
    parser = Parser(WORDS, DEFINITIONS)
    node = parser.rule(data)
    assert node is not None or parser.problems
    for path, sentence in parser.problems:
        assert isinstance(path, tuple)
        assert sentence


@st.composite
def _mutated(draw):
    data = {"all": [copy.deepcopy(draw(worlds.rules))], "source": dict(worlds.SOURCE)}
    for _ in range(draw(st.integers(1, 3))):
        place: Any = data
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(place[key], dict | list) and draw(st.booleans()):
                place = place[key]
                continue
            place[key] = draw(_ANYTHING)
            break
    return data


@given(_mutated())
@settings(max_examples=200)
def test_whatever_is_changed_in_a_right_rule_is_read_or_named(data):
    parser = Parser(WORDS, DEFINITIONS)
    assert parser.rule(data) is not None or parser.problems


_KEYS = st.sampled_from([*WORDS.facts, "used:other", "adopted:other", "receives:other", "used:", "x"])


@given(st.dictionaries(_KEYS | st.text(max_size=5), _ANYTHING, max_size=8), worlds.rules)
@settings(max_examples=300)
def test_whatever_is_told_is_used_or_named_and_any_rule_can_be_asked(told, rule):
    profile = read_profile(told, WORDS)
    named = {trouble.fact for trouble in profile.troubles}
    for key, raw in told.items():
        fact = WORDS.get(key)
        assert raw is None or key in profile.facts or named, (key, raw)
        if fact is None and raw is not None:
            assert "unknown_fact" in {trouble.code for trouble in profile.troubles}
    for trouble in profile.troubles:
        trouble.message.encode()
        assert len(trouble.message) < 320
    node = Parser(WORDS, DEFINITIONS).rule({"all": [rule], "source": SOURCE})
    for on in (worlds.ON, worlds.ON.min, worlds.ON.max):
        evaluate(node, profile.facts, on=on)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"a": 1, "a": 1}', "「a」が二度"),
        ('{"facts": {"employees": 1, "x": 1, "employees": 2}}', "「employees」が二度"),
        ('{"\\ud800": 1, "\\ud800": 2}', "「�」が二度"),
        ("[" * 100_000, "入れ子が深すぎます"),
        ("{", "Expecting property name"),
    ],
)
def test_json_that_cannot_be_meant_is_refused_with_a_sentence(text, says):
    with pytest.raises(ValueError, match=says) as refused:
        from_json(text)
    str(refused.value).encode()


def test_others_are_whoever_is_none_of_a_group_and_people_decide_on():
    decide = {"judgement": "窓口", "because": "認められること"}
    long = {"any": [FEW, {"all": [{"not": FEW, "because": "条件でないこと"}, decide]}]}
    short = {"any": [FEW], "others": decide}
    assert read({**short, "source": SOURCE}) == read({**long, "source": SOURCE})


def test_others_may_be_all_that_is_not_something_else_than_the_group():
    firm = leaf(fact="legal_form", within=["company"], because="会社であること")
    decide = leaf(judgement="窓口", because="認められること", but_not=[firm])
    rule = {"any": [FEW], "others": decide}
    assert status(rule, {"legal_form": "npo", "employees": 6}) == "judgement"
    assert status(rule, {"legal_form": "kabushiki", "employees": 6}) == "unmet"
    assert status(rule, {"employees": 6}) == "unknown"
    assert status(rule, {"employees": 5}) == "met"
