"""A request that its desk declines stays in somebody's sight: the general desk's, or its own managers'."""

from datetime import date, timedelta

import pytest

from madoguchi.accounts.roles import Role
from madoguchi.businesses.models import Business
from madoguchi.consultations.errors import NotAllowed
from madoguchi.consultations.kinds import DeclineReason
from madoguchi.consultations.models import Case, CasePerson, Chase, Policy
from madoguchi.consultations.operations import chasing, falling_back, moves, requester
from madoguchi.consultations.queries import team, trays
from madoguchi.consultations.queries.request_state import request_state
from madoguchi.consultations.queries.trays import Tray
from madoguchi.consultations.states import CaseState, InvolvementState
from madoguchi.foundation.models import AuditEvent
from madoguchi.mail.models import Mail
from tests import factories
from tests.accounts.people import a_hat, an_organisation
from tests.businesses.businesses import a_business
from tests.consultations.cases import a_request, its_organisation, the_involvement, the_person
from tests.consultations.requests import (
    AT,
    THE_BUSINESS,
    a_manager,
    a_read_desk,
    a_region,
    a_topic,
    an_adviser,
    received,
)
from tests.queries import cost

pytestmark = pytest.mark.django_db
TODAY = AT.date()
# Business days after Monday, 30 November 2026.
THIRD, SEVENTH = date(2026, 12, 3), date(2026, 12, 9)


@pytest.fixture
def desk():
    return a_read_desk("market")


@pytest.fixture
def general(desk):
    return a_region(market=desk)


@pytest.fixture
def case(desk, general):
    return received(topics=[a_topic("market")])


def decline(case, hat):
    involvement = the_involvement(case, hat)
    moves.decline(involvement=involvement, reason=DeclineReason.NOT_FOR_US, note="", hat=hat, at=AT)
    case.refresh_from_db()


def sees(hat, case):
    return Case.objects.visible_to(hat).filter(pk=case.pk).exists()


def lying(tray, hat):
    return [row.case for row in trays.lying_in(tray, hat, on=TODAY)]


def chase(on):
    rows = [(3, "desk"), (7, "manager")]
    steps = [{"after_business_days": days, "to": to, "text": "返事がありません。"} for days, to in rows]
    Policy.objects.update(chasing=steps)
    return chasing.chase(on=on, at=AT, access_at=AT)


# ── The general desk has it instead ─────────────────────────────────────────────────────────────────
def test_the_general_desk_and_nobody_else_has_it(case, desk, general):
    declining, there = an_adviser(desk), an_adviser(general)
    stranger = a_hat(at=AT, organisation=an_organisation("よその機関"))
    decline(case, declining)
    assert [sees(hat, case) for hat in (declining, there, stranger)] == [False, True, False]
    lead = case.involvements.get(is_lead=True)
    assert (lead.desk, lead.state, case.state) == (general, InvolvementState.SENT, CaseState.NEW)
    assert lead.routed_because == "「market」が引き受けなかったので、総合の窓口が受けます。"
    assert lying(Tray.NEW, there) == [case]
    event = AuditEvent.objects.get(action="consultations.lead_handed_on")
    assert event.data == {"involvement": lead.pk, "to": general.organisation_id}


def test_without_handing_on_nobody_would_see_it(case, desk, general, monkeypatch):
    monkeypatch.setattr(falling_back, "hand_on", lambda *_, **__: None)
    declining, there = an_adviser(desk), an_adviser(general)
    decline(case, declining)
    assert [sees(hat, case) for hat in (declining, there)] == [False, False]


def test_those_there_are_told_and_reminded_as_of_any_request(case, desk, general):
    told = a_manager(general)
    decline(case, an_adviser(desk))
    [mail] = Mail.objects.filter(kind="consultations.fell_to")
    assert mail.user_id == str(told.user_id)
    assert case.title not in mail.text
    chase(THIRD)
    assert Chase.objects.get().involvement.organisation == general.organisation


def test_the_business_reads_where_it_is_and_shares_it_with_nobody_else(case, desk, general):
    decline(case, an_adviser(desk))
    state = request_state(case, on=TODAY)
    assert [part.name for part in state.parts] == [general.name]
    assert not state.shares_with_others
    with pytest.raises(NotAllowed):
        requester.withdraw_consent(case=case, requester=THE_BUSINESS, at=AT)


