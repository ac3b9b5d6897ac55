"""What a business came with before: all that the reader may see of it, newest first, and nothing else."""

from datetime import timedelta

import pytest

from madoguchi.accounts.roles import Role
from madoguchi.businesses.models import Business
from madoguchi.consultations.kinds import Channel, Outcome, Result
from madoguchi.consultations.models import Case, CasePerson
from madoguchi.consultations.operations import closing, recording
from madoguchi.consultations.operations.closing import CameOfIt
from madoguchi.consultations.operations.recording import Talk
from madoguchi.consultations.queries import history
from madoguchi.consultations.states import CaseState
from tests.accounts.people import a_hat, an_organisation
from tests.businesses.businesses import a_business
from tests.consultations.cases import (
    AT,
    a_referral,
    a_taken_case,
    a_topic,
    its_organisation,
    the_involvement,
)
from tests.queries import cost

pytestmark = pytest.mark.django_db


@pytest.fixture
def hat():
    return a_hat(at=AT, organisation=an_organisation("みほん商工会"))


@pytest.fixture
def colleague(hat):
    return a_hat(at=AT, organisation=its_organisation(hat))


@pytest.fixture
def business():
    return a_business(at=AT)


def titles(business, hat, **asked):
    return [case.title for case in history.of_business(business.pk, hat, **({"size": 9} | asked)).cases]


def opened(days, case):
    Case.objects.filter(pk=case.pk).update(opened_at=AT + timedelta(days=days))
    return case


def test_the_newest_case_stands_first_with_who_has_it_and_what_came_of_it(hat, business):
    first = a_taken_case(hat, title="はじめ", business=business, topics=[a_topic("販路開拓")])
    talk = Talk(channel=Channel.VISIT, held_on=AT.date())
    recording.record_consultation(
        involvement=the_involvement(first, hat), talk=talk, hat=hat, at=AT, once="once-1"
    )
    closing.close_case(case=first, told=CameOfIt(Outcome.SALES, Result.HELPED), hat=hat, at=AT)
    opened(1, a_taken_case(hat, title="つぎ", business=business))
    newer, older = history.of_business(business.pk, hat, size=9).cases
    assert (newer.title, newer.state, newer.last_talk_on, newer.outcome) == (
        "つぎ",
        CaseState.WORKING,
        None,
        None,
    )
    assert (older.organisation, older.adviser, older.topic) == ("みほん商工会", "窓口 花子", "販路開拓")
    assert (older.state, older.last_talk_on, older.outcome) == (CaseState.CLOSED, AT.date(), Outcome.SALES)


def test_a_case_that_was_opened_again_came_to_nothing_yet(hat, business):
    case = a_taken_case(hat, business=business)
    closing.close_case(case=case, told=CameOfIt(Outcome.SALES, Result.HELPED), hat=hat, at=AT)
    closing.reopen_case(case=case, hat=hat, at=AT)
    assert history.of_business(business.pk, hat, size=9).cases[0].outcome is None


def test_cases_of_the_records_that_were_merged_into_it_belong_to_it(hat, business):
    merged = a_business("みほん商店", at=AT, merged_into=business)
    chained = a_business("みほん", at=AT, merged_into=merged)
    for each in (business, merged, chained):
        a_taken_case(hat, title=each.name, business=each)
    assert sorted(titles(business, hat)) == sorted(each.name for each in Business.objects.all())
    assert sorted(titles(merged, hat)) == ["みほん", "みほん商店"]


def test_a_long_history_comes_in_parts(hat, business):
    for day in range(5):
        opened(day, a_taken_case(hat, title=str(day), business=business))
    assert titles(business, hat, size=2) == ["4", "3"]
    assert titles(business, hat, size=2, page=3) == ["0"]
    assert [history.of_business(business.pk, hat, size=2, page=page).has_earlier for page in (1, 2, 3)] == [
        True,
        True,
        False,
    ]


def test_beside_a_case_its_own_line_is_left_out(hat, business):
    case = a_taken_case(hat, title="これ", business=business)
    a_taken_case(hat, title="ほか", business=business)
    assert titles(business, hat, beside=case) == ["ほか"]


# ── Who sees what ───────────────────────────────────────────────────────────────────────────────────
def test_another_organisation_sees_what_was_referred_to_it_and_no_more(hat, business):
    other = a_hat(at=AT, organisation=an_organisation("となり商工会"))
    a_taken_case(hat, title="うちだけ", business=business)
    assert titles(business, other) == []
    a_referral(a_taken_case(hat, title="引き継いだ", business=business), hat, other)
    assert titles(business, other) == ["引き継いだ"]


def test_a_secret_case_is_in_nobodys_history_but_that_of_the_named(hat, colleague, business):
    case = a_taken_case(hat, title="後継ぎ", business=business, topics=[a_topic(is_secret=True)])
    assert titles(business, hat) == ["後継ぎ"]
    assert titles(business, colleague) == []
    assert titles(business, a_hat(at=AT, organisation=its_organisation(hat), role=Role.MANAGER)) == []
    CasePerson.objects.create(case=case, user_id=colleague.user_id, since=AT)
    assert titles(business, colleague) == ["後継ぎ"]


def test_without_its_secrecy_a_colleague_would_see_it(hat, colleague, business):
    a_taken_case(hat, title="後継ぎ", business=business, topics=[a_topic(is_secret=True)])
    Case.objects.update(is_secret=False)
    assert titles(business, colleague) == ["後継ぎ"]


def test_what_was_taken_for_spam_or_erased_is_nobodys_history(hat, business):
    for changes in ({"held_because": "x"}, {"erased_at": AT}):
        case = a_taken_case(hat, business=business)
        Case.objects.filter(pk=case.pk).update(**changes)
    assert titles(business, hat) == []


# ── Several businesses at once ──────────────────────────────────────────────────────────────────────
def test_of_each_business_the_newest_are_found_merged_records_included(hat, business):
    merged, another = a_business("みほん商店", at=AT, merged_into=business), a_business("例示工房", at=AT)
    for day, of in enumerate((business, merged, business, merged)):
        opened(day, a_taken_case(hat, title=str(day), business=of))
    found = history.newest_of_each([business.pk, another.pk], hat, each=2)
    assert {pk: [case.title for case in cases] for pk, cases in found.items()} == {business.pk: ["3", "2"]}


def test_the_newest_of_each_hold_no_secret_of_others(hat, colleague, business):
    a_taken_case(hat, business=business, topics=[a_topic(is_secret=True)])
    assert len(history.newest_of_each([business.pk], hat, each=2)) == 1
    assert history.newest_of_each([business.pk], colleague, each=2) == {}


def test_one_case_and_twenty_cost_the_same(hat, business):
    others = [a_business(f"事業者{number}", at=AT) for number in range(8)]
    a_taken_case(hat, business=business)

    def costs():
        every = [business.pk, *(each.pk for each in others)]
        return [
            cost(lambda: history.of_business(business.pk, hat, size=30)),
            cost(lambda: history.newest_of_each(every, hat, each=2)),
        ]

    for_one = costs()
    for number in range(19):
        a_taken_case(hat, business=[business, *others][number % 9])
    assert costs() == for_one == [2, 2]
