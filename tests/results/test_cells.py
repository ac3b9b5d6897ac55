"""Cells of indicator tables: numbers, words or "not measured", and nothing is lost."""

import re
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.results.cells import Cell, CellKind, is_misread, read_cell, says_nothing


def seen(raw: str) -> list[tuple]:
    """Number, unit, cumulative, as_of and label of every part."""
    parts = read_cell(raw).parts
    return [(str(part.number), part.unit, part.cumulative, part.as_of, part.label) for part in parts]


def plain(number: str, unit: str = "") -> tuple:
    return number, unit, False, "", ""


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("22名", [plain("22", "名")]),
        ("６件", [plain("6", "件")]),
        ("１，２６１者", [plain("1261", "者")]),
        ("1,158,141", [plain("1158141")]),
        ("2000名", [plain("2000", "名")]),
        ("162,335千円", [plain("162335", "千円")]),
        ("165,551 千円", [plain("165551", "千円")]),
        ("77.4%", [plain("77.4", "%")]),
        ("78.4   %", [plain("78.4", "%")]),
        ("▲3.2％", [plain("-3.2", "%")]),
        ("1億2,000万円", [plain("12000", "万円")]),
        ("0件", [plain("0", "件")]),
    ],
)
def test_a_number_keeps_its_unit(raw, expected):
    assert seen(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("6件 8名", [plain("6", "件"), plain("8", "名")]),
        ("18名・5名", [plain("18", "名"), plain("5", "名")]),
        ("2件・500千円", [plain("2", "件"), plain("500", "千円")]),
        ("1,044者 (12,625台)", [plain("1044", "者"), plain("12625", "台")]),
        ("10～15名", [plain("10"), plain("15", "名")]),
        ("10-15名", [plain("10"), plain("15", "名")]),
        ("3/5件", [plain("3"), plain("5", "件")]),
        ("2024/500件", [plain("2024"), plain("500", "件")]),
    ],
)
def test_several_numbers_stand_in_one_cell(raw, expected):
    assert seen(raw) == expected


@pytest.mark.parametrize("raw", ["延べ 13名", "延べ13名", "延13名", "累計 13名", "13名（延べ）"])
def test_a_cumulative_count_is_told_apart(raw):
    assert seen(raw) == [("13", "名", True, "", "")]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("4者(R4.6) 4者(R4.11)", [("4", "者", False, "R4.6", ""), ("4", "者", False, "R4.11", "")]),
        ("147者 (R4.6～)", [("147", "者", False, "R4.6～", "")]),
        ("1,000名 (8月～10月)", [("1000", "名", False, "8月～10月", "")]),
        ("30件（令和６年３月末現在）", [("30", "件", False, "令和６年３月末現在", "")]),
        ("令和5年度 30件", [("30", "件", False, "令和5年度", "")]),
        ("R5年3月500千円", [("500", "千円", False, "R5年3月", "")]),
    ],
)
def test_a_date_says_when_the_number_was_true(raw, expected):
    assert seen(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("前年比 105%", [("105", "%", False, "", "前年比")]),
        ("87名(うち女性 12名)", [plain("87", "名"), ("12", "名", False, "", "うち女性")]),
        ("10件（新規）", [("10", "件", False, "", "新規")]),
        (
            "北 3回 南 2回 計 延べ 5回",
            [("3", "回", False, "", "北"), ("2", "回", False, "", "南"), ("5", "回", True, "", "計")],
        ),
    ],
)
def test_words_say_what_a_number_counts(raw, expected):
    assert seen(raw) == expected


def test_a_cell_of_places_with_a_total_keeps_every_number():
    raw = (
        "【R6.3卒対象】 R5年3月 東会場・西会場 77名 ※別日程（3月：3日間延べ54名、7月：2日間延べ30名） "
        "計 延べ 161名"
    )
    assert [(number, as_of) for number, _, _, as_of, _ in seen(raw)] == [
        ("77", "R5年3月"),
        ("54", "3月"),
        ("30", "7月"),
        ("161", ""),
    ]
    assert [label for *_, label in seen(raw)] == ["R6.3卒対象 東会場・西会場", "別日程 3日間", "2日間", "計"]
    assert [cumulative for _, _, cumulative, _, _ in seen(raw)] == [False, True, True, True]


@pytest.mark.parametrize("raw", ["－", "―", "‐", "-", "ー", "–", " - ", "…", ""])
def test_a_dash_is_not_zero(raw):
    assert read_cell(raw).kind is CellKind.NOT_MEASURED
    assert read_cell(raw).parts == ()
    assert read_cell("0").kind is CellKind.NUMBERS


def test_words_stay_words():
    assert read_cell(" 随時 ") == Cell("随時", CellKind.WORDS)


@pytest.mark.parametrize("raw", ["123名（暫定値）", "暫定値 123名", "123名 ※速報値"])
def test_a_provisional_number_says_so(raw):
    cell = read_cell(raw)
    assert cell.provisional
    assert seen(raw) == [plain("123", "名")]
    assert not read_cell("123名").provisional


def test_the_text_is_kept_as_printed_in_one_line():
    assert read_cell(" ６件\n ８名 ").raw == "６件 ８名"


@given(st.text())
def test_nothing_raises(raw):
    assert read_cell(raw).raw == " ".join(raw.split())


_FRAGMENTS = """22名 延べ 13 件 ・ 、 1,044者 (12,625台) 77.4 % (R4.6) (R4.6～) 8月～10月 R5年3月 計 約 - ― ▲
+ 【R6.3卒】 ( ) （ ） 令和５年度 暫定値 3日間 ： ※注 １２ 2024 うち 第 位 / 500千円 億 万 . ,"""
_PIECES = st.sampled_from(_FRAGMENTS.split())


@given(st.lists(_PIECES, max_size=12), st.sampled_from([" ", "、", "・", "／"]))
def test_no_number_is_lost(pieces, between):
    raw = between.join(pieces)
    cell = read_cell(raw)
    told = " ".join(f"{part.number} {part.unit} {part.as_of} {part.label}" for part in cell.parts)
    kept = _figures(told if cell.parts else cell.raw)
    assert _figures(re.sub(r"\d+億[\d,]+万", "", unicodedata.normalize("NFKC", raw))) <= kept


def _figures(text: str) -> set[Decimal]:
    """The whole numbers of a text, those after a decimal point apart."""
    joined = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", unicodedata.normalize("NFKC", text))
    return {Decimal(run).normalize() for run in re.findall(r"\d+", joined)}


@pytest.mark.parametrize(
    "raw", ["144.5.6件", "１４４．５．６件", "12,34件", "3,000,00円", "12..5件", "9" * 26]
)
def test_a_figure_that_is_none_is_told_from_one_that_is(raw):
    assert is_misread(read_cell(raw))


@pytest.mark.parametrize(
    "raw",
    [
        "12.5%",
        "1,234.5千円",
        "R4.6.1現在 12件",
        "2023.4.1 5件",
        "6件・8名",
        "10-15名",
        "1億2,000万円",
        "随時",
        "－",
    ],
)
def test_figures_dates_and_words_of_reports_are_no_broken_figures(raw):
    assert not is_misread(read_cell(raw))


def test_words_are_japanese_or_a_mark_of_a_table():
    assert [
        raw for raw in ("abc", "#REF!", "?", "随時", "なし", "○", "－", "3") if says_nothing(read_cell(raw))
    ] == [
        "abc",
        "#REF!",
        "?",
    ]
