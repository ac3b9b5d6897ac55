"""Handing a business without an account the file of what is known of it: by the desk that answers for it."""

import io
import json
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from madoguchi.accounts import hats
from madoguchi.accounts.roles import Role
from madoguchi.businesses.choices import CustodyReason
from madoguchi.businesses.models import Business, Custody
from madoguchi.consultations.kinds import Visibility
from madoguchi.consultations.models import Case
from madoguchi.consultations.operations import attaching, recording
from madoguchi.consultations.operations.attaching import Upload
from madoguchi.foundation import clock
from madoguchi.foundation.models import AuditEvent
from tests.accounts.people import a_hat, a_member, a_person, an_organisation, sign_in
from tests.businesses.businesses import a_business, a_business_member, on_the_books
from tests.consultations.cases import AT, a_taken_case, a_topic

pytestmark = pytest.mark.django_db

SEEN = {"why": "in_person", "seen": "yes"}


@pytest.fixture
def organisation():
    return an_organisation()


@pytest.fixture
def shop(organisation):
    made = a_business("みほん食堂", at=AT, telephone="03-1234-5678")
    on_the_books(made, organisation, at=AT)
    return made


def at_the_desk(client, organisation, role=Role.ADVISER):
    membership = a_member(at=AT, organisation=organisation, role=role)
    sign_in(client, membership.user, membership, confirmed=True)
    return hats.hat_of(membership.user, chosen=membership.pk, at=AT)


def page_of(business):
    return reverse("desk:business_export", args=[business.key])


def told(response):
    with zipfile.ZipFile(io.BytesIO(response.content)) as packed:
        return json.loads(packed.read("data.json")), packed.namelist()


def text_of(response):
    return response.content.decode().replace("<wbr>", "")


@pytest.mark.parametrize("role", [Role.ADVISER, Role.MANAGER])
def test_the_desk_hands_over_what_the_business_would_take_along_itself(client, organisation, shop, role):
    hat = at_the_desk(client, organisation, role)
    case = a_taken_case(hat, business=shop, title="売りたい")
    shared = recording.write_note(case=case, body="見せてよい", visibility=Visibility.SHARED, hat=hat, at=AT)
    attaching.attach(note=shared, files=[Upload("見積.txt", "見積".encode())], hat=hat, at=AT)
    for visibility in (Visibility.INTERNAL, Visibility.PERSONAL):
        recording.write_note(case=case, body="内うち", visibility=visibility, hat=hat, at=AT)
    response = client.post(page_of(shop), SEEN)
    data, names = told(response)
    assert response["Content-Disposition"] == f'attachment; filename="business-{shop.key}.zip"'
    assert (data["business"]["telephone"], data["cases"][0]["title"]) == ("03-1234-5678", "売りたい")
    assert [note["body"] for note in data["cases"][0]["notes"]] == ["見せてよい"]
    assert len(names) == 2
    assert "内うち" not in json.dumps(data, ensure_ascii=False)


def test_who_handed_it_over_why_and_what_was_read_is_on_record(client, organisation, shop):
    hat = at_the_desk(client, organisation)
    case = a_taken_case(hat, business=shop)
    client.post(page_of(shop), SEEN)
    event = AuditEvent.objects.get(action="businesses.data_handed_over")
    assert (event.subject_id, event.actor_id, event.data) == (
        str(shop.pk),
        str(hat.user_id),
        {"because": "in_person"},
    )
    read = AuditEvent.objects.get(action="consultations.case_read")
    assert (read.subject_id, read.data) == (str(case.pk), {"what": "export"})


@pytest.mark.parametrize("sent", [{}, {"seen": "yes"}, {"why": "in_person"}, {"why": "x", "seen": "yes"}])
def test_without_a_reason_and_a_look_at_who_asks_there_is_no_file(client, organisation, shop, sent):
    at_the_desk(client, organisation)
    response = client.post(page_of(shop), sent)
    assert (response.status_code, '<a href="#why">' in text_of(response)) == (422, True)
    assert not AuditEvent.objects.filter(action="businesses.data_handed_over").exists()


def test_cases_of_another_lead_and_secret_ones_are_left_out(client, organisation, shop):
    a_taken_case(a_hat(at=AT, organisation=an_organisation()), business=shop, title="よそ")
    named = a_hat(at=AT, organisation=organisation)
    a_taken_case(named, business=shop, title="ひみつ", topics=[a_topic(is_secret=True)])
    hat = at_the_desk(client, organisation)
    own = a_taken_case(hat, business=shop, title="自分たち")
    data, _names = told(client.post(page_of(shop), SEEN))
    assert [case["number"] for case in data["cases"]] == [own.number]
    assert Case.objects.count() == 3


def test_cases_of_a_merged_record_are_in_it(client, organisation, shop):
    hat = at_the_desk(client, organisation)
    other = a_business("旧みほん食堂", at=AT)
    on_the_books(other, organisation, at=AT)
    a_taken_case(hat, business=other, title="前の相談")
    Business.objects.filter(pk=other.pk).update(merged_into=shop, merged_at=AT)
    data, _names = told(client.post(page_of(shop), SEEN))
    assert [case["title"] for case in data["cases"]] == ["前の相談"]


@pytest.mark.parametrize("reason", [CustodyReason.SHARED, CustodyReason.REFERRAL])
def test_who_only_shares_the_record_or_was_referred_to_hands_nothing_out(client, organisation, shop, reason):
    Custody.objects.update(reason=reason, consent_by="本人")
    at_the_desk(client, organisation)
    assert "案件に責任をもつ機関だけ" in text_of(client.get(page_of(shop)))
    assert client.post(page_of(shop), SEEN).status_code == 422


def test_a_business_with_an_account_takes_it_along_itself(client, organisation, shop):
    a_business_member(shop, a_person(at=AT), at=clock.actual_now())
    at_the_desk(client, organisation)
    assert "本人が「アカウント」の「自分の情報」から受け取れます" in text_of(client.get(page_of(shop)))
    assert client.post(page_of(shop), SEEN).status_code == 422


def test_strangers_and_who_did_not_just_say_who_they_are_get_none(client, organisation, shop):
    at_the_desk(client, an_organisation())
    assert client.post(page_of(shop), SEEN).status_code == 404
    membership = a_member(at=AT, organisation=organisation)
    late = Client()
    sign_in(late, membership.user, membership)
    assert "/account/reauthenticate/" in late.post(page_of(shop), SEEN).url
    at_the_desk(client, organisation, Role.AUDITOR)
    assert client.post(page_of(shop), SEEN).status_code == 403


def test_the_page_of_the_business_leads_there(client, organisation, shop):
    at_the_desk(client, organisation)
    assert page_of(shop) in text_of(client.get(reverse("desk:business", args=[shop.key])))
