"""The chasing ladder counts days on which offices are open."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.consultations import ladder, rules
from madoguchi.consultations.ladder import Step, Told
from madoguchi.consultations.states import InvolvementState
from madoguchi.japan.business_days import is_business_day

DAYS = st.dates(date(2023, 1, 1), date(2030, 12, 31))
STEPS = st.lists(st.integers(1, 30), min_size=1, max_size=5).map(
    lambda days: tuple(Step(n, d, Told.DESK, "x") for n, d in enumerate(sorted(days), start=1))
)


@pytest.mark.parametrize(
    ("sent_on", "days", "expected"),
    [
        (date(2023, 11, 6), 3, date(2023, 11, 9)),
        # 土日をはさむ
        (date(2023, 11, 9), 3, date(2023, 11, 14)),
        # 勤労感謝の日
        (date(2023, 11, 22), 3, date(2023, 11, 28)),
        # 年末年始の休み
        (date(2023, 12, 27), 3, date(2024, 1, 5)),
        # 大型連休
        (date(2024, 5, 1), 3, date(2024, 5, 8)),
        # 土曜に届いたものは、月曜が1日目
        (date(2023, 11, 11), 1, date(2023, 11, 13)),
    ],
)
def test_a_step_falls_on_a_day_on_which_offices_are_open(sent_on, days, expected):
    assert ladder.falls_on(Step(1, days, Told.DESK, "x"), sent_on=sent_on) == expected


@given(STEPS, DAYS)
def test_every_step_falls_on_an_open_day_after_the_sending(steps, sent_on):
    for step in steps:
        day = ladder.falls_on(step, sent_on=sent_on)
        assert is_business_day(day, calendar=ladder.CALENDAR)
        assert day > sent_on


@given(STEPS, DAYS, st.integers(0, 80))
def test_steps_come_in_their_order_and_none_goes_back(steps, sent_on, later):
    on = sent_on + timedelta(days=later)
    now = {step.number for step in ladder.due(steps, sent_on=sent_on, on=on)}
    tomorrow = {step.number for step in ladder.due(steps, sent_on=sent_on, on=on + timedelta(days=1))}
    assert now <= tomorrow
    assert sorted(now) == list(range(1, len(now) + 1))


@given(STEPS, DAYS, st.integers(0, 80), st.integers(0, 80))
def test_running_every_day_or_after_a_pause_takes_the_same_steps(steps, sent_on, first, second):
    """Whatever was taken before, nothing is taken twice and nothing is left out."""
    early, late = sorted((first, second))
    taken = {s.number for s in ladder.due(steps, sent_on=sent_on, on=sent_on + timedelta(days=early))}
    on = sent_on + timedelta(days=late)
    rest = [s.number for s in ladder.due(steps, sent_on=sent_on, on=on, taken=taken)]
    assert not taken & set(rest)
    assert taken | set(rest) == {s.number for s in ladder.due(steps, sent_on=sent_on, on=on)}


@given(STEPS, DAYS, st.integers(1, 400))
def test_a_clock_that_was_set_back_chases_nobody(steps, sent_on, earlier):
    assert ladder.due(steps, sent_on=sent_on, on=sent_on - timedelta(days=earlier)) == []
    assert ladder.days_waited(sent_on=sent_on, on=sent_on - timedelta(days=earlier)) == 0


@given(STEPS, DAYS)
def test_a_step_comes_when_so_many_days_were_waited(steps, sent_on):
    for step in steps:
        day = ladder.falls_on(step, sent_on=sent_on)
        assert ladder.days_waited(sent_on=sent_on, on=day) == step.after_business_days


def test_the_policy_is_read_as_the_pack_writes_it():
    rows = [
        {"after_business_days": 3, "to": "desk", "text": "a"},
        {"after_business_days": 3, "to": "business", "text": "b"},
    ]
    assert ladder.steps_of(rows) == (Step(1, 3, Told.DESK, "a"), Step(2, 3, Told.BUSINESS, "b"))


def test_a_week_begins_on_monday():
    assert (
        ladder.week_of(date(2026, 11, 29))
        != ladder.week_of(date(2026, 11, 30))
        == ladder.week_of(date(2026, 12, 6))
    )
    assert ladder.week_of(date(2027, 1, 1)) == "2026-W53"


@pytest.mark.parametrize(
    ("state", "on", "was_nudged", "refused"),
    [
        (InvolvementState.SENT, date(2026, 12, 3), False, rules.TOO_EARLY),
        (InvolvementState.SENT, date(2026, 12, 4), False, None),
        (InvolvementState.SENT, date(2026, 12, 4), True, rules.NUDGED_ALREADY),
        (InvolvementState.ACCEPTED, date(2026, 12, 4), False, rules.NOT_WAITING),
    ],
)
def test_a_business_asks_once_and_not_before_the_promised_day_is_over(state, on, was_nudged, refused):
    promised_on = ladder.promised_on(sent_on=date(2026, 11, 30), promised_days=3)
    assert rules.can_nudge(state, on=on, promised_on=promised_on, was_nudged=was_nudged) == refused
