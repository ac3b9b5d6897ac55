"""Reasons in the order of the rule, what decides, the nearest miss, and what is still to be asked."""

from madoguchi.eligibility.rules.evaluate import evaluate
from madoguchi.eligibility.rules.explain import deciding, nearest_miss, open_facts, requirements
from madoguchi.eligibility.rules.profile import read_profile
from tests.eligibility.rules.words import ON, SOURCE, WORDS, leaf, read


def _standing(data, **profile):
    return evaluate(read(data), read_profile(profile, WORDS).facts, on=ON)


def _said(reasons):
    return [(reason.because, reason.status.name.lower()) for reason in reasons]


FEW = leaf(fact="employees", at_most=5, because="5人以下であること")  # possible: 4
RICH = leaf(fact="capital_yen", at_least=10, because="資本金が10円以上であること")  # hard: 20
OLD = leaf(fact="age", at_least=60, because="60歳以上であること")  # fixed: 1000
CARS = leaf(fact="vehicles", at_least=2, because="車が2台以上であること")  # easy: 1
JUDGED = leaf(judgement="審査会", because="新しいこと")
FOLLY = leaf(fact="adult_entertainment", equals=True, because="風俗営業等であること")


def test_requirements_keep_the_order_and_an_unnamed_all_falls_apart():
    rule = {"all": [CARS, {"all": [FEW, JUDGED]}, {"any": [RICH, OLD]}]}
    found = requirements(_standing(rule, employees=6, vehicles=2))
    assert _said(found) == [
        ("車が2台以上であること", "met"),
        ("5人以下であること", "unmet"),
        ("新しいこと", "judgement"),
        ("資本金が10円以上であること、または60歳以上であること", "unknown"),
    ]
    assert _said(found[3].details) == [
        ("資本金が10円以上であること", "unknown"),
        ("60歳以上であること", "unknown"),
    ]


def test_a_named_all_stays_one_requirement():
    rule = {"all": [CARS, {"all": [FEW, RICH], "because": "小さいこと"}]}
    found = requirements(_standing(rule, employees=6, capital_yen=10))
    assert [reason.because for reason in found] == ["車が2台以上であること", "小さいこと"]
    assert _said(found[1].details) == [("5人以下であること", "unmet")]


def test_what_has_no_source_of_its_own_is_written_where_its_first_part_is():
    elsewhere = {"file": "004", "section": "1", "lines": "3"}
    rule = {"any": [{**FEW, "source": elsewhere}, RICH]}
    assert requirements(_standing(rule))[0].source.file == "004"
    own = {"define": "small", "version": "basic-act", "because": "小規模であること"}
    assert requirements(_standing(own))[0].source.law == "中小企業基本法"


def test_only_what_settles_it_decides():
    rule = {"all": [CARS, FEW, RICH, JUDGED]}
    assert _said(deciding(_standing(rule, vehicles=1, employees=6, capital_yen=10))) == [
        ("車が2台以上であること", "unmet"),
        ("5人以下であること", "unmet"),
    ]
    assert _said(deciding(_standing(rule, vehicles=2, employees=5, capital_yen=10))) == [
        ("新しいこと", "judgement")
    ]
    assert _said(deciding(_standing({"any": [CARS, FEW]}, vehicles=2, employees=6))) == [
        ("車が2台以上であること", "met")
    ]


def test_something_always_decides_whatever_is_told():
    rule = {"at_least_n_of": {"n": 2, "of": [CARS, FEW, JUDGED, {"not": FOLLY, "because": "でないこと"}]}}
    for cars in (1, 2, None):
        for people in (5, 6, None):
            for folly in (True, False, None):
                told = {"vehicles": cars, "employees": people, "adult_entertainment": folly}
                standing = _standing(rule, **told)
                reasons = deciding(standing)
                assert reasons
                assert {reason.status for reason in reasons} == {standing.status}


# ── the nearest miss ────────────────────────────────────────────────────────────────────────────────
def _miss(data, **profile):
    found = nearest_miss(_standing(data, **profile), WORDS)
    return None if found is None else ([each.because for each in found.changes], found.weight)


POOR = {"vehicles": 1, "employees": 6, "capital_yen": 9, "age": 59}


def test_every_unmet_part_of_all_has_to_change():
    assert _miss({"all": [CARS, FEW, RICH]}, **POOR) == (
        ["車が2台以上であること", "5人以下であること", "資本金が10円以上であること"],
        25,
    )
    assert _miss({"all": [CARS, FEW]}, vehicles=2, employees=6) == (["5人以下であること"], 4)


