"""Reviewed records become drafts of their year; nothing is published, and a second time makes nothing."""

import pytest

from madoguchi.foundation.audit import SYSTEM
from madoguchi.foundation.models import AuditEvent
from madoguchi.results.errors import ListIsPublic, OriginalMissing, YearClosed
from madoguchi.results.models import (
    CaseStudy,
    Indicator,
    IndicatorValue,
    Introduction,
    Listing,
    ListingRow,
    Narrative,
    Policy,
    Project,
    ProjectIndicator,
    ReportYear,
    ValueChange,
)
from madoguchi.results.operations import years
from madoguchi.reviewing.errors import (
    AlreadyTakenOver,
    NameRejected,
    NoFiscalYear,
    NotForTheDesk,
    StillOpen,
    UnknownPolicy,
)
from madoguchi.reviewing.kinds import RecordKind
from madoguchi.reviewing.models import ImportedDocument
from madoguchi.reviewing.operations.deciding import decide
from madoguchi.reviewing.operations.keeping import keep
from madoguchi.reviewing.operations.taking import take_over, take_over_ready
from madoguchi.reviewing.reading import plan_of_file
from madoguchi.reviewing.states import FieldState
from tests.factories import a_listing, a_project, a_row, a_unit
from tests.importers.reports import PLACE
from tests.reviewing.drafts import AT, YEAR, a_document, a_secretariat, accept_all, field, record

pytestmark = pytest.mark.django_db


@pytest.fixture
def hat():
    return a_secretariat()


@pytest.fixture
def document():
    return a_document()


def taken(document, path, hat):
    row = record(document, path)
    accept_all(row, hat)
    take_over(record=row, hat=hat, at=AT)
    return row


def correct(document, path, what, typed, hat, **about):
    one = field(document, path, what, **about)
    decide(field=one, to=FieldState.CORRECTED, version=one.version, typed=typed, hat=hat, at=AT)


def reject(document, path, what, hat, **about):
    one = field(document, path, what, **about)
    decide(field=one, to=FieldState.REJECTED, version=one.version, hat=hat, at=AT)


def test_an_accepted_record_becomes_a_draft_project_with_its_source(hat, document):
    unit = a_unit("new", ReportYear.objects.get().secretariat.organisation, name="新産業課")
    row = taken(document, "Ⅰ/1", hat)
    project = Project.objects.get()
    assert row.taken_as == project.slug
    assert (project.name, project.fiscal_year, project.cost_yen, project.is_draft) == (
        "つばめスタートアップ応援事業", YEAR, 12_340_000, True,
    )  # fmt: skip
    assert list(project.units.all()) == [unit]
    (source,) = project.sources
    assert source["file"] == "tsubame.txt"
    assert source["lines"].split(",")[0].isdecimal()
    assert project.content_hash == ""
    listed = ListingRow.objects.get()
    assert (listed.number, listed.printed_cost_yen, listed.page) == (1, 12_340_000, 5)
    assert listed.policies == ["p1"]
    assert listed.listing.is_draft


def test_its_figures_and_texts_are_drafts_with_history(hat, document):
    taken(document, "Ⅰ/1", hat)
    values = IndicatorValue.objects.filter(indicator__name="講座の受講者")
    assert {value.fiscal_year: value.raw for value in values} == {2021: "82人", 2022: "104人"}
    assert {value.state for value in IndicatorValue.objects.all()} == {"draft"}
    assert ValueChange.objects.count() == IndicatorValue.objects.count()
    assert values.get(fiscal_year=2022).source["lines"]
    narrative = Narrative.objects.get()
    assert (narrative.state, narrative.achievements) == ("draft", "講座を６回開いた。")
    assert Indicator.objects.get(name="講座の受講者").counting == "each"


def test_what_was_corrected_goes_in_and_what_was_rejected_stays_out(hat, document):
    correct(document, "Ⅰ/1", "cost", "99千円", hat)
    reject(document, "Ⅰ/1", "overview", hat)
    reject(document, "Ⅰ/1", "value", hat, about="講座の受講者", year="2021")
    reject(document, "Ⅰ/1", "indicator", hat, about="県内での創業件数")
    taken(document, "Ⅰ/1", hat)
    assert Project.objects.get().cost_yen == 99_000
    assert Narrative.objects.get().overview == ""
    assert list(IndicatorValue.objects.values_list("raw", flat=True)) == ["104人"]


def test_a_list_brings_its_subtotal(hat, document):
    taken(document, "Ⅰ/1", hat)
    assert Listing.objects.get().stated_subtotal_yen is None
    taken(document, "Ⅰ", hat)
    assert Listing.objects.get().stated_subtotal_yen == 59_920_000


