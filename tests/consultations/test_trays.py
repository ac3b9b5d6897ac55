"""The trays: what lies in which, how many, and that nobody counts what they may not see."""

from datetime import date, timedelta

import pytest

from madoguchi.accounts.roles import Role
from madoguchi.consultations.kinds import Outcome, Result
from madoguchi.consultations.models import Case, CasePerson, Involvement
from madoguchi.consultations.operations import closing, moves, planning
from madoguchi.consultations.operations.closing import CameOfIt
from madoguchi.consultations.queries import trays
from madoguchi.consultations.queries.trays import Narrowing, Stand, Tray
from madoguchi.consultations.states import InvolvementState
from tests.accounts.people import a_hat, a_person, an_organisation
from tests.consultations.cases import (
    AT,
    a_request,
    a_taken_case,
    a_topic,
    another_involvement,
    the_involvement,
    the_person,
)
from tests.queries import cost

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 30)


@pytest.fixture
def chamber():
    return an_organisation("みほん商工会")


@pytest.fixture
def hat(chamber):
    return a_hat(at=AT, organisation=chamber)


def lying(tray, hat):
    return [row.case for row in trays.lying_in(tray, hat, on=TODAY)]


def a_task(case, hat, *, days=0, title="電話する", **changes):
    """Of one that is late, the day was still to come when it was written."""
    at = AT + timedelta(days=min(days, 0))
    due_on = TODAY + timedelta(days=days)
    return planning.add_task(case=case, title=title, due_on=due_on, hat=hat, at=at, **changes)


def test_what_is_due_today_or_late_is_to_be_done_today_and_the_latest_comes_first(hat):
    due, late, later = (a_taken_case(hat) for _ in range(3))
    for case, days in ((due, 0), (late, -2), (later, 3)):
        a_task(case, hat, days=days)
    assert lying(Tray.TODAY, hat) == [late, due]
    assert lying(Tray.LATE, hat) == [late]
    assert lying(Tray.MINE, hat) == [late, due, later]


def test_a_case_without_a_next_step_is_to_be_thought_of_today(hat):
    case = a_taken_case(hat)
    assert lying(Tray.TODAY, hat) == [case]
    a_task(case, hat, days=5)
    assert lying(Tray.TODAY, hat) == []


def test_a_case_waits_for_the_business_or_for_an_answer(hat):
    for_business, for_others, for_nobody = (a_taken_case(hat) for _ in range(3))
    a_task(for_business, hat, days=5, for_business=True)
    another_involvement(for_others, an_organisation("引き継ぎ先"))
    assert set(lying(Tray.WAITING, hat)) == {for_business, for_others}
    assert lying(Tray.TODAY, hat) == [for_nobody]


def test_the_own_unanswered_involvement_is_no_answer_awaited(chamber, hat):
    a_request(chamber)
    assert lying(Tray.NEW, hat) != []
    assert lying(Tray.WAITING, hat) == []


def test_new_requests_are_seen_by_everybody_of_the_organisation(chamber, hat):
    case = a_request(chamber)
    colleague = a_hat(at=AT, organisation=chamber)
    assert lying(Tray.NEW, hat) == lying(Tray.NEW, colleague) == [case]
    moves.take(involvement=the_involvement(case, hat), adviser=the_person(hat), hat=hat, at=AT)
    assert lying(Tray.NEW, hat) == lying(Tray.NEW, colleague) == []
    assert lying(Tray.MINE, hat) == [case]
    assert lying(Tray.MINE, colleague) == []


def test_what_is_held_lies_on_its_own_tray_alone(chamber, hat):
    case = a_request(chamber)
    Case.objects.filter(pk=case.pk).update(state="held", held_because="spam")
    assert lying(Tray.HELD, hat) == [case]
    assert lying(Tray.NEW, hat) == lying(Tray.ALL, hat) == []


def test_a_closed_case_leaves_the_trays_and_is_found_by_its_state(hat):
    case = a_taken_case(hat)
    told = CameOfIt(outcome=Outcome.SALES, result=Result.HELPED)
    closing.close_case(case=case, told=told, hat=hat, at=AT)
    assert all(lying(tray, hat) == [] for tray in Tray)
    assert [row.case for row in trays.narrowed(hat, Narrowing(stand=Stand.CLOSED))] == [case]
    assert [row.case for row in trays.narrowed(hat, Narrowing(stand=Stand.ANY))] == [case]
    assert list(trays.narrowed(hat, Narrowing())) == []


