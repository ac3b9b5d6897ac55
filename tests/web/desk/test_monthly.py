import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from madoguchi.accounts import hats
from madoguchi.accounts.roles import Role
from madoguchi.consultations.kinds import Channel, Visibility
from madoguchi.consultations.operations.recording import Talk, record_consultation
from madoguchi.foundation.models import AuditEvent
from madoguchi.institutions.models import Organisation
from tests.accounts.people import a_member, an_organisation, sign_in
from tests.consultations.cases import AT, a_taken_case, a_topic, the_involvement

pytestmark = pytest.mark.django_db

URL, XLSX, TEMPLATE = (reverse(f"desk:{name}") for name in ("monthly", "monthly_xlsx", "monthly_template"))
MONTH = {"month": "2026-11"}


@pytest.fixture
def organisation():
    return an_organisation("みほん商工会")


def someone(client, organisation, role=Role.ADVISER):
    membership = a_member(at=AT, organisation=organisation, role=role)
    sign_in(client, membership.user, membership)
    return hats.hat_of(membership.user, chosen=membership.pk, at=AT)


def a_talk(hat, case, *, body="", visibility=Visibility.SHARED, day=10):
    talk = Talk(channel=Channel.VISIT, held_on=date(2026, 11, day), minutes=40)
    record_consultation(
        involvement=the_involvement(case, hat), talk=talk, hat=hat, at=AT, body=body, visibility=visibility
    )


def cells(response):
    sheet = load_workbook(io.BytesIO(response.content)).active
    return [[cell.value for cell in line] for line in sheet.iter_rows()]


def a_template(*lines):
    book, file = Workbook(), io.BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(file)
    return SimpleUploadedFile("様式.xlsx", file.getvalue())


def test_the_month_lists_the_own_talks_and_adds_them_up(client, organisation):
    hat = someone(client, organisation)
    case = a_taken_case(hat, topics=[a_topic("販路開拓")])
    a_talk(hat, case)
    a_talk(hat, case, day=11)
    page = client.get(URL, MONTH).content.decode()
    assert "2026年11月の指導実績" in page
    assert "80分" in page
    assert page.count(case.number) == 2
    assert case.number not in client.get(URL, {"month": "2026-10"}).content.decode()


def test_the_file_carries_the_texts_but_no_personal_memo_and_is_on_record(client, organisation):
    hat = someone(client, organisation)
    case = a_taken_case(hat)
    a_talk(hat, case, body="ラベルを見直す")
    a_talk(hat, case, body="話しやすい人", visibility=Visibility.PERSONAL)
    told = str(cells(client.get(XLSX, MONTH)))
    assert "ラベルを見直す" in told
    assert "話しやすい人" not in told
    read = AuditEvent.objects.get(action="consultations.case_read")
    assert (read.subject_id, read.data) == (str(case.pk), {"what": "monthly_report"})


def test_the_organisations_own_workbook_is_filled_in(client, organisation):
    manager = someone(client, organisation, Role.MANAGER)
    sent = a_template(["{{ organisation }}", "{{ talks }}"], ["{{ rows.day }}", "{{ rows.channel }}"])
    assert client.post(TEMPLATE, {"file": sent}).status_code == 302
    a_talk(manager, a_taken_case(manager))
    assert [line[1] for line in cells(client.get(XLSX, MONTH))] == [1, "巡回"]


@pytest.mark.parametrize("asked", ["9999-12", "0001-01", "2026-13", "x" * 99])
def test_an_absurd_month_is_answered_with_this_one(client, organisation, asked):
    someone(client, organisation)
    for address in (URL, XLSX):
        assert client.get(address, {"month": asked}).status_code == 200


def test_an_organisation_that_the_pack_dropped_keeps_a_workbook(client, organisation):
    someone(client, organisation, Role.MANAGER)
    Organisation.objects.update(is_current=False)
    assert client.post(TEMPLATE, {"file": a_template(["{{ talks }}"])}).status_code == 302


def test_a_workbook_that_names_something_unknown_is_kept_with_a_warning(client, organisation):
    someone(client, organisation, Role.MANAGER)
    page = client.post(TEMPLATE, {"file": a_template(["{{ mistyped }}"])}, follow=True).content.decode()
    assert "mistyped" in page


@pytest.mark.parametrize("sent", [{}, {"file": SimpleUploadedFile("a.xlsx", b"no workbook")}])
def test_what_is_no_workbook_is_refused_with_a_sentence(client, organisation, sent):
    someone(client, organisation, Role.MANAGER)
    response = client.post(TEMPLATE, sent)
    assert response.status_code == 422
    assert "#t-file" in response.content.decode()


def test_only_a_manager_sees_the_month_of_a_colleague(client, organisation):
    hat = someone(client, organisation)
    case = a_taken_case(hat)
    a_talk(hat, case)
    asked = MONTH | {"adviser": hat.user_id}
    someone(client, organisation)
    assert client.get(URL, asked).status_code == 404
    someone(client, organisation, Role.MANAGER)
    assert case.number in client.get(URL, asked).content.decode()
    someone(client, an_organisation(), Role.MANAGER)
    assert client.get(URL, asked).status_code == 404


def test_a_secret_case_of_a_colleague_is_not_listed_and_the_page_says_so(client, organisation):
    hat = someone(client, organisation)
    case = a_taken_case(hat, topics=[a_topic("事業承継", is_secret=True)])
    a_talk(hat, case)
    someone(client, organisation, Role.MANAGER)
    page = client.get(URL, MONTH | {"adviser": hat.user_id}).content.decode()
    assert case.number not in page
    assert "見えない案件の相談が1件" in page


def test_the_month_costs_the_same_for_one_and_twenty(client, organisation, django_assert_max_num_queries):
    hat = someone(client, organisation)
    a_talk(hat, a_taken_case(hat), body="一")
    with django_assert_max_num_queries(30) as first:
        client.get(URL, MONTH)
    for _ in range(20):
        a_talk(hat, a_taken_case(hat), body="二")
    with django_assert_max_num_queries(len(first)):
        client.get(URL, MONTH)
