import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.urls import reverse

from madoguchi.accounts.models import User
from madoguchi.businesses.models import Business, BusinessMember
from madoguchi.consultations.kinds import Scan, Visibility
from madoguchi.consultations.models import Attachment, Case
from madoguchi.consultations.operations import attaching, recording
from madoguchi.consultations.operations.attaching import Upload
from madoguchi.foundation.models import AuditEvent
from madoguchi.web.account import confirming
from tests.accounts.people import a_hat, a_member, a_person, an_organisation, sign_in
from tests.consultations.cases import AT, a_taken_case

pytestmark = pytest.mark.django_db

PERSON = reverse("account_own_data_person")


@pytest.fixture(autouse=True)
def _confirmed(monkeypatch):
    monkeypatch.setattr(confirming, "did_recently_reauthenticate", lambda request: True)


@pytest.fixture
def adviser():
    return a_hat(at=AT, organisation=an_organisation("みほん商工会"))


@pytest.fixture
def an_owner(client):
    person = a_person(at=AT, name="見本 太郎")
    sign_in(client, person)
    return person


def told(response):
    with zipfile.ZipFile(io.BytesIO(response.content)) as packed:
        return json.loads(packed.read("data.json"))


def names(response):
    with zipfile.ZipFile(io.BytesIO(response.content)) as packed:
        return packed.namelist()


def a_business_of(person, role="owner", **changes):
    business = Business.objects.create(name="みほん商店", name_folded="みほん商店", created_at=AT)
    given = {"business": business, "user": person, "role": role, "starts_at": AT - timedelta(days=9)}
    BusinessMember.objects.create(**(given | changes))
    return business


def test_a_person_takes_along_what_was_shared_and_nothing_internal(client, an_owner, adviser):
    case = a_taken_case(adviser, title="首都圏で売りたい", requester=an_owner)
    for body, visibility in (("共有の記録", Visibility.SHARED), ("内部の記録", Visibility.INTERNAL)):
        recording.write_note(case=case, body=body, visibility=visibility, hat=adviser, at=AT)
    found = told(client.post(PERSON))
    assert found["account"]["display_name"] == "見本 太郎"
    assert [each["title"] for each in found["cases"]] == ["首都圏で売りたい"]
    assert [note["body"] for note in found["cases"][0]["notes"]] == ["共有の記録"]
    assert found["cases"][0]["with"][0]["organisation"] == "みほん商工会"


def test_nobody_elses_case_is_in_it(client, an_owner, adviser):
    a_taken_case(adviser, title="よその相談")
    assert told(client.post(PERSON))["cases"] == []


def test_taking_it_along_is_on_record_for_each_case(client, an_owner, adviser):
    a_taken_case(adviser, requester=an_owner)
    client.post(PERSON)
    assert AuditEvent.objects.filter(action="accounts.data_taken_out").count() == 1
    assert AuditEvent.objects.filter(action="consultations.case_read", data__what="export").count() == 1


def test_an_owner_takes_along_the_business_with_its_cases(client, an_owner, adviser):
    business = a_business_of(an_owner)
    a_taken_case(adviser, business=business, title="設備を入れたい")
    found = told(client.post(reverse("account_own_data_business", args=[business.key])))
    assert found["business"]["name"] == "みほん商店"
    assert [each["title"] for each in found["cases"]] == ["設備を入れたい"]


@pytest.mark.parametrize(
    "changes",
    [{"role": "delegate", "ends_at": AT + timedelta(days=99), "scopes": ["consultations"]}, {"ends_at": AT}],
)
def test_a_delegate_or_a_former_owner_takes_nothing_along(client, an_owner, changes):
    business = a_business_of(an_owner, **changes)
    assert client.post(reverse("account_own_data_business", args=[business.key])).status_code == 404


def test_who_has_not_just_confirmed_who_they_are_is_asked_first(client, an_owner, monkeypatch):
    monkeypatch.setattr(confirming, "did_recently_reauthenticate", lambda request: False)
    User.objects.filter(pk=an_owner.pk).update(password="x")
    assert client.post(PERSON).status_code == 302


def test_an_adviser_who_owns_a_business_takes_along_their_own_cases_and_no_others(client, adviser):
    membership = a_member(at=AT - timedelta(days=9), organisation=an_organisation("よその機関"))
    owner, colleague = membership.user, a_hat(at=AT, organisation=membership.organisation)
    business = a_business_of(owner)
    a_taken_case(adviser, business=business, title="自分の相談")
    a_taken_case(colleague, title="職場の相談")
    sign_in(client, owner, membership)
    of_business = reverse("account_own_data_business", args=[business.key])
    for address in (PERSON, of_business):
        assert [each["title"] for each in told(client.post(address))["cases"]] == ["自分の相談"]


@pytest.mark.usefixtures("data_dir")
@pytest.mark.parametrize("scan", [Scan.WAITING, Scan.INFECTED])
def test_a_file_that_the_desk_would_not_hand_out_is_not_in_it(client, an_owner, adviser, settings, scan):
    case = a_taken_case(adviser, requester=an_owner)
    note = recording.write_note(case=case, body="見積", visibility=Visibility.SHARED, hat=adviser, at=AT)
    attaching.attach(note=note, files=[Upload("見積書.pdf", b"%PDF-1.7")], hat=adviser, at=AT)
    settings.VIRUS_SCANNER = "scan"
    Attachment.objects.update(scan=scan)
    assert names(client.post(PERSON)) == ["data.json"]
    Attachment.objects.update(scan=Scan.CLEAN)
    assert len(names(client.post(PERSON))) == 2


def test_an_erased_case_is_not_in_it(client, an_owner, adviser):
    a_taken_case(adviser, requester=an_owner)
    Case.objects.update(erased_at=AT)
    assert told(client.post(PERSON))["cases"] == []
