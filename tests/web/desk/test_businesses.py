"""The desk's pages of businesses: finding, the record, registering, changing, sharing."""

import pytest
from django.urls import reverse

from madoguchi.accounts.roles import Role
from madoguchi.businesses import queries
from madoguchi.businesses.choices import CustodyReason, Source
from madoguchi.businesses.models import Business, YearlyFigures
from madoguchi.businesses.operations.register import change
from madoguchi.businesses.registers import dump
from tests.accounts.people import a_member, a_person, an_organisation, sign_in
from tests.businesses.businesses import a_business_member, registered_for
from tests.businesses.conftest import ADVISER, AT, NUMBER
from tests.businesses.register_rows import NUMBER as LISTED
from tests.businesses.register_rows import a_row, as_csv
from tests.queries import cost

pytestmark = pytest.mark.django_db

TYPED = {"name": "株式会社みほん商店", "area": "東京都千代田区", "telephone": "03-1234-5678"}


@pytest.fixture
def ours():
    return an_organisation("みほん商工会")


@pytest.fixture
def theirs():
    return an_organisation("となり商工会")


@pytest.fixture
def desk(client, ours):
    """The client of an adviser."""
    return of_role(client, ours)


@pytest.fixture
def registered(ours):
    def act(organisation=ours, **values):
        return registered_for(organisation, at=AT, by=ADVISER, **values)

    return act


def changed(business, *, source=Source.STAFF, **values):
    change(business=business, values=values, seen_version=business.version, source=source, at=AT, by=ADVISER)


def of_role(client, organisation, role=Role.ADVISER):
    membership = a_member(at=AT, organisation=organisation, role=role)
    sign_in(client, membership.user, membership)
    return client


def text_of(response):
    return response.content.decode().replace("<wbr>", "")


def page(client, business, route="business", *more):
    return client.get(reverse(f"desk:{route}", args=[business.key, *more]))


# ── finding ─────────────────────────────────────────────────────────────────────────────────────────
def test_the_newest_stand_first_and_a_typed_part_finds(desk, registered):
    registered(name="一番")
    registered(name="二番", kana="にばん")
    html = text_of(desk.get("/desk/businesses/"))
    assert html.index("二番") < html.index("一番")
    assert "名簿に2件" in html
    found = text_of(desk.get("/desk/businesses/", {"q": "にば"}))
    assert "二番" in found
    assert "一番" not in found


def test_while_typing_the_list_alone_is_exchanged(desk, registered):
    registered()
    response = desk.get("/desk/businesses/", {"q": "みほん"}, headers={"HX-Request": "true"})
    html = text_of(response)
    assert html.lstrip().startswith('<div id="found"')
    assert "HX-Request" in response["Vary"]


def test_what_is_not_found_can_be_registered_under_that_name(desk):
    html = text_of(desk.get("/desk/businesses/", {"q": "<みほん&>"}))
    assert "/desk/businesses/new/?name=%3C%E3%81%BF%E3%81%BB%E3%82%93%26%3E" in html
    assert 'value="&lt;みほん&amp;&gt;"' in text_of(
        desk.get("/desk/businesses/new/?name=%3C%E3%81%BF%E3%81%BB%E3%82%93%26%3E")
    )


def test_a_list_costs_the_same_for_one_and_for_twenty(desk, registered):
    registered(name="みほん0")
    desk.get("/desk/businesses/")
    one = [cost(lambda: desk.get("/desk/businesses/")), cost(lambda: desk.get("/desk/businesses/?q=みほん"))]
    for number in range(1, 20):
        registered(name=f"みほん{number}")
    many = [cost(lambda: desk.get("/desk/businesses/")), cost(lambda: desk.get("/desk/businesses/?q=みほん"))]
    assert many <= one


# ── who may ─────────────────────────────────────────────────────────────────────────────────────────
def test_anothers_business_and_nobodys_look_the_same(desk, registered, theirs):
    foreign = registered(theirs)
    key = "2" * 12
    for route in ("business", "business_edit", "business_figures_new"):
        answers = [desk.get(reverse(f"desk:{route}", args=[each])) for each in (foreign.key, key)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert len(answers[0].content) == len(answers[1].content)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AUDITOR, Role.EXPERT])
def test_who_is_no_adviser_is_refused(client, ours, role):
    assert of_role(client, ours, role).get("/desk/businesses/").status_code == 403


