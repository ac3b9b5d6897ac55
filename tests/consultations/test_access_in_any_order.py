"""Joining, leaving, sharing, answering, secrecy, closing in any order: who was asked sees what they may."""

from contextlib import suppress
from dataclasses import dataclass, replace
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.accounts import hats
from madoguchi.accounts.models import Membership
from madoguchi.consultations.kinds import DeclineReason, Outcome, Result
from madoguchi.consultations.models import Case, Consent
from madoguchi.consultations.operations import closing, consenting, correcting, moves, open_referrals
from madoguchi.consultations.operations.acting import own_involvement
from madoguchi.consultations.operations.closing import CameOfIt
from madoguchi.consultations.operations.open_referrals import Then
from madoguchi.foundation.errors import DomainError
from tests.accounts.people import a_hat, an_organisation
from tests.consultations.cases import AT, a_referral, a_taken_case, the_person
from tests.consultations.test_correcting import as_it_is

pytestmark = pytest.mark.django_db
TOLD = CameOfIt(outcome=Outcome.SALES, result=Result.HELPED)


@dataclass
class Matter:
    """One case, its lead, and somebody of another organisation who may be asked."""

    key: int
    lead: hats.Hat
    asked: hats.Hat
    # What should be so, worked out from what was done alone.
    is_member: bool = True
    is_shared: bool = False
    is_answered: bool = False

    @property
    def case(self) -> Case:
        return Case.objects.get(pk=self.key)

    @property
    def asked_now(self) -> hats.Hat:
        """As whom the page of today would let the person act."""
        return hats.hat_of(the_person(self.asked), chosen=self.asked.membership_id, at=AT)

    def part(self):
        found = own_involvement(self.case, self.asked)
        if found is None:
            raise DomainError
        return found

    # ── What people do; each raises DomainError where it is refused ─────────────────────────────────
    def refer(self):
        a_referral(self.case, self.lead, self.asked, people=[the_person(self.asked)])
        self.is_shared, self.is_answered = True, False

    def take(self):
        part = self.part()
        moves.take(involvement=part, adviser=the_person(self.asked), hat=self.asked_now, at=AT)
        self.is_answered = True

    def decline(self):
        reason = DeclineReason.NOT_FOR_US
        moves.decline(involvement=self.part(), reason=reason, note="", hat=self.asked_now, at=AT)
        self.is_shared = False

    def finish(self):
        part = self.part()
        moves.finish(involvement=part, result=Result.HELPED, note="", hat=self.asked_now, at=AT)

    def withdraw_consents(self):
        for consent in Consent.objects.filter(case=self.key, withdrawn_at=None).order_by("pk"):
            consenting.withdraw(consent=consent, hat=self.lead, at=AT)
        self.is_shared = False

    def make_secret(self):
        case = self.case
        was_secret = case.is_secret
        to = replace(as_it_is(case), is_secret=True)
        correcting.correct(case=case, to=to, version=case.version, hat=self.lead, at=AT)
        # A general consent is none for a secret case.
        self.is_shared = self.is_shared and was_secret

    def close(self, then=Then.WITHDRAW):
        decided = {each.pk: then for each in open_referrals.open_referrals(self.case)}
        closing.close_case(case=self.case, told=TOLD, hat=self.lead, at=AT, referrals=decided)
        if then is Then.WITHDRAW and not self.is_answered:
            self.is_shared = False

    def close_and_wait(self):
        self.close(Then.KEEP)

    def reopen(self):
        closing.reopen_case(case=self.case, hat=self.lead, at=AT)

    def leave(self):
        Membership.objects.filter(pk=self.asked.membership_id).update(ends_at=AT)
        self.is_member = False

    def join(self):
        Membership.objects.filter(pk=self.asked.membership_id).update(ends_at=None)
        self.is_member = True


DEEDS = ("refer", "take", "decline", "finish", "withdraw_consents", "make_secret", "close", "close_and_wait")
DEEDS = (*DEEDS, "reopen", "leave", "join")


def a_matter() -> Matter:
    lead, asked = (a_hat(at=AT, organisation=an_organisation(name)) for name in ("甲", "乙"))
    return Matter(a_taken_case(lead).pk, lead, asked)


def wrong_after(deeds) -> list[str]:
    """After which of these deeds, done one after the other, somebody sees more or less than they should."""
    matter, wrong = a_matter(), []
    for number, deed in enumerate(deeds):
        with suppress(DomainError):
            getattr(matter, deed)()
        sees = Case.objects.visible_to(matter.asked_now).filter(pk=matter.key).exists()
        if sees != (matter.is_member and matter.is_shared):
            wrong.append(f"{number}: {deed}")
        assert Case.objects.visible_to(matter.lead).filter(pk=matter.key).exists()
    return wrong


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(DEEDS), max_size=14))
def test_in_whatever_order_who_was_asked_sees_the_case_while_it_is_shared(deeds):
    assert wrong_after(deeds) == []


def test_a_sight_that_outlived_the_consent_would_be_found():
    """The twin."""
    with patch.object(consenting, "_end_access", lambda *_asked, **_named: None):
        assert wrong_after(["refer", "take", "withdraw_consents"]) == ["2: withdraw_consents"]


def test_a_membership_that_ended_for_show_alone_would_be_found():
    """The twin."""
    with patch.object(Matter, "asked_now", property(lambda matter: matter.asked)):
        assert wrong_after(["refer", "leave"]) == ["1: leave"]


@pytest.mark.parametrize(
    "deeds", [["refer", "close"], ["refer", "close_and_wait", "take", "close", "reopen", "make_secret"]]
)
def test_the_ways_through_a_closing(deeds):
    assert wrong_after(deeds) == []
