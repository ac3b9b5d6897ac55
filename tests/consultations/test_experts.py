"""An expert is asked, answers, reports, and no longer sees the case when it is over."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from madoguchi.accounts import hats
from madoguchi.accounts.models import Membership
from madoguchi.accounts.roles import Role
from madoguchi.consultations.errors import (
    AskedAlready,
    ExpertConsentMissing,
    NotAllowed,
    NotAnExpert,
    ReasonMissing,
    TextMissing,
)
from madoguchi.consultations.kinds import Channel, ConsentMeans, Outcome, Result, Visibility
from madoguchi.consultations.models import Case, Consent, Dispatch, ExpertRequest
from madoguchi.consultations.operations import (
    closing,
    consenting,
    erasing,
    expert_moves,
    experts,
    handing_over,
    recording,
)
from madoguchi.consultations.operations.closing import CameOfIt
from madoguchi.consultations.operations.consenting import Scope
from madoguchi.consultations.operations.experts import Report
from madoguchi.consultations.queries import receivers
from madoguchi.consultations.states import ExpertRequestState
from madoguchi.foundation.errors import Conflict
from madoguchi.foundation.models import AuditEvent
from madoguchi.mail.models import Mail
from tests.accounts.people import a_hat, an_organisation
from tests.consultations.cases import AT, a_referral, a_taken_case, a_topic, its_organisation, the_person

pytestmark = pytest.mark.django_db

REPORT = Report(
    body="棚割りを一緒に考えました。", held_on=date(2026, 11, 30), minutes=90, channel=Channel.VISIT
)


@pytest.fixture
def hat():
    return a_hat(at=AT, organisation=an_organisation("甲"))


@pytest.fixture
def expert(hat):
    return a_hat(at=AT, organisation=its_organisation(hat), role=Role.EXPERT)


@pytest.fixture
def expert_elsewhere():
    return a_hat(at=AT, organisation=an_organisation("専門家の会"), role=Role.EXPERT)


@pytest.fixture
def case(hat):
    return a_taken_case(hat)


@pytest.fixture
def secret_case(hat):
    return a_taken_case(hat, topics=[a_topic("事業承継", is_secret=True)])


def asked(case, hat, expert, *, question="陳列を見てほしい", at=AT) -> ExpertRequest:
    to = Membership.objects.get(pk=expert.membership_id)
    return experts.ask(case=case, expert=to, question=question, shows_figures=False, hat=hat, at=at)


def accepted(case, hat, expert) -> ExpertRequest:
    request = asked(case, hat, expert)
    experts.accept(request=request, hat=expert, at=AT)
    return request


def sees(expert, case) -> bool:
    return (
        ExpertRequest.objects.visible_to(expert).filter(case=case).exists()
        and Case.objects.visible_to(expert).filter(pk=case.pk).exists()
    )


def subjects() -> list[str]:
    return list(Mail.objects.order_by("pk").values_list("kind", flat=True))


def test_an_expert_sees_a_case_as_soon_as_asked_and_is_told(case, hat, expert):
    assert not sees(expert, case)
    asked(case, hat, expert)
    assert sees(expert, case)
    mail = Mail.objects.get()
    assert (mail.user_id, mail.kind) == (str(expert.user_id), "consultations.expert_asked")


def test_another_expert_of_the_same_organisation_sees_nothing(case, hat, expert):
    other = a_hat(at=AT, organisation=its_organisation(hat), role=Role.EXPERT)
    asked(case, hat, expert)
    assert not sees(other, case)


def test_the_asker_is_told_of_the_answer_and_of_each_report(case, hat, expert):
    request = accepted(case, hat, expert)
    for once in ("a", "b"):
        experts.report(request=request, told=REPORT, hat=expert, at=AT, once=once)
    assert request.state == ExpertRequestState.REPORTED
    to_asker = Mail.objects.filter(user_id=str(hat.user_id)).order_by("pk")
    assert [mail.kind.removeprefix("consultations.") for mail in to_asker] == [
        "expert_accepted",
        "expert_reported",
        "expert_reported",
    ]
    assert Dispatch.objects.count() == 2


def test_a_report_is_a_shared_note_and_sending_it_twice_makes_one(case, hat, expert):
    request = accepted(case, hat, expert)
    for _ in range(2):
        experts.report(request=request, told=REPORT, hat=expert, at=AT, once="same")
    dispatch = Dispatch.objects.get()
    assert (dispatch.minutes, dispatch.note.visibility) == (90, Visibility.SHARED)
    assert dispatch.note.body == REPORT.body


def test_nothing_is_reported_before_the_expert_accepted(case, hat, expert):
    request = asked(case, hat, expert)
    with pytest.raises(NotAllowed):
        experts.report(request=request, told=REPORT, hat=expert, at=AT, once="a")
    assert not case.notes.exists()


def test_who_declines_says_why_and_no_longer_sees_the_case(case, hat, expert):
    request = asked(case, hat, expert)
    with pytest.raises(ReasonMissing):
        experts.decline(request=request, reason=" ", hat=expert, at=AT)
    experts.decline(request=request, reason="専門の外です。", hat=expert, at=AT)
    assert not sees(expert, case)
    assert subjects()[-1] == "consultations.expert_declined"


def test_the_end_of_a_request_closes_the_case_to_the_expert(case, hat, expert):
    request = accepted(case, hat, expert)
    experts.end(request=request, hat=hat, at=AT)
    assert not sees(expert, case)
    assert subjects()[-1] == "consultations.expert_ended"


def test_with_the_end_undone_the_expert_would_see_it_again(case, hat, expert):
    """The twin: what closes the case is the state of the request and nothing else."""
    request = accepted(case, hat, expert)
    experts.end(request=request, hat=hat, at=AT)
    ExpertRequest.objects.update(state=ExpertRequestState.ACCEPTED, ended_at=None)
    assert sees(expert, case)


def test_the_end_of_the_membership_closes_the_case_at_that_second(case, hat, expert):
    accepted(case, hat, expert)
    Membership.objects.filter(pk=expert.membership_id).update(ends_at=AT + timedelta(seconds=1))
    at_the_end = hats.hat_of(the_person(expert), chosen=expert.membership_id, at=AT + timedelta(seconds=1))
    assert not sees(at_the_end, case)


def test_a_closed_case_ends_what_was_asked(case, hat, expert):
    request = accepted(case, hat, expert)
    closing.close_case(case=case, told=CameOfIt(Outcome.NONE, Result.HELPED), hat=hat, at=AT)
    request.refresh_from_db()
    assert request.state == ExpertRequestState.ENDED


def test_an_expert_elsewhere_is_asked_with_the_consent_of_the_business_alone(case, hat, expert_elsewhere):
    with pytest.raises(ExpertConsentMissing):
        asked(case, hat, expert_elsewhere)
    assert receivers.askable(case, at=AT) == []
    scope = Scope(organisations=[its_organisation(expert_elsewhere)])
    consenting.give(case=case, scope=scope, means=ConsentMeans.SPOKEN, hat=hat, at=AT)
    assert [row.pk for row in receivers.askable(case, at=AT)] == [expert_elsewhere.membership_id]
    asked(case, hat, expert_elsewhere)
    assert sees(expert_elsewhere, case)


def test_without_the_question_for_consent_an_expert_elsewhere_would_be_asked(
    case, hat, expert_elsewhere, monkeypatch
):
    """The twin: it is this check that keeps the case from the expert."""
    monkeypatch.setattr(expert_moves, "is_covered", lambda *_args: True)
    asked(case, hat, expert_elsewhere)
    assert sees(expert_elsewhere, case)


def test_a_consent_taken_back_closes_the_case_to_the_expert_it_stood_for(case, hat, expert, expert_elsewhere):
    consent = Consent.objects.create(case=case, is_general=True, means=ConsentMeans.SPOKEN, given_at=AT)
    asked(case, hat, expert)
    asked(case, hat, expert_elsewhere)
    consenting.withdraw(consent=consent, hat=hat, at=AT)
    assert sees(expert, case)
    assert not sees(expert_elsewhere, case)


def test_in_a_secret_case_the_expert_is_named_while_asked(secret_case, hat, expert):
    request = asked(secret_case, hat, expert)
    assert sees(expert, secret_case)
    assert secret_case.people.filter(user=expert.user_id, until=None).exists()
    experts.end(request=request, hat=hat, at=AT)
    assert not secret_case.people.filter(user=expert.user_id, until=None).exists()


def test_without_the_name_an_expert_would_not_see_a_secret_case(secret_case, hat, expert):
    asked(secret_case, hat, expert)
    handing_over.end_person(case=secret_case, user_id=expert.user_id, hat=hat, at=AT)
    assert not sees(expert, secret_case)
    assert ExpertRequest.objects.get().state == ExpertRequestState.ENDED


def test_a_general_consent_opens_no_secret_case_to_an_expert_elsewhere(secret_case, hat, expert_elsewhere):
    Consent.objects.create(case=secret_case, is_general=True, means=ConsentMeans.SPOKEN, given_at=AT)
    assert receivers.askable(secret_case, at=AT) == []
    with pytest.raises(ExpertConsentMissing):
        asked(secret_case, hat, expert_elsewhere)


def test_only_a_named_person_of_the_lead_asks_in_a_secret_case(secret_case, hat, expert):
    other = a_hat(at=AT, organisation=an_organisation("乙"))
    sent = a_referral(secret_case, hat, other, people=[the_person(other)])
    sent.state = "accepted"
    sent.save()
    with pytest.raises(NotAllowed):
        asked(secret_case, other, expert)


def test_who_does_not_work_on_a_case_asks_nobody(case, expert):
    stranger = a_hat(at=AT, organisation=an_organisation("乙"))
    with pytest.raises(NotAllowed):
        asked(case, stranger, expert)


def test_nobody_but_an_expert_is_asked_and_not_without_words_nor_twice(case, hat, expert):
    with pytest.raises(NotAnExpert):
        asked(case, hat, hat)
    with pytest.raises(TextMissing):
        asked(case, hat, expert, question=" ")
    asked(case, hat, expert)
    with pytest.raises(AskedAlready):
        asked(case, hat, expert)


def test_nobody_answers_for_an_expert(case, hat, expert):
    request = asked(case, hat, expert)
    with pytest.raises(NotAllowed):
        experts.accept(request=request, hat=hat, at=AT)


def test_only_who_asked_or_the_lead_ends_it(case, hat, expert):
    request = asked(case, hat, expert)
    stranger = a_hat(at=AT, organisation=an_organisation("乙"))
    with pytest.raises(NotAllowed):
        experts.end(request=request, hat=stranger, at=AT)


def test_of_an_answer_and_an_end_at_the_same_time_one_is_told(case, hat, expert):
    request = asked(case, hat, expert)
    seen_before = ExpertRequest.objects.select_related("case", "expert__user").get()
    experts.end(request=request, hat=hat, at=AT)
    with pytest.raises(Conflict):
        experts.accept(request=seen_before, hat=expert, at=AT)


def test_an_erasure_takes_the_words_and_leaves_the_count(case, hat, expert):
    request = accepted(case, hat, expert)
    experts.report(request=request, told=REPORT, hat=expert, at=AT, once="a")
    closing.close_case(case=case, told=CameOfIt(Outcome.NONE, Result.HELPED), hat=hat, at=AT)
    case.refresh_from_db()
    manager = a_hat(at=AT, organisation=its_organisation(hat), role=Role.MANAGER)
    erasing.erase_case(case=case, why="頼まれたため", hat=manager, at=AT)
    assert ExpertRequest.objects.get().question == ""
    assert Dispatch.objects.get().note is None


def test_every_step_is_recorded_without_its_words(case, hat, expert):
    request = accepted(case, hat, expert)
    experts.report(request=request, told=REPORT, hat=expert, at=AT, once="a")
    experts.end(request=request, hat=hat, at=AT)
    events = AuditEvent.objects.filter(action__startswith="consultations.expert_").order_by("pk")
    assert [event.action.removeprefix("consultations.expert_") for event in events] == [
        "asked",
        "accepted",
        "reported",
        "ended",
    ]
    assert not any("陳列" in str(event.data) or REPORT.body in str(event.data) for event in events)


def test_an_internal_note_is_not_among_what_an_expert_reads(case, hat, expert):
    asked(case, hat, expert)
    recording.write_note(case=case, body="内輪", visibility=Visibility.INTERNAL, hat=hat, at=AT)
    assert not case.notes.readable_by(expert).exists()


def test_a_declined_request_without_its_end_is_refused_by_the_database(case, hat, expert):
    asked(case, hat, expert)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExpertRequest.objects.update(state=ExpertRequestState.DECLINED)
