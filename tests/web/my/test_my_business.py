"""The pages of people about their own business."""

from datetime import timedelta

import pytest
from django.urls import reverse

from madoguchi.businesses import queries
from madoguchi.businesses.choices import CustodyReason, MemberRole, Scope, Source
from madoguchi.businesses.models import Business, BusinessMember, MemberInvitation, YearlyFigures
from madoguchi.businesses.operations import register as registering
from madoguchi.businesses.operations.custody import take_custody
from madoguchi.foundation import clock
from tests.accounts.people import a_person, an_organisation, sign_in
from tests.businesses.businesses import a_business, a_business_member
from tests.businesses.conftest import ADVISER, AT, NUMBER

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return a_person(at=AT, name="見本 太郎")


@pytest.fixture
def me(client, owner):
    sign_in(client, owner)
    return client


@pytest.fixture
def shop(owner):
    business = a_business("みほん食堂", at=AT, telephone="03-1234-5678")
    a_business_member(business, owner, at=clock.actual_now())
    return business


def as_a(client, business, role, scopes=tuple(Scope), **changes):
    person = a_person(at=AT)
    member = a_business_member(
        business, person, at=clock.actual_now(), role=role, scopes=list(scopes), **changes
    )
    sign_in(client, person)
    return member


def text_of(response):
    return response.content.decode().replace("<wbr>", "")


def address(route, *arguments):
    return reverse(f"my:{route}", args=arguments)


def test_somebody_registers_their_own_business_and_finds_it(me, owner):
    assert "これから始める方も登録できます" in text_of(me.get("/my/business/"))
    response = me.post(
        "/my/business/new/", {"name": "創業 予定", "is_founder": "on", "area": "東京都千代田区"}
    )
    business = Business.objects.get()
    assert response.url == address("business", business.key)
    html = text_of(me.get(response.url))
    assert "創業予定" in html
    assert "本人 見本 太郎" in html
    assert "いまは、ありません。相談すると、その窓口の機関が加わります。" in html
    assert queries.membership_of(business, owner.pk, at=clock.actual_now()).role == "owner"


def test_an_absurd_version_is_one_that_nobody_saw(me, shop):
    sent = {"name": "ちがう名前", "version": "abc"}
    assert me.post(address("business_edit", shop.key), sent).status_code == 409


def test_mistakes_stand_at_their_fields_and_nothing_is_lost(me):
    response = me.post("/my/business/new/", {"name": "みほん", "corporate_number": "123", "town": "のこる"})
    assert response.status_code == 422
    assert "のこる" in text_of(response)
    assert not Business.objects.exists()


def test_a_claimed_number_is_shown_as_claimed_and_tells_nothing_of_others(me, shop):
    Business.objects.create(name="別", name_folded="別", corporate_number=NUMBER, created_at=AT)
    sent = {"name": "みほん食堂", "corporate_number": NUMBER, "version": "1", "legal_form": "kabushiki"}
    assert me.post(address("business_edit", shop.key), sent).status_code == 302
    assert "本人の申告。窓口ではまだ確かめていません" in text_of(me.get(address("business", shop.key)))
    assert f'value="{NUMBER}"' in text_of(me.get(address("business_edit", shop.key)))


def test_a_number_that_a_desk_confirmed_is_not_changed_here(me, shop):
    Business.objects.filter(pk=shop.pk).update(corporate_number=NUMBER)
    sent = {"name": "みほん食堂", "corporate_number": "", "version": "1", "telephone": ""}
    me.post(address("business_edit", shop.key), sent)
    shop.refresh_from_db()
    assert (shop.corporate_number, shop.telephone) == (NUMBER, "")


def test_who_was_slower_sees_both(me, shop):
    Business.objects.filter(pk=shop.pk).update(version=2, telephone="03-5555-5555")
    response = me.post(
        address("business_edit", shop.key),
        {"name": "みほん食堂", "version": "1", "telephone": "03-9999-0000"},
    )
    assert response.status_code == 409
    assert "03-5555-5555" in text_of(response)
    assert 'value="03-9999-0000"' in text_of(response)


def test_an_owner_sees_which_organisations_see_the_record(me, shop):
    organisation = an_organisation("みほん商工会")
    take_custody(business=shop, organisation_id=organisation.pk, at=AT, by=ADVISER, reason=CustodyReason.CASE)
    assert "みほん商工会" in text_of(me.get(address("business", shop.key)))


def test_a_script_that_registers_without_end_is_stopped(me, monkeypatch):
    monkeypatch.setattr(registering, "MOST_OWN", 1)
    me.post("/my/business/new/", {"name": "一"})
    assert "これ以上は登録できません" in text_of(me.post("/my/business/new/", {"name": "二"}))