def test_a_case_with_two_parts_of_one_organisation_is_listed_once(chamber, hat):
    closed, running = a_taken_case(hat), a_taken_case(hat)
    for case in (closed, running):
        moves.finish(involvement=the_involvement(case, hat), result=Result.HELPED, note="", hat=hat, at=AT)
    finished = another_involvement(closed, chamber, InvolvementState.FINISHED)
    again = another_involvement(running, chamber)

    def listed(stand):
        return set(trays.narrowed(hat, Narrowing(stand=stand)))

    assert listed(Stand.ANY) == {finished, again}
    assert listed(Stand.FINISHED) == {finished}
    Case.objects.filter(pk=closed.pk).update(state="closed", closed_at=AT)
    assert listed(Stand.CLOSED) == {finished}


def some_cases(chamber, hat):
    """Of every kind that a count could go wrong about."""
    colleague = a_hat(at=AT, organisation=chamber)
    a_task(a_taken_case(hat), hat, days=-1)
    a_task(a_taken_case(hat), hat, days=4, for_business=True)
    a_taken_case(colleague)
    a_request(chamber)
    a_taken_case(colleague, topics=[a_topic("事業承継", is_secret=True)])
    secret = a_taken_case(hat, topics=[a_topic("事業再生", is_secret=True)])
    held = a_request(chamber)
    Case.objects.filter(pk=held.pk).update(state="held", held_because="spam")
    a_taken_case(a_hat(at=AT, organisation=an_organisation("よその機関")))
    another_involvement(secret, an_organisation("引き継ぎ先"))
    return colleague


def test_the_counts_are_those_of_the_trays_in_two_queries(chamber, hat):
    some_cases(chamber, hat)
    counted = trays.counts(hat, on=TODAY)
    assert counted == {tray: len(lying(tray, hat)) for tray in Tray}
    assert counted[Tray.ALL] == 5
    assert cost(lambda: trays.counts(hat, on=TODAY)) == 2


def test_what_is_seen_from_the_involvements_is_what_may_be_seen(chamber, hat):
    colleague = some_cases(chamber, hat)
    manager = a_hat(at=AT, organisation=chamber, role=Role.MANAGER)
    for each in (hat, colleague, manager, a_hat(at=AT, organisation=chamber, role=Role.EXPERT)):
        seen = set(trays.seen_by(each).values_list("case", flat=True))
        assert seen == set(Case.objects.visible_to(each).values_list("pk", flat=True)) - _named(each, chamber)


def _named(hat, chamber):
    """What an expert sees by name has no tray: it is no involvement of theirs."""
    return set() if hat.may("cases.read") else set(Case.objects.visible_to(hat).values_list("pk", flat=True))


def test_a_secret_case_is_in_the_counts_of_named_people_only(chamber, hat):
    a_taken_case(hat, topics=[a_topic("事業承継", is_secret=True)])
    manager = a_hat(at=AT, organisation=chamber, role=Role.MANAGER)
    assert trays.counts(hat, on=TODAY)[Tray.ALL] == 1
    assert trays.counts(manager, on=TODAY)[Tray.ALL] == 0


def test_it_would_be_counted_for_everybody_without_the_names(chamber, hat):
    case = a_taken_case(hat, topics=[a_topic("事業承継", is_secret=True)])
    manager = a_hat(at=AT, organisation=chamber, role=Role.MANAGER)
    CasePerson.objects.create(case=case, user_id=manager.user_id, since=AT)
    assert trays.counts(manager, on=TODAY)[Tray.ALL] == 1


def test_an_organisation_that_lost_access_counts_nothing(chamber, hat):
    case = a_taken_case(hat)
    Involvement.objects.filter(case=case).update(access_ended_at=AT)
    assert not any(trays.counts(hat, on=TODAY).values())


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("首都圏", True),
        ("ＬＥＤ", True),
        ("led　首都圏", True),
        ("融資", False),
        ("首都圏 融資", False),
        ("2026-", True),
    ],
)
def test_everything_is_searched_by_folded_words(hat, words, is_found):
    case = a_taken_case(hat, title="首都圏でledを売りたい")
    found = [row.case for row in trays.narrowed(hat, Narrowing(stand=Stand.ANY, words=words))]
    assert found == ([case] if is_found else [])


def test_a_secret_case_is_found_by_no_words_even_by_those_who_see_it(hat):
    a_taken_case(hat, title="株の引き継ぎ", topics=[a_topic("事業承継", is_secret=True)])
    assert list(trays.narrowed(hat, Narrowing(stand=Stand.ANY, words="株"))) == []


def test_narrowing_by_topic_adviser_and_area(chamber, hat):
    topic = a_topic("設備投資")
    case = a_taken_case(hat, topics=[topic], area_code="022039")
    a_taken_case(a_hat(at=AT, organisation=chamber))
    for narrowing in (
        Narrowing(topic=topic.code),
        Narrowing(adviser=hat.user_id),
        Narrowing(areas=frozenset({"022039"})),
    ):
        assert [row.case for row in trays.narrowed(hat, narrowing)] == [case]
    assert list(trays.narrowed(hat, Narrowing(adviser=a_person(at=AT).pk))) == []
