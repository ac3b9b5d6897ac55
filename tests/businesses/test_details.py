from datetime import date

import pytest

from madoguchi.businesses import figures, queries, rows
from madoguchi.businesses.choices import Source
from madoguchi.businesses.errors import ChangedMeanwhile, FieldsInvalid, PeriodTaken
from madoguchi.businesses.facts import facts_of
from madoguchi.businesses.models import Business, YearlyFigures
from madoguchi.businesses.operations.details import put_figures, remove_figures, replace_rows
from madoguchi.foundation.models import AuditEvent
from tests.businesses.conftest import ADVISER, AT

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 30)


@pytest.fixture
def replaced():
    def act(business, kind, *typed, seen_version=None):
        return replace_rows(
            business=business,
            kind=kind,
            typed=typed,
            seen_version=seen_version or business.version,
            source=Source.STAFF,
            at=AT,
            by=ADVISER,
        )

    return act


@pytest.fixture
def told():
    def act(business, ends_on=date(2025, 12, 31), *, begins_on=None, employees=None, seen=None, **amounts):
        return put_figures(
            business=business,
            begins_on=begins_on or date(ends_on.year, 1, 1),
            ends_on=ends_on,
            employees=employees,
            amounts=amounts,
            source=Source.STAFF,
            at=AT,
            by=ADVISER,
            seen=seen,
        )

    return act


# ── rows ────────────────────────────────────────────────────────────────────────────────────────────
def test_officers_are_kept_in_their_order(registered, replaced):
    business = registered()
    assert replaced(
        business,
        "officers",
        {"name": "見本 太郎", "kana": "みほん たろう", "title": "代表取締役", "is_representative": "on"},
        {"name": "", "kana": " "},
        {"name": "見本 花子"},
    )
    assert [
        (row.name, row.kana, row.is_representative) for row in business.officers.order_by("position")
    ] == [
        ("見本 太郎", "ミホン タロウ", True),
        ("見本 花子", "", False),
    ]
    assert queries.origins_of(business)["officers"].source == "staff"


def test_mistakes_in_rows_are_named_at_their_cells(registered, replaced):
    with pytest.raises(FieldsInvalid) as refused:
        replaced(
            registered(),
            "holdings",
            {"kind": "innovation_plan", "starts_on": "2026-04-01", "ends_on": "2025-04-01"},
            {"kind": "x", "number": "1"},
        )
    assert set(refused.value.wrong) == {"0.ends_on", "1.kind"}


def test_a_row_without_a_name_is_refused(registered, replaced):
    with pytest.raises(FieldsInvalid) as refused:
        replaced(registered(), "sites", {"telephone": "03-1234-5678"})
    assert set(refused.value.wrong) == {"0.name"}


def test_the_same_rows_again_change_nothing(registered, replaced):
    business, officer = registered(), {"name": "見本 太郎"}
    assert replaced(business, "officers", officer)
    assert not replaced(business, "officers", officer)
    assert Business.objects.get().version == 2


def test_who_saw_older_rows_is_told(registered, replaced):
    business = registered()
    replaced(business, "contacts", {"name": "見本 太郎"})
    with pytest.raises(ChangedMeanwhile):
        replaced(business, "contacts", {"name": "見本 花子"}, seen_version=1)
    assert [row["name"] for row in rows.stored(business, "contacts")] == ["見本 太郎"]


# ── figures ─────────────────────────────────────────────────────────────────────────────────────────
def test_figures_of_three_years_stand_side_by_side(registered, told):
    business = registered()
    for year in (2022, 2023, 2024, 2025):
        told(business, date(year, 12, 31), sales_yen=year * 10_000_000_000)
    found = queries.figures_of(business)
    assert [row.ends_on.year for row in found] == [2025, 2024, 2023]
    assert found[0].amounts == {"sales_yen": 20_250_000_000_000}


def test_a_period_is_told_once(registered, told):
    business = registered()
    told(business, sales_yen=1)
    with pytest.raises(PeriodTaken):
        told(business, sales_yen=2)


def test_who_saw_older_figures_is_told(registered, told):
    business = registered()
    seen = told(business, sales_yen=1)
    told(business, seen=YearlyFigures.objects.get(), sales_yen=2)
    with pytest.raises(ChangedMeanwhile):
        told(business, seen=seen, sales_yen=3)
    with pytest.raises(ChangedMeanwhile):
        remove_figures(seen=seen, at=AT, by=ADVISER)
    assert YearlyFigures.objects.get().amounts == {"sales_yen": 2}


def test_removed_figures_leave_their_audit(registered, told):
    remove_figures(seen=told(registered(), sales_yen=1), at=AT, by=ADVISER)
    assert not YearlyFigures.objects.exists()
    assert AuditEvent.objects.filter(action="businesses.figures_removed").exists()


