"""Days entered by hand: another desk takes what comes, and colleagues are told first."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from madoguchi.accounts.roles import Role
from madoguchi.consultations.errors import NotAllowed, PeriodReversed, ReasonMissing
from madoguchi.consultations.models import AdviserAbsence, DeskAbsence
from madoguchi.consultations.operations import absences
from madoguchi.consultations.queries import absences as queries
from madoguchi.consultations.queries import colleagues
from madoguchi.foundation import clock
from madoguchi.foundation.models import AuditEvent
from madoguchi.institutions.models import Desk
from tests.accounts.people import a_hat, an_organisation
from tests.consultations.cases import a_request, its_organisation
from tests.consultations.requests import AT, a_manager, a_read_desk, a_region, a_topic, received

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 30)
DAY = timedelta(days=1)


def lead(case):
    return case.involvements.get(is_lead=True)


def away(desk, *, begins=TODAY, ends=TODAY, instead=None, hat=None, reason="改装") -> DeskAbsence:
    return absences.enter_for_desk(
        desk=desk,
        begins_on=begins,
        ends_on=ends,
        instead=instead,
        reason=reason,
        hat=hat or a_manager(desk),
        at=AT,
    )


@pytest.fixture
def market():
    desk = a_read_desk("market")
    a_region(market=desk)
    return desk


@pytest.fixture
def topic():
    return a_topic("market")


def test_on_its_days_another_desk_takes_what_comes_and_says_why(market, topic):
    other = a_read_desk("other")
    away(market, instead=other)
    found = lead(received(topics=[topic]))
    assert found.desk == other
    assert "改装" in found.routed_because


def test_without_a_desk_that_stands_in_the_general_one_does(market, topic):
    away(market)
    assert lead(received(topics=[topic])).desk.slug == "general"


@pytest.mark.parametrize(("begins", "ends"), [(TODAY + DAY, TODAY + DAY), (TODAY - DAY, TODAY - DAY)])
def test_before_and_after_its_days_the_desk_takes_it_itself(market, topic, begins, ends):
    away(market, begins=begins, ends=ends)
    assert lead(received(topics=[topic])).desk == market


def test_a_general_desk_that_is_away_without_another_takes_it_all_the_same(market):
    away(Desk.objects.get(slug="general"))
    assert lead(received()).desk.slug == "general"


def test_days_taken_back_count_no_longer(market, topic):
    hat = a_manager(market)
    absences.remove_for_desk(absence=away(market, hat=hat), hat=hat, at=AT)
    assert lead(received(topics=[topic])).desk == market
    actions = AuditEvent.objects.filter(action__contains="desk_absence").order_by("pk")
    assert [event.action for event in actions] == [
        "consultations.desk_absence_entered",
        "consultations.desk_absence_removed",
    ]


def test_nobody_but_a_manager_of_the_organisation_enters_days_of_its_desk(market):
    for hat in (
        a_hat(at=AT, organisation=market.organisation),
        a_hat(at=AT, organisation=an_organisation(), role=Role.MANAGER),
    ):
        with pytest.raises(NotAllowed):
            away(market, hat=hat)
    assert not DeskAbsence.objects.exists()


def test_a_manager_sees_days_of_the_own_desks_alone(market):
    away(market)
    assert [row.desk for row in queries.of_desks(a_manager(market), on=TODAY)] == [market]
    stranger = a_hat(at=AT, organisation=an_organisation(), role=Role.MANAGER)
    assert queries.of_desks(stranger, on=TODAY) == []


def test_days_need_an_order_and_a_reason(market):
    with pytest.raises(PeriodReversed):
        away(market, begins=TODAY, ends=TODAY - DAY)
    with pytest.raises(ReasonMissing):
        away(market, reason=" ")
    with pytest.raises(IntegrityError), transaction.atomic():
        AdviserAbsence.objects.create(
            user_id=a_manager(market).user_id, begins_on=TODAY, ends_on=TODAY - DAY, entered_at=AT
        )


# ── One's own days ──────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def hat():
    return a_hat(at=AT, organisation=an_organisation(), role=Role.MANAGER)


@pytest.fixture
def colleague(hat):
    return a_hat(at=AT, organisation=its_organisation(hat), role=Role.MANAGER)


def told_of_a_request(hat) -> set[int]:
    involvement = a_request(its_organisation(hat)).involvements.get()
    return {user.pk for user in colleagues.asked_of(involvement, at=clock.actual_now())}


def own(hat, begins, ends) -> AdviserAbsence:
    return absences.enter_own(begins_on=begins, ends_on=ends, hat=hat, at=AT)


def test_who_is_away_is_not_told_while_a_colleague_is_there(hat, colleague):
    assert told_of_a_request(hat) == {hat.user_id, colleague.user_id}
    today = clock.today()
    own(hat, today, today)
    assert told_of_a_request(hat) == {colleague.user_id}


def test_on_other_days_one_is_told(hat, colleague):
    today = clock.today()
    own(hat, today + DAY, today + DAY)
    own(hat, today - DAY, today - DAY)
    assert told_of_a_request(hat) == {hat.user_id, colleague.user_id}


def test_where_everybody_is_away_they_are_told_all_the_same(hat):
    today = clock.today()
    own(hat, today, today)
    assert told_of_a_request(hat) == {hat.user_id}


def test_nobody_takes_back_the_days_of_another(hat, colleague):
    absence = own(hat, TODAY, TODAY)
    absences.remove_own(pk=absence.pk, hat=colleague, at=AT)
    assert AdviserAbsence.objects.exists()
    absences.remove_own(pk=absence.pk, hat=hat, at=AT)
    assert not AdviserAbsence.objects.exists()
