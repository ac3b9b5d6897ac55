"""Which desk a request goes to, why, and what each rule says about it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.consultations.routing import Absence, Asked, How, Looked, Rule, Setting, decide, held_against
from madoguchi.japan.areas import Grouping

ON = date(2026, 11, 30)
NEAR, FAR = "131016", "134015"
GROUPINGS = (Grouping("near", "近い圏", frozenset({NEAR})),)


def a_rule(number: int, desk: str, **conditions) -> Rule:
    return Rule(number, conditions, desk, f"{desk}が受けます。")


RULES = (
    a_rule(1, "keeper", topics=["succession"]),
    a_rule(2, "local", topics=["startup"], areas=["near"]),
    a_rule(3, "startups", topics=["startup"]),
    a_rule(4, "builders", industries=["D"]),
    a_rule(5, "small", topics=["market"], employees_at_most=20),
    a_rule(6, "abroad", languages=["en"]),
    a_rule(7, "startups", answers={"who": ["founder"]}),
    a_rule(8, "general"),
)
DESKS = frozenset(rule.desk for rule in RULES) | {"another"}


def decided(*topics: str, absences=(), usable=DESKS, rules=RULES, on=ON, **told):
    asked = Asked(topics=topics, secret_topics=frozenset({"succession"}), **told)
    return decide(asked, Setting(rules, "general", usable, GROUPINGS, absences), on=on)


@pytest.mark.parametrize(
    ("topics", "told", "desk"),
    [
        (["succession"], {}, "keeper"),
        (["startup"], {"area": NEAR}, "local"),
        (["startup"], {"area": FAR}, "startups"),
        (["startup"], {}, "startups"),
        (["market"], {"industry": "06"}, "builders"),
        (["market"], {"employees": 20}, "small"),
        (["market"], {"employees": 21}, "general"),
        (["market"], {}, "general"),
        ([], {"language": "en"}, "abroad"),
        ([], {"answers": {"who": "founder"}}, "startups"),
        ([], {}, "general"),
        (["nobody knows this one"], {}, "general"),
    ],
)
def test_the_first_rule_that_fits_decides(topics, told, desk):
    decision = decided(*topics, **told)
    assert (decision.desk, decision.how) == (desk, How.RULE)
    assert decision.rule is not None


def test_the_order_of_rules_matters():
    turned = (
        a_rule(1, "startups", topics=["startup"]),
        a_rule(2, "local", topics=["startup"], areas=["near"]),
    )
    assert decided("startup", area=NEAR, rules=turned).desk == "startups"


def test_topics_that_lead_to_different_desks_go_to_the_general_one():
    decision = decided("startup", "market", employees=3)
    assert (decision.desk, decision.how, decision.rule) == ("general", How.AMBIGUOUS, None)


def test_topics_that_lead_to_the_same_desk_are_not_ambiguous():
    assert decided("startup", "market", area=FAR, answers={"who": "founder"}).how == How.RULE


def test_of_a_secret_and_an_ordinary_topic_the_secret_one_decides():
    assert decided("market", "succession", employees=3).desk == "keeper"


def test_where_no_rule_fits_the_general_desk_has_it():
    decision = decided("market", rules=RULES[:3])
    assert (decision.desk, decision.how) == ("general", How.NONE)


def test_whom_the_business_chose_comes_before_every_rule():
    assert decided("startup", chosen_desk="another").how == How.CHOSEN
    assert decided("startup", chosen_desk="another").desk == "another"


def test_but_a_secret_matter_goes_to_those_who_keep_it():
    assert decided("succession", chosen_desk="another").desk == "keeper"


def test_a_desk_where_nobody_reads_hands_on_to_the_general_one():
    decision = decided("succession", usable=DESKS - {"keeper"})
    assert (decision.desk, decision.wanted_desk) == ("general", "keeper")


A_WEEK = Absence("keeper", date(2026, 11, 30), date(2026, 12, 4), "another", "研修のため")


@pytest.mark.parametrize(
    ("day", "desk"),
    [(29, "keeper"), (30, "another")],
)
def test_an_absent_desk_is_stood_in_for_from_its_first_day(day, desk):
    assert decided("succession", absences=(A_WEEK,), on=date(2026, 11, day)).desk == desk


@pytest.mark.parametrize(("day", "desk"), [(4, "another"), (5, "keeper")])
def test_and_until_its_last(day, desk):
    decision = decided("succession", absences=(A_WEEK,), on=date(2026, 12, day))
    assert decision.desk == desk
    assert (decision.absence == A_WEEK) == (desk == "another")


def test_two_desks_that_stand_in_for_each_other_are_no_circle():
    back = Absence("another", A_WEEK.begins, A_WEEK.ends, "keeper", "")
    assert decided("succession", absences=(A_WEEK, back)).desk == "another"


def test_a_rule_says_which_condition_did_not_hold():
    trial = held_against(RULES[1], Asked(topics=("startup",), area=FAR), GROUPINGS)
    assert not trial.fits
    assert [(c.looked, c.holds, c.told) for c in trial.conditions] == [
        (Looked.TOPICS, True, ("startup",)),
        (Looked.AREAS, False, (FAR,)),
    ]


def test_what_a_request_does_not_say_does_not_hold():
    for rule in RULES[:7]:
        trial = held_against(rule, Asked(), GROUPINGS)
        assert not trial.fits
        assert all(
            not condition.told or condition.looked == Looked.LANGUAGES for condition in trial.conditions
        )


@given(
    st.lists(st.sampled_from(["succession", "startup", "market", "other"]), max_size=3, unique=True),
    st.sampled_from(["", NEAR, FAR]),
    st.sets(st.sampled_from(sorted(DESKS))),
)
def test_every_request_reaches_a_desk_that_can_take_it(topics, area, usable):
    desk = decided(*topics, area=area, usable=frozenset(usable)).desk
    assert desk in usable or desk == "general"