# ── who may ─────────────────────────────────────────────────────────────────────────────────────────
def test_a_stranger_sees_nobodys_business(client, shop):
    sign_in(client, a_person(at=AT))
    for route in ("business", "business_edit", "members"):
        answers = [client.get(address(route, key)) for key in (shop.key, "2" * 12)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert len(answers[0].content) == len(answers[1].content)


def test_a_delegate_reads_what_the_mandate_names_and_changes_nothing(client, shop):
    YearlyFigures.objects.create(
        business=shop,
        begins_on="2025-01-01",
        ends_on="2025-12-31",
        amounts={"sales_yen": 7_000},
        source=Source.OWNER,
        actor_label="x",
        at=AT,
    )
    ends_at = clock.actual_now() + timedelta(days=9)
    member = as_a(client, shop, MemberRole.DELEGATE, [Scope.APPLICATIONS], ends_at=ends_at)
    html = text_of(client.get(address("business", shop.key)))
    assert "みほん食堂" in html
    assert "7,000" not in html
    assert client.get(address("business_edit", shop.key)).status_code == 404
    assert client.get(address("members", shop.key)).status_code == 404
    BusinessMember.objects.filter(pk=member.pk).update(scopes=["figures"])
    assert "7,000" in text_of(client.get(address("business", shop.key)))


def test_a_mandate_that_ended_opens_nothing(client, shop):
    member = as_a(client, shop, MemberRole.DELEGATE, ends_at=clock.actual_now() + timedelta(days=9))
    assert client.get(address("business", shop.key)).status_code == 200
    BusinessMember.objects.filter(pk=member.pk).update(ends_at=clock.actual_now())
    assert client.get(address("business", shop.key)).status_code == 404


def test_staff_correct_the_record_and_let_nobody_in(client, shop):
    as_a(client, shop, MemberRole.STAFF, [Scope.CONSULTATIONS])
    assert client.get(address("business_edit", shop.key)).status_code == 200
    assert client.post(address("members", shop.key), {"email": "x@example.jp"}).status_code == 404


# ── mandates ────────────────────────────────────────────────────────────────────────────────────────
MANDATE = {
    "role": "delegate",
    "scopes": ["applications"],
    "profession": "行政書士",
    "evidence": "委任状",
    "until": "令和9年3月31日",
}


def test_an_owner_invites_a_delegate_who_accepts_and_is_ended(me, shop, client, owner):
    delegate = a_person(at=AT, name="代理 次郎")
    response = me.post(address("members", shop.key), {"email": delegate.email, **MANDATE})
    link = response.context["link"]
    assert link in text_of(response)
    assert delegate.email in text_of(me.get(address("members", shop.key)))
    assert link not in text_of(me.get(address("members", shop.key)))
    sign_in(client, delegate)
    assert "行政" not in text_of(client.get(link)) or "引き受ける" in text_of(client.get(link))
    assert client.post(link).url == address("business", shop.key)
    member = BusinessMember.objects.get(user=delegate)
    assert (member.scopes, member.ends_at.isoformat()) == (["applications"], "2027-03-31T14:59:59+00:00")
    sign_in(client, owner)
    client.post(address("member_end", shop.key, member.pk))
    sign_in(client, delegate)
    assert client.get(address("business", shop.key)).status_code == 404


def test_another_person_cannot_use_the_link(me, shop, client):
    link = me.post(address("members", shop.key), {"email": "dairi@example.jp", **MANDATE}).context["link"]
    sign_in(client, a_person(at=AT))
    assert client.get(link).status_code == 404
    assert client.post(link).status_code == 404
    assert client.get(address("invitation", "x")).status_code == 404


def test_an_invitation_is_withdrawn(me, shop):
    link = me.post(address("members", shop.key), {"email": "dairi@example.jp", **MANDATE}).context["link"]
    me.post(address("invitation_withdraw", shop.key, MemberInvitation.objects.get().pk))
    assert me.get(link).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"until": ""}, "until"),
        ({"until": "いつか"}, "until"),
        ({"evidence": ""}, "evidence"),
        ({"scopes": []}, "scopes"),
        ({"email": "x"}, "email"),
        ({"role": "king"}, "role"),
    ],
)
def test_what_is_missing_in_a_mandate_is_named_at_its_field(me, shop, changes, field):
    response = me.post(address("members", shop.key), {"email": "dairi@example.jp", **MANDATE, **changes})
    assert response.status_code == 422
    assert field in response.context["form"].errors


def test_members_and_invitations_of_another_business_cannot_be_touched(me, shop):
    other = a_business(at=AT)
    stranger = a_person(at=AT)
    member = a_business_member(other, stranger, at=AT)
    assert me.post(address("member_end", shop.key, member.pk)).status_code == 404
    assert me.post(address("invitation_withdraw", shop.key, 999)).status_code == 404


def test_the_last_owner_is_not_ended(me, shop, owner):
    member = BusinessMember.objects.get(user=owner)
    response = me.post(address("member_end", shop.key, member.pk), follow=True)
    assert "一人もいなくなります" in text_of(response)
