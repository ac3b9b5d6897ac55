"""確認待ち: what was taken for spam is read by a person, released or put away, and never lost."""

from datetime import timedelta

import pytest

from madoguchi.consultations.models import Case
from madoguchi.consultations.states import CaseState
from madoguchi.foundation import clock
from madoguchi.foundation.models import AuditEvent
from tests.accounts.people import a_member, an_organisation, sign_in
from tests.consultations.requests import a_region, received
from tests.queries import cost

pytestmark = pytest.mark.django_db
NOW = clock.actual_now()
WHY = "リンクが多く書かれています。"


@pytest.fixture
def desk(client):
    desk = a_region()
    membership = a_member(at=NOW - timedelta(days=9), organisation=desk.organisation)
    sign_in(client, membership.user, membership)
    return desk


def shown(client, address, status=200):
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode().replace("<wbr>", "")


def judge(client, case, act, status=302):
    response = client.post(f"/desk/held/{case.key}/", {"act": act})
    assert response.status_code == status
    case.refresh_from_db()


def test_a_held_request_is_listed_with_its_reason(client, desk):
    case = received("見て下さい", held_because=WHY)
    listed = shown(client, "/desk/held/")
    assert case.number in listed
    assert WHY in listed


def test_reading_one_is_on_record(client, desk):
    case = received("見て下さい", held_because=WHY)
    assert "見て下さい" in shown(client, f"/desk/held/{case.key}/")
    assert AuditEvent.objects.filter(action="consultations.case_read", subject_id=case.pk).exists()


def test_its_page_as_a_case_leads_to_where_it_is_judged(client, desk):
    case = received(held_because=WHY)
    assert client.get(f"/desk/cases/{case.key}/")["Location"] == f"/desk/held/{case.key}/"
    judge(client, case, "release")
    assert client.get(f"/desk/cases/{case.key}/").status_code == 200


def test_released_it_is_a_new_request(client, desk):
    case = received(held_because=WHY)
    judge(client, case, "release")
    assert case.state == CaseState.NEW
    assert client.get(f"/desk/held/{case.key}/")["Location"] == f"/desk/cases/{case.key}/"


def test_put_away_it_stays_in_the_list_and_can_be_released(client, desk):
    case = received(held_because=WHY)
    judge(client, case, "discard")
    assert case.state == CaseState.CLOSED
    assert case.number in shown(client, "/desk/held/")
    judge(client, case, "release")
    assert case.state == CaseState.NEW


def test_nothing_is_lost_whatever_is_pressed(client, desk):
    case = received(held_because=WHY)
    for act in ("discard", "discard", "release", "release", "discard"):
        client.post(f"/desk/held/{case.key}/", {"act": act})
    assert Case.objects.filter(pk=case.pk, words=case.words).exists()
    judge(client, received(held_because=WHY), "nothing", status=404)


def test_another_organisation_sees_and_judges_none(client, desk):
    case = received(held_because=WHY)
    stranger = a_member(at=NOW - timedelta(days=9), organisation=an_organisation("よその機関"))
    sign_in(client, stranger.user, stranger)
    assert case.number not in shown(client, "/desk/held/")
    shown(client, f"/desk/held/{case.key}/", status=404)
    judge(client, case, "discard", status=404)
    assert case.state == CaseState.HELD


def test_many_take_the_same_queries_as_one(client, desk):
    received(held_because=WHY)

    def queries() -> int:
        return cost(lambda: client.get("/desk/held/"))

    queries()
    before = queries()
    for _ in range(20):
        received(held_because=WHY)
    assert queries() == before
