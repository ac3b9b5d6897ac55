"""Figures are worded once and never rounded, guessed or compared where they cannot be."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.reporting.annual import measures, wording
from madoguchi.reporting.annual.payload import payload
from madoguchi.reporting.annual.readings import reading
from madoguchi.reporting.annual.shape import Chapter, IndicatorLine
from madoguchi.results.cells import Cell, CellKind, Part
from tests.reporting.reports import YEAR, believable, entry, numbers, report, section, words


def line(before, now, **fields) -> IndicatorLine:
    cells = {year: cell for year, cell in ((YEAR - 1, before), (YEAR, now)) if cell}
    return IndicatorLine("key", "指標", cells, **fields)


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (numbers(("2264", "件")), numbers(("2539", "件")), "＋275件"),
        (numbers(("4", "者")), numbers(("1", "者")), "−3者"),
        (numbers(("0", "件")), numbers(("0", "件")), "±0件"),
        (numbers(("6", "件"), ("8", "名")), numbers(("7", "件"), ("6", "名")), "＋1件、−2名"),
        (numbers(("6", "件")), numbers(("6", "件"), ("8", "名")), "－"),
        (numbers(("6", "件")), numbers(("6", "名")), "－"),
        (numbers(("6", "名"), cumulative=True), numbers(("6", "名")), "－"),
        (words("随時"), numbers(("6", "名")), "－"),
        (None, numbers(("6", "名")), "－"),
        (numbers(("1.5", "％")), numbers(("1.25", "％")), "−0.25％"),
    ],
)
def test_a_change_is_told_only_between_numbers_of_the_same_kind(before, now, said):
    assert wording.change(line(before, now), YEAR) == said


def test_only_two_single_numbers_make_a_card():
    assert wording.pair(line(numbers(("4", "者")), numbers(("1", "者"))), YEAR).now == 1
    assert (
        wording.pair(line(numbers(("6", "件"), ("8", "名")), numbers(("6", "件"), ("8", "名"))), YEAR) is None
    )
    place = Cell("みなと 3回", CellKind.NUMBERS, (Part(Decimal(3), "回", label="みなと"),))
    assert wording.pair(line(place, numbers(("3", "回"))), YEAR) is None


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ("2264", "2539", "前年度より275件増（＋12.1％）"),
        ("4", "1", "前年度より3件減（−75.0％）"),
        ("0", "3", "前年度より3件増"),
        ("3", "3", "前年度と同じ"),
        ("1000", "1001", "前年度より1件増（＋0.1％）"),
        ("2000", "2001", "前年度より1件増（＋0.1％）"),
    ],
)
def test_a_rate_is_rounded_half_up_and_needs_a_base(before, now, said):
    both = wording.pair(line(numbers((before, "件")), numbers((now, "件"))), YEAR)
    assert wording.against_before(both) == said


def test_not_measured_and_words_are_printed_as_such():
    not_measured = Cell("‐", CellKind.NOT_MEASURED)
    assert [wording.printed(cell) for cell in (None, not_measured, words("随時"))] == ["－", "－", "随時"]
    provisional = replace(numbers(("3100", "人")), provisional=True)
    assert wording.printed(provisional) == "3,100人（暫定値）"
    assert wording.printed(replace(provisional, raw="3,100人（暫定）")) == "3,100人（暫定）"


def test_years_without_era_unless_the_era_changed():
    assert wording.short_years(2023) == ("4年度", "5年度")
    assert wording.short_years(2019) == ("平成30年度", "令和元年度")


@pytest.mark.parametrize("title", ["令和5年度施策の実施状況", "令和５年度　施策の実施状況", "施策の実施状況"])
def test_the_year_is_not_said_twice(title):
    assert wording.title(report(title=title)) == "施策の実施状況"


@given(st.integers(min_value=0, max_value=10**15))
def test_thousands_lose_nothing(amount):
    assert Decimal(wording.in_thousands(amount).replace(",", "")) * 1000 == amount


def test_repeats_are_named_once():
    again = entry(1, "事業", is_repeat=True, list_name="事業(再掲)")
    assert wording.list_name(again) == "事業(再掲)"
    assert wording.page_name(again) == "事業（再掲）"


def test_the_index_is_by_reading_only_when_all_have_one():
    first, second = entry(1, "木工", reading="もっこう"), entry(2, "水産", reading="すいさん")
    both = report(section(first, second), section(replace(first, is_repeat=True, number=1), code="p2"))
    assert [(one.name, one.places) for one in wording.index(both)] == [
        ("水産", ((0, 1),)),
        ("木工", ((0, 0), (1, 0))),
    ]
    some = report(section(first, replace(second, reading="")))
    assert [one.name for one in wording.index(some)] == ["木工", "水産"]
    assert [wording.kana_row(text) for text in ("あお", "がく", "ぽい", "DX", "")] == [
        "あ",
        "か",
        "は",
        "他",
        "他",
    ]


def test_the_index_begins_with_a_kana_and_ends_with_what_has_no_kana():
    names = {"21世紀事業": "21せいき", "ＵＩＪターン事業": "ゆーあいじぇいたーん", "青森事業": "あおもり"}
    rows = [entry(number, name, reading=reading) for number, (name, reading) in enumerate(names.items(), 1)]
    assert [one.name for one in wording.index(report(section(*rows)))] == [
        "青森事業",
        "ＵＩＪターン事業",
        "21世紀事業",
    ]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("ＵＩＪターン人材（県外）", "ゆーあいじぇいたーんじんざいけんがい"),
        ("「価値・魅力」発信", "かちみりょくはっしん"),
    ],
)
def test_a_name_is_read_without_its_brackets_and_letters_by_their_names(name, read):
    assert reading(name) == read


def test_chapters_are_numbered_where_the_first_of_the_policies_is_not_the_first():
    before = (Chapter("a", "はじめに"), Chapter("b", "要約"))
    plain = report(section(entry(1, "事業")), before=before)
    assert (wording.policies_title(plain), wording.chapter_number(plain, 0)) == ("", "")
    numbered = replace(plain, first_chapter=2, title="施策の実施状況")
    assert wording.policies_title(numbered) == "（２）施策の実施状況"
    assert [wording.chapter_number(numbered, place) for place in (0, 1)] == ["", "（１）"]
    data = payload(numbered)
    assert [chapter["title"] for chapter in data["before"]] == ["はじめに", "（１）要約"]


def test_a_name_folds_where_its_record_says():
    one = entry(1, "中小企業者等LPガス・特別高圧電気", breaks="中小企業者等LPガス・|特別高圧電気")
    data = payload(report(section(one, replace(one, is_repeat=True), replace(one, breaks="他の|名前"))))
    pieces = [row["pieces"] for row in data["sections"][0]["entries"]]
    assert pieces[0] == ["中小企業者等LPガス・", "特別高圧電気", ""]
    assert pieces[1] == ["中小企業者等LPガス・", "特別高圧電気", "（再掲）"]
    assert pieces[2] == ["中小企業者等LPガス・特別高圧電気"]


def test_bars_are_never_longer_than_the_longest_nor_hidden():
    for part in payload(believable())["sections"]:
        lengths = [row["bar"] for row in part["entries"]]
        assert max(lengths) == 1000
        assert all(8 <= length <= 1000 for length in lengths if length)


def test_a_heading_breaks_between_words_and_loses_nothing():
    pieces = measures.phrases("中小企業振興施策実施状況及び事例紹介")
    assert pieces == ["中小企業", "振興施策実施状況及び", "事例紹介"]
    assert "".join(measures.phrases("あ" * 100)) == "あ" * 100


@given(st.text(), st.integers(min_value=1, max_value=5))
def test_a_column_stays_between_its_limits(text, least):
    assert least <= measures.widest([text], least, 12) <= 12


def test_the_sums_stay_whatever_the_order():
    whole = believable()
    turned = replace(
        whole,
        sections=tuple(replace(part, entries=part.entries[::-1]) for part in whole.sections[::-1]),
    )
    assert (turned.listed_sum_yen, turned.once_sum_yen) == (whole.listed_sum_yen, whole.once_sum_yen)
    assert {part.own_sum_yen for part in turned.sections} == {part.own_sum_yen for part in whole.sections}