def test_an_adviser_neither_merges_nor_imports(desk):
    for route in ("business_duplicates", "business_import", "business_import_sample"):
        assert desk.get(reverse(f"desk:{route}")).status_code == 403


# ── the record ──────────────────────────────────────────────────────────────────────────────────────
def test_every_field_stands_with_who_said_it(desk, registered):
    business = registered(
        employees=12, employees_counted="regular", capital_yen=10_000_000, founded_on="2005-04"
    )
    changed(business, telephone="03-1234-5678", source=Source.OWNER)
    html = text_of(page(desk, business))
    assert "12人（常時使用する従業員）" in html
    assert "1,000万円" in html
    assert "相談員 窓口 花子　令和8年11月30日" in html
    assert "本人 窓口 花子" in html
    assert 'href="tel:0312345678"' in html


def test_three_years_stand_side_by_side_with_what_does_not_add_up(desk, registered):
    business = registered()
    for year in (2023, 2024, 2025):
        YearlyFigures.objects.create(
            business=business,
            begins_on=f"{year}-01-01",
            ends_on=f"{year}-12-31",
            amounts={
                "sales_yen": year * 1000,
                "cost_of_sales_yen": 0,
                "gross_profit_yen": 9_000_000,
                "land_yen": 7000,
            },
            source=Source.STAFF,
            actor_label="窓口 花子",
            at=AT,
        )
    html = text_of(page(desk, business))
    assert html.count(">2,025,000<") == 1
    assert "売上総利益が、売上高－売上原価" in html
    assert "うち土地" in html


def test_a_merged_record_leads_to_the_other(desk, registered):
    keep, drop = registered(), registered()
    Business.objects.filter(pk=drop.pk).update(merged_into=keep)
    assert page(desk, drop).url == reverse("desk:business", args=[keep.key])


def test_a_member_is_confirmed_and_stopped(desk, registered, ours):
    business, person = registered(), a_person(at=AT, name="見本 太郎")
    member = a_business_member(business, person, at=AT)
    assert "本人は、まだ確かめていません" in text_of(page(desk, business))
    address = reverse("desk:business_member", args=[business.key, member.pk])
    desk.post(address, {"do": "confirm"})
    assert "本人を確かめました" in text_of(page(desk, business))
    desk.post(address, {"do": "end"})
    assert "見本 太郎" not in text_of(page(desk, business))


def test_a_member_of_another_business_cannot_be_touched(desk, registered, theirs):
    ours_one, foreign = registered(), registered(theirs)
    member = a_business_member(foreign, a_person(at=AT), at=AT)
    address = reverse("desk:business_member", args=[ours_one.key, member.pk])
    assert desk.post(address, {"do": "end"}).status_code == 404


def test_a_manager_takes_a_business_off_the_books(client, ours, registered):
    manager, business = of_role(client, ours, Role.MANAGER), registered()
    address = reverse("desk:business_release", args=[business.key])
    assert "名簿から外しますか" in text_of(manager.get(address))
    assert Business.objects.get().custodies.get().ended_at is None
    assert manager.delete(address).status_code == 405
    manager.post(address)
    assert page(manager, business).status_code == 404


# ── registering ─────────────────────────────────────────────────────────────────────────────────────
def test_a_business_is_registered_from_the_form(desk, ours):
    response = desk.post("/desk/businesses/new/", TYPED)
    business = Business.objects.get()
    assert response.url == reverse("desk:business", args=[business.key])
    assert (business.area_code, business.telephone_digits) == ("131016", "0312345678")
    assert queries.custody_of(business, ours.pk).reason == CustodyReason.REGISTERED


def test_nothing_typed_is_lost_and_each_mistake_stands_at_its_field(desk):
    typed = {
        "name": "",
        "area": "どこか市",
        "telephone": "12",
        "town": "のこる町",
        "industry": "5811",
        "capital_yen": "x",
    }
    response = desk.post("/desk/businesses/new/", typed)
    html = text_of(response)
    assert response.status_code == 422
    assert "入力を4か所直してください" in html or "入力を1か所直してください" in html
    for kept in ("どこか市", "のこる町", 'value="12"', 'value="5811" selected'):
        assert kept in html
    assert not Business.objects.exists()


