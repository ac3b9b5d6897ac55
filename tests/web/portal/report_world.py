"""A small public report: two lists, a repeat, indicators of two years, a case study, a reference text."""

from datetime import UTC, datetime

from madoguchi.results import values
from madoguchi.results.cells import read_cell
from madoguchi.results.models import (
    CaseStudy,
    Indicator,
    IndicatorValue,
    Introduction,
    Listing,
    Narrative,
    Project,
    ProjectIndicator,
    RegionChapter,
    ReportYear,
)
from madoguchi.results.states import EntryState
from tests.factories import a_listing, a_policy, a_project, a_row, a_source, a_unit, an_organisation

AT = datetime(2024, 5, 1, 3, tzinfo=UTC)
SOURCE = {"file": "g", "section": "1", "lines": "10-12", "note": ""}
APPROVED = {
    "state": EntryState.APPROVED,
    "approved_at": AT,
    "approved_by_id": "2",
    "approved_by_label": "承認 次郎",
    "entered_at": AT,
    "entered_by_id": "1",
    "entered_by_label": "入力 花子",
}


def an_indicator(project: Project, key: str = "sodan", name: str = "相談件数", **fields) -> Indicator:
    """An indicator in the table of a project."""
    given = {
        "key": key,
        "name": name,
        "counting": "each",
        "good": "more",
        "question": "何件の相談を受けたか。",
    }
    indicator = Indicator.objects.create(**{**given, **fields})
    ProjectIndicator.objects.create(
        project=project, indicator=indicator, position=project.indicator_rows.count()
    )
    return indicator


def a_value(indicator: Indicator, fiscal_year: int | None, raw: str, **fields) -> IndicatorValue:
    """An approved value, as a unit entered it at the desk."""
    given = {**values.as_columns(read_cell(raw)), **APPROVED, "fiscal_year": fiscal_year, "edited_at": AT}
    return IndicatorValue.objects.create(indicator=indicator, **{**given, **fields})


def a_report() -> Listing:
    """The report of 2023: 橋 (new, 1,000千円) and 道 (500千円), and 橋 again in the second list."""
    a_source()
    unit = a_unit("keizai", an_organisation("ken"), name="経済課", full_name="県 経済課")
    bridge = a_project("hashi", name="橋をかける事業", is_new=True, cost_yen=1_000_000)
    road = a_project("michi", name="道をなおす事業", cost_yen=500_000)
    bridge.units.add(unit)
    first = a_listing(a_policy("p1"), code="policy-1", stated_subtotal_yen=1_500_000)
    a_row(first, bridge, is_new=True)
    a_row(first, road)
    second = a_listing(a_policy("p2"), code="policy-2")
    a_row(second, bridge, is_repeat=True, printed_name="橋をかける事業（再掲）")
    Introduction.objects.create(
        listing=first, blocks=[{"heading": "ねらい", "text": "つなぎます。"}], **APPROVED
    )
    Narrative.objects.create(
        project=bridge, overview="橋をかけます。", achievements="二つかけました。", **APPROVED
    )
    CaseStudy.objects.create(
        slug="jirei",
        fiscal_year=2023,
        listing=first,
        project=bridge,
        title="橋でつながった店",
        business="みほん商店",
        paragraphs=["客がふえました。"],
        **APPROVED,
    )
    indicator = an_indicator(bridge, owner=unit)
    a_value(indicator, 2022, "2,264件", content_hash="x", edited_at=None, source=SOURCE)
    a_value(indicator, 2023, "2,539件", evidence="相談の記録")
    RegionChapter.objects.create(
        code="jorei",
        place="after",
        position=1,
        title="みほん条例",
        blocks=[{"heading": "第1条", "text": "支えます。"}],
        table=[["部局", "課"], ["経済部", "経済課"]],
    )
    ReportYear.objects.create(fiscal_year=2023, title="施策の実施状況", publisher="県")
    return first
