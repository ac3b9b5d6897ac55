"""What is told is read or named; contradictions are named; what follows is known."""

import pytest

from madoguchi.eligibility.rules.profile import from_json, read_profile
from madoguchi.eligibility.rules.values import Range
from tests.eligibility.rules.words import WORDS


@pytest.mark.parametrize(
    ("key", "raw", "says"),
    [
        ("employees", "5", "常時使用する従業員の数: 整数で"),
        ("employees", 5.0, "整数で"),
        ("employees", float("nan"), "整数で"),
        ("employees", float("inf"), "整数で"),
        ("employees", True, "整数で"),
        ("employees", -1, "0以上"),
        ("employees", 10**300, "大きすぎ"),
        ("capital_yen", 10**17 + 1, "大きすぎ"),
        ("employees", {}, "幅は"),
        ("employees", {"from": 1, "till": 2}, "幅は"),
        ("employees", {"from": 2, "to": 1}, "下が上より"),
        ("share", 0.09, "割合は"),
        ("share", "9", "割合は"),
        ("share", "1/0", "割合は"),
        ("established_on", "2023-02-29", "実際にある日付"),
        ("established_on", "0000", "実際にある日付"),
        ("established_on", 2019, "日付は"),
        ("tax_arrears", "no", "はい（true）"),
        ("tax_arrears", 0, "はい（true）"),
        ("industry", "U", "産業分類のコード"),
        ("industry", 24, "コードの文字"),
        ("area", "999999", "999999"),
        ("legal_form", "daikigyo", "daikigyo"),
        ("intents", "digital", "一覧で"),
        ("intents", ["fly"], "fly"),
        ("intents", [["digital"]], "コードの文字"),
        ("sales_monthly", {"2022-13": 1}, "2022-13"),
        ("sales_monthly", {"２０２２-04": 1}, "のように"),
        ("sales_monthly", {"2022-04": -1}, "0以上"),
        ("sales_yearly", {"2022": "1"}, "整数"),
        ("sales_yearly", [1], "組で"),
        ("costs", {"name": "オーブン"}, "一覧で"),
        ("costs", ["オーブン"], "1行目の費用は"),
        ("costs", [{"name": "a"}, {"kinds": "b"}], "2行目の費用は"),
        ("costs", [{"name": 1}], "1行目の費用の名前"),
        ("costs", [{"name": "長" * 31}], "30字まで"),
        ("costs", [{"yen": 1.0}], "1行目の費用の額"),
        ("costs", [{"yen": True}], "1行目の費用の額"),
        ("costs", [{"yen": -1}], "1行目の費用の額"),
        ("costs", [{"yen": 10**17 + 1}], "1行目の費用の額"),
        ("costs", [{"yen": n} for n in range(9)], "8行まで"),
        ("costs", [{"name": "同じ"}, {"name": " 同じ"}], "「同じ」が二度"),
    ],
)
def test_a_value_that_cannot_be_is_named_and_counts_as_not_told(key, raw, says):
    told = read_profile({key: raw, "age": 40}, WORDS)
    assert [(trouble.fact, trouble.code) for trouble in told.troubles] == [(key, "bad_value")]
    assert says in told.troubles[0].message
    assert key not in told.facts
    assert "age" in told.facts


def test_an_unknown_fact_is_named_in_few_words_that_any_screen_can_show():
    told = read_profile({"x" * 10_000: 1, "\ud800\x1b[31m": 1, "used:nowhere": 1}, WORDS)
    assert {trouble.code for trouble in told.troubles} == {"unknown_fact"}
    for trouble in told.troubles:
        assert len(trouble.message.encode()) < 1000
        assert "\x1b" not in trouble.message + trouble.fact


def test_nothing_said_is_nothing_known():
    told = read_profile({"employees": None, "nowhere": None}, WORDS)
    assert (told.facts, told.troubles) == ({}, [])


