"""Lists of businesses on the desk of a manager: brought, shown, taken in."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from madoguchi.accounts.roles import Role
from madoguchi.businesses.models import BroughtList, Business
from madoguchi.foundation import tables
from madoguchi.web.desk.views import business_lists
from tests.accounts.people import a_member, an_organisation, sign_in
from tests.businesses.conftest import AT, NUMBER

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours():
    return an_organisation("みほん商工会")


def manager_of(client, organisation):
    membership = a_member(at=AT, organisation=organisation, role=Role.MANAGER)
    sign_in(client, membership.user, membership)
    return client


@pytest.fixture
def desk(client, ours):
    return manager_of(client, ours)


def bring(client, text, name="list.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    return client.post("/desk/businesses/import/", {"file": SimpleUploadedFile(name, content)})


def text_of(response):
    return response.content.decode().replace("<wbr>", "")


def test_a_list_is_shown_first_and_then_taken_in(desk):
    response = bring(desk, f"法人番号,名称,備考\r\n{NUMBER},㈱一,x\r\n,二,\r\n".encode("cp932"))
    html = text_of(desk.get(response.url))
    assert "新しく登録" in html
    assert "備考" in html
    assert not Business.objects.exists()
    assert desk.post(response.url).url == "/desk/businesses/"
    assert Business.objects.count() == 2
    assert not BroughtList.objects.exists()


def test_taken_in_twice_at_once_it_is_taken_in_once(desk, monkeypatch):
    response, planned = bring(desk, "名称\r\n一\r\n"), business_lists._plan

    def while_another_window_takes_it_in(kept):
        monkeypatch.setattr(business_lists, "_plan", planned)
        plan = planned(kept)
        desk.post(response.url)
        return plan

    monkeypatch.setattr(business_lists, "_plan", while_another_window_takes_it_in)
    assert desk.post(response.url).url == "/desk/businesses/"
    assert Business.objects.count() == 1


def test_mistakes_are_shown_with_row_and_column_and_can_be_taken_along(desk):
    response = bring(desk, "法人番号,名称\r\n123,=HYPERLINK(1)\r\n,\r\n1,\r\n")
    html = text_of(desk.get(response.url))
    assert "直すところ" in html
    assert "この内容で取り込む" not in html
    csv = b"".join(desk.get(f"{response.url}to-mend.csv").streaming_content).decode()
    assert "2,法人番号,123," in csv
    xlsx = desk.get(f"{response.url}to-mend.xlsx").content
    assert tables.read("a.xlsx", xlsx).rows[0][1][:3] == ("2", "法人番号", "123")
    desk.post(response.url)
    assert not Business.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "何も書かれていません"), (b"PKxx", "読み取れません"), ("住所\r\nx".encode(), "商号・名称")],
)
def test_a_file_that_is_no_list_is_named(desk, content, sentence):
    response = bring(desk, content)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not BroughtList.objects.exists()


def test_no_file_at_all_is_named(desk):
    assert "ファイルを選んでください" in text_of(desk.post("/desk/businesses/import/"))


def test_a_list_is_shown_to_whom_brought_it_alone(desk, ours, client):
    address = bring(desk, "名称\r\nひみつ\r\n").url
    manager_of(client, ours)
    for path in (address, f"{address}to-mend.csv", f"{address}to-mend.xlsx"):
        assert client.get(path).status_code == 404


def test_a_list_left_lying_is_gone_the_next_day(desk):
    address = bring(desk, "名称\r\nひみつ\r\n").url
    kept = BroughtList.objects.get()
    BroughtList.objects.update(brought_at=kept.brought_at - timedelta(days=2))
    assert desk.get(address).status_code == 404
    bring(desk, "名称\r\n別の\r\n")
    assert BroughtList.objects.count() == 1


def test_the_sheet_to_fill_in_can_be_brought_as_it_is(desk):
    sample = desk.get(reverse("desk:business_import_sample")).content
    assert bring(desk, sample, "businesses.xlsx").status_code == 302
