"""The view of the team and the calendar, with its feed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from madoguchi.accounts.models import Membership
from madoguchi.accounts.roles import Role
from madoguchi.consultations.models import (
    Case,
)
from madoguchi.consultations.operations import planning
from madoguchi.foundation import clock
from tests.accounts.people import a_hat, an_organisation
from tests.consultations.cases import a_request, a_taken_case, a_topic, its_organisation, the_involvement
from tests.queries import cost
from tests.web.desk.signed_in import AT, a_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def hat(client):
    return a_desk(client)


@pytest.fixture
def case(hat):
    return a_taken_case(hat)


def text_of(response):
    return response.content.decode()


# ── Team ────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def manager(client):
    return a_desk(client, role=Role.MANAGER)


def test_a_manager_sees_load_what_is_untaken_and_late_and_gives_cases_away(client, manager):
    organisation = its_organisation(manager)
    adviser, colleague = (a_hat(at=AT, organisation=organisation) for _ in range(2))
    case = a_taken_case(adviser, title="遅れている相談")
    planning.add_task(case=case, title="電話", due_on=clock.today() - timedelta(days=1), hat=adviser, at=AT)
    a_request(organisation, title="だれも引き受けていない")
    html = text_of(client.get("/desk/team/", {"adviser": adviser.user_id}))
    assert "遅れている相談" in html
    assert "だれも引き受けていない" in html
    sent = client.post("/desk/team/reassign/", {"case": [case.key], "to": colleague.user_id})
    assert f"1件を{colleague.label}さんに引き継ぎました。" in text_of(client.get(sent.url))
    assert the_involvement(case, adviser).adviser_id == colleague.user_id


def test_why_a_case_cannot_be_given_is_all_that_is_said(client, manager):
    adviser = a_hat(at=AT, organisation=its_organisation(manager))
    case = a_taken_case(adviser)
    Case.objects.update(state="closed", closed_at=AT)
    data = {"case": [case.key], "to": adviser.user_id}
    html = text_of(client.post("/desk/team/reassign/", data, follow=True))
    assert f"{case.number}：" in html
    assert "引き継ぐ案件を選んでください。" not in html
    nothing = client.post("/desk/team/reassign/", {"to": adviser.user_id}, follow=True)
    assert "引き継ぐ案件を選んでください。" in text_of(nothing)


def test_a_case_is_given_to_a_colleague_only(client, manager):
    adviser = a_hat(at=AT, organisation=its_organisation(manager))
    stranger = a_hat(at=AT, organisation=an_organisation("よそ"))
    case, foreign = a_taken_case(adviser), a_taken_case(stranger)
    assert (
        client.post("/desk/team/reassign/", {"case": [case.key], "to": stranger.user_id}).status_code == 404
    )
    client.post("/desk/team/reassign/", {"case": [foreign.key], "to": adviser.user_id})
    assert the_involvement(foreign, stranger).adviser_id == stranger.user_id


def test_a_secret_case_is_in_no_managers_load_that_is_not_named(client, manager):
    adviser = a_hat(at=AT, organisation=its_organisation(manager))
    a_taken_case(adviser, title="後継ぎの相談", topics=[a_topic(is_secret=True)])
    response = client.get("/desk/team/", {"adviser": adviser.user_id})
    assert "後継ぎの相談" not in text_of(response)
    assert [load.at_work for load in response.context["loads"]] == [0, 0]


def test_the_team_costs_the_same_for_one_case_and_for_twenty(client, manager):
    adviser = a_hat(at=AT, organisation=its_organisation(manager))

    def add():
        case = a_taken_case(adviser)
        planning.add_task(case=case, title="x", due_on=clock.today() - timedelta(days=1), hat=adviser, at=AT)

    add()
    client.get("/desk/team/")
    one = cost(lambda: client.get("/desk/team/"))
    for _ in range(19):
        add()
    assert cost(lambda: client.get("/desk/team/")) == one


def test_the_team_is_for_managers(client, hat):
    assert client.get("/desk/team/").status_code == 403


# ── Calendar ────────────────────────────────────────────────────────────────────────────────────────
def a_feed(client):
    client.post(reverse("desk:calendar_renew"))
    return client.get("/desk/calendar/").context["feed_url"]


def test_the_calendar_shows_tasks_and_follow_ups_of_the_month(client, hat, case):
    today = clock.today()
    planning.add_task(case=case, title="電話する", due_on=today, hat=hat, at=AT)
    planning.plan_follow_up(case=case, due_on=today, hat=hat, at=AT)
    html = text_of(client.get("/desk/calendar/"))
    assert "電話する" in html
    assert "その後のうかがい" in html
    assert "電話する" not in text_of(client.get("/desk/calendar/?month=1999-01&x=1", {"month": "2031-05"}))
    for month in ("x", "2026-13", "9999-01", "0000-00"):
        assert client.get("/desk/calendar/", {"month": month}).status_code == 200


def test_a_manager_sees_the_days_of_everybody_by_adviser(client, manager):
    today = clock.today()
    for title in ("見積書を読む", "決算書を読む"):
        adviser = a_hat(at=AT, organisation=its_organisation(manager))
        planning.add_task(case=a_taken_case(adviser), title=title, due_on=today, hat=adviser, at=AT)
        planning.plan_follow_up(case=Case.objects.latest("pk"), due_on=today, hat=adviser, at=AT)
    stranger = a_hat(at=AT, organisation=an_organisation("よその機関"))
    planning.add_task(case=a_taken_case(stranger), title="よその用事", due_on=today, hat=stranger, at=AT)
    sheets = client.get("/desk/calendar/", {"whose": "team"}).context["sheets"]
    # Two people of the same name stay two.
    assert [[line.text for day in sheet.days for line in day.lines] for sheet in sheets] == [
        ["連絡する", "見積書を読む"],
        ["連絡する", "決算書を読む"],
    ]
    assert "読む" not in text_of(client.get("/desk/calendar/"))


def test_what_the_business_has_to_do_stands_with_its_adviser(client, manager):
    adviser = a_hat(at=AT, organisation=its_organisation(manager))
    case = a_taken_case(adviser)
    planning.add_task(
        case=case, title="書類を出す", due_on=clock.today(), for_business=True, hat=adviser, at=AT
    )
    [sheet] = client.get("/desk/calendar/", {"whose": "team"}).context["sheets"]
    assert [line.text for line in sheet.days[0].lines] == ["書類を出す"]


def test_the_calendar_of_all_holds_no_secret_case_that_does_not_name_the_reader(client, manager):
    adviser = a_hat(at=AT, organisation=its_organisation(manager))
    case = a_taken_case(adviser, title="後継ぎ", topics=[a_topic(is_secret=True)])
    planning.add_task(case=case, title="後継ぎと話す", due_on=clock.today(), hat=adviser, at=AT)
    address = "/desk/calendar/?whose=team"
    assert client.get(address).context["sheets"] == []
    Case.objects.update(is_secret=False)
    assert len(client.get(address).context["sheets"]) == 1
    Case.objects.update(is_secret=True)
    case.people.create(user_id=manager.user_id, since=AT)
    assert len(client.get(address).context["sheets"]) == 1


def test_the_calendar_of_all_is_for_managers(client, hat):
    assert client.get("/desk/calendar/?whose=team").status_code == 403
    assert client.get("/desk/calendar/?whose=nobody").status_code == 200
    assert "whose=team" not in text_of(client.get("/desk/calendar/"))


def test_the_calendar_of_all_costs_the_same_for_one_adviser_and_for_twenty(client, manager):
    def one_more():
        adviser = a_hat(at=AT, organisation=its_organisation(manager))
        case = a_taken_case(adviser)
        for for_business in (True, False):
            planning.add_task(
                case=case, title="x", due_on=clock.today(), for_business=for_business, hat=adviser, at=AT
            )
        planning.plan_follow_up(case=case, due_on=clock.today(), hat=adviser, at=AT)

    def look():
        return cost(lambda: client.get("/desk/calendar/?whose=team"))

    one_more()
    look()  # the first page fills what is kept for all
    for_one = look()
    for _ in range(19):
        one_more()
    assert look() == for_one


def test_a_feed_tells_days_and_numbers_and_no_content(client, hat, case):
    planning.add_task(case=case, title="見積書を読む", due_on=clock.today(), hat=hat, at=AT)
    address = a_feed(client)
    client.logout()
    content = client.get(address).content.decode()
    assert case.number in content.replace("\r\n ", "")
    for secret in ("見積書", case.title, hat.label):
        assert secret not in content.replace("\r\n ", "")


def test_a_renewed_feed_ends_the_one_before_and_both_are_shown_once(client, hat):
    first, second = a_feed(client), a_feed(client)
    assert client.get("/desk/calendar/").context["feed_url"] == ""
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    client.post(reverse("desk:calendar_renew"), {"end": "1"})
    assert client.get(second).status_code == 404


def test_a_feed_ends_with_the_membership(client, hat):
    address = a_feed(client)
    Membership.objects.filter(pk=hat.membership_id).update(ends_at=clock.actual_now())
    assert client.get(address).status_code == 404


def test_without_the_membership_it_would_stay_open(client, hat):
    address = a_feed(client)
    assert client.get(address).status_code == 200
