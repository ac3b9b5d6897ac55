"""A talk that was counted wrongly is put right, with what it said before, by who may."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from madoguchi.accounts.roles import Role
from madoguchi.consultations import rules
from madoguchi.consultations.errors import (
    AnotherCaseMissing,
    NotAllowed,
    NothingChanged,
    NotYetHeld,
    ReasonMissing,
    SecretStays,
)
from madoguchi.consultations.kinds import Channel
from madoguchi.consultations.models import CaseWords, Consultation
from madoguchi.consultations.operations import correcting_talks
from madoguchi.consultations.operations.recording import Talk, record_consultation
from madoguchi.consultations.queries import monthly
from madoguchi.consultations.statistics.measures import MEASURES
from madoguchi.consultations.statistics.scope import Scope
from madoguchi.foundation.errors import Conflict
from madoguchi.foundation.models import AuditEvent
from tests.accounts.people import a_hat, an_organisation
from tests.businesses.businesses import a_business, on_the_books
from tests.consultations.cases import AT, a_taken_case, a_topic, its_organisation, the_involvement

pytestmark = pytest.mark.django_db
TODAY = AT.date()
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def hat():
    return a_hat(at=AT, organisation=an_organisation("甲"))


@pytest.fixture
def colleague(hat):
    return a_hat(at=AT, organisation=its_organisation(hat))


@pytest.fixture
def manager(hat):
    return a_hat(at=AT, organisation=its_organisation(hat), role=Role.MANAGER)


@pytest.fixture
def case(hat):
    return a_taken_case(hat)


@pytest.fixture
def talk(case, hat):
    return a_talk(case, hat)


def a_talk(case, hat, *, body="", **changes) -> Consultation:
    said = {"channel": Channel.DESK, "held_on": TODAY, "minutes": 30, **changes}
    return record_consultation(
        involvement=the_involvement(case, hat), talk=Talk(**said), hat=hat, at=AT, body=body
    )


def correct(talk, hat, *, why="まちがえた", version=None, case=None, **changes):
    correcting_talks.correct_talk(
        talk=talk,
        to=replace(correcting_talks.facts_of(talk), **changes),
        why=why,
        version=version or correcting_talks.version_of(talk),
        hat=hat,
        at=AT,
        case=case,
    )


def take_back(talk, hat, *, version=1):
    correcting_talks.take_back(talk=talk, why="二重", version=version, hat=hat, at=AT)


def counted(measure="consultations", **scope) -> int:
    return MEASURES[measure].value(Scope(first=date(2026, 4, 1), last=date(2027, 3, 31), **scope))


def the_month(hat):
    return monthly.month_of(adviser_id=hat.user_id, hat=hat, first=TODAY.replace(day=1), last=TODAY)


def test_its_day_way_and_minutes_are_put_right_and_what_it_said_is_kept(talk, hat):
    correct(talk, hat, channel=Channel.VISIT, held_on=YESTERDAY, minutes=90)
    assert (talk.channel, talk.held_on, talk.minutes) == ("visit", YESTERDAY, 90)
    before = talk.revisions.get()
    assert (before.channel, before.held_on, before.minutes) == ("desk", TODAY, 30)
    assert (before.why, before.replaced_by_id, before.was_counted) == ("まちがえた", hat.user_id, True)


def test_the_statistics_and_the_monthly_report_follow(talk, hat):
    correct(talk, hat, channel=Channel.VISIT, minutes=90)
    assert (counted("visits"), counted("desk_talks")) == (1, 0)
    assert the_month(hat).minutes == 90


def test_the_record_of_it_names_fields_and_no_content(talk, hat):
    correct(talk, hat, place="本町1-1")
    event = AuditEvent.objects.get(action="consultations.consultation_corrected")
    assert event.data == {"consultation": talk.pk, "fields": ["place"]}


def test_a_manager_may_and_a_colleague_may_not(talk, manager, colleague):
    correct(talk, manager, minutes=40)
    with pytest.raises(NotAllowed):
        correct(talk, colleague, minutes=50)


def test_a_manager_of_another_organisation_may_not(talk):
    stranger = a_hat(at=AT, organisation=an_organisation("乙"), role=Role.MANAGER)
    with pytest.raises(NotAllowed):
        correct(talk, stranger, minutes=50)


def test_without_the_rule_a_colleague_would(talk, colleague, monkeypatch):
    monkeypatch.setattr(rules, "can_correct_talk", lambda **_facts: None)
    correct(talk, colleague, minutes=50)
    assert talk.minutes == 50


def test_a_reason_and_a_change_are_needed_and_a_day_to_come_is_refused(talk, hat):
    with pytest.raises(ReasonMissing):
        correct(talk, hat, minutes=40, why=" ")
    with pytest.raises(NothingChanged):
        correct(talk, hat)
    with pytest.raises(NotYetHeld):
        correct(talk, hat, held_on=TODAY + timedelta(days=1))
    assert not talk.revisions.exists()


def test_of_two_who_correct_at_once_the_second_is_told(talk, hat, manager):
    correct(talk, manager, minutes=40, version=1)
    with pytest.raises(Conflict):
        correct(talk, hat, minutes=50, version=1)
    assert Consultation.objects.get().minutes == 40


def test_without_the_version_the_second_would_overwrite(talk, hat, manager, monkeypatch):
    correct(talk, manager, minutes=40, version=1)
    monkeypatch.setattr(correcting_talks, "version_of", lambda _talk: 2)
    correct(talk, hat, minutes=50)
    assert Consultation.objects.get().minutes == 50


def test_one_counted_by_mistake_counts_no_longer_and_stays(talk, hat):
    take_back(talk, hat)
    assert counted() == counted("businesses") == 0
    assert the_month(hat).entries == []
    assert Consultation.everything.get().withdrawn_at == AT
    assert AuditEvent.objects.filter(action="consultations.consultation_withdrawn").count() == 1


def test_it_can_be_counted_again(talk, hat):
    take_back(talk, hat)
    correcting_talks.count_again(talk=talk, why="やはり数える", version=2, hat=hat, at=AT)
    assert counted() == 1
    assert [each.was_counted for each in talk.revisions.order_by("version")] == [True, False]


def test_when_the_first_is_taken_back_the_next_is_the_first(talk, case, hat):
    second = a_talk(case, hat)
    take_back(talk, hat)
    second.refresh_from_db()
    assert (second.is_first, the_month(hat).new_cases) == (True, 1)


def test_one_in_the_wrong_case_moves_to_its_own_with_its_text_and_its_business(talk, case, hat):
    business = a_business("りんご屋", at=AT)
    on_the_books(business, its_organisation(hat), at=AT)
    topic = a_topic("創業")
    right = a_taken_case(hat, title="創業したい", business=business, topics=[topic])
    a_talk(right, hat)
    wrong = a_talk(case, hat, body="開業資金の話")
    correct(wrong, hat, case=right)
    assert (wrong.case, wrong.business, wrong.topic, wrong.is_first) == (right, business, topic, False)
    assert wrong.notes.get().case == right
    assert counted("businesses") == 2
    assert "開業資金" in CaseWords.objects.get(case=right).text
    assert "開業資金" not in CaseWords.objects.get(case=case).text


def test_it_moves_to_no_case_that_the_organisation_is_not_at_work_on(talk, hat):
    other = a_taken_case(a_hat(at=AT, organisation=an_organisation("乙")))
    with pytest.raises(AnotherCaseMissing):
        correct(talk, hat, case=other)
    assert not talk.revisions.exists()


def test_what_was_said_in_a_secret_case_stays_there(hat):
    secret = a_taken_case(hat, topics=[a_topic("事業承継", is_secret=True)])
    talk = a_talk(secret, hat, body="後継ぎの話")
    with pytest.raises(SecretStays):
        correct(talk, hat, case=a_taken_case(hat))
    assert talk.notes.get().case == secret