def test_the_postal_code_fills_in_the_place(desk):
    html = text_of(
        desk.post("/desk/businesses/new/", {"name": "みほん", "postal_code": "1000001", "fill": "postal"})
    )
    assert 'value="東京都千代田区"' in html
    assert 'value="千代田"' in html
    assert 'value="みほん"' in html


def test_the_register_fills_in_and_is_named_as_the_source(desk, data_dir):
    path = data_dir / "all.csv"
    path.write_text(as_csv(a_row()))
    dump.load(path)
    response = desk.post(
        "/desk/businesses/new/", {"corporate_number": LISTED, "telephone": "03-1", "fill": "register"}
    )
    form = response.context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    assert typed["name"] == "株式会社みほん商店"
    assert typed["telephone"] == "03-1"
    sent = {**typed, "telephone": "", "town": "別の町"}
    desk.post("/desk/businesses/new/", {name: value for name, value in sent.items() if value is not False})
    origins = queries.origins_of(Business.objects.get())
    assert {name: origins[name].source for name in ("name", "area_code", "town")} == {
        "name": "nta",
        "area_code": "nta",
        "town": "staff",
    }


def test_a_wrong_number_is_named_before_a_register_is_asked(desk, data_dir):
    (data_dir / dump.FILE_NAME).write_bytes(b"")
    response = desk.post("/desk/businesses/new/", {"corporate_number": "123", "fill": "register"})
    assert "13桁" in text_of(response)


def test_who_may_be_the_same_is_shown_first(desk, registered):
    registered(telephone="03-1234-5678")
    response = desk.post("/desk/businesses/new/", TYPED)
    assert response.status_code == 422
    assert "同じ事業者かもしれません" in text_of(response)
    assert "名前が同じ、電話番号が同じ" in text_of(response)
    desk.post("/desk/businesses/new/", {**TYPED, "anyway": "1"})
    assert Business.objects.count() == 2


def test_of_a_business_on_other_books_only_that_is_told(desk, registered, theirs):
    there = registered(theirs, name="ひみつの会社", corporate_number=NUMBER)
    html = text_of(desk.post("/desk/businesses/new/", {"name": "みほん", "corporate_number": NUMBER}))
    assert "登録があります。事業者の同意を得て、共有できます。" in html
    assert f"/desk/businesses/share/?corporate_number={NUMBER}" in html
    assert "ひみつ" not in html
    assert there.key not in html


def test_with_consent_it_comes_onto_the_books(desk, registered, theirs):
    there = registered(theirs, corporate_number=NUMBER)
    refused = desk.post("/desk/businesses/share/", {"corporate_number": NUMBER, "consent_by": "見本"})
    assert "同意の得かた" in text_of(refused)
    assert f'value="{NUMBER}"' in text_of(refused)
    sent = {"corporate_number": NUMBER, "consent_by": "見本", "consent_how": "電話で"}
    assert desk.post("/desk/businesses/share/", sent).url == reverse("desk:business", args=[there.key])


# ── changing ────────────────────────────────────────────────────────────────────────────────────────
def form_of(desk, business):
    form = page(desk, business, "business_edit").context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value not in (None, False)}


def test_saving_what_was_shown_changes_nothing(desk, registered):
    business = registered(
        corporate_number=NUMBER,
        area_code="131016",
        capital_yen=12_345_678,
        employees=3,
        employees_counted_on="2026-03-31",
        founded_on="2005-04",
        industry="5811",
        url="https://example.jp/",
    )
    desk.post(reverse("desk:business_edit", args=[business.key]), form_of(desk, business))
    business.refresh_from_db()
    assert (business.version, business.capital_yen, business.industry) == (1, 12_345_678, "5811")


def test_a_field_is_changed(desk, registered):
    business = registered(telephone="03-1234-5678")
    sent = {**form_of(desk, business), "telephone": "03-9999-0000"}
    assert desk.post(reverse("desk:business_edit", args=[business.key]), sent).status_code == 302
    business.refresh_from_db()
    assert business.telephone == "03-9999-0000"


def test_who_was_slower_sees_both_and_loses_nothing(desk, registered):
    business = registered(telephone="03-1234-5678")
    sent = {**form_of(desk, business), "telephone": "03-9999-0000"}
    changed(Business.objects.get(), telephone="03-5555-5555")
    address = reverse("desk:business_edit", args=[business.key])
    response = desk.post(address, sent)
    html = text_of(response)
    assert response.status_code == 409
    assert "03-5555-5555" in html
    assert 'value="03-9999-0000"' in html
    assert Business.objects.get().telephone == "03-5555-5555"
    again = {**sent, "version": response.context["form"]["version"].value()}
    desk.post(address, again)
    assert Business.objects.get().telephone == "03-9999-0000"


