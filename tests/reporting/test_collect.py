"""From the database to a report: what is in it, which sums, in how many queries, and what changed."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.foundation.audit import SYSTEM
from madoguchi.reporting.annual import as_csv, wording
from madoguchi.reporting.annual.as_json import as_json
from madoguchi.reporting.annual.changes import Listed, changes
from madoguchi.reporting.annual.collect import collect
from madoguchi.reporting.annual.shape import AnnualReport, ProjectEntry, Section
from madoguchi.reporting.annual.warnings import warnings
from madoguchi.results.models import IndicatorValue, Listing, ListingRow, Narrative, Policy, Project
from madoguchi.results.operations import years
from madoguchi.results.operations.values import correct_value
from tests import minato
from tests.factories import a_listing, a_policy, a_project, a_row
from tests.queries import cost
from tests.results.years import AT, YEAR, a_world, an_indicator, enter


@pytest.fixture
def loaded(db):
    minato.loaded()


def test_nothing_is_reported_of_a_year_without_lists(loaded):
    assert collect(2031) is None


def test_a_pack_becomes_a_report(loaded):
    report = collect(2025)
    ordinance = Policy.objects.get(code="m1").ordinance
    assert (report.title, report.ordinance) == ("令和７年度 商工施策の報告", ordinance)
    assert [(section.code, section.mark) for section in report.sections] == [("m1", "①"), ("m2", "②")]
    first, second = report.sections
    assert first.introduction == (
        ("", "会社の力をのばすために、設備の導入を支えました。"),
        ("設備", "古い機械の入れ替えを進めました。"),
    )
    (entry,) = first.entries
    assert (entry.responsible, entry.achievements, entry.cost_basis) == (
        "商工課 設備係",
        "12者に補助しました。",
        "予算",
    )
    assert [study.project_slug for study in first.case_studies] == ["m-setsubi"]
    lines = {line.key: line for line in entry.indicators}
    assert {year: cell.raw for year, cell in lines["m-setsubi-kensu"].cells.items()} == {
        2024: "10者",
        2025: "12者",
    }
    assert (lines["m-setsubi-toroku"].cells, lines["m-setsubi-toroku"].undated.raw) == (
        {},
        "25名 (R7.6～)",
    )
    assert lines["m-setsubi-kensu"].note == "6年度は途中からの数です。"
    assert lines["m-setsubi-kensu"].origin == "支援のしおり、事業の一覧"
    assert lines["m-setsubi-kensu"].lines == "81"
    assert report.first_chapter == 2
    repeat = second.entries[1]
    assert (repeat.slug, repeat.is_repeat, repeat.responsible) == ("m-setsubi", True, "商工課 販路係")
    assert (second.listed_sum_yen, second.own_sum_yen) == (15_500_000, 3_500_000)
    assert (report.listed_sum_yen, report.once_sum_yen) == (27_500_000, 15_500_000)
    assert [chapter.code for chapter in report.before] == ["aisatsu"]
    assert [chapter.code for chapter in report.after] == ["ordinance", "council-members"]
    assert (report.is_final, report.changes) == (False, ())
    assert report.warnings == ("②：再掲を含む合計は15,500千円、除いた合計は3,500千円です。",)


def test_the_json_has_the_structure_that_imported_reports_have(loaded):
    printed = as_json(collect(2025))
    second = printed["policies"][1]
    assert list(second)[:4] == ["no", "programmes", "stated_subtotal", "computed_subtotal"]
    assert (second["stated_subtotal"], second["computed_subtotal"]) == (15_500, 15_500)
    assert second["computed_subtotal_without_repeats"] == 3_500
    assert (printed["total_as_listed"], printed["total_each_once"]) == (27_500, 15_500)
    assert second["programmes"][0] == {
        "no": 1,
        "name": "販路づくり事業",
        "budget_thousand_yen": 3_500,
        "new": False,
        "repeat": False,
        "unit": "商工課",
        "policies": ["②"],
        "indicators": [
            {
                "name": "商談会の回数、参加者数",
                "values": {
                    "2024": {"raw": "1回 20社", "parts": [part(1, "回"), part(20, "社")]},
                    "2025": {"raw": "2回 33社", "parts": [part(2, "回"), part(33, "社")]},
                },
                "source": {"said": "支援のしおり、事業の一覧", "lines": "82"},
            }
        ],
    }


def test_a_figure_says_on_which_page_of_the_printed_report_it_stands(loaded):
    ListingRow.objects.filter(project__slug="m-setsubi").update(page=24)
    (entry,) = collect(2025).sections[0].entries
    assert {line.origin for line in entry.indicators} == {"支援のしおりの24ページ"}
    Listing.objects.update(source={"file": "another"})
    (entry,) = collect(2025).sections[0].entries
    assert {line.origin for line in entry.indicators} == {"支援のしおり、事業の一覧"}


def test_the_gist_of_the_ordinance_says_whose_it_is(loaded):
    chapters = {chapter.code: chapter for chapter in collect(2025).after}
    ordinance = chapters["ordinance"]
    assert ordinance.title == "条例の要旨"
    heading, said = ordinance.blocks[0]
    assert heading == ""
    assert "「みなと県中小企業条例」" in said
    assert said.endswith("正式な文ではありません。")


@pytest.mark.django_db
def test_only_what_was_taken_over_from_the_records_is_said_to_be_counted():
    world = a_world()
    world.visits.measure = "visits"
    world.visits.save()
    value = enter(world, "12件", hat=world.secretary)
    assert "担当課の入力" in _origin()
    IndicatorValue.objects.filter(pk=value.pk).update(evidence="記録から：巡回の件数（延べ）")
    assert _origin() == "記録から数えた値"


def _origin():
    lines = [line for entry in collect(YEAR).sections[0].entries for line in entry.indicators]
    return next(line.origin for line in lines if line.origin)


def part(number, unit):
    return {"number": number, "unit": unit, "cumulative": False, "as_of": None, "label": None}


@pytest.mark.django_db
def test_a_shared_list_says_for_which_policy_a_row_is_or_that_nobody_can_tell():
    one, other = a_policy("p1"), a_policy("p2")
    listing = a_listing(one, other)
    for number, policies in enumerate((["p1", "p2"], ["p2"], None)):
        a_row(listing, a_project(f"project-{number}"), policies=policies)
    (section,) = collect(2023).sections
    assert section.mark == "①②"
    assert [entry.policies for entry in section.entries] == [("①", "②"), ("②",), None]


@pytest.mark.django_db
def test_the_public_reads_no_drafts():
    world = a_world()
    enter(world, "12件", hat=world.officer(world.commerce))
    enter(world, "7件", indicator=world.hires, hat=world.secretary)
    Narrative.objects.create(project=world.shops, overview="下書き")
    seen = {
        with_drafts: [
            (entry.overview, [cell.raw for line in entry.indicators for cell in line.cells.values()])
            for entry in collect(YEAR, with_drafts=with_drafts).sections[0].entries
        ]
        for with_drafts in (True, False)
    }
    assert seen == {True: [("下書き", ["12件"]), ("", ["7件"])], False: [("", []), ("", ["7件"])]}
    assert "承認していない下書きが2あります。" in collect(YEAR).warnings


@pytest.mark.django_db
def test_what_nobody_entered_and_whatever_differs_is_said():
    world = a_world()
    a_row(world.listing, world.shops, is_repeat=True, printed_cost_yen=7)
    Listing.objects.update(stated_subtotal_yen=5_000)
    ListingRow.objects.filter(project=world.jobs).update(printed_cost_yen=None)
    assert collect(YEAR).warnings == (
        "①：小計の記載（5千円）と、行の合計（1,000,007円）が合いません。",
        "①：再掲を含む合計は1,000,007円、除いた合計は1,000千円です。",
        "①：事業費のない事業が1あります。",
        "「r7-shops」の事業費が、一覧によって違います。",
        "値がまだない成果指標が2あります。",
    )


@pytest.mark.django_db
def test_a_report_costs_the_same_queries_for_one_project_and_for_twenty():
    world = a_world()
    years.open_year(fiscal_year=YEAR + 1, at=AT, by=SYSTEM)
    enter(world, hat=world.secretary)
    few = cost(lambda: collect(YEAR))
    for number in range(20):
        project = a_project(f"r7-{number}", fiscal_year=YEAR)
        Narrative.objects.create(project=project, overview="概要")
        a_row(world.listing, project)
        enter(world, indicator=an_indicator(project, f"i-{number}"), hat=_of(world, project))
    listing = a_listing(a_policy("p2"), code="another", fiscal_year=YEAR)
    a_row(listing, world.shops, is_repeat=True)
    assert cost(lambda: collect(YEAR)) == few


def _of(world, project):
    project.units.add(world.commerce)
    return world.officer(world.commerce)


@pytest.mark.django_db
def test_the_next_report_says_what_changed():
    world = a_world()
    years.open_year(fiscal_year=YEAR + 1, at=AT, by=SYSTEM)
    Project.objects.filter(slug="r8-shops").update(name="商店街の事業")
    ListingRow.objects.filter(project__slug="r8-shops").update(printed_cost_yen=3_000_000)
    ListingRow.objects.filter(project__slug="r8-jobs").delete()
    a_row(Listing.objects.get(fiscal_year=YEAR + 1), a_project("r8-new", fiscal_year=YEAR + 1), number=9)
    assert [(row.project, row.what, row.before, row.after) for row in collect(YEAR + 1).changes] == [
        ("商店街の事業", "事業名", "r7-shops", "商店街の事業"),
        ("商店街の事業", "事業費", "1,000千円", "3,000千円"),
        ("r8-new", "新しい事業", "", "1,000千円"),
        ("r7-jobs", "終了した事業", "1,000千円", ""),
    ]
    assert world.jobs.slug == "r7-jobs"


def test_a_project_that_two_continue_has_not_ended():
    last = [Listed("a", "甲", 1_000, "課", ("①",))]
    now = [Listed("b", "甲", 1_000, "課", ("①",), "a"), Listed("c", "甲", 1_000, "課", ("②",), "a")]
    assert [(row.what, row.before, row.after) for row in changes(last, now)] == [("基本方針", "①", "②")]


# ── sums, whatever the lists hold ───────────────────────────────────────────────────────────────────
COSTS = {f"p{number}": (number + 1) * 1_234_000 for number in range(6)}
lists = st.lists(st.lists(st.sampled_from(sorted(COSTS)), unique=True, max_size=6), min_size=1, max_size=5)


def an_entry(slug: str, number: int, *, is_repeat: bool) -> ProjectEntry:
    return ProjectEntry(
        number=number,
        slug=slug,
        name=slug,
        list_name=slug,
        cost_yen=COSTS[slug],
        cost_basis="",
        is_new=False,
        is_repeat=is_repeat,
        department="課",
        responsible="課",
        policies=("①",),
        overview="",
        achievements="",
    )


def a_report(rows: list[list[str]]) -> AnnualReport:
    """Lists in this order; a project is a repeat wherever it stood in a list before."""
    seen: set[str] = set()
    sections = []
    for place, slugs in enumerate(rows):
        entries = tuple(
            an_entry(slug, number, is_repeat=slug in seen) for number, slug in enumerate(slugs, start=1)
        )
        seen |= set(slugs)
        sections.append(
            Section(
                code=f"l{place}",
                mark="①②③④⑤"[place],
                titles=("方針",),
                short="方針",
                introduction=(),
                entries=entries,
                stated_subtotal_yen=None,
            )
        )
    return AnnualReport(2023, "報告", "条例", "第10条", "県", tuple(sections))


@given(lists)
def test_a_repeat_counts_as_listed_or_once_and_both_are_named(rows):
    report = a_report(rows)
    listed = sum(COSTS[slug] for slugs in rows for slug in slugs)
    once = sum(COSTS[slug] for slug in {slug for slugs in rows for slug in slugs})
    assert (report.listed_sum_yen, report.once_sum_yen) == (listed, once)
    assert sum(section.own_sum_yen for section in report.sections) == once
    said = warnings(report.sections, fiscal_year=2023)
    differing = [section for section in report.sections if section.own_sum_yen != section.listed_sum_yen]
    assert len(said) == len(differing)
    printed = as_json(report)
    assert printed["total_as_listed"] * 1000 == listed
    assert printed["total_each_once"] * 1000 == once


@given(lists, st.randoms(use_true_random=False))
def test_the_order_changes_no_sum(rows, order: random.Random):
    shuffled = [order.sample(slugs, len(slugs)) for slugs in order.sample(rows, len(rows))]
    before, after = a_report(rows), a_report(shuffled)
    assert (before.listed_sum_yen, before.once_sum_yen) == (after.listed_sum_yen, after.once_sum_yen)


@given(lists)
def test_a_stated_subtotal_that_is_one_digit_off_is_named(rows):
    report = a_report(rows)
    first = report.sections[0]
    off = replace(first, stated_subtotal_yen=first.listed_sum_yen + 1_000)
    right = replace(first, stated_subtotal_yen=first.listed_sum_yen)
    assert "合いません" in warnings([off], fiscal_year=2023)[0]
    assert not any("合いません" in sentence for sentence in warnings([right], fiscal_year=2023))


def a_published_world(raw="12件"):
    """A published report with one figure."""
    world = a_world()
    value = enter(world, raw, hat=world.secretary)
    world.year.returns.all().delete()
    years.lock(year=world.year, hat=world.secretary, at=AT)
    years.publish(year=world.year, hat=world.secretary, at=AT)
    return world, value


def corrected(world, value, raw, **told):
    return correct_value(
        value=value,
        raw=raw,
        reason=told.pop("reason", "二重の計上"),
        version=value.version,
        hat=world.secretary,
        at=AT,
        **told,
    )


@pytest.mark.django_db
def test_what_was_corrected_after_it_was_public_is_told_with_day_and_reason():
    world, value = a_published_world()
    corrected(world, corrected(world, value, "13件"), "13件", note="速報です。", reason="説明もれ")
    (entry, _) = collect(YEAR).sections[0].entries
    (line,) = entry.indicators
    assert wording.marked(line, YEAR) == "13件（訂正）"
    assert line.origin == "訂正した値（令和8年11月30日）"
    assert wording.correction_notes(entry.indicators) == [
        "（訂正）visits（令和7年度）：令和8年11月30日に、「12件」を「13件」に訂正しました。理由：二重の計上",
        "（訂正）visits（令和7年度）：令和8年11月30日に、「13件」の説明を訂正しました。理由：説明もれ",
    ]
    printed = as_json(collect(YEAR))["policies"][0]["programmes"][0]["indicators"][0]
    assert printed["corrections"][0] == {
        "fiscal_year": YEAR,
        "on": "2026-11-30",
        "before": "12件",
        "after": "13件",
        "reason": "二重の計上",
    }
    (row,) = [row for row in as_csv.indicators(collect(YEAR)) if row[6] == "visits"]
    assert row[-3:] == ["2026-11-30／2026-11-30", "12件／13件", "二重の計上／説明もれ"]


@pytest.mark.django_db
def test_what_a_unit_changed_before_it_was_public_is_no_correction():
    world = a_world()
    enter(world, "13件", hat=world.secretary, version=enter(world, hat=world.secretary).version)
    (entry, _) = collect(YEAR).sections[0].entries
    assert wording.marked(entry.indicators[0], YEAR) == "13件"
    assert wording.correction_notes(entry.indicators) == []
    assert all(row[-3:] == ["", "", ""] for row in as_csv.indicators(collect(YEAR)))
