"""Results in a pack: every cell is read or spelt out, loading is repeatable, and the desk's edits stay."""

from datetime import timedelta

import pytest

from madoguchi.packs.check import check
from madoguchi.packs.check_results import cell_findings
from madoguchi.packs.schema_results import PrintedCell
from madoguchi.results.models import (
    CaseStudy,
    Indicator,
    IndicatorValue,
    Introduction,
    ListingRow,
    Narrative,
    Project,
    ProjectIndicator,
    RegionChapter,
    ReportYear,
    ValueChange,
)
from madoguchi.results.states import YearState
from madoguchi.results.values import cell_of
from tests import minato

pytestmark = pytest.mark.django_db
LISTED = "results/listed.yaml"
LATER = minato.AT + timedelta(days=1)

# file, what stands there, what is written instead, and the problem: its field and a part of its sentence
MISTAKES = [
    (LISTED, "project: m-hanro", "project: m-harno", "project", "事業「m-harno」"),
    (LISTED, "project: m-hanro", "project: m-setsubi", "project", "事業の実績「m-setsubi」"),
    (LISTED, "programme: keiei-sodan", "programme: keiei-shodan", "programme", "制度「keiei-shodan」"),
    (LISTED, "key: m-hanro-shodan", "key: m-setsubi-kensu", "indicators.0.key", "指標「m-setsubi-kensu」"),
    (LISTED, "{m2: 商工課", "{m3: 商工課", "responsible_elsewhere", "一覧「m3」"),
    (
        LISTED,
        "question: 何者に補助したか。",
        "question: 何者か。\n        measure: visit",
        "measure",
        "計算「visit」",
    ),
    (LISTED, "2025: 12者", "2025: 12会場で実施", "values.2025", "単位「会場で実施」"),
    (LISTED, "{number: 8,", "{number: 9,", "values.2025", "の中にありません"),
    (LISTED, "{number: 8,", '{number: "1,008",', "number", "カンマをつけずに"),
    (LISTED, "2025: 12者}", "5: 12者}", "values", "1989 以上"),
    (LISTED, "- listing: m1", "- listing: m7", "listing", "一覧「m7」"),
    (LISTED, "    listing: m1", "    listing: m7", "listing", "一覧「m7」"),
    (LISTED, "        undated: 25名 (R7.6～)\n", "", "indicators.2", "values か undated"),
    (LISTED, 'section: list, lines: "85"', 'section: lost, lines: "85"', "source", "「lost」"),
    (
        LISTED,
        "captions: [新しい",
        "pictures: [{path: a.jpg, alt: x, credit: y}]\n    captions: [新しい",
        "path",
        "写真",
    ),
    ("report.yaml", "secretariat: minato-sangyo", "secretariat: minato", "secretariat", "部署「minato」"),
    ("report.yaml", "code: aisatsu", "code: council", "code", "章「council」"),
    ("report.yaml", "section: preface", "section: lost", "source", "「lost」"),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda row: f"{row[3]} {row[4]}")
def test_a_mistake_is_named_where_it_stands(pack, mistake):
    file, old, new, field, sentence = mistake
    minato.change(pack, file, old, new)
    found = [problem for problem in check(pack).problems if problem.file == file]
    assert any(field in problem.field and sentence in problem.message for problem in found), found


@pytest.mark.parametrize("raw", ["22名", "-", "随時", "6件 8名", "0件", "(新規)"])
def test_a_cell_that_can_be_read_needs_no_parts(raw):
    assert list(cell_findings(PrintedCell(raw=raw))) == []


def printed(key: str, year: int | None) -> tuple:
    row = IndicatorValue.objects.get(indicator__key=key, fiscal_year=year)
    return row.kind, [(str(part.number), part.unit, part.cumulative) for part in cell_of(row).parts]


