import io
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from madoguchi.accounts import hats
from madoguchi.accounts.roles import Role
from madoguchi.consultations.kinds import Channel
from madoguchi.consultations.operations.recording import Talk, record_consultation
from madoguchi.foundation.models import AuditEvent
from tests.accounts.people import a_member, an_organisation, sign_in
from tests.consultations.cases import AT, a_taken_case, a_topic, the_involvement

pytestmark = pytest.mark.django_db

URL = reverse("desk:statistics")
DAYS = {"first": "2026-11-01", "last": "2026-11-30"}


@pytest.fixture
def organisation():
    return an_organisation()


def someone(client, organisation, role=Role.ADVISER):
    membership = a_member(at=AT, organisation=organisation, role=role)
    sign_in(client, membership.user, membership)
    return hats.hat_of(membership.user, chosen=membership.pk, at=AT)


def talks(hat, case, *channels):
    for channel in channels:
        talk = Talk(channel=channel, held_on=date(2026, 11, 30))
        record_consultation(involvement=the_involvement(case, hat), talk=talk, hat=hat, at=AT)


@pytest.fixture
def an_adviser(client, organisation):
    return someone(client, organisation)


def test_the_page_tells_each_figure_and_leads_to_its_rows(client, an_adviser):
    talks(an_adviser, a_taken_case(an_adviser), *[Channel.VISIT] * 6)
    page = client.get(URL, DAYS).content.decode()
    assert "相談件数（延べ）" in page
    assert "<b>6</b>件" in page
    rows = client.get(reverse("desk:statistics_rows"), DAYS | {"measure": "visits"}).content.decode()
    assert rows.count("2026-0001") == 6


def test_small_counts_are_hidden_in_the_breakdown_and_in_the_files(client, an_adviser):
    talks(an_adviser, a_taken_case(an_adviser, topics=[a_topic("事業再生")]), Channel.DESK)
    asked = DAYS | {"by": "topic"}
    assert "非公表" in client.get(URL, asked).content.decode()
    text = b"".join(client.get(reverse("desk:statistics_csv"), asked)).decode()
    assert "事業再生,非公表" in text
    sheet = load_workbook(io.BytesIO(client.get(reverse("desk:statistics_xlsx"), asked).content)).active
    assert [cell.value for cell in sheet[2]] == ["事業再生", "非公表"]


def test_taking_a_file_out_is_on_record(client, an_adviser):
    client.get(reverse("desk:statistics_csv"), DAYS)
    event = AuditEvent.objects.get(action="consultations.statistics_exported")
    assert event.actor_id == str(an_adviser.user_id)


def test_the_rows_of_a_secret_case_are_not_shown_to_a_colleague(client, organisation):
    adviser = someone(client, organisation)
    secret = a_taken_case(adviser, topics=[a_topic("事業承継", is_secret=True)], title="跡継ぎがいない")
    talks(adviser, secret, Channel.DESK)
    rows = reverse("desk:statistics_rows")
    assert "跡継ぎがいない" in client.get(rows, DAYS).content.decode()
    someone(client, organisation, Role.MANAGER)
    page = client.get(rows, DAYS).content.decode()
    assert "跡継ぎがいない" not in page
    assert "あなたが見られる 0件" in page


def test_only_some_roles_may_ask_for_the_whole_region(client, organisation):
    other = someone(client, an_organisation())
    talks(other, a_taken_case(other), *[Channel.DESK] * 7)
    region = DAYS | {"whose": "region"}
    someone(client, organisation)
    assert "<b>7</b>件" not in client.get(URL, region).content.decode()
    someone(client, organisation, Role.AUDITOR)
    assert "<b>7</b>件" in client.get(URL, region).content.decode()


def test_the_region_is_counted_by_whole_months(client, organisation):
    other = someone(client, an_organisation())
    talks(other, a_taken_case(other), *[Channel.DESK] * 7)
    someone(client, organisation, Role.AUDITOR)
    one_day = {"first": "2026-11-05", "last": "2026-11-05", "whose": "region"}
    page = client.get(URL, one_day).content.decode()
    assert "<b>7</b>件" in page
    assert "月ごとにまとめて数えます" in page


@pytest.mark.parametrize(
    "nonsense",
    [
        {"first": "9999"},
        {"first": "2026-12-01", "last": "2026-01-01"},
        {"first": "0001-01-01"},
        {"last": "9999-12-31"},
        {"by": "x"},
        {"across": "area"},
        {"measure": "\x00"},
    ],
)
def test_nonsense_in_the_address_is_no_error(client, an_adviser, nonsense):
    assert client.get(URL, nonsense).status_code == 200
    assert client.get(reverse("desk:statistics_rows"), nonsense).status_code == 200


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.EXPERT])
def test_who_has_nothing_to_do_with_cases_gets_no_statistics(client, organisation, role):
    someone(client, organisation, role)
    assert client.get(URL).status_code == 403


def test_the_page_costs_the_same_for_one_row_and_twenty(client, an_adviser, django_assert_max_num_queries):
    case = a_taken_case(an_adviser, area_code="022039")
    talks(an_adviser, case, Channel.DESK)
    with django_assert_max_num_queries(45) as first:
        client.get(URL, DAYS | {"by": "area", "across": "month"})
    for number in range(20):
        talks(an_adviser, a_taken_case(an_adviser, area_code=f"02{number:04d}"), Channel.DESK)
    with django_assert_max_num_queries(len(first)):
        client.get(URL, DAYS | {"by": "area", "across": "month"})
