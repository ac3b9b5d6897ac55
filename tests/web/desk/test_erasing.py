import pytest
from django.urls import reverse

from madoguchi.accounts import hats
from madoguchi.accounts.roles import Role
from madoguchi.consultations.models import Case
from madoguchi.consultations.states import CaseState
from madoguchi.web.account import confirming
from tests.accounts.people import a_member, an_organisation, sign_in
from tests.consultations.cases import AT, a_taken_case

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _confirmed(monkeypatch):
    monkeypatch.setattr(confirming, "did_recently_reauthenticate", lambda request: True)


def someone(client, organisation, role=Role.MANAGER):
    membership = a_member(at=AT, organisation=organisation, role=role)
    sign_in(client, membership.user, membership)
    return hats.hat_of(membership.user, chosen=membership.pk, at=AT)


@pytest.fixture
def organisation():
    return an_organisation()


@pytest.fixture
def case(client, organisation):
    case = a_taken_case(someone(client, organisation), title="消してほしい")
    Case.objects.update(state=CaseState.CLOSED, closed_at=AT)
    return case


def url(case):
    return reverse("desk:erase", args=[case.key])


def test_a_manager_erases_a_closed_case_with_its_number_typed(client, case):
    assert "元には戻せません" in client.get(url(case)).content.decode()
    assert client.post(url(case), {"why": "本人の求め", "number": case.number}).status_code == 302
    case.refresh_from_db()
    assert (case.title, case.erased_at is None) == ("", False)
    assert client.get(url(case)).status_code == 404


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"why": "本人の求め", "number": "2026-9999"}, "#e-number"),
        ({"why": " ", "number": "2026-0001"}, "#e-why"),
    ],
)
def test_a_wrong_number_or_no_reason_erases_nothing_and_what_was_typed_stays(client, case, sent, field):
    response = client.post(url(case), sent)
    assert response.status_code == 422
    assert sent["number"] in response.content.decode()
    assert f'<a href="{field}">' in response.content.decode()
    case.refresh_from_db()
    assert case.title == "消してほしい"


def test_an_adviser_and_another_organisations_manager_cannot(client, organisation, case):
    someone(client, organisation, Role.ADVISER)
    assert client.get(url(case)).status_code == 403
    someone(client, an_organisation())
    assert client.get(url(case)).status_code == 404


def test_the_page_of_a_closed_case_leads_a_manager_there_and_nobody_else(client, organisation, case):
    page = reverse("desk:case", args=[case.key])
    assert url(case) in client.get(page).content.decode()
    Case.objects.update(state=CaseState.WORKING, closed_at=None)
    assert url(case) not in client.get(page).content.decode()
    Case.objects.update(state=CaseState.CLOSED, closed_at=AT)
    someone(client, organisation, Role.ADVISER)
    assert url(case) not in client.get(page).content.decode()
