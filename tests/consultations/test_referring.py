"""A case goes to another organisation: with consent, answered by each for itself, taken back at once."""

from datetime import timedelta

import pytest

from madoguchi.accounts.roles import Role
from madoguchi.consultations import rules
from madoguchi.consultations.errors import (
    AlreadyInvolved,
    ConsentMissing,
    NotAllowed,
    NotAMember,
    PeopleMissing,
    ReceiverMissing,
    ScopeMissing,
    TextMissing,
)
from madoguchi.consultations.kinds import ConsentMeans, DeclineReason, Result
from madoguchi.consultations.models import Case, CasePerson, Consent
from madoguchi.consultations.operations import consenting, moves
from madoguchi.consultations.operations.consenting import Scope
from madoguchi.consultations.operations.referring import Receiver, refer
from madoguchi.consultations.states import CaseState, InvolvementState
from madoguchi.foundation.audit import ANONYMOUS
from madoguchi.foundation.models import AuditEvent
from madoguchi.institutions.models import Organisation
from madoguchi.mail.models import Mail
from tests.accounts.people import a_hat, an_organisation
from tests.consultations.cases import (
    AT,
    a_referral,
    a_referral_outside,
    a_taken_case,
    a_topic,
    agreed,
    its_organisation,
    the_involvement,
    the_person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender():
    return a_hat(at=AT, organisation=an_organisation("甲"))


@pytest.fixture
def receiver():
    return a_hat(at=AT, organisation=an_organisation("乙"))


@pytest.fixture
def case(sender):
    return a_taken_case(sender)


@pytest.fixture
def secret_case(sender):
    return a_taken_case(sender, topics=[a_topic("事業承継", is_secret=True)])


def sees(hat, case):
    return Case.objects.visible_to(hat).filter(pk=case.pk).exists()


def take(involvement, hat):
    moves.take(involvement=involvement, adviser=the_person(hat), hat=hat, at=AT)


def decline(involvement, hat):
    moves.decline(involvement=involvement, reason=DeclineReason.NOT_FOR_US, note="", hat=hat, at=AT)


def test_a_referral_opens_the_case_to_the_other_organisation(case, sender, receiver):
    assert not sees(receiver, case)
    sent = a_referral(case, sender, receiver)
    assert sees(receiver, case)
    assert (sent.state, sent.sent_by_id, sent.is_lead) == ("sent", sender.user_id, False)
    event = AuditEvent.objects.get(action="consultations.referred")
    assert event.data["involvement"] == sent.pk
    assert "販路" not in str(event.data)


def test_without_consent_nothing_is_shared(case, sender, receiver):
    with pytest.raises(ConsentMissing):
        a_referral(case, sender, receiver, agreed=None)
    assert not sees(receiver, case)
    assert not Mail.objects.exists()


def test_consent_to_one_organisation_opens_the_case_to_no_other(case, sender, receiver):
    third = a_hat(at=AT, organisation=an_organisation("丙"))
    to_receiver = agreed(with_all=False, organisations=[its_organisation(receiver)])
    a_referral(case, sender, receiver, agreed=to_receiver)
    with pytest.raises(ConsentMissing):
        a_referral(case, sender, third, agreed=None)


def test_a_consent_that_is_there_is_not_asked_for_again(case, sender, receiver):
    consenting.give(case=case, scope=Scope(is_general=True), means=ConsentMeans.WRITTEN, hat=sender, at=AT)
    a_referral(case, sender, receiver, agreed=None)
    assert Consent.objects.count() == 1


def test_a_consent_names_somebody(case, sender):
    with pytest.raises(ScopeMissing):
        consenting.give(case=case, scope=Scope(), means=ConsentMeans.SPOKEN, hat=sender, at=AT)


def test_who_has_not_taken_the_case_passes_it_on_to_nobody(case, sender, receiver):
    a_referral(case, sender, receiver)
    third = a_hat(at=AT, organisation=an_organisation("丙"))
    with pytest.raises(NotAllowed):
        a_referral(case, receiver, third)


def test_a_referral_needs_a_receiver_and_words(case, sender, receiver):
    with pytest.raises(ReceiverMissing):
        refer(case=case, to=Receiver(), message="x", hat=sender, at=AT)
    with pytest.raises(TextMissing):
        a_referral(case, sender, receiver, message=" ")


def test_who_is_asked_is_not_asked_again_until_there_is_an_answer(case, sender, receiver):
    first = a_referral(case, sender, receiver)
    with pytest.raises(AlreadyInvolved):
        a_referral(case, sender, receiver)
    decline(first, receiver)
    second = a_referral(case, sender, receiver)
    take(second, receiver)
    first.refresh_from_db()
    assert (first.state, second.state) == ("declined", "accepted")


def test_who_declined_no_longer_sees_the_case_and_does_again_when_asked_again(case, sender, receiver):
    decline(a_referral(case, sender, receiver), receiver)
    assert not sees(receiver, case)
    a_referral(case, sender, receiver)
    assert sees(receiver, case)


def test_a_case_goes_back_to_where_it_came_from_without_a_new_consent(case, sender, receiver):
    take(a_referral(case, sender, receiver), receiver)
    own = the_involvement(case, sender)
    moves.finish(involvement=own, result=Result.INFORMED, note="", hat=sender, at=AT)
    Consent.objects.update(withdrawn_at=AT)
    back = a_referral(case, receiver, sender, agreed=None)
    assert (back.organisation_id, back.is_lead) == (sender.organisation_id, False)


def test_that_another_took_it_keeps_nobody_from_answering(case, sender, receiver):
    third = a_hat(at=AT, organisation=an_organisation("丙"))
    first, second = a_referral(case, sender, receiver), a_referral(case, sender, third)
    take(first, receiver)
    take(second, third)
    assert {first.state, second.state} == {InvolvementState.ACCEPTED}


def test_the_state_of_the_case_follows(case, sender, receiver):
    own = the_involvement(case, sender)
    sent = a_referral(case, sender, receiver)
    moves.finish(involvement=own, result=Result.INFORMED, note="", hat=sender, at=AT)
    case.refresh_from_db()
    assert case.state == CaseState.NEW
    decline(sent, receiver)
    case.refresh_from_db()
    assert case.state == CaseState.FINISHED


# ── secret cases ──


def test_a_secret_case_goes_to_named_people_only(secret_case, sender, receiver):
    colleague = a_hat(at=AT, organisation=its_organisation(receiver), role=Role.MANAGER)
    with pytest.raises(PeopleMissing):
        a_referral(secret_case, sender, receiver)
    a_referral(secret_case, sender, receiver, people=[the_person(receiver)])
    assert sees(receiver, secret_case)
    assert not sees(colleague, secret_case)
    assert list(Mail.objects.values_list("user_id", flat=True)) == [str(receiver.user_id)]


def test_a_named_person_works_where_the_case_goes(secret_case, sender, receiver):
    stranger = a_hat(at=AT, organisation=an_organisation("丙"))
    with pytest.raises(NotAMember):
        a_referral(secret_case, sender, receiver, people=[the_person(stranger)])


def test_a_general_consent_is_not_enough_for_a_secret_case(secret_case, sender, receiver):
    with pytest.raises(ConsentMissing):
        a_referral(secret_case, sender, receiver, people=[the_person(receiver)], agreed=agreed())


def test_who_declines_a_secret_case_is_named_no_longer(secret_case, sender, receiver):
    sent = a_referral(secret_case, sender, receiver, people=[the_person(receiver)])
    decline(sent, receiver)
    other = a_hat(at=AT, organisation=its_organisation(receiver))
    a_referral(secret_case, sender, other, people=[the_person(other)])
    assert sees(other, secret_case)
    assert not sees(receiver, secret_case)


# ── taking a consent back ──


def test_a_withdrawn_consent_ends_the_sight_of_the_others_at_once_and_never_that_of_the_lead(
    case, sender, receiver
):
    sent = a_referral(case, sender, receiver)
    take(sent, receiver)
    consenting.withdraw(consent=Consent.objects.get(), hat=sender, at=AT)
    sent.refresh_from_db()
    assert (sent.state, sent.result) == (InvolvementState.FINISHED, Result.WITHDRAWN)
    assert not sees(receiver, case)
    assert sees(sender, case)


def test_without_ending_access_they_would_still_read(case, sender, receiver, monkeypatch):
    sent = a_referral(case, sender, receiver)
    monkeypatch.setattr(consenting, "_end_access", lambda *_args, **_named: None)
    consenting.withdraw(consent=Consent.objects.get(), hat=sender, at=AT)
    assert sees(receiver, case)
    assert sent.access_ended_at is None


def test_what_was_not_answered_is_withdrawn_and_waits_no_longer(case, sender, receiver):
    sent = a_referral(case, sender, receiver)
    consenting.withdraw(consent=Consent.objects.get(), hat=sender, at=AT)
    sent.refresh_from_db()
    assert (sent.state, sent.answer) == (InvolvementState.DECLINED, DeclineReason.WITHDRAWN)


def test_what_another_consent_covers_stays_open(case, sender, receiver):
    first = consenting.give(
        case=case, scope=Scope(is_general=True), means=ConsentMeans.SPOKEN, hat=sender, at=AT
    )
    named = agreed(with_all=False, organisations=[its_organisation(receiver)])
    a_referral(case, sender, receiver, agreed=named)
    consenting.withdraw(consent=first, hat=sender, at=AT)
    assert sees(receiver, case)


def test_a_consent_to_an_organisation_that_the_pack_dropped_stays(case, sender, receiver):
    other = consenting.give(
        case=case, scope=Scope(outside_name="外"), means=ConsentMeans.SPOKEN, hat=sender, at=AT
    )
    named = agreed(with_all=False, organisations=[its_organisation(receiver)])
    a_referral(case, sender, receiver, agreed=named)
    Organisation.objects.filter(pk=receiver.organisation_id).update(is_current=False)
    consenting.withdraw(consent=other, hat=sender, at=AT)
    assert sees(receiver, case)


def test_the_business_takes_its_consent_back_itself_and_twice_is_once(case, sender, receiver):
    a_referral(case, sender, receiver)
    for _ in range(2):
        consenting.withdraw_own(consent=Consent.objects.get(), by=ANONYMOUS, at=AT)
    assert not sees(receiver, case)
    assert AuditEvent.objects.filter(action="consultations.consent_withdrawn").count() == 1


def test_who_loses_a_case_is_told_without_content(case, sender, receiver):
    take(a_referral(case, sender, receiver), receiver)
    consenting.withdraw(consent=Consent.objects.get(), hat=sender, at=AT)
    told = Mail.objects.get(kind="consultations.access_ended")
    assert told.user_id == str(receiver.user_id)
    assert case.number in told.text
    assert case.title not in told.text + told.html


def test_a_stranger_takes_no_consent_back(case, sender, receiver):
    a_referral(case, sender, receiver)
    stranger = a_hat(at=AT, organisation=an_organisation("丙"))
    with pytest.raises(NotAllowed):
        consenting.withdraw(consent=Consent.objects.get(), hat=stranger, at=AT)


def test_a_named_person_of_another_organisation_keeps_the_name(secret_case, sender, receiver):
    a_referral(secret_case, sender, receiver, people=[the_person(receiver)])
    consenting.withdraw(consent=Consent.objects.get(), hat=sender, at=AT)
    assert not CasePerson.objects.filter(user=receiver.user_id, until=None).exists()
    assert CasePerson.objects.filter(user=sender.user_id, until=None).exists()


# ── mail ──


def test_mail_of_a_referral_names_the_case_by_its_number_alone(case, sender, receiver):
    sent = a_referral(case, sender, receiver)
    take(sent, receiver)
    mails = list(Mail.objects.order_by("pk"))
    assert [mail.kind for mail in mails] == ["consultations.referred", "consultations.answered"]
    assert [mail.user_id for mail in mails] == [str(receiver.user_id), str(sender.user_id)]
    for mail in mails:
        assert case.number in mail.text
        assert case.title not in mail.subject + mail.text + mail.html
        assert "販路" not in mail.subject + mail.text + mail.html


def test_each_end_of_the_work_is_told(case, sender, receiver):
    sent = a_referral(case, sender, receiver)
    take(sent, receiver)
    for day in (1, 2):
        at = AT + timedelta(days=day)
        moves.finish(involvement=sent, result=Result.INFORMED, note="", hat=receiver, at=at)
        moves.start(involvement=sent, hat=receiver, at=at)
    assert Mail.objects.filter(text__contains="対応を終えました").count() == 2


def test_the_business_hears_who_has_its_case(sender, receiver):
    case = a_taken_case(sender, contact={"email": "owner@example.jp"})
    take(a_referral(case, sender, receiver), receiver)
    mail = Mail.objects.get(kind="consultations.taken")
    assert mail.to == "owner@example.jp"
    assert "乙" in mail.text


def test_who_left_the_organisation_hears_nothing(case, sender, receiver):
    the_person(sender).memberships.update(ends_at=AT - timedelta(hours=1))
    take(a_referral(case, sender, receiver), receiver)
    assert not Mail.objects.filter(kind="consultations.answered").exists()


# ── the rule ──


@pytest.mark.parametrize(
    ("consent", "is_secret", "is_shared"),
    [
        (rules.Sharing(is_general=True), False, True),
        (rules.Sharing(is_general=True), True, False),
        (rules.Sharing(organisation_ids=frozenset({1})), True, True),
        (rules.Sharing(organisation_ids=frozenset({2})), False, False),
        (rules.Sharing(outside_name="外"), False, False),
    ],
)
def test_what_a_consent_covers(consent, is_secret, is_shared):
    assert rules.is_shared_with([consent], organisation_id=1, is_secret=is_secret) is is_shared


def test_somebody_outside_is_covered_by_their_own_name_alone(case, sender):
    a_referral_outside(case, sender, name="外 太郎")
    with pytest.raises(ConsentMissing):
        a_referral_outside(case, sender, name="外 次郎", agreed=None)
