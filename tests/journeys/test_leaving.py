"""Whoever leaves an organisation takes no secret case with them: somebody there can always open it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from madoguchi.accounts.errors import OwnMembership
from madoguchi.accounts.models import Membership
from madoguchi.accounts.operations import memberships
from madoguchi.accounts.roles import Role
from madoguchi.consultations.errors import NotAMember, SuccessorMissing
from madoguchi.consultations.models import Case, CasePerson
from madoguchi.consultations.operations import closing, handing_over, naming
from madoguchi.consultations.operations.closing import CameOfIt
from madoguchi.consultations.queries.last_person import seen_by_alone
from madoguchi.foundation.models import AuditEvent
from madoguchi.journeys import leaving
from tests.accounts.people import a_hat, a_member, an_organisation
from tests.consultations.cases import (
    AT,
    a_referral,
    a_taken_case,
    a_topic,
    its_organisation,
    the_person,
)
from tests.queries import cost

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=1)


@pytest.fixture
def adviser():
    return a_hat(at=AT, organisation=an_organisation("甲"))


@pytest.fixture
def colleague(adviser):
    return a_hat(at=AT, organisation=its_organisation(adviser))


@pytest.fixture
def manager(adviser):
    return a_hat(at=AT, organisation=its_organisation(adviser), role=Role.MANAGER)


def a_secret_case(hat, **changes) -> Case:
    return a_taken_case(hat, topics=[a_topic("事業承継", is_secret=True)], **changes)


def of(hat) -> Membership:
    return Membership.objects.get(pk=hat.membership_id)


def leave(hat, manager, successor=None):
    person = the_person(successor) if successor else None
    leaving.end_membership(of(hat), successor=person, hat=manager, at=AT, access_at=LATER)


def alone(hat):
    return list(seen_by_alone(of(hat), at=AT))


def sees(hat, case):
    return Case.objects.visible_to(hat).filter(pk=case.pk).exists()


def test_without_secret_cases_a_membership_ends_as_before(adviser, manager):
    a_taken_case(adviser)
    leave(adviser, manager)
    assert of(adviser).ends_at == LATER


def test_the_last_named_person_leaves_only_when_somebody_else_is_named(adviser, colleague, manager):
    case = a_secret_case(adviser)
    assert alone(adviser) == [case]
    with pytest.raises(SuccessorMissing):
        leave(adviser, manager)
    assert of(adviser).ends_at is None
    leave(adviser, manager, colleague)
    assert of(adviser).ends_at == LATER
    assert sees(colleague, case)
    assert not sees(manager, case)
    event = AuditEvent.objects.get(action="consultations.person_named")
    assert (event.subject_id, event.data) == (
        str(case.pk),
        {"person": colleague.user_id, "after": adviser.user_id},
    )


def test_ended_without_the_journey_the_case_would_be_locked(adviser, colleague, manager):
    case = a_secret_case(adviser)
    memberships.end_membership(of(adviser), hat=manager, at=LATER)
    assert not any(sees(hat, case) for hat in (colleague, manager))
    assert not Membership.objects.running(at=LATER).filter(user=adviser.user_id).exists()


def test_a_closed_case_is_left_to_somebody_too_and_one_that_others_see_is_not(adviser, colleague, manager):
    closed, shared, erased = (a_secret_case(adviser) for _ in range(3))
    closing.close_case(case=closed, told=CameOfIt("none", "helped"), hat=adviser, at=AT)
    handing_over.name_person(case=shared, user=the_person(colleague), hat=adviser, at=AT)
    Case.objects.filter(pk=erased.pk).update(erased_at=AT)
    assert alone(adviser) == [closed]
    assert alone(colleague) == []


def test_a_named_colleague_who_has_left_or_is_no_reader_of_cases_opens_nothing(adviser, colleague):
    case = a_secret_case(adviser)
    handing_over.name_person(case=case, user=the_person(colleague), hat=adviser, at=AT)
    Membership.objects.filter(pk=colleague.membership_id).update(ends_at=AT)
    assert alone(adviser) == [case]
    Membership.objects.filter(pk=colleague.membership_id).update(ends_at=None, role=Role.AUDITOR)
    assert alone(adviser) == [case]


def test_two_who_go_at_the_same_moment_are_each_the_last(adviser, colleague, manager):
    case = a_secret_case(adviser)
    handing_over.name_person(case=case, user=the_person(colleague), hat=adviser, at=AT)
    leave(colleague, manager)
    # Read just before, so that the first is still there by its clock.
    assert list(seen_by_alone(of(adviser), at=LATER - timedelta(seconds=1))) == [case]


def test_named_people_of_another_organisation_do_not_open_it_for_this_one(adviser, manager):
    other = a_hat(at=AT, organisation=an_organisation("乙"))
    case = a_secret_case(adviser)
    a_referral(case, adviser, other, people=[the_person(other)])
    assert alone(adviser) == [case]
    assert alone(other) == [case]


def test_who_keeps_another_membership_there_keeps_the_cases(adviser):
    a_secret_case(adviser)
    a_member(at=AT, organisation=its_organisation(adviser), role=Role.OFFICER, user=the_person(adviser))
    assert alone(adviser) == []


def test_the_successor_is_a_colleague_and_not_the_one_who_leaves(adviser, manager):
    case = a_secret_case(adviser)
    stranger = a_hat(at=AT, organisation=an_organisation("乙"))
    expert = a_hat(at=AT, organisation=its_organisation(adviser), role=Role.EXPERT)
    for nobody in (stranger, expert, adviser):
        with pytest.raises(NotAMember):
            leave(adviser, manager, nobody)
    assert of(adviser).ends_at is None
    assert case.people.count() == 1


def test_when_it_cannot_end_nobody_is_named(manager, colleague):
    case = a_secret_case(manager)
    with pytest.raises(OwnMembership):
        leave(manager, manager, colleague)
    assert not sees(colleague, case)
    assert not AuditEvent.objects.filter(action="consultations.person_named").exists()


# ── A membership that ends by its date ──────────────────────────────────────────────────────────────
def run_out(hat):
    Membership.objects.filter(pk=hat.membership_id).update(ends_at=LATER)


def name_managers(at=LATER):
    return naming.name_managers(at=at, access_at=at)


def test_when_a_membership_runs_out_the_managers_are_named_once(adviser, colleague, manager):
    case = a_secret_case(adviser)
    run_out(adviser)
    assert name_managers(LATER - timedelta(seconds=1)) == 0
    assert [name_managers(), name_managers()] == [1, 0]
    assert sees(manager, case)
    assert not sees(colleague, case)
    event = AuditEvent.objects.get(action="consultations.managers_named")
    assert (event.actor_label, event.organisation_id) == ("system", str(manager.organisation_id))
    assert event.data == {"people": [manager.user_id]}


def test_before_they_are_named_the_managers_see_nothing(adviser, manager):
    case = a_secret_case(adviser)
    run_out(adviser)
    assert not sees(manager, case)


def test_where_somebody_named_is_still_there_nobody_is_added(adviser, colleague, manager):
    case = a_secret_case(adviser)
    handing_over.name_person(case=case, user=the_person(colleague), hat=adviser, at=AT)
    run_out(adviser)
    assert name_managers() == 0


def test_what_was_ended_on_purpose_stays_ended(adviser, manager):
    other = a_hat(at=AT, organisation=an_organisation("乙"))
    boss = a_hat(at=AT, organisation=its_organisation(other), role=Role.MANAGER)
    case = a_secret_case(adviser)
    a_referral(case, adviser, other, people=[the_person(other)])
    handing_over.end_person(case=case, user_id=other.user_id, hat=adviser, at=AT)
    run_out(other)
    assert name_managers() == 0
    assert not sees(boss, case)


def test_without_a_manager_it_waits_for_one(adviser):
    case = a_secret_case(adviser)
    run_out(adviser)
    assert name_managers() == 0
    assert not AuditEvent.objects.filter(action="consultations.managers_named").exists()
    new = a_hat(at=LATER, organisation=its_organisation(adviser), role=Role.MANAGER)
    assert name_managers() == 1
    assert sees(new, case)


def test_looking_costs_the_same_for_one_case_and_for_twenty(adviser, colleague):
    def look():
        return [cost(name_managers), cost(lambda: seen_by_alone(of(adviser), at=AT).count())]

    a_secret_case(adviser)
    for_one = look()
    for _ in range(19):
        a_secret_case(adviser)
    assert look() == for_one
    assert CasePerson.objects.count() == 20


@pytest.mark.django_db(transaction=True)
def test_of_two_who_are_ended_at_the_same_moment_one_needs_a_successor(adviser, colleague, manager):
    case = a_secret_case(adviser)
    handing_over.name_person(case=case, user=the_person(colleague), hat=adviser, at=AT)
    both = threading.Barrier(2, timeout=30)

    def end(hat):
        both.wait()
        try:
            leave(hat, manager)
        except SuccessorMissing:
            return "refused"
        finally:
            connection.close()
        return "ended"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(end, (adviser, colleague))) == ["ended", "refused"]