@pytest.mark.parametrize(
    "amounts", [{"sales_yen": -1}, {"sales_yen": True}, {"x": 1}, {"cash_yen": "1"}, {"land_yen": 10**18}]
)
def test_impossible_amounts_are_refused(registered, told, amounts):
    with pytest.raises(FieldsInvalid) as refused:
        told(registered(), **amounts)
    assert set(refused.value.wrong) == set(amounts)


def test_losses_are_amounts_too(registered, told):
    assert told(registered(), operating_profit_yen=-5_000_000).amounts == {"operating_profit_yen": -5_000_000}


def test_a_period_has_an_order_and_a_length(registered, told):
    business = registered()
    for begins_on in (date(2026, 1, 1), date(2020, 1, 1)):
        with pytest.raises(FieldsInvalid):
            told(business, begins_on=begins_on)


def test_what_does_not_add_up_is_doubted_and_kept(registered, told):
    amounts = {"sales_yen": 10_000_000, "cost_of_sales_yen": 6_000_000, "gross_profit_yen": 5_000_000}
    assert told(registered(), **amounts).amounts == amounts
    assert figures.doubts(amounts) == ["売上総利益が、売上高－売上原価（4,000,000円）と合いません。"]
    assert figures.doubts(amounts | {"gross_profit_yen": 4_001_000}) == []


def test_value_added_needs_all_its_parts():
    amounts = {"operating_profit_yen": -1, "personnel_yen": 10, "cost_depreciation_yen": 2}
    assert figures.value_added_yen(amounts) is None
    assert figures.value_added_yen(amounts | {"admin_depreciation_yen": 3}) == 14


# ── facts for eligibility ───────────────────────────────────────────────────────────────────────────
def test_the_record_answers_what_eligibility_asks(registered, told):
    business = registered(
        area_code="131016", industry="58", capital_yen=10_000_000, employees=12, founded_on="2005"
    )
    told(
        business,
        employees=11,
        sales_yen=50_000_000,
        operating_profit_yen=-1_000_000,
        personnel_yen=20_000_000,
        cost_depreciation_yen=0,
        admin_depreciation_yen=500_000,
        payroll_yen=18_000_000,
    )
    assert facts_of(business, on=ON) == {
        "applicant": "business",
        "legal_form": "kabushiki",
        "area": "131016",
        "head_office_area": "131016",
        "industry": "58",
        "capital_yen": 10_000_000,
        "employees": 12,
        "established_on": "2005",
        "sales_yearly": {"2025": 50_000_000},
        "base_operating_profit_yen": -1_000_000,
        "base_personnel_yen": 20_000_000,
        "base_depreciation_yen": 500_000,
        "base_payroll_yen": 18_000_000,
        "base_headcount": 11,
    }


def test_what_is_not_known_is_not_told(registered):
    assert facts_of(registered(name="創業 予定", is_founder=True), on=ON) == {"applicant": "founder"}


@pytest.mark.parametrize(
    ("counted", "employees"),
    [("", 7), ("regular", 7), ("everybody", {"from": 0, "to": 7}), ("insured", None), ("register", None)],
)
def test_only_people_counted_as_the_laws_count_are_told_exactly(registered, counted, employees):
    business = registered(employees=7, employees_counted=counted)
    assert facts_of(business, on=ON).get("employees") == employees


def test_a_year_that_is_no_calendar_year_is_the_base_but_no_yearly_sales(registered, told):
    business = registered()
    told(business, date(2026, 3, 31), begins_on=date(2025, 4, 1), sales_yen=5, personnel_yen=7)
    facts = facts_of(business, on=ON)
    assert "sales_yearly" not in facts
    assert facts["base_personnel_yen"] == 7


def test_a_short_year_and_one_that_has_not_ended_are_no_base(registered, told):
    business = registered()
    told(business, date(2026, 6, 30), begins_on=date(2026, 4, 1), personnel_yen=1)
    told(business, date(2026, 12, 31), personnel_yen=2)
    assert "base_personnel_yen" not in facts_of(business, on=ON)


def test_eligibility_reads_every_fact_without_a_complaint(registered, told):
    from madoguchi.eligibility.dictionary import Additions, build
    from madoguchi.eligibility.rules.profile import read_profile

    business = registered(
        area_code="131016",
        industry="5811",
        capital_yen=0,
        employees=7,
        employees_counted="everybody",
        founded_on="2005-04",
    )
    told(
        business,
        sales_yen=3_000_000_000_000,
        operating_profit_yen=-1,
        personnel_yen=1,
        payroll_yen=1,
        employees=3,
    )
    facts = facts_of(business, on=ON)
    read = read_profile(facts, build(Additions(), programmes={}))
    assert read.troubles == []
    assert set(read.facts) == set(facts)


def test_the_forms_of_a_business_are_those_that_eligibility_asks_for():
    from madoguchi.businesses.choices import LegalForm
    from madoguchi.eligibility.dictionary import core_facts

    choices = next(fact.choices for fact in core_facts() if fact.key == "legal_form")
    wider = {choice.parent for choice in choices}
    assert {choice.code: choice.label for choice in choices if choice.code not in wider} == dict(
        LegalForm.choices
    )
