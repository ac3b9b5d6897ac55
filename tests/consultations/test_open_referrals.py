"""A case that is closed leaves no referral standing without a word: withdrawn and told, or still answered."""

from datetime import timedelta

import pytest

from madoguchi.consultations import rules
from madoguchi.consultations.errors import LinkInvalid, NotAllowed, ReferralsOpen
from madoguchi.consultations.kinds import DeclineReason, Outcome, Result
from madoguchi.consultations.models import Case, CasePerson, FollowUp
from madoguchi.consultations.operations import closing, linking, moves, open_referrals
from madoguchi.consultations.operations.closing import CameOfIt
from madoguchi.consultations.operations.linking import Answer
from madoguchi.consultations.operations.open_referrals import Then
from madoguchi.consultations.queries import trays, waiting
from madoguchi.consultations.queries.trays import Tray
from madoguchi.consultations.states import CaseState, InvolvementState
from madoguchi.foundation.errors import Conflict
from madoguchi.mail.models import Mail
from tests.accounts.people import a_hat, an_organisation
from tests.consultations.cases import (
    AT,
    a_referral,
    a_referral_outside,
    a_taken_case,
    a_topic,
    the_involvement,
    the_person,
)

pytestmark = pytest.mark.django_db
TOLD = CameOfIt(outcome=Outcome.SALES, result=Result.HELPED)
TODAY = AT.date()


@pytest.fixture
def hat():
    return a_hat(at=AT, organisation=an_organisation("甲"))


@pytest.fixture
def receiver():
    return a_hat(at=AT, organisation=an_organisation("乙"))


@pytest.fixture
def case(hat):
    return a_taken_case(hat)


@pytest.fixture
def referral(case, hat, receiver):
    return a_referral(case, hat, receiver)


def close(case, hat, then=None, **changes):
    decided = {each.pk: then for each in open_referrals.open_referrals(case)} if then else {}
    closing.close_case(case=case, told=TOLD, hat=hat, at=AT, **{"referrals": decided, **changes})


def take(case, receiver):
    part = the_involvement(case, receiver)
    moves.take(involvement=part, adviser=the_person(receiver), hat=receiver, at=AT)


def lies(tray, hat):
    return [row.case for row in trays.lying_in(tray, hat, on=TODAY)]


def test_with_a_referral_that_nobody_answered_closing_asks_what_becomes_of_it(case, hat, referral):
    with pytest.raises(ReferralsOpen):
        close(case, hat)
    case.refresh_from_db()
    assert case.state != CaseState.CLOSED


def test_a_withdrawn_one_is_told_and_seen_no_longer(case, hat, receiver, referral):
    close(case, hat, Then.WITHDRAW)
    referral.refresh_from_db()
    assert (referral.state, referral.result) == (InvolvementState.FINISHED, Result.WITHDRAWN)
    assert not Case.objects.visible_to(receiver).exists()
    mail = Mail.objects.get(kind="consultations.referral_withdrawn")
    assert mail.to == the_person(receiver).email
    assert case.number in mail.subject


def test_of_a_secret_case_the_named_person_is_told_and_no_longer_named(hat, receiver):
    case = a_taken_case(hat, topics=[a_topic("事業承継", is_secret=True)])
    a_referral(case, hat, receiver, people=[the_person(receiver)])
    close(case, hat, Then.WITHDRAW)
    assert Mail.objects.filter(kind="consultations.referral_withdrawn").count() == 1
    assert not CasePerson.objects.filter(case=case, user=receiver.user_id, until=None).exists()


def test_somebody_outside_is_told_and_the_link_opens_nothing(case, hat, monkeypatch):
    outside = a_referral_outside(case, hat)
    secret = linking.make(involvement=outside, hat=hat, at=AT)
    close(case, hat, Then.WITHDRAW)
    assert Mail.objects.filter(kind="consultations.referral_withdrawn", to="soto@example.jp").exists()
    with pytest.raises(LinkInvalid):
        linking.open_link(secret=secret, at=AT)


def test_one_that_is_kept_lies_in_the_tray_of_who_was_asked_and_is_reminded_of(case, hat, receiver, referral):
    close(case, hat, Then.KEEP)
    assert lies(Tray.NEW, receiver) == [case]
    assert trays.counts(receiver, on=TODAY)[Tray.NEW] == 1
    assert [each.pk for each in waiting.unanswered()] == [referral.pk]


def test_a_case_closed_without_one_lies_in_no_tray(case, hat):
    close(case, hat)
    assert [lies(tray, hat) for tray in (Tray.NEW, Tray.MINE, Tray.TODAY)] == [[], [], []]
    assert not waiting.unanswered().exists()


def test_who_was_kept_waiting_for_may_decline_and_the_case_stays_closed(case, hat, receiver, referral):
    close(case, hat, Then.KEEP)
    part = the_involvement(case, receiver)
    moves.decline(involvement=part, reason=DeclineReason.NO_CAPACITY, note="", hat=receiver, at=AT)
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED


def test_who_takes_it_opens_the_case_again_and_its_lead_has_to_close_it_once_more(
    case, hat, receiver, referral
):
    close(case, hat, Then.KEEP)
    take(case, receiver)
    case.refresh_from_db()
    assert (case.state, case.closed_at) == (CaseState.WORKING, None)
    assert the_involvement(case, hat).next_step == moves.TO_CLOSE_AGAIN
    assert lies(Tray.TODAY, hat) == [case]
    assert not FollowUp.objects.exists()
    close(case, hat)
    assert case.closings.count() == 2


def test_somebody_outside_who_takes_it_by_the_link_opens_it_again(case, hat):
    outside = a_referral_outside(case, hat)
    secret = linking.make(involvement=outside, hat=hat, at=AT)
    close(case, hat, Then.KEEP)
    answer = Answer(to=InvolvementState.ACCEPTED, name="窓口 外")
    linking.answer_link(secret=secret, answer=answer, at=AT + timedelta(days=1))
    case.refresh_from_db()
    assert case.state == CaseState.WORKING


def test_without_the_rule_nobody_could_answer_in_a_closed_case(case, hat, receiver, referral, monkeypatch):
    close(case, hat, Then.KEEP)
    monkeypatch.setattr(rules, "is_still_asked", lambda _standing: False)
    with pytest.raises(NotAllowed):
        take(case, receiver)


def test_in_a_closed_case_nobody_does_more_than_answer(case, hat, receiver, referral):
    take(case, receiver)
    close(case, hat)
    part = the_involvement(case, receiver)
    with pytest.raises(NotAllowed):
        moves.finish(involvement=part, result=Result.HELPED, note="", hat=receiver, at=AT)


def test_one_that_is_answered_at_this_moment_is_not_withdrawn(case, hat, receiver, referral, monkeypatch):
    seen = open_referrals.open_referrals(case)
    take(case, receiver)
    monkeypatch.setattr(closing, "open_referrals", lambda _case: seen)
    with pytest.raises(Conflict):
        close(case, hat, referrals={referral.pk: Then.WITHDRAW})
    case.refresh_from_db()
    assert case.state == CaseState.WORKING
