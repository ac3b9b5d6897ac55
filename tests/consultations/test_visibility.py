"""Who sees a case. Each refusal has its twin: what would be seen with that protection taken off."""

from datetime import timedelta

import pytest

from madoguchi.accounts.hats import hat_of
from madoguchi.accounts.roles import Role
from madoguchi.businesses.models import Business, BusinessMember
from madoguchi.consultations.kinds import Channel, DeclineReason, Visibility
from madoguchi.consultations.models import Case, CasePerson, Involvement, Note
from madoguchi.consultations.operations import moves, reading, recording
from madoguchi.foundation.models import AuditEvent
from tests.accounts.people import a_hat, a_person, an_organisation
from tests.consultations.cases import (
    AT,
    a_request,
    a_taken_case,
    a_topic,
    another_involvement,
    the_involvement,
)
from tests.consultations.requests import a_region

pytestmark = pytest.mark.django_db


def seen(hat) -> list[Case]:
    return list(Case.objects.visible_to(hat).order_by("pk"))


@pytest.fixture
def chamber():
    return an_organisation("みほん商工会")


@pytest.fixture
def an_adviser(chamber):
    return a_hat(at=AT, organisation=chamber)


def test_an_organisation_sees_the_cases_it_works_on(an_adviser):
    case = a_taken_case(an_adviser)
    assert seen(an_adviser) == [case]


def test_a_colleague_sees_them_too(chamber, an_adviser):
    case = a_taken_case(an_adviser)
    assert seen(a_hat(at=AT, organisation=chamber)) == [case]


def test_another_organisation_sees_nothing(an_adviser):
    a_taken_case(an_adviser)
    assert seen(a_hat(at=AT, organisation=an_organisation("よその機関"))) == []


def test_it_would_see_it_with_an_involvement(an_adviser):
    case, other = a_taken_case(an_adviser), an_organisation("引き継ぎ先")
    another_involvement(case, other)
    assert seen(a_hat(at=AT, organisation=other)) == [case]


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AUDITOR, Role.EXPERT])
def test_operators_auditors_and_experts_see_no_case_of_their_organisation(chamber, an_adviser, role):
    a_taken_case(an_adviser)
    assert seen(a_hat(at=AT, organisation=chamber, role=role)) == []


def test_a_name_alone_opens_no_case_to_an_expert(chamber, an_adviser):
    case = a_taken_case(an_adviser)
    expert = a_hat(at=AT, organisation=chamber, role=Role.EXPERT)
    CasePerson.objects.create(case=case, user_id=expert.user_id, since=AT)
    assert seen(expert) == []


def test_a_secret_case_is_seen_by_named_people_only(chamber, an_adviser):
    case = a_taken_case(an_adviser, topics=[a_topic("事業承継", is_secret=True)])
    assert seen(an_adviser) == [case]
    colleague = a_hat(at=AT, organisation=chamber, role=Role.MANAGER)
    assert seen(colleague) == []
    CasePerson.objects.create(case=case, user_id=colleague.user_id, since=AT)
    assert seen(colleague) == [case]


def test_a_named_person_whose_organisation_has_no_part_in_it_sees_nothing(an_adviser):
    case = a_taken_case(an_adviser)
    stranger = a_hat(at=AT, organisation=an_organisation("よその機関"))
    CasePerson.objects.create(case=case, user_id=stranger.user_id, since=AT)
    assert seen(stranger) == []


def test_who_declines_sees_it_no_longer(chamber):
    a_region()
    case, hat = a_request(chamber), a_hat(at=AT, organisation=chamber)
    assert seen(hat) == [case]
    moves.decline(
        involvement=the_involvement(case, hat), reason=DeclineReason.NOT_FOR_US, note="", hat=hat, at=AT
    )
    assert seen(hat) == []
    Involvement.objects.update(access_ended_at=None)
    assert seen(hat) == [case]


def test_a_person_sees_the_own_request_and_nobody_elses(chamber):
    requester = a_person(at=AT)
    case = a_request(chamber, requester=requester)
    a_request(chamber)
    assert seen(hat_of(requester, chosen=None, at=AT)) == [case]
    assert seen(hat_of(a_person(at=AT), chosen=None, at=AT)) == []


def notes_of(case, hat) -> list[str]:
    return list(Note.objects.filter(case=case).readable_by(hat).order_by("pk").values_list("body", flat=True))


def test_a_note_is_read_by_whom_it_names(chamber, an_adviser):
    case = a_taken_case(an_adviser)
    for visibility in Visibility:
        recording.write_note(case=case, body=str(visibility), visibility=visibility, hat=an_adviser, at=AT)
    other = an_organisation("引き継ぎ先")
    another_involvement(case, other)
    assert notes_of(case, an_adviser) == ["shared", "internal", "personal"]
    assert notes_of(case, a_hat(at=AT, organisation=chamber)) == ["shared", "internal"]
    assert notes_of(case, a_hat(at=AT, organisation=other)) == ["shared"]
    assert notes_of(case, a_hat(at=AT, organisation=chamber, role=Role.EXPERT)) == ["shared"]


def test_reading_a_case_is_on_record(an_adviser):
    case = a_taken_case(an_adviser)
    assert reading.read_case(key=case.key, hat=an_adviser, at=AT) == case
    event = AuditEvent.objects.get(action="consultations.case_read")
    assert (event.subject_id, event.actor_id) == (str(case.pk), str(an_adviser.user_id))


def test_without_a_record_nobody_reads(an_adviser, monkeypatch):
    case = a_taken_case(an_adviser)

    def refuse(*_args, **_named):
        raise OSError("no space left")

    monkeypatch.setattr("madoguchi.foundation.audit.record", refuse)
    with pytest.raises(OSError, match="no space"):
        reading.read_case(key=case.key, hat=an_adviser, at=AT)


def test_a_foreign_case_and_one_that_does_not_exist_are_refused_alike(an_adviser):
    case = a_taken_case(an_adviser)
    stranger = a_hat(at=AT, organisation=an_organisation("よその機関"))
    for key in (case.key, "nosuchcase23"):
        with pytest.raises(Case.DoesNotExist):
            reading.read_case(key=key, hat=stranger, at=AT)
    assert not AuditEvent.objects.filter(action="consultations.case_read").exists()


def test_the_channel_is_one_of_the_flow_chart():
    assert {"desk", "visit", "telephone", "web", "satellite", "consultation_day", "event"} == set(
        Channel.values
    )


@pytest.mark.parametrize(
    ("changes", "is_seen"),
    [
        ({"role": "owner"}, True),
        ({"role": "delegate", "scopes": ["consultations"], "ends_at": AT + timedelta(days=1)}, True),
        ({"role": "delegate", "scopes": ["applications"], "ends_at": AT + timedelta(days=1)}, False),
        ({"role": "delegate", "scopes": ["consultations"], "ends_at": AT}, False),
    ],
)
def test_who_acts_for_a_business_sees_its_cases_as_far_as_the_mandate_goes(an_adviser, changes, is_seen):
    business = Business.objects.create(name="みほん商店", name_folded="みほん商店", created_at=AT)
    case = a_taken_case(an_adviser, business=business)
    person = a_person(at=AT)
    BusinessMember.objects.create(
        business=business, user=person, **({"starts_at": AT - timedelta(days=9)} | changes)
    )
    assert seen(hat_of(person, chosen=None, at=AT)) == ([case] if is_seen else [])
