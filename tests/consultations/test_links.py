"""Somebody without an account reads and answers a referral by a link."""

import re
from datetime import timedelta

import pytest

from madoguchi.consultations.errors import LinkInvalid, NameMissing, NoLink, NotAllowed, ReasonMissing
from madoguchi.consultations.kinds import DeclineReason, Result
from madoguchi.consultations.models import Case, Consent, Link
from madoguchi.consultations.operations import consenting, linking
from madoguchi.consultations.operations.linking import Answer
from madoguchi.consultations.secrets import hash_of
from madoguchi.consultations.states import CaseState, InvolvementState
from madoguchi.foundation.models import AuditEvent
from madoguchi.mail.models import Mail
from tests.accounts.people import a_hat, an_organisation
from tests.consultations.cases import AT, a_referral_outside, a_taken_case

pytestmark = pytest.mark.django_db

ACCEPT = Answer(to=InvolvementState.ACCEPTED, name="外 太郎")


@pytest.fixture
def sender():
    return a_hat(at=AT, organisation=an_organisation("甲"))


@pytest.fixture
def sent(sender):
    return a_referral_outside(a_taken_case(sender, contact={"email": "owner@example.jp"}), sender)


@pytest.fixture
def secret(sent):
    return secret_in(Mail.objects.get(kind="consultations.referred_outside").text)


def secret_in(text):
    return re.search(r"/referral/([\w-]+)/", text)[1]


def test_the_link_is_in_the_mail_and_only_its_hash_in_the_table(sent, secret):
    assert Link.objects.get().secret_hash == hash_of(secret)
    assert secret not in str(Link.objects.values().get())
    assert not AuditEvent.objects.filter(data__icontains=secret).exists()


def test_opening_a_link_is_recorded_each_time(sent, secret):
    for _ in range(2):
        assert linking.open_link(secret=secret, at=AT).involvement_id == sent.pk
    assert AuditEvent.objects.filter(action="consultations.link_opened").count() == 2


def test_without_a_record_a_link_opens_nothing(secret, monkeypatch):
    def refuse(*_args, **_named):
        raise OSError("no space left")

    monkeypatch.setattr("madoguchi.foundation.audit.record", refuse)
    with pytest.raises(OSError, match="no space"):
        linking.open_link(secret=secret, at=AT)


def test_a_wrong_link_and_an_expired_one_are_refused_alike(secret):
    refused = []
    for wrong, at in (("x" * 32, AT), ("", AT), (secret, AT + linking.LASTS)):
        with pytest.raises(LinkInvalid) as error:
            linking.open_link(secret=wrong, at=at)
        refused.append((error.value.code, str(error.value)))
    assert len(set(refused)) == 1


def test_a_link_answers_once_and_shows_how_things_stand_after_that(sent, secret):
    linking.answer_link(secret=secret, answer=ACCEPT, at=AT)
    decline = Answer(to=InvolvementState.DECLINED, name="外 太郎", reason=DeclineReason.NO_CAPACITY)
    with pytest.raises(NotAllowed):
        linking.answer_link(secret=secret, answer=decline, at=AT)
    sent.refresh_from_db()
    assert (sent.state, sent.answered_by_name) == (InvolvementState.ACCEPTED, "外 太郎")
    assert linking.open_link(secret=secret, at=AT).used_at == AT


def test_who_accepted_may_say_that_it_is_done(sent, secret):
    linking.answer_link(secret=secret, answer=ACCEPT, at=AT)
    done = Answer(to=InvolvementState.FINISHED, name="外 太郎", result=Result.HELPED, note="済みました")
    linking.answer_link(secret=secret, answer=done, at=AT)
    sent.refresh_from_db()
    assert (sent.state, sent.result, sent.result_note) == ("finished", "helped", "済みました")


def test_the_state_of_the_case_follows_an_answer_from_outside(sent, secret):
    linking.answer_link(secret=secret, answer=ACCEPT, at=AT)
    assert Case.objects.get().state == CaseState.WORKING
    assert Mail.objects.filter(kind__in=("consultations.answered", "consultations.taken")).count() == 2


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"to": InvolvementState.ACCEPTED, "name": " "}, NameMissing),
        ({"to": InvolvementState.DECLINED, "name": "外"}, ReasonMissing),
        ({"to": InvolvementState.DECLINED, "name": "外", "reason": DeclineReason.OTHER}, ReasonMissing),
        ({"to": InvolvementState.FINISHED, "name": "外"}, ReasonMissing),
    ],
)
def test_an_answer_says_who_and_why(said, error):
    with pytest.raises(error):
        Answer(**said)


