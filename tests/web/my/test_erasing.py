"""The pages on which a business is erased and an account closed: nothing goes by a slip."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from madoguchi.accounts.models import User
from madoguchi.accounts.roles import Role
from madoguchi.businesses.choices import MemberRole
from madoguchi.businesses.models import Business
from madoguchi.consultations.models import Case
from madoguchi.consultations.states import CaseState
from tests.accounts.people import a_hat, a_member, a_person, an_organisation, sign_in
from tests.businesses.businesses import a_business, a_business_member, on_the_books
from tests.consultations.cases import AT, a_taken_case

pytestmark = pytest.mark.django_db

CLOSE = reverse("account_close")
SURE = {"sure": "yes"}


@pytest.fixture
def owner(client):
    person = a_person(at=AT, name="見本 太郎")
    sign_in(client, person, confirmed=True)
    return person


@pytest.fixture
def shop(owner):
    made = a_business("みほん食堂", at=AT)
    a_business_member(made, owner, at=AT)
    return made


@pytest.fixture
def adviser():
    return a_hat(at=AT, organisation=an_organisation())


def erase_page(business):
    return reverse("my:business_erase", args=[business.key])


def text_of(response):
    return response.content.decode().replace("<wbr>", "")


# ── the business ────────────────────────────────────────────────────────────────────────────────────
def test_the_owner_reads_what_goes_takes_it_along_and_erases(client, shop):
    assert erase_page(shop) in text_of(client.get(f"/my/business/{shop.key}/"))
    html = text_of(client.get(erase_page(shop)))
    for words in ("消えるもの", "残るもの", "元には戻せません", "この事業者の情報を受け取る"):
        assert words in html
    assert client.post(erase_page(shop), SURE).url == "/my/business/"
    assert not Business.objects.exists()
    assert client.get(erase_page(shop)).status_code == 404


def test_without_the_tick_nothing_is_erased(client, shop):
    response = client.post(erase_page(shop))
    assert response.status_code == 422
    assert '<a href="#e-sure">' in text_of(response)
    assert Business.objects.exists()


def test_who_did_not_just_say_who_they_are_is_asked_first(owner, shop):
    client = Client()
    sign_in(client, owner)
    for response in (
        client.get(erase_page(shop)),
        client.post(erase_page(shop), SURE),
        client.post(CLOSE, SURE),
    ):
        assert "/account/reauthenticate/" in response.url
    assert Business.objects.exists()
    assert User.objects.get(pk=owner.pk).is_active


def test_open_cases_are_named_and_there_is_no_button(client, owner, shop, adviser):
    case = a_taken_case(adviser, business=shop, title="売りたい")
    html = text_of(client.get(erase_page(shop)))
    assert (case.number in html, reverse("portal:consult_own", args=[case.key]) in html) == (True, True)
    assert 'name="sure"' not in html
    assert client.post(erase_page(shop), SURE).status_code == 422
    assert Business.objects.exists()


@pytest.mark.parametrize("role", [MemberRole.STAFF, MemberRole.DELEGATE])
def test_others_of_the_business_and_strangers_find_no_such_page(client, shop, role):
    person = a_person(at=AT)
    a_business_member(shop, person, at=AT, role=role, ends_at=AT + timedelta(days=999))
    for somebody in (person, a_person(at=AT)):
        sign_in(client, somebody, confirmed=True)
        assert client.get(erase_page(shop)).status_code == 404
        assert client.post(erase_page(shop), SURE).status_code == 404
    assert Business.objects.exists()


# ── the account ─────────────────────────────────────────────────────────────────────────────────────
def test_a_person_closes_their_account_and_is_signed_out(client, owner):
    assert CLOSE in text_of(client.get("/account/"))
    html = text_of(client.get(CLOSE))
    assert (reverse("account_own_data") in html, "消えるもの" in html) == (True, True)
    assert client.post(CLOSE).status_code == 422
    assert "アカウントを閉じました" in text_of(client.post(CLOSE, SURE))
    assert "_auth_user_id" not in client.session
    assert not User.objects.get(pk=owner.pk).is_active


def test_what_has_to_end_before_is_named(client, owner, shop, adviser):
    case = a_taken_case(adviser, requester=owner)
    html = text_of(client.get(CLOSE))
    assert (case.number in html, "みほん食堂" in html, erase_page(shop) in html) == (True, True, True)
    assert 'name="sure"' not in html
    assert client.post(CLOSE, SURE).status_code == 422
    assert User.objects.get(pk=owner.pk).is_active


def test_staff_are_told_that_a_manager_ends_their_membership_first(client, owner):
    a_member(at=AT, organisation=an_organisation(), user=owner)
    assert "管理者に所属を終えてもらってから" in text_of(client.get(CLOSE))
    assert client.post(CLOSE, SURE).status_code == 422
    assert User.objects.get(pk=owner.pk).is_active


# ── at the desk ─────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def organisation():
    return an_organisation()


@pytest.fixture
def desk_page(organisation):
    made = a_business("みほん食堂", at=AT)
    on_the_books(made, organisation, at=AT)
    return reverse("desk:business_erase", args=[made.key])


def at_the_desk(client, organisation, role=Role.MANAGER):
    membership = a_member(at=AT, organisation=organisation, role=role)
    sign_in(client, membership.user, membership, confirmed=True)
    return membership


def test_a_manager_erases_with_a_reason_and_the_tick(client, organisation, desk_page):
    at_the_desk(client, organisation)
    assert "集計のための数" in text_of(client.get(desk_page))
    for sent, field in ((SURE, "#e-why"), ({"why": "本人の求め"}, "#e-sure")):
        response = client.post(desk_page, sent)
        assert (response.status_code, f'<a href="{field}">' in text_of(response)) == (422, True)
    assert Business.objects.exists()
    assert client.post(desk_page, {"why": "本人の求め", **SURE}).url == "/desk/businesses/"
    assert not Business.objects.exists()
    assert mail.outbox == []


def test_what_the_organisation_works_on_is_named_at_the_desk(client, organisation, desk_page):
    membership = at_the_desk(client, organisation)
    hat = a_hat(at=AT, organisation=organisation, user=membership.user)
    case = a_taken_case(hat, business=Business.objects.get())
    assert case.number in text_of(client.get(desk_page))
    assert client.post(desk_page, {"why": "本人の求め", **SURE}).status_code == 422
    Case.objects.update(state=CaseState.CLOSED, closed_at=AT)
    assert client.post(desk_page, {"why": "本人の求め", **SURE}).status_code == 302


def test_an_adviser_and_another_organisations_manager_cannot(client, organisation, desk_page):
    at_the_desk(client, organisation, Role.ADVISER)
    assert client.get(desk_page).status_code == 403
    at_the_desk(client, an_organisation())
    assert client.get(desk_page).status_code == 404


def test_only_a_managers_page_of_a_business_leads_there(client, organisation, desk_page):
    page = reverse("desk:business", args=[Business.objects.get().key])
    at_the_desk(client, organisation)
    assert desk_page in text_of(client.get(page))
    at_the_desk(client, organisation, Role.ADVISER)
    assert desk_page not in text_of(client.get(page))
