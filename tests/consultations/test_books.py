"""A case puts its business onto the books of those who lead or took it, as long as they see it."""

import pytest

from madoguchi.businesses.models import Business, Custody, FieldOrigin
from madoguchi.consultations.models import Consent
from madoguchi.consultations.operations import books, consenting, holding, moves
from madoguchi.foundation.audit import ANONYMOUS
from madoguchi.foundation.models import AuditEvent
from tests.accounts.people import a_hat, an_organisation
from tests.businesses.businesses import a_business, on_the_books
from tests.consultations.cases import AT, a_referral, a_taken_case, its_organisation, the_person
from tests.consultations.requests import a_manager, a_region, received

pytestmark = pytest.mark.django_db


@pytest.fixture
def sender():
    return a_hat(at=AT, organisation=an_organisation("甲"))


@pytest.fixture
def receiver():
    return a_hat(at=AT, organisation=an_organisation("乙"))


@pytest.fixture
def business():
    return a_business(at=AT)


def knows(hat) -> bool:
    return Business.objects.visible_to(hat).exists()


def a_taken_referral(business, sender, receiver):
    sent = a_referral(a_taken_case(sender, business=business), sender, receiver)
    moves.take(involvement=sent, adviser=the_person(receiver), hat=receiver, at=AT)
    return sent


def withdraw(sent):
    consenting.withdraw_own(consent=Consent.objects.get(case=sent.case_id), by=ANONYMOUS, at=AT)


def test_a_case_puts_its_business_onto_the_books_of_who_opened_it(business, sender):
    a_taken_case(sender, business=business)
    assert knows(sender)
    assert Custody.objects.get().reason == "case"


def test_a_referral_does_when_it_is_taken_and_not_before(business, sender, receiver):
    sent = a_referral(a_taken_case(sender, business=business), sender, receiver)
    assert not knows(receiver)
    moves.take(involvement=sent, adviser=the_person(receiver), hat=receiver, at=AT)
    assert knows(receiver)
    assert Custody.objects.get(organisation=receiver.organisation_id).reason == "referral"
    assert AuditEvent.objects.filter(action="businesses.custody_taken").count() == 2


def test_without_taking_it_nobody_would_see_who_it_is_about(business, sender, receiver, monkeypatch):
    monkeypatch.setattr(books, "enter", lambda *_, **__: None)
    a_taken_referral(business, sender, receiver)
    assert not knows(receiver)


def test_a_case_without_a_business_puts_nobody_onto_the_books(sender, receiver):
    a_taken_referral(None, sender, receiver)
    assert not Custody.objects.exists()


def test_a_withdrawn_consent_takes_the_business_off_the_books_again(business, sender, receiver):
    withdraw(a_taken_referral(business, sender, receiver))
    assert not knows(receiver)
    assert knows(sender)
    assert AuditEvent.objects.filter(action="businesses.custody_released").count() == 1


def test_it_would_stay_there_without_letting_go(business, sender, receiver, monkeypatch):
    monkeypatch.setattr(books, "leave", lambda *_, **__: None)
    withdraw(a_taken_referral(business, sender, receiver))
    assert knows(receiver)


def test_it_stays_while_another_case_holds_it(business, sender, receiver):
    first, second = (a_taken_referral(business, sender, receiver) for _ in range(2))
    withdraw(first)
    assert knows(receiver)
    withdraw(second)
    assert not knows(receiver)


def test_a_referral_that_was_never_taken_holds_nothing(business, sender, receiver):
    first = a_taken_referral(business, sender, receiver)
    a_referral(a_taken_case(sender, business=business), sender, receiver)
    withdraw(first)
    assert not knows(receiver)


def test_it_stays_where_it_was_before(business, sender, receiver):
    on_the_books(business, its_organisation(receiver), at=AT)
    withdraw(a_taken_referral(business, sender, receiver))
    assert knows(receiver)


def test_it_stays_where_the_organisation_wrote_in_it(business, sender, receiver):
    sent = a_taken_referral(business, sender, receiver)
    FieldOrigin.objects.create(
        business=business, field="kana", source="staff", at=AT, organisation_id=receiver.organisation_id
    )
    withdraw(sent)
    assert knows(receiver)


def test_an_owners_request_puts_the_business_onto_the_books_of_its_desk(business):
    manager = a_manager(a_region())
    received(business=business)
    assert knows(manager)


def test_what_is_held_does_so_when_it_is_released(business):
    manager = a_manager(a_region())
    case = received(business=business, held_because="速すぎます")
    assert not knows(manager)
    holding.release(case=case, hat=manager, at=AT)
    assert knows(manager)
