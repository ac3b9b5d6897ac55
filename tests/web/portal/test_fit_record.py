"""わが社に合う支援 from one's own record: what it answers, for whom, and what is still asked."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import signing

from madoguchi.businesses.choices import MemberRole, Scope, Source
from madoguchi.businesses.models import YearlyFigures
from madoguchi.businesses.operations.register import register
from madoguchi.foundation import clock
from madoguchi.web.portal import fit_cookie, register_cookie
from tests.accounts.people import a_person, sign_in
from tests.businesses.businesses import a_business_member
from tests.web.portal.fit_rules import AREA, HERE, STAFF, a_ruled_edition, tell
from tests.web.portal.pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]

AT = datetime(2023, 10, 2, tzinfo=UTC)
INDUSTRY = {"fact": "industry", "within": ["E"], "because": "製造業であること"}


@pytest.fixture
def owner():
    return a_person(at=AT, name="見本 太郎")


@pytest.fixture
def me(client, owner):
    sign_in(client, owner)
    return client


@pytest.fixture
def shop(owner):
    made = register(
        values={
            "name": "株式会社みほん商店",
            "area_code": "131016",
            "employees": 12,
            "capital_yen": 3_000_000,
        },
        source=Source.OWNER,
        sources={"capital_yen": Source.NTA},
        at=AT,
        by=owner.as_actor(),
        owner=owner,
    )
    YearlyFigures.objects.create(
        business=made,
        begins_on=date(2022, 1, 1),
        ends_on=date(2022, 12, 31),
        amounts={"sales_yen": 40_000_000, "personnel_yen": 9_000_000},
        source=Source.STAFF,
        actor_label="窓口 花子",
        at=AT,
    )
    return made


def begin(client, business):
    return client.post(f"/fit/record/{business.key}/")


def held(client, cookie=fit_cookie):
    kept = client.cookies.get(cookie.NAME)
    return signing.loads(kept.value, salt=cookie.SALT) if kept and kept.value else {}


def act_for(client, business, *, role=MemberRole.DELEGATE, scopes=(), **changes):
    person = a_person(at=AT)
    at = clock.actual_now()
    given = {"ends_at": at + timedelta(days=9)} | changes
    a_business_member(business, person, at=at, role=role, scopes=list(scopes), **given)
    sign_in(client, person)


@pytest.mark.usefixtures("shop")
def test_nobody_is_offered_anothers_record(client):
    assert "登録した内容から始める" not in page(client, "/fit/")
    sign_in(client, a_person(at=AT))
    assert "登録した内容から始める" not in page(client, "/fit/")


def test_looking_at_the_offer_fills_nothing_in(me, shop):
    assert "株式会社みほん商店の登録した内容から始める" in page(me, "/fit/")
    assert me.get(f"/fit/record/{shop.key}/").status_code == 405
    assert held(me) == {}


def test_the_record_answers_what_it_knows_and_says_who_said_it(me, shop):
    a_ruled_edition("hojo", STAFF, AREA)
    response = begin(me, shop)
    assert response.url == "/fit/?record=1#answers"
    assert held(me) == {
        "applicant": "business",
        "legal_form": "kabushiki",
        "area": "131016",
        "head_office_area": "131016",
        "capital_yen": 3_000_000,
        "employees": 12,
        "sales_yearly": {"2022": 40_000_000},
        "base_personnel_yen": 9_000_000,
    }
    html = page(me, "/fit/?record=1")
    assert "登録した内容を、答えに入れました" in html
    assert html.count("出どころ：登録した内容（本人）") == 5
    assert html.count("出どころ：登録した内容（相談員）") == 2
    assert html.count("出どころ：法人番号公表サイト") == 1
    assert "1件の支援が、使えるかもしれません" in page(me, "/fit/results/")


def test_what_the_record_lacks_is_asked(me, shop):
    a_ruled_edition("hojo", STAFF, INDUSTRY)
    begin(me, shop)
    assert me.get("/fit/question/").url == "/fit/question/industry/"


def test_an_answer_that_was_changed_is_the_visitors_own_and_the_record_stays(me, shop):
    a_ruled_edition("hojo", STAFF)
    begin(me, shop)
    tell(me, "employees", "30")
    assert page(me, "/fit/answers/").count("出どころ：登録した内容（本人）") == 4
    shop.refresh_from_db()
    assert shop.employees == 12


def test_answers_of_another_business_do_not_mix_with_the_record(me, shop):
    a_ruled_edition("hojo", STAFF, INDUSTRY)
    tell(me, "industry", "E")
    assert "いまの答えは、入れかわります" in page(me, "/fit/")
    begin(me, shop)
    assert "industry" not in held(me)


@pytest.mark.parametrize(
    ("role", "scopes", "sees"),
    [
        (MemberRole.STAFF, (), False),
        (MemberRole.DELEGATE, (Scope.CONSULTATIONS,), False),
        (MemberRole.DELEGATE, (Scope.FIGURES,), True),
    ],
)
def test_figures_are_filled_in_only_for_whom_they_were_entrusted_to(client, shop, role, scopes, sees):
    act_for(client, shop, role=role, scopes=scopes)
    begin(client, shop)
    assert held(client)["employees"] == 12
    assert ("base_personnel_yen" in held(client), "sales_yearly" in held(client)) == (sees, sees)
    assert "9000000" not in str(held(client, register_cookie)) or sees


def test_a_mandate_that_ended_begins_nothing(client, shop):
    act_for(client, shop, scopes=Scope, ends_at=clock.actual_now())
    assert begin(client, shop).status_code == 404
    assert held(client) == {}


def test_a_strangers_business_looks_like_none(client, shop):
    sign_in(client, a_person(at=AT))
    refused, absent = begin(client, shop), client.post("/fit/record/nobody/")
    assert (refused.status_code, absent.status_code) == (404, 404)
    assert held(client) == {}


def test_without_the_question_whose_it_is_a_stranger_would_begin_with_it(client, shop, monkeypatch):
    sign_in(client, a_person(at=AT))
    member = shop.members.get()
    monkeypatch.setattr("madoguchi.web.portal.views.fit_record.own", lambda request, key: (shop, member))
    assert begin(client, shop).status_code == 302
    assert held(client)["employees"] == 12


def test_nobody_begins_without_signing_in(client, shop):
    response = begin(client, shop)
    assert "/account/login/" in response.url
    assert held(client) == {}


def test_erasing_takes_the_records_answers_away(me, shop):
    begin(me, shop)
    me.post("/fit/erase/", headers=HERE)
    assert (held(me), held(me, register_cookie)) == ({}, {})


def test_many_businesses_cost_no_more_queries(me, shop, owner, django_assert_max_num_queries):
    page(me, "/fit/")
    for number in range(20):
        register(
            values={"name": f"見本{number}号店"},
            source=Source.OWNER,
            at=AT,
            by=owner.as_actor(),
            owner=owner if number < 19 else None,
        )
    with django_assert_max_num_queries(12):
        page(me, "/fit/")


def test_the_page_of_ones_business_leads_there(me, shop):
    assert f'action="/fit/record/{shop.key}/"' in page(me, f"/my/business/{shop.key}/")
