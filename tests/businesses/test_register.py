import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from madoguchi.businesses import queries
from madoguchi.businesses.choices import Source
from madoguchi.businesses.errors import AlreadyOnBooks, ChangedMeanwhile, FieldsInvalid, RegisteredElsewhere
from madoguchi.businesses.models import Business
from madoguchi.businesses.operations.register import register
from madoguchi.foundation.models import AuditEvent
from tests.accounts.people import a_person
from tests.businesses.businesses import own_hat
from tests.businesses.conftest import ADVISER, ANOTHER_NUMBER, AT, NUMBER

pytestmark = pytest.mark.django_db


def of_oneself(person, **values):
    given = {"name": "みほん食堂"} | values
    return register(values=given, source=Source.OWNER, at=AT, by=person.as_actor(), owner=person)


def test_what_people_type_is_kept_in_one_form(registered):
    business = registered(
        corporate_number="５-８３５６-７８２５-６２４６",
        kana="みほんｼｮｳﾃﾝ",
        postal_code="１００ー０００１",
        area_code="13101",
        telephone="（０３）１２３４－５６７８",
        url="www.example.jp",
        industry="５８",
        capital_yen="1,000万円",
        employees="約12人",
        employees_counted_on="令和8年3月31日",
        founded_on="平成17年4月",
    )
    business.refresh_from_db()
    assert business.corporate_number == NUMBER
    assert (business.kana, business.postal_code, business.area_code) == (
        "ミホンショウテン",
        "100-0001",
        "131016",
    )
    assert (business.telephone, business.telephone_digits) == ("03-1234-5678", "0312345678")
    assert (business.url, business.industry, business.capital_yen) == (
        "https://www.example.jp",
        "58",
        10_000_000,
    )
    assert (business.employees, business.employees_counted_on) == (12, date(2026, 3, 31))
    assert business.founded_on == "2005-04"
    assert (business.legal_form, business.name_folded) == ("kabushiki", "みほん商店")


def test_every_mistake_is_named_at_its_field(registered):
    typed = {
        "name": " ",
        "corporate_number": "5835678256247",
        "area_code": "13",
        "telephone": "1234",
        "email": "x",
        "url": "javascript:alert(1)",
        "industry": "ZZ",
        "capital_yen": "たくさん",
        "employees": "-3",
        "founded_on": "2005-13",
        "legal_form": "x",
        "town": "あ" * 121,
    }
    with pytest.raises(FieldsInvalid) as refused:
        registered(**typed)
    assert set(refused.value.wrong) == set(typed)
    assert not Business.objects.exists()


@pytest.mark.parametrize("values", [{"is_founder": True}, {"legal_form": "sole"}])
def test_who_has_no_company_has_no_corporate_number(registered, values):
    with pytest.raises(FieldsInvalid) as refused:
        registered(name="みほん食堂", corporate_number=NUMBER, **values)
    assert set(refused.value.wrong) == {"corporate_number"}


def test_a_founder_without_a_number_has_a_place(registered, adviser):
    founder = registered(name="創業 予定", is_founder=True)
    assert [row.name for row in queries.rows_of(Business.objects.visible_to(adviser).order_by("pk"))] == [
        "創業 予定"
    ]
    assert founder.corporate_number == ""


def test_two_founders_of_one_name_are_two_businesses(registered):
    assert registered(name="田中 一", is_founder=True).pk != registered(name="田中 一", is_founder=True).pk


def test_each_field_knows_who_said_it_and_when(ours):
    business = register(
        values={"name": "株式会社みほん", "employees": 3, "telephone": ""},
        source=Source.STAFF,
        sources={"name": Source.NTA},
        at=AT,
        by=ADVISER,
        organisation_id=ours.pk,
    )
    origins = queries.origins_of(business)
    assert {field: origin.source for field, origin in origins.items()} == {
        "name": "nta",
        "employees": "staff",
        "legal_form": "staff",
    }
    assert (origins["employees"].actor_label, origins["employees"].at) == ("窓口 花子", AT)
    assert origins["employees"].organisation == ours


def test_an_overwritten_origin_stays_without_the_value(registered, changed):
    business = registered(employees=3)
    changed(business, employees=4, source=Source.OWNER)
    rows = business.origins.filter(field="employees").order_by("pk").values_list("source", "is_current")
    assert list(rows) == [("staff", False), ("owner", True)]


def test_the_audit_names_fields_and_never_their_content(registered, changed):
    business = registered(employees=3)
    changed(business, employees=4, telephone="03-1234-5678")
    events = list(AuditEvent.objects.order_by("pk"))
    assert [event.action for event in events] == ["businesses.registered", "businesses.changed"]
    assert events[1].data == {"fields": ["employees", "telephone"]}
    assert "みほん" not in str([event.data for event in events])