def test_the_business_moves_from_the_books_of_one_to_those_of_the_other(desk, general):
    case = received(topics=[a_topic("market")], business=a_business(at=AT))
    declining, there = an_adviser(desk), an_adviser(general)
    decline(case, declining)
    assert [Business.objects.visible_to(hat).exists() for hat in (declining, there)] == [False, True]


def test_of_a_secret_case_the_managers_of_the_general_desk_are_named(desk, general):
    declining, manager, adviser = a_manager(desk), a_manager(general), an_adviser(general)
    case = received(topics=[a_topic("market", is_secret=True)])
    decline(case, declining)
    assert [sees(hat, case) for hat in (declining, manager, adviser)] == [False, True, False]
    assert CasePerson.objects.get(case=case, until=None).user_id == manager.user_id


def test_a_secret_case_stays_where_the_general_desk_has_nobody_to_name(desk, general):
    declining = a_manager(desk)
    case = received(topics=[a_topic("market", is_secret=True)])
    decline(case, declining)
    assert sees(declining, case)
    assert case.state == CaseState.UNTAKEN


# ── Nobody else could have it ───────────────────────────────────────────────────────────────────────
@pytest.fixture
def left_over(case, desk, general):
    decline(case, an_adviser(desk))
    decline(case, an_adviser(general))
    return case


def test_the_general_desk_that_declines_goes_on_seeing_it(left_over, general):
    assert left_over.state == CaseState.UNTAKEN
    assert sees(an_adviser(general), left_over)


def test_it_lies_in_a_tray_of_its_own_of_the_managers_there(left_over, general, desk):
    manager, adviser, other = a_manager(general), an_adviser(general), a_manager(desk)
    assert [lying(Tray.UNTAKEN, hat) for hat in (manager, adviser, other)] == [[left_over], [], []]
    counted = [trays.counts(hat, on=TODAY)[Tray.UNTAKEN] for hat in (manager, adviser, other)]
    assert counted == [1, 0, 0]
    assert lying(Tray.NEW, manager) == lying(Tray.ALL, manager) == []
    assert [row.case for row in team.untaken(manager)] == [left_over]


def test_the_managers_there_are_reminded_of_it(left_over, general):
    manager = a_manager(general)
    chase(THIRD)
    chase(SEVENTH)
    digests = Mail.objects.filter(kind="consultations.digest").order_by("pk")
    assert {mail.user_id for mail in digests} == {str(manager.user_id)}
    assert all(left_over.number in mail.text for mail in digests)


def test_the_organisation_may_take_it_after_all(left_over, general):
    manager = a_manager(general)
    own = the_involvement(left_over, manager)
    moves.take(involvement=own, adviser=the_person(manager), hat=manager, at=AT)
    left_over.refresh_from_db()
    assert (left_over.state, own.answer) == (CaseState.WORKING, "")
    assert lying(Tray.UNTAKEN, manager) == []


def test_an_answer_of_anybody_else_stands(case, desk, general):
    declining = an_adviser(desk)
    decline(case, declining)
    with pytest.raises(NotAllowed):
        moves.take(
            involvement=the_involvement(case, declining), adviser=the_person(declining), hat=declining, at=AT
        )


def test_without_a_region_it_stays_where_it_is():
    hat = a_hat(at=AT, organisation=an_organisation(), role=Role.MANAGER)
    case = a_request(its_organisation(hat))
    decline(case, hat)
    assert lying(Tray.UNTAKEN, hat) == [case]


def test_where_nobody_reads_at_the_general_desk_it_stays(desk):
    factories.a_region(factories.a_desk("silent"))
    hat = a_manager(desk)
    case = received(chosen_desk=desk.slug)
    decline(case, hat)
    assert lying(Tray.UNTAKEN, hat) == [case]


def test_the_tray_costs_the_same_for_one_case_and_for_twenty(general):
    manager = a_manager(general)

    def add():
        decline(received(at=AT + timedelta(minutes=Case.objects.count())), an_adviser(general))

    def show():
        trays.page_of_rows(trays.lying_in(Tray.UNTAKEN, manager, on=TODAY), 1, size=20)

    add()
    one = cost(show)
    for _ in range(19):
        add()
    assert cost(show) == one
