"""A case changes hands inside an organisation, and a secret one is seen by whom the lead names."""

import pytest

from madoguchi.accounts.roles import Role
from madoguchi.consultations.errors import LastPerson, NotAllowed, NotAMember
from madoguchi.consultations.models import Case
from madoguchi.consultations.operations import handing_over, moves
from madoguchi.foundation.errors import Conflict
from madoguchi.mail.models import Mail
from tests.accounts.people import a_hat, an_organisation
from tests.consultations.cases import (
    AT,
    a_referral,
    a_request,
    a_taken_case,
    a_topic,
    its_organisation,
    the_involvement,
    the_person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def hat():
    return a_hat(at=AT, organisation=an_organisation("甲"))


@pytest.fixture
def colleague(hat):
    return a_hat(at=AT, organisation=its_organisation(hat))


@pytest.fixture
def stranger():
    return a_hat(at=AT, organisation=an_organisation("乙"))


@pytest.fixture
def secret_case(hat):
    return a_taken_case(hat, topics=[a_topic("事業承継", is_secret=True)])


def sees(hat, case):
    return Case.objects.visible_to(hat).filter(pk=case.pk).exists()


def test_a_colleague_gets_the_case_and_is_told(hat, colleague):
    own = the_involvement(a_taken_case(hat), hat)
    handing_over.hand_over(involvement=own, to=the_person(colleague), hat=hat, at=AT)
    assert own.adviser_id == colleague.user_id
    assert Mail.objects.get().user_id == str(colleague.user_id)


def test_a_case_is_given_to_nobody_of_another_organisation(hat, stranger):
    own = the_involvement(a_taken_case(hat), hat)
    with pytest.raises(NotAMember):
        handing_over.hand_over(involvement=own, to=the_person(stranger), hat=hat, at=AT)


def test_of_two_who_hand_over_one_is_told_that_the_other_was_faster(hat, colleague):
    case = a_taken_case(hat)
    first, second = the_involvement(case, hat), the_involvement(case, hat)
    handing_over.hand_over(involvement=first, to=the_person(colleague), hat=hat, at=AT)
    with pytest.raises(Conflict):
        handing_over.hand_over(involvement=second, to=the_person(colleague), hat=hat, at=AT)


def test_a_case_is_taken_in_the_name_of_a_colleague_only(hat, stranger):
    involvement = the_involvement(a_request(its_organisation(hat)), hat)
    with pytest.raises(NotAMember):
        moves.take(involvement=involvement, adviser=the_person(stranger), hat=hat, at=AT)


def test_a_named_person_of_the_lead_names_a_colleague(hat, colleague, secret_case):
    assert not sees(colleague, secret_case)
    handing_over.name_person(case=secret_case, user=the_person(colleague), hat=hat, at=AT)
    assert sees(colleague, secret_case)
    handing_over.end_person(case=secret_case, user_id=colleague.user_id, hat=hat, at=AT)
    assert not sees(colleague, secret_case)


def test_an_expert_is_not_named_but_asked(hat, secret_case):
    expert = a_hat(at=AT, organisation=its_organisation(hat), role=Role.EXPERT)
    with pytest.raises(NotAMember):
        handing_over.name_person(case=secret_case, user=the_person(expert), hat=hat, at=AT)


def test_nobody_outside_those_at_work_is_named(hat, stranger, secret_case):
    with pytest.raises(NotAMember):
        handing_over.name_person(case=secret_case, user=the_person(stranger), hat=hat, at=AT)


def test_who_is_not_named_names_nobody(colleague, secret_case):
    with pytest.raises(NotAllowed):
        handing_over.name_person(case=secret_case, user=the_person(colleague), hat=colleague, at=AT)


def test_a_named_person_of_another_organisation_names_nobody(hat, stranger, secret_case):
    sent = a_referral(secret_case, hat, stranger, people=[the_person(stranger)])
    moves.take(involvement=sent, adviser=the_person(stranger), hat=stranger, at=AT)
    with pytest.raises(NotAllowed):
        handing_over.end_person(case=secret_case, user_id=hat.user_id, hat=stranger, at=AT)


def test_the_last_named_person_of_the_lead_stays(hat, stranger, secret_case):
    a_referral(secret_case, hat, stranger, people=[the_person(stranger)])
    with pytest.raises(LastPerson):
        handing_over.end_person(case=secret_case, user_id=hat.user_id, hat=hat, at=AT)
    assert sees(hat, secret_case)
