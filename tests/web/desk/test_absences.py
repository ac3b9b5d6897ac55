"""窓口の休み: the page of managers, and one's own days on the calendar."""

import pytest

from madoguchi.accounts.roles import Role
from madoguchi.consultations.models import AdviserAbsence, DeskAbsence
from madoguchi.consultations.operations import absences
from madoguchi.foundation import clock
from tests import factories
from tests.accounts.people import an_organisation
from tests.consultations.cases import its_organisation
from tests.queries import cost
from tests.web.desk.signed_in import AT, a_desk

pytestmark = pytest.mark.django_db
ADDRESS, OWN = "/desk/routing/absences/", "/desk/calendar/absences/"
DAYS = {"begins_on": "2999-08-10", "ends_on": "2999-08-16"}


@pytest.fixture
def hat(client):
    return a_desk(client, role=Role.MANAGER)


@pytest.fixture
def desk(hat):
    return factories.a_desk("counter", its_organisation(hat))


def test_a_manager_enters_days_and_takes_them_back(client, hat, desk):
    assert client.post(ADDRESS, {"desk": "counter", "reason": "夏休み", **DAYS}).status_code == 302
    page = client.get(ADDRESS).content.decode()
    assert "夏休み" in page
    client.post(ADDRESS, {"remove": DeskAbsence.objects.get().pk})
    assert not DeskAbsence.objects.exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ends_on": "2999-08-09"}, "終わりの日は、はじまりの日か"),
        ({"instead": "counter"}, "別の窓口を選んでください"),
        ({"reason": ""}, "理由を書いてください"),
        ({"desk": "other"}, "other"),
    ],
)
def test_what_does_not_fit_is_said_at_the_form(client, desk, changes, sentence):
    factories.a_desk("other")
    sent = client.post(ADDRESS, {"desk": "counter", "reason": "夏休み", **DAYS} | changes)
    assert sent.status_code == 422
    assert sentence in sent.content.decode()
    assert not DeskAbsence.objects.exists()


def test_days_of_another_organisation_cannot_be_taken_back(client, hat):
    other = factories.a_desk("other", an_organisation())
    absence = DeskAbsence.objects.create(
        desk=other, begins_on=AT, ends_on=AT, reason="休み", entered_by_id=hat.user_id, entered_at=AT
    )
    for number in (absence.pk, "x", "9" * 40):
        assert client.post(ADDRESS, {"remove": number}).status_code == 404


def test_an_adviser_does_not_enter_days_of_desks(client):
    a_desk(client)
    assert client.get(ADDRESS).status_code == 403


def test_everybody_enters_own_days_on_the_calendar(client):
    a_desk(client)
    client.post(OWN, DAYS)
    absence = AdviserAbsence.objects.get()
    assert f'name="remove" value="{absence.pk}"' in client.get("/desk/calendar/").content.decode()
    client.post(OWN, {"remove": absence.pk})
    assert not AdviserAbsence.objects.exists()


@pytest.mark.parametrize("days", [{}, {"begins_on": "2999-08-16", "ends_on": "2999-08-10"}])
def test_own_days_that_do_not_fit_are_not_kept(client, days):
    a_desk(client)
    assert client.post(OWN, days).status_code == 302
    assert not AdviserAbsence.objects.exists()


def test_the_page_costs_the_same_for_one_row_and_twenty(client, hat, desk):
    def add():
        day = clock.today()
        absences.enter_for_desk(
            desk=desk, begins_on=day, ends_on=day, instead=None, reason="休み", hat=hat, at=AT
        )
        absences.enter_own(begins_on=day, ends_on=day, hat=hat, at=AT)

    add()
    client.get(ADDRESS)
    one = cost(lambda: client.get(ADDRESS))
    for _ in range(19):
        add()
    assert cost(lambda: client.get(ADDRESS)) == one