def test_of_any_the_easiest_is_enough():
    assert _miss({"any": [OLD, RICH, FEW]}, **POOR) == (["5人以下であること"], 4)


def test_of_at_least_two_the_two_easiest_and_what_holds_already_counts():
    rule = {"at_least_n_of": {"n": 2, "of": [OLD, RICH, FEW, CARS]}}
    assert _miss(rule, **POOR) == (["車が2台以上であること", "5人以下であること"], 5)
    assert _miss({"at_least_n_of": {"n": 2, "of": [OLD, RICH, FEW]}}, **{**POOR, "age": 60}) == (
        ["5人以下であること"],
        4,
    )


def test_two_easy_changes_are_nearer_than_a_hard_one():
    rule = {"any": [{"all": [CARS, FEW]}, RICH]}
    assert _miss(rule, **POOR) == (["車が2台以上であること", "5人以下であること"], 5)


def test_what_is_not_known_or_judged_costs_nothing():
    assert _miss({"all": [CARS, FEW, JUDGED]}, vehicles=1) == (["車が2台以上であること"], 1)


def test_a_miss_of_what_must_not_be_is_said_the_other_way_round():
    told = {"adult_entertainment": True}
    assert _miss({"not": FOLLY, "because": "風俗営業等をしていないこと"}, **told) == (
        ["風俗営業等をしていないこと"],
        20,
    )
    several = {"not": {"any": [FOLLY, CARS]}, "because": "どちらでもないこと"}
    assert _miss(several, **told, vehicles=1) == (["風俗営業等でないこと"], 20)
    assert _miss({"not": {"not": FOLLY, "because": "しないこと"}, "because": "すること"}, vehicles=1) is None


def test_to_break_an_all_one_part_is_enough_and_of_an_any_all_must_go():
    told = {"vehicles": 2, "employees": 5}
    both = {"not": {"all": [CARS, FEW]}, "because": "でないこと"}
    assert _miss(both, **told) == (["車が2台以上でないこと"], 1)
    either = {"not": {"any": [CARS, FEW]}, "because": "でないこと"}
    assert _miss(either, **told)[1] == 5


def test_the_excuse_of_when_is_a_way_too():
    rule = {"when": CARS, "then": RICH, "because": "車があれば資本金もあること"}
    assert _miss(rule, vehicles=2, capital_yen=9) == (["車が2台以上でないこと"], 1)


def test_what_is_not_unmet_misses_nothing():
    assert _miss({"all": [CARS]}, vehicles=2) is None
    assert _miss({"all": [CARS]}) is None
    assert _miss({"all": [JUDGED]}) is None


# ── what is still to be asked ───────────────────────────────────────────────────────────────────────
def _asked(data, **profile):
    facts = read_profile(profile, WORDS).facts
    return open_facts(evaluate(read(data), facts, on=ON), facts)


def test_open_facts_come_in_the_order_of_the_rule_and_vanish_once_settled():
    rule = {"all": [CARS, {"any": [RICH, FEW]}, JUDGED]}
    assert _asked(rule) == ("vehicles", "capital_yen", "employees")
    assert _asked(rule, vehicles=2) == ("capital_yen", "employees")
    assert _asked(rule, vehicles=2, employees=5) == ()
    assert _asked(rule, vehicles=1) == ()


def test_a_part_that_is_settled_asks_nothing():
    assert _asked({"all": [{"any": [RICH, FEW]}, CARS]}, employees=5) == ("vehicles",)


def test_a_range_or_a_wide_code_that_leaves_it_open_is_asked_again():
    assert _asked(FEW, employees={"from": 5, "to": 6}) == ("employees",)
    assert _asked(leaf(fact="industry", within=["391"]), industry="G") == ("industry",)
    assert _asked(FEW, employees={"from": 6}) == ()


def test_what_is_told_exactly_is_never_asked_again():
    growth = leaf(compute="plan_growth", **{"with": {"figure": "payroll", "by_years": {"3": "9%"}}})
    told = {"plan_has_research": False, "base_payroll_yen": 1, "target_payroll_yen": 2}
    assert _asked(growth, **told) == ("plan_years",)
    assert _asked(growth, **told, plan_years=8) == ()


def test_an_unwritten_group_of_sentences_is_joined():
    some = {"at_least_n_of": {"n": 2, "of": [CARS, FEW, RICH]}, "source": SOURCE}
    assert requirements(_standing(some))[0].because.startswith("次のうち2つ以上: 車が2台以上であること、")