@pytest.mark.parametrize(
    ("told", "pair"),
    [
        ({"legal_form": "sole", "capital_yen": 1}, {"legal_form", "capital_yen"}),
        ({"applicant": "student", "employees": 1}, {"applicant", "employees"}),
        ({"applicant": "person", "legal_form": "npo"}, {"applicant", "legal_form"}),
        (
            {
                "sales_monthly": {f"2022-{m:02}": 1 for m in range(1, 13)},
                "sales_yearly": {"2022": 13},
            },
            {"sales_monthly", "sales_yearly"},
        ),
        (
            {"sales_monthly": {"2022-01": 7, "2022-05": 7}, "sales_yearly": {"2022": 13}},
            {"sales_monthly", "sales_yearly"},
        ),
        ({"costs": [{"yen": 5}, {"yen": 6}], "cost_yen": 12}, {"costs", "cost_yen"}),
        ({"costs": [{"yen": 5}, {"yen": None}], "cost_yen": 4}, {"costs", "cost_yen"}),
        ({"costs": [{"yen": 5}], "cost_yen": {"to": 4}}, {"costs", "cost_yen"}),
    ],
)
def test_answers_that_contradict_each_other_are_named_and_neither_is_used(told, pair):
    found = read_profile({**told, "age": 40}, WORDS)
    assert [trouble.code for trouble in found.troubles] == ["contradiction"]
    assert not pair & set(found.facts) - {"applicant"}
    assert "age" in found.facts


@pytest.mark.parametrize(
    "told",
    [
        {"legal_form": "sole", "capital_yen": 0},
        {"legal_form": "kabushiki", "capital_yen": 1},
        {"legal_form": "sole", "capital_yen": {"from": 0, "to": 5}},
        {"applicant": "business", "employees": 1},
        {"applicant": "person", "legal_form": "sole"},
        {"sales_monthly": {"2022-01": 1}, "sales_yearly": {"2022": 13}},
        {"sales_monthly": {"2022-01": 13}, "sales_yearly": {"2022": 13}},
        {"costs": [{"yen": 5}, {"yen": 6}], "cost_yen": 11},
        {"costs": [{"yen": 5}, {"yen": None}], "cost_yen": 12},
        {"costs": [{"yen": 5}], "cost_yen": {"from": 5}},
        {"costs": [], "cost_yen": 12},
    ],
)
def test_answers_that_may_both_be_true_are_used(told):
    found = read_profile(told, WORDS)
    assert found.troubles == []
    assert set(told) <= set(found.facts)


def test_who_tells_a_form_of_business_has_one_unless_told_otherwise():
    assert read_profile({"legal_form": "sole"}, WORDS).facts["applicant"] == "business"
    told = read_profile({"legal_form": "sole", "applicant": "founder"}, WORDS)
    assert told.facts["applicant"] == "founder"
    assert "applicant" not in read_profile({"legal_form": "nonsense"}, WORDS).facts


def test_null_is_no_answer_that_would_go_before_what_follows():
    told = read_profile({"legal_form": "sole", "applicant": None}, WORDS)
    assert told.facts["applicant"] == "business"


def test_the_name_that_is_said_twice_is_found_at_once_among_a_hundred_thousand():
    pairs = ",".join(f'"{number}": 0' for number in range(100_000))
    with pytest.raises(ValueError, match="「99999」が二度"):
        from_json(f'{{{pairs}, "99999": 1}}')


def test_thousands_of_years_of_sales_are_compared_at_once():
    years = [f"{year:04}" for year in range(1, 10_000)]
    monthly = {f"{year}-{month:02}": 1 for year in years for month in range(1, 13)}
    found = read_profile(
        {"sales_monthly": monthly, "sales_yearly": {**dict.fromkeys(years, 12), "2022": 13}}, WORDS
    )
    assert [trouble.message[:5] for trouble in found.troubles] == ["2022年"]


def test_what_rows_of_costs_come_to_is_known_as_far_as_they_are():
    told = read_profile({"costs": [{"name": "オーブン", "yen": 5}, {"yen": 6}]}, WORDS)
    assert told.facts["cost_yen"] == Range(11, 11)
    assert [row.key for row in told.facts["costs"]] == ["オーブン", "費用2"]
    assert read_profile({"costs": [{"yen": 5}, {}]}, WORDS).facts["cost_yen"] == Range(5, None)
    assert "cost_yen" not in read_profile({"costs": []}, WORDS).facts