def test_cells_come_in_as_they_are_printed_and_read(pack):
    minato.loaded(pack)
    assert printed("m-setsubi-kensu", 2025) == ("numbers", [("12", "者", False)])
    assert printed("m-setsubi-haken", 2024) == ("not_measured", [])
    assert printed("m-setsubi-haken", 2025) == ("numbers", [("30", "回", True), ("8", "者", False)])
    assert printed("m-setsubi-toroku", None)[1] == [("25", "名", False)]
    assert printed("m-hanro-shodan", 2025)[1] == [("2", "回", False), ("33", "社", False)]
    value = IndicatorValue.objects.get(indicator__key="m-setsubi-kensu", fiscal_year=2025)
    assert (value.state, value.version, value.note) == ("approved", 1, "6年度は途中からの数です。")
    assert value.source == {"file": "900", "section": "list", "lines": "81", "note": ""}
    assert not ValueChange.objects.exists()


def test_texts_years_and_chapters_come_in(pack):
    minato.loaded(pack)
    project = Project.objects.get(slug="m-setsubi")
    assert (project.responsible, project.narrative.achievements) == ("商工課 設備係", "12者に補助しました。")
    assert list(project.indicator_rows.order_by("position").values_list("indicator__key", flat=True)) == [
        "m-setsubi-kensu",
        "m-setsubi-haken",
        "m-setsubi-toroku",
    ]
    rows = ListingRow.objects.filter(project=project).order_by("listing__code")
    assert [row.printed_responsible for row in rows] == ["", "商工課 販路係"]
    assert Introduction.objects.get().blocks[1]["heading"] == "設備"
    assert CaseStudy.objects.get().project == project
    year = ReportYear.objects.get()
    assert (year.fiscal_year, year.first_chapter, year.secretariat.slug) == (2025, 2, "minato-sangyo")
    chapters = RegionChapter.objects.order_by("position")
    assert [(row.code, row.place) for row in chapters] == [
        ("aisatsu", "before"),
        ("ordinance", "after"),
        ("council-members", "after"),
    ]
    assert chapters[2].table == [["部局", "課"], ["産業部", "商工課"]]
    indicator = Indicator.objects.get(key="keiei-sodan-kensu")
    assert (indicator.programme.slug, indicator.project_rows.count()) == ("keiei-sodan", 0)


def test_the_same_results_twice_change_nothing(pack):
    minato.loaded(pack)
    before = list(IndicatorValue.objects.order_by("pk").values())
    changes = minato.loaded(pack, at=LATER)
    assert (dict(changes.touched()), changes.kept) == ({}, {})
    assert list(IndicatorValue.objects.order_by("pk").values()) == before


def test_a_cell_that_the_pack_changes_keeps_what_it_said(pack):
    minato.loaded(pack)
    minato.change(pack, LISTED, "2025: 12者", "2025: 13者")
    assert minato.loaded(pack, at=LATER).changed == {"value": ["m-setsubi-kensu（2025）"]}
    change = ValueChange.objects.get()
    assert (change.version, change.before["raw"], change.after["raw"]) == (2, "12者", "13者")
    assert IndicatorValue.objects.get(pk=change.value_id).version == 2


def test_what_disappears_from_the_pack_goes(pack):
    minato.loaded(pack)
    text = (pack / LISTED).read_text("utf-8")
    (pack / LISTED).write_text(text.partition("  - programme: keiei-sodan")[0], "utf-8")
    (pack / "report.yaml").unlink()
    changes = minato.loaded(pack, at=LATER)
    assert changes.removed == {
        "case_study": ["m-jirei"],
        "value": ["keiei-sodan-kensu（2024）"],
        "indicator": ["keiei-sodan-kensu"],
        "chapter": ["aisatsu", "ordinance", "council-members"],
    }
    assert not Indicator.everything.filter(key="keiei-sodan-kensu").exists()
    assert not minato.loaded(pack, at=LATER)


def test_an_indicator_with_a_history_is_hidden_not_lost_and_comes_back(pack):
    minato.loaded(pack)
    whole = (pack / LISTED).read_text("utf-8")
    minato.change(pack, LISTED, "2024: 延べ 120件", "2024: 延べ 121件")
    minato.loaded(pack)
    text = (pack / LISTED).read_text("utf-8")
    (pack / LISTED).write_text(text.partition("  - programme: keiei-sodan")[0], "utf-8")
    changes = minato.loaded(pack, at=LATER)
    assert changes.kept == {"value": ["keiei-sodan-kensu（2024）"]}
    assert not Indicator.objects.filter(key="keiei-sodan-kensu").exists()
    assert ValueChange.objects.count() == 1
    (pack / LISTED).write_text(whole, "utf-8")
    assert minato.loaded(pack, at=LATER).added["indicator"] == ["keiei-sodan-kensu"]
    assert Indicator.objects.filter(key="keiei-sodan-kensu").exists()


