"""Closing a case, opening it again, and what the business is asked afterwards."""

from datetime import date, timedelta

import pytest

from madoguchi.consultations.errors import LinkEnded, NotAllowed, WrongState
from madoguchi.consultations.kinds import FollowUpKind, Outcome, Result
from madoguchi.consultations.models import Closing, FollowUp, SurveyAnswer, Task
from madoguchi.consultations.operations import closing, moves, planning, surveying
from madoguchi.consultations.operations.closing import CameOfIt, months_after
from madoguchi.consultations.operations.surveying import Answers
from madoguchi.consultations.states import CaseState, InvolvementState, TaskState
from madoguchi.foundation.errors import Conflict
from tests.accounts.people import a_hat, an_organisation
from tests.consultations.cases import AT, a_taken_case, another_involvement, its_organisation, the_involvement

pytestmark = pytest.mark.django_db
TOLD = CameOfIt(
    outcome=Outcome.SALES, result=Result.HELPED, summary=" 5店に置けた ", sales_yen=3_000_000, jobs=1
)


@pytest.fixture
def hat():
    return a_hat(at=AT, organisation=an_organisation())


def close(case, hat, told=TOLD):
    return closing.close_case(case=case, told=told, hat=hat, at=AT)


def test_closing_keeps_what_came_of_it_and_ends_the_leads_part(hat):
    case = a_taken_case(hat)
    kept = close(case, hat)
    assert (kept.summary, kept.sales_yen, kept.jobs) == ("5店に置けた", 3_000_000, 1)
    assert case.state == CaseState.CLOSED
    assert the_involvement(case, hat).state == InvolvementState.FINISHED


def test_open_tasks_are_dropped_and_nothing_is_next(hat):
    case = a_taken_case(hat)
    planning.add_task(case=case, title="電話する", hat=hat, at=AT)
    planning.add_task(case=case, title="書類を出す", for_business=True, hat=hat, at=AT)
    close(case, hat)
    assert set(Task.objects.values_list("state", flat=True)) == {TaskState.DROPPED}
    assert the_involvement(case, hat).next_step == ""


def test_the_business_is_asked_after_three_and_twelve_months(hat):
    close(a_taken_case(hat), hat)
    assert dict(FollowUp.objects.values_list("kind", "due_on")) == {
        FollowUpKind.AFTER_3_MONTHS: date(2027, 2, 28),
        FollowUpKind.AFTER_12_MONTHS: date(2027, 11, 30),
    }


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2023, 11, 30), 3, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 10, 1), 3, date(2027, 1, 1)),
    ],
)
def test_months_after_a_day(day, months, later):
    assert months_after(day, months) == later


def test_only_the_lead_closes(hat):
    case = a_taken_case(hat)
    other = an_organisation("引き継ぎ先")
    another_involvement(case, other, InvolvementState.WORKING)
    with pytest.raises(NotAllowed):
        close(case, a_hat(at=AT, organisation=other))
    close(case, hat)
    assert case.involvements.get(organisation=other).state == InvolvementState.WORKING


def asked_again(case, hat):
    """The lead has finished its part, and another organisation asked it once more."""
    moves.finish(involvement=the_involvement(case, hat), result=Result.HELPED, note="", hat=hat, at=AT)
    other = an_organisation("引き継ぎ先")
    another_involvement(case, other, InvolvementState.WORKING)
    another_involvement(case, its_organisation(hat), InvolvementState.WORKING)
    case.refresh_from_db()


def test_the_lead_that_was_asked_again_closes_and_opens_again(hat):
    case = a_taken_case(hat)
    asked_again(case, hat)
    close(case, hat)
    own = case.involvements.filter(organisation=hat.organisation_id)
    assert set(own.values_list("state", flat=True)) == {InvolvementState.FINISHED}
    assert set(FollowUp.objects.values_list("involvement__is_lead", flat=True)) == {True}
    closing.reopen_case(case=case, hat=hat, at=AT)
    assert case.state == CaseState.WORKING
    assert own.filter(state=InvolvementState.WORKING).count() == 1


def test_a_case_is_closed_once(hat):
    case = a_taken_case(hat)
    seen_before = type(case).objects.get(pk=case.pk)
    close(case, hat)
    with pytest.raises(NotAllowed):
        close(case, hat)
    with pytest.raises((Conflict, NotAllowed)):
        close(seen_before, hat)
    assert Closing.objects.count() == 1


def test_a_case_opened_again_is_at_work_and_keeps_how_it_was_closed(hat):
    case = a_taken_case(hat)
    close(case, hat)
    closing.reopen_case(case=case, hat=hat, at=AT)
    assert (case.state, case.closed_at) == (CaseState.WORKING, None)
    assert Closing.objects.get().reopened_at == AT
    assert not FollowUp.objects.exists()
    close(case, hat)
    assert Closing.objects.count() == 2


def test_a_survey_that_was_sent_stays_when_the_case_is_opened_again(hat):
    case = a_taken_case(hat)
    close(case, hat)
    follow_up = FollowUp.objects.order_by("due_on").first()
    closing.make_survey_link(follow_up=follow_up, hat=hat, at=AT)
    closing.reopen_case(case=case, hat=hat, at=AT)
    assert list(FollowUp.objects.all()) == [follow_up]


def test_an_open_case_cannot_be_opened(hat):
    with pytest.raises(WrongState):
        closing.reopen_case(case=a_taken_case(hat), hat=hat, at=AT)


def a_survey(hat):
    close(a_taken_case(hat), hat)
    return closing.make_survey_link(follow_up=FollowUp.objects.order_by("due_on").first(), hat=hat, at=AT)


def test_a_survey_is_answered_once_and_changed_until_the_link_ends(hat):
    secret = a_survey(hat)
    for satisfaction in (3, 5):
        surveying.answer_survey(secret=secret, answers=Answers(satisfaction, improved="yes"), at=AT)
    answer = SurveyAnswer.objects.get()
    assert (answer.satisfaction, answer.answers["improved"]) == (5, "yes")
    assert answer.follow_up.done_at == AT
    after = AT + timedelta(days=closing.SURVEY_DAYS)
    with pytest.raises(LinkEnded):
        surveying.answer_survey(secret=secret, answers=Answers(1), at=after)
    assert SurveyAnswer.objects.get().satisfaction == 5


def test_a_new_link_ends_the_one_before(hat):
    first = a_survey(hat)
    second = closing.make_survey_link(follow_up=FollowUp.objects.order_by("due_on").first(), hat=hat, at=AT)
    surveying.open_survey(secret=second, at=AT)
    for secret in (first, "", "x" * 40):
        with pytest.raises(LinkEnded):
            surveying.open_survey(secret=secret, at=AT)


def test_the_link_of_a_referral_opens_no_survey(hat):
    from madoguchi.consultations.models import Link

    secret = a_survey(hat)
    Link.objects.update(purpose="referral")
    with pytest.raises(LinkEnded):
        surveying.open_survey(secret=secret, at=AT)