def test_an_answer_by_telephone_is_written_down_by_the_sender(sent, sender):
    linking.answer_for_outside(involvement=sent, answer=ACCEPT, hat=sender, at=AT)
    event = AuditEvent.objects.get(action="consultations.involvement_accepted")
    assert (event.actor_id, sent.answered_by_name) == (str(sender.user_id), "外 太郎")


def test_nobody_else_answers_for_somebody_outside_or_makes_a_link(sent):
    stranger = a_hat(at=AT, organisation=an_organisation("乙"))
    with pytest.raises(NotAllowed):
        linking.answer_for_outside(involvement=sent, answer=ACCEPT, hat=stranger, at=AT)
    with pytest.raises(NotAllowed):
        linking.make(involvement=sent, hat=stranger, at=AT)


def test_nobody_answers_for_an_organisation(sender):
    from tests.consultations.cases import a_referral

    receiver = a_hat(at=AT, organisation=an_organisation("乙"))
    referral = a_referral(a_taken_case(sender), sender, receiver)
    with pytest.raises(NotAllowed):
        linking.answer_for_outside(involvement=referral, answer=ACCEPT, hat=sender, at=AT)


def test_a_second_sheet_of_paper_answers_the_same_referral(sent, sender, secret):
    printed = linking.make(involvement=sent, hat=sender, at=AT)
    linking.answer_link(secret=printed, answer=ACCEPT, at=AT)
    with pytest.raises(NotAllowed):
        linking.answer_link(secret=secret, answer=ACCEPT, at=AT)


def test_a_withdrawn_referral_takes_no_answer(sent, sender, secret):
    consenting.withdraw(consent=Consent.objects.get(), hat=sender, at=AT)
    with pytest.raises(NotAllowed):
        linking.answer_link(secret=secret, answer=ACCEPT, at=AT)
    assert linking.open_link(secret=secret, at=AT).involvement.access_ended_at == AT


def test_without_an_address_no_mail_is_sent(sender):
    a_referral_outside(a_taken_case(sender), sender, email="")
    assert not Mail.objects.exists()
    assert not Link.objects.exists()


def test_a_link_lasts_until_the_ladder_is_over(sent):
    link = Link.objects.get()
    assert link.expires_at - link.made_at == linking.LASTS >= timedelta(days=30)


# ── taken back ──────────────────────────────────────────────────────────────────────────────────────
def test_a_link_that_was_taken_back_opens_and_answers_nothing(sent, sender, secret):
    printed = linking.make(involvement=sent, hat=sender, at=AT)
    linking.withdraw(involvement=sent, hat=sender, at=AT)
    for each in (secret, printed):
        with pytest.raises(LinkInvalid):
            linking.open_link(secret=each, at=AT)
        with pytest.raises(LinkInvalid):
            linking.answer_link(secret=each, answer=ACCEPT, at=AT)
    event = AuditEvent.objects.get(action="consultations.link_withdrawn")
    assert event.data["links"] == sorted(Link.objects.values_list("pk", flat=True))


def test_after_that_a_new_one_can_be_made(sent, sender):
    linking.withdraw(involvement=sent, hat=sender, at=AT)
    again = linking.make(involvement=sent, hat=sender, at=AT)
    assert linking.answer_link(secret=again, answer=ACCEPT, at=AT).state == InvolvementState.ACCEPTED


def test_where_no_link_could_be_used_it_says_so(sent, sender):
    linking.withdraw(involvement=sent, hat=sender, at=AT)
    with pytest.raises(NoLink):
        linking.withdraw(involvement=sent, hat=sender, at=AT)
    assert AuditEvent.objects.filter(action="consultations.link_withdrawn").count() == 1


def test_another_organisation_takes_no_link_back(sent, secret):
    other = a_hat(at=AT, organisation=an_organisation("乙"))
    with pytest.raises(NotAllowed):
        linking.withdraw(involvement=sent, hat=other, at=AT)
    assert linking.open_link(secret=secret, at=AT).involvement_id == sent.pk