def test_an_edit_of_the_desk_stays_and_the_load_says_so(pack):
    minato.loaded(pack)
    IndicatorValue.objects.filter(indicator__key="m-setsubi-kensu", fiscal_year=2025).update(
        raw="14者", edited_at=LATER
    )
    Narrative.objects.filter(project__slug="m-hanro").update(overview="直しました。", edited_at=LATER)
    minato.change(pack, LISTED, "2025: 12者", "2025: 13者")
    minato.change(pack, LISTED, "商談会をひらく事業です。", "商談会の事業です。")
    changes = minato.loaded(pack, at=LATER)
    assert changes.kept == {"value": ["m-setsubi-kensu（2025）"], "narrative": ["m-hanro"]}
    assert not changes
    assert IndicatorValue.objects.get(indicator__key="m-setsubi-kensu", fiscal_year=2025).raw == "14者"
    assert Narrative.objects.get(project__slug="m-hanro").overview == "直しました。"


def test_without_the_mark_of_the_desk_the_pack_would_write_over_it(pack):
    minato.loaded(pack)
    IndicatorValue.objects.filter(indicator__key="m-setsubi-kensu", fiscal_year=2025).update(raw="14者")
    minato.change(pack, LISTED, "2025: 12者", "2025: 13者")
    minato.loaded(pack, at=LATER)
    assert IndicatorValue.objects.get(indicator__key="m-setsubi-kensu", fiscal_year=2025).raw == "13者"


def test_a_closed_year_keeps_what_its_report_prints(pack):
    minato.loaded(pack)
    ReportYear.objects.update(state=YearState.LOCKED, locked_at=LATER)
    for old, new in (
        ("2025: 12者", "2025: 13者"),
        ("2024: 1回 20社", "2024: 1回 21社"),
        ("name: 補助件数", "name: 補助した件数"),
        ("12者に補助", "13者に補助"),
        ("納期が半分", "納期が三分の一"),
        ("古い機械の", "機械の"),
        ("2024: 延べ 120件", "2024: 延べ 121件"),
    ):
        minato.change(pack, LISTED, old, new)
    minato.change(pack, "projects/listed.yaml", "cost_thousand_yen: 3500\n", "cost_thousand_yen: 3600\n")
    minato.change(
        pack, "projects/listed.yaml", "repeat: true, policies: null", "repeat: true, policies: [m2]"
    )
    minato.change(pack, "report.yaml", "title: 令和７年度 商工", "title: 商工")
    changes = minato.loaded(pack, at=LATER)
    assert changes.kept == {
        "project": ["m-hanro"],
        "listing": ["m2"],
        "report_year": ["2025"],
        "indicator": ["m-setsubi-kensu"],
        "value": ["m-setsubi-kensu（2025）", "m-hanro-shodan（2024）"],
        "narrative": ["m-setsubi"],
        "introduction": ["m1（2025）"],
        "case_study": ["m-jirei"],
    }
    # A figure that stands in no report is not held by one.
    assert changes.changed == {"value": ["keiei-sodan-kensu（2024）"]}
    assert Project.objects.get(slug="m-hanro").cost_yen == 3_500_000


def test_what_another_document_says_stands_beside_the_table_not_in_it(pack):
    text = (pack / LISTED).read_text("utf-8")
    more = text.replace("  - programme: keiei-sodan\n", "  - project: m-hanro\n").replace(
        "key: keiei-sodan-kensu", "key: m-hanro-sodan"
    )
    (pack / LISTED).write_text(more, "utf-8")
    minato.loaded(pack)
    rows = ProjectIndicator.objects.filter(project__slug="m-hanro").order_by("position")
    assert [(row.indicator.key, row.in_report) for row in rows] == [
        ("m-hanro-shodan", True),
        ("m-hanro-sodan", False),
    ]