def test_changing_nothing_leaves_no_trace(registered, changed):
    business = registered(employees=3)
    assert changed(business, employees="3人", name="株式会社みほん商店") == ()
    assert AuditEvent.objects.count() == 1
    assert Business.objects.get().version == 1


def test_who_saw_an_older_version_is_told(registered, changed):
    business = registered(employees=3)
    changed(Business.objects.get(), employees=4)
    with pytest.raises(ChangedMeanwhile):
        changed(business, seen_version=1, telephone="03-1234-5678")
    assert Business.objects.get().telephone == ""


def test_without_comparing_the_later_one_would_silently_win(registered, changed):
    seen = registered(employees=3)
    changed(Business.objects.get(), employees=4)
    Business.objects.filter(pk=seen.pk).update(employees=5)
    assert Business.objects.get().employees == 5


# ── the same number again ───────────────────────────────────────────────────────────────────────────
def test_the_same_number_leads_to_the_business_on_our_books(registered):
    there = registered(corporate_number=NUMBER)
    with pytest.raises(AlreadyOnBooks) as refused:
        registered(name="別の名前", corporate_number=NUMBER)
    assert refused.value.key == there.key


def test_of_a_number_on_other_books_nothing_but_that_is_told(registered, theirs):
    there = registered(theirs, corporate_number=NUMBER)
    with pytest.raises(RegisteredElsewhere) as refused:
        registered(corporate_number=NUMBER)
    assert there.key not in str(vars(refused.value))
    assert str(refused.value) == "登録があります。事業者の同意を得て、共有できます。"


def test_a_number_cannot_be_changed_into_that_of_another(registered, changed):
    registered(corporate_number=NUMBER)
    other = registered(corporate_number=ANOTHER_NUMBER)
    with pytest.raises(RegisteredElsewhere):
        changed(other, corporate_number=NUMBER)


def test_the_database_refuses_a_number_twice_by_itself(registered):
    registered(corporate_number=NUMBER)
    other = registered()
    with pytest.raises(IntegrityError), transaction.atomic():
        Business.objects.filter(pk=other.pk).update(corporate_number=NUMBER)


# ── by oneself ──────────────────────────────────────────────────────────────────────────────────────
def test_an_owner_registers_the_own_business_and_sees_it(ours, adviser):
    person = a_person(at=AT)
    business = of_oneself(person)
    assert set(Business.objects.visible_to(own_hat(person, at=AT))) == {business}
    assert not Business.objects.visible_to(adviser).exists()
    assert queries.origins_of(business)["name"].source == "owner"


def test_a_number_somebody_claims_is_no_answer_to_whether_it_is_registered(registered, theirs):
    registered(theirs, corporate_number=NUMBER)
    business = of_oneself(a_person(at=AT), corporate_number=NUMBER)
    assert (business.corporate_number, business.claimed_number) == ("", NUMBER)


def test_nobody_occupies_the_number_of_another_by_claiming_it(registered):
    of_oneself(a_person(at=AT), corporate_number=NUMBER)
    assert registered(corporate_number=NUMBER).corporate_number == NUMBER


def test_what_a_desk_enters_replaces_a_claim(changed):
    business = of_oneself(a_person(at=AT), corporate_number=NUMBER)
    changed(business, corporate_number=ANOTHER_NUMBER)
    assert (business.corporate_number, business.claimed_number) == (ANOTHER_NUMBER, "")


# ── races ───────────────────────────────────────────────────────────────────────────────────────────
def race(*acts):
    """Do these at once, each on its own connection; of each "done" or the name of its error."""
    start = threading.Barrier(len(acts))

    def one(act):
        try:
            start.wait(timeout=30)
            act()
        except (AlreadyOnBooks, ChangedMeanwhile) as error:
            return type(error).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(one, acts))


@pytest.mark.django_db(transaction=True)
def test_two_advisers_who_register_one_number_at_once_make_one_business(registered):
    assert race(*[lambda: registered(corporate_number=NUMBER)] * 2) == ["AlreadyOnBooks", "done"]
    assert Business.objects.count() == 1
    assert AuditEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_once_one_is_told(registered, changed):
    seen = registered()

    def act(telephone):
        return lambda: changed(Business.objects.get(pk=seen.pk), seen_version=1, telephone=telephone)

    assert race(act("03-1111-1111"), act("03-2222-2222")) == ["ChangedMeanwhile", "done"]
    assert Business.objects.get().version == 2