def test_taking_over_twice_makes_no_second_record(hat, document):
    row = taken(document, "Ⅰ/1", hat)
    with pytest.raises(AlreadyTakenOver):
        take_over(record=row, hat=hat, at=AT)
    counts = [model.objects.count() for model in (Project, ListingRow, Indicator, IndicatorValue, Narrative)]
    again = a_document()
    copy = ImportedDocument.objects.get(pk=again.pk)
    copy.records.update(taken_at=None, taken_as="")
    take_over(record=record(copy, "Ⅰ/1"), hat=hat, at=AT)
    assert counts == [
        model.objects.count() for model in (Project, ListingRow, Indicator, IndicatorValue, Narrative)
    ]


def test_a_project_that_is_there_keeps_what_it_says(hat, document):
    there = a_project("there", fiscal_year=YEAR, name="つばめスタートアップ応援事業", cost_yen=5)
    row = taken(document, "Ⅰ/1", hat)
    there.refresh_from_db()
    assert (row.taken_as, there.cost_yen, there.is_draft) == ("there", 5, False)
    assert Project.objects.count() == 1
    assert not IndicatorValue.objects.exists()
    assert not Narrative.objects.exists()


def test_a_project_is_known_by_the_name_under_which_a_list_prints_it(hat, document):
    listing = a_listing(Policy.objects.get(code="p1"), fiscal_year=YEAR, is_draft=True)
    there = a_project("there", fiscal_year=YEAR, name="起業の学校")
    a_row(listing, there, printed_name="学生起業チャレンジ事業（再掲）")
    assert taken(document, "Ⅰ/2", hat).taken_as == "there"


def test_nothing_is_added_to_a_public_list(hat, document):
    public = a_listing(Policy.objects.get(code="p1"), fiscal_year=YEAR, is_draft=False)
    a_row(public, a_project("there", fiscal_year=YEAR, name="学生起業チャレンジ事業"))
    assert taken(document, "Ⅰ/2", hat).taken_as == "there"
    accept_all(record(document, "Ⅰ/1"), hat)
    with pytest.raises(ListIsPublic):
        take_over(record=record(document, "Ⅰ/1"), hat=hat, at=AT)
    taken(document, "Ⅰ", hat)
    public.refresh_from_db()
    assert (public.rows.count(), public.stated_subtotal_yen) == (1, None)
    assert not Introduction.objects.exists()


def test_a_project_carried_into_the_year_gains_what_it_lacks(hat, document):
    carried = a_project(
        "carried", fiscal_year=YEAR, name="学生起業チャレンジ事業", cost_yen=None, is_draft=True
    )
    listing = a_listing(Policy.objects.get(code="p1"), fiscal_year=YEAR, is_draft=True)
    a_row(listing, carried, printed_cost_yen=None)
    taken(document, "Ⅰ/2", hat)
    carried.refresh_from_db()
    assert (carried.cost_yen, carried.rows.get().printed_cost_yen) == (1_980_000, 1_980_000)
    assert carried.narrative.achievements == "発表会を１回開いた。"


def test_a_repeat_points_to_the_same_project_and_never_comes_first(hat, document):
    accept_all(record(document, "Ⅱ/6"), hat)
    with pytest.raises(OriginalMissing):
        take_over(record=record(document, "Ⅱ/6"), hat=hat, at=AT)
    original = taken(document, "Ⅰ/2", hat)
    take_over(record=record(document, "Ⅱ/6"), hat=hat, at=AT)
    assert record(document, "Ⅱ/6").taken_as == original.taken_as
    assert Project.objects.get().rows.get(is_repeat=True).listing.policies.get().code == "p2"


def test_all_that_is_ready_is_taken_over_and_the_rest_waits(hat, document):
    for path in ("Ⅱ/6", "Ⅰ/2", "Ⅰ"):
        accept_all(record(document, path), hat)
    result = take_over_ready(document=document, hat=hat, at=AT)
    assert (result.count, result.refused) == (3, ())
    assert document.records.filter(taken_at=None).count() == 5
    assert take_over_ready(document=document, hat=hat, at=AT).count == 0


def test_an_indicator_goes_on_from_the_year_before(hat, document):
    last = a_project("last", fiscal_year=YEAR - 1, name="つばめスタートアップ応援事業")
    indicator = Indicator.objects.create(
        key="old", name="講座の受講者", counting="each", good="more", question="何人か。"
    )
    ProjectIndicator.objects.create(project=last, indicator=indicator, position=0)
    IndicatorValue.objects.create(indicator=indicator, fiscal_year=YEAR - 1, raw="80人", kind="numbers")
    taken(document, "Ⅰ/1", hat)
    values = indicator.values.order_by("fiscal_year").values_list("fiscal_year", "raw")
    assert list(values) == [(2021, "80人"), (2022, "104人")]
    assert Indicator.objects.filter(name="講座の受講者").count() == 1