@pytest.mark.parametrize("version", ["abc", "-1", "9" * 18, "9" * 5000, ""])
def test_an_absurd_version_is_one_that_nobody_saw(desk, registered, version):
    business = registered()
    typed = form_of(desk, business) | {"version": version, "name": "ちがう名前"}
    assert desk.post(reverse("desk:business_edit", args=[business.key]), typed).status_code == 409


# ── rows and figures ────────────────────────────────────────────────────────────────────────────────
def test_officers_are_written_and_rows_can_be_added(desk, registered):
    business = registered()
    address = reverse("desk:business_rows", args=[business.key, "officers"])
    assert len(desk.get(address).context["rows"]) == 2
    sent = {"version": "1", "0-name": "見本 太郎", "0-is_representative": "on", "1-name": ""}
    more = desk.post(address, {**sent, "more": "1"})
    assert len(more.context["rows"]) == 5
    assert 'value="見本 太郎"' in text_of(more)
    assert desk.post(address, sent).status_code == 302
    assert "代表者" in text_of(page(desk, business))


def test_a_mistake_in_a_row_stands_at_its_field_and_nothing_is_lost(desk, registered):
    business = registered()
    address = reverse("desk:business_rows", args=[business.key, "sites"])
    for sent in (
        {"0-name": "本店", "0-telephone": "12", "0-address_line": "のこる"},
        {"0-name": "本店", "0-area_code": "どこか市", "0-address_line": "のこる"},
    ):
        response = desk.post(address, {"version": "1", **sent})
        assert response.status_code == 422
        assert "のこる" in text_of(response)
        assert 'aria-invalid="true"' in text_of(response)


def test_rows_that_changed_meanwhile_are_shown(desk, registered):
    business = registered()
    changed(Business.objects.get(), employees=3)
    address = reverse("desk:business_rows", args=[business.key, "contacts"])
    response = desk.post(address, {"version": "1", "0-name": "見本"})
    assert response.status_code == 409
    assert response.context["version"] == 2
    assert desk.post(address, {"version": "2", "0-name": "見本"}).status_code == 302


def test_figures_are_written_in_thousands_and_changed_in_yen(desk, registered):
    business = registered()
    sent = {
        "begins_on": "令和7年4月1日",
        "ends_on": "2026-03-31",
        "unit": "thousand",
        "sales_yen": "１２，３４５",
        "operating_profit_yen": "▲300",
    }
    assert desk.post(reverse("desk:business_figures_new", args=[business.key]), sent).status_code == 302
    row = YearlyFigures.objects.get()
    assert row.amounts == {"sales_yen": 12_345_000, "operating_profit_yen": -300_000}
    address = reverse("desk:business_figures", args=[business.key, "2026-03-31"])
    assert 'value="-300,000"' in text_of(desk.get(address))
    desk.post(address, {**sent, "unit": "yen", "sales_yen": "5", "operating_profit_yen": "", "version": "1"})
    assert YearlyFigures.objects.get().amounts == {"sales_yen": 5}
    conflict = desk.post(address, {**sent, "version": "1"})
    assert conflict.status_code == 409
    desk.post(address, {"remove": "1", "version": "2"})
    assert not YearlyFigures.objects.exists()


def test_mistakes_in_figures_stand_at_their_fields(desk, registered):
    business = registered()
    sent = {
        "begins_on": "x",
        "ends_on": "",
        "sales_yen": "たくさん",
        "cash_yen": "-1",
        "employees": "?",
        "land_yen": "7",
    }
    response = desk.post(reverse("desk:business_figures_new", args=[business.key]), sent)
    assert {box.name for box in response.context["form"].mistakes} == {
        "begins_on",
        "ends_on",
        "sales_yen",
        "employees",
    }
    assert 'value="7"' in text_of(response)


def test_the_same_period_twice_is_named(desk, registered):
    business = registered()
    address = reverse("desk:business_figures_new", args=[business.key])
    sent = {"begins_on": "2025-04-01", "ends_on": "2026-03-31", "unit": "yen", "sales_yen": "1"}
    desk.post(address, sent)
    assert "すでに入っています" in text_of(desk.post(address, sent))