def test_the_year_begins_with_the_first_record_and_the_same_secretariat(hat, document):
    taken(document, "Ⅰ/1", hat)
    year = ReportYear.objects.get(fiscal_year=YEAR)
    assert (year.state, year.secretariat_id) == ("open", hat.unit_id)


def test_nothing_goes_into_a_closed_year(hat, document):
    year = ReportYear.objects.create(fiscal_year=YEAR, secretariat_id=hat.unit_id)
    years.lock(year=year, hat=hat, at=AT)
    accept_all(record(document, "Ⅰ/1"), hat)
    with pytest.raises(YearClosed):
        take_over(record=record(document, "Ⅰ/1"), hat=hat, at=AT)
    assert record(document, "Ⅰ/1").taken_at is None


def test_nothing_is_taken_over_that_somebody_still_has_to_look_at(hat, document):
    with pytest.raises(StillOpen):
        take_over(record=record(document, "Ⅰ/1"), hat=hat, at=AT)
    reject(document, "Ⅰ/1", "name", hat)
    accept_all(record(document, "Ⅰ/1"), hat)
    with pytest.raises(NameRejected):
        take_over(record=record(document, "Ⅰ/1"), hat=hat, at=AT)
    assert not Project.objects.exists()


def test_without_a_year_or_a_policy_nothing_is_guessed(hat, document):
    accept_all(record(document, "Ⅰ/1"), hat)
    ImportedDocument.objects.update(fiscal_year=None)
    with pytest.raises(NoFiscalYear):
        take_over(record=record(document, "Ⅰ/1"), hat=hat, at=AT)
    ImportedDocument.objects.update(fiscal_year=YEAR)
    Policy.objects.filter(mark="Ⅰ").update(mark="Ⅸ")
    with pytest.raises(UnknownPolicy) as refused:
        take_over(record=record(document, "Ⅰ/1"), hat=hat, at=AT)
    assert "Ⅰ" in str(refused.value)


def test_programmes_are_not_taken_over_at_the_desk(hat):
    guide = a_document("guide")
    accept_all(record(guide, "1"), hat)
    with pytest.raises(NotForTheDesk):
        take_over(record=record(guide, "1"), hat=hat, at=AT)


def test_each_taking_over_is_on_record(hat, document):
    taken(document, "Ⅰ/1", hat)
    actions = AuditEvent.objects.filter(action__in=["results.project_brought", "reviewing.record_taken_over"])
    assert actions.count() == 2
    assert not any("スタートアップ" in str(event.data) for event in actions)


def a_document_with_a_case_study():
    text = (PLACE / "tsubame.txt").read_text("utf-8")
    told = "\n12\n事例紹介\nみほん商店の新しい売り場\nみほん商店は、補助を使いました。\n客数が増えました。\n"
    return keep(plan=plan_of_file("tsubame.txt", (text + told).encode()), at=AT, by=SYSTEM).document


def test_a_case_study_becomes_a_draft_that_nobody_has_consented_to(hat):
    document = a_document_with_a_case_study()
    row = document.records.get(kind=RecordKind.CASE_STUDY)
    accept_all(row, hat)
    taken_as = take_over(record=row, hat=hat, at=AT)
    study = CaseStudy.objects.get()
    assert (study.slug, study.state, study.consent_recorded_on) == (taken_as, "draft", None)
    assert "みほん商店" in study.title
    assert "客数が増えました" in "".join(study.paragraphs)
    assert (study.listing.fiscal_year, study.listing.is_draft) == (YEAR, True)
    assert AuditEvent.objects.filter(action="results.case_study_brought").count() == 1


def test_a_case_study_that_is_there_stays_and_a_public_list_gains_none(hat):
    document = a_document_with_a_case_study()
    row = document.records.get(kind=RecordKind.CASE_STUDY)
    accept_all(row, hat)
    take_over(record=row, hat=hat, at=AT)
    CaseStudy.objects.update(title=row.name[:200], paragraphs=["直した文"])
    Listing.objects.update(is_draft=False)
    row.__class__.objects.filter(pk=row.pk).update(taken_at=None, taken_as="")
    take_over(record=row, hat=hat, at=AT)
    assert [study.paragraphs for study in CaseStudy.objects.all()] == [["直した文"]]
    CaseStudy.objects.all().delete()
    row.__class__.objects.filter(pk=row.pk).update(taken_at=None, taken_as="")
    with pytest.raises(ListIsPublic):
        take_over(record=row, hat=hat, at=AT)
