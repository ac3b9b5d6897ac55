"""An annual report read twice: what was keyed apart from the pack holds to the text, and the pack to it.

The text of the report is no part of the project; MADOGUCHI_SOURCES names its folder where there is one."""

import os
import sys
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from tests.house.places import ROOT
from tests.results import check_source
from tests.results.oracle import changes
from tests.results.oracle.itself import itself_problems, repeat_problems
from tests.results.oracle.pack import (
    Pack,
    Results,
    code,
    listed_project_problems,
    listed_row_problems,
    listing_problems,
    load_pack,
    printed_problems,
    result_problems,
    row_problems,
    slug,
)
from tests.results.oracle.tables import PLACE, Oracle, Place, load, plain, whole
from tests.results.oracle.text import differences, expectations, file_problems, text_problems

REPORT, INVENTED = load("report_2023"), load("invented")
AOMORI = ROOT / "packs" / "aomori"
# Pages whose cost is the sum of the amounts (千円) of the last year in these rows.
COSTS_IN_ROWS = {
    "②-4": [2], "②-5": [1], "②-6": [2], "②-7": [2], "②-8": [3, 4], "②-9": [2, 3], "②-10": [2],
    "③-3": [1, 2], "③-4": [1], "③-5": [1], "③-6": [1],
}  # fmt: skip


@cache
def source(oracle: str) -> bytes:
    """The document of an oracle, or a loud skip."""
    if oracle == "invented":
        return (PLACE / "invented.txt").read_bytes()
    folder = os.environ.get("MADOGUCHI_SOURCES")
    if not folder:
        pytest.skip("NOT CHECKED against the text: MADOGUCHI_SOURCES names no folder")
    return next(Path(folder).glob("001_*.txt")).read_bytes()


@cache
def pack(oracle: str) -> Pack:
    return changes.written(INVENTED) if oracle == "invented" else load_pack(AOMORI)


both = pytest.mark.parametrize(
    ("name", "oracle"),
    [
        pytest.param("invented", INVENTED, id="invented"),
        pytest.param("report_2023", REPORT, id="report_2023"),
    ],
)


def amounts(place: Place, row: int, unit: str, year: str = "2023") -> list[int]:
    return [
        whole(token.printed)
        for token in REPORT.rows(place)[row - 1]
        if (token.what, token.unit, token.year) == ("value", unit, year)
    ]


@both
def test_what_was_keyed_agrees_with_itself(name, oracle):
    assert itself_problems(oracle) == []


def test_the_whole_report_was_keyed():
    assert Counter(place.mark for place in REPORT.lists) == {
        "①": 37, "②": 28, "③": 6, "④": 16, "⑤": 9, "⑥⑦": 12, "⑧": 11,
    }  # fmt: skip
    assert len(REPORT.originals) == 107
    assert len({(token.place, token.row) for token in REPORT.tokens}) == 339
    kinds = Counter(token.what for token in REPORT.tokens)
    assert kinds == {"value": 680, "not_measured": 31, "date": 21, "name": 6, "words": 4}


@pytest.mark.parametrize("name", COSTS_IN_ROWS)
def test_a_subsidy_costs_what_its_rows_paid(name):
    place = Place.named(name)
    paid = sum(sum(amounts(place, row, "千円")) for row in COSTS_IN_ROWS[name])
    assert paid == whole(REPORT.page(place).cost)


@pytest.mark.parametrize("year", ["2022", "2023"])
@pytest.mark.parametrize("unit", ["件", "千円"])
def test_the_kinds_of_loans_add_up_to_their_total(unit, year):
    loans = Place("③", 1)
    rows = [sum(amounts(loans, row, unit, year)) for row in range(1, 6)]
    assert [sum(rows)] == amounts(loans, 6, unit, year)


@pytest.mark.parametrize("year", ["2022", "2023"])
def test_the_places_of_the_job_fair_add_up_to_its_total(year):
    *places, total = amounts(Place("①", 6), 1, "名", year)
    assert sum(places) == total


@both
def test_each_number_stands_on_its_line(name, oracle):
    content = source(name)
    assert file_problems(oracle, content) == []
    assert text_problems(oracle, content.decode("utf-8")) == []


@both
def test_each_digit_that_changes_in_the_text_is_named(name, oracle):
    lines = source(name).decode("utf-8").split("\n")
    changed = 0
    for number, expected in expectations(oracle).items():
        line = lines[number - 1]
        for position, one in enumerate(expected):
            for other in changes.texts_changed(line, position):
                changed += 1
                problems = differences(expected, other, f"line {number}")
                assert any(one.name in problem and f"line {number}" in problem for problem in problems)
    assert changed >= sum(len(plain(one.item)) for ones in expectations(oracle).values() for one in ones) / 2
    sys.stdout.write(f"{name}: {changed} changed digits of the text were named\n")


def test_a_number_that_nobody_keyed_is_named():
    text = source("invented").decode("utf-8").replace("\n\n 出店者数", "\n9者\n 出店者数")
    assert text_problems(INVENTED, text) == ["line 25: nobody keyed ['9']"]


@pytest.mark.parametrize(
    ("printed", "other", "named"),
    [
        ("延べ 48者", "48者", "①-1 row 1 2022"),
        ("12件", "12名", "①-1 row 2 2023"),
        ("参加者数 - ", "参加者数 0 ", "①-1 row 2 2022"),
        ("随時", "未定", "①-2 row 1 2022"),
        ("2件・500千円 ―", "― 2件・500千円", "①-3 row 2 2022"),
        ("４年度 ５年度", "５年度 ４年度", "the table's years"),
        ("1,250 ○ 商工課 7", "1,250 商工課 7", "①-1 marks"),
        ("掲）", "載）", "⑥⑦-1 repeat"),
    ],
)
def test_other_words_in_the_text_are_named(printed, other, named):
    text = source("invented").decode("utf-8")
    assert printed in text
    assert any(named in problem for problem in text_problems(INVENTED, text.replace(printed, other, 1)))


def test_the_command_reads_a_document_again(tmp_path, capsys):
    right, wrong = PLACE / "invented.txt", tmp_path / "wrong.txt"
    wrong.write_text(right.read_text(encoding="utf-8").replace("12件", "13件", 1), encoding="utf-8")
    assert check_source.main(["--oracle", "invented", "--source", str(right)]) == 0
    assert check_source.main(["--oracle", "invented", "--source", str(wrong)]) == 1
    told = capsys.readouterr().out
    assert "SHA-256" in told
    assert "①-1 row 2 2023 (line 28): keyed 12, there stands 13" in told


@both
def test_the_pack_lists_what_was_keyed(name, oracle):
    assert listing_problems(oracle, pack(name)) == []


@both
def test_the_packs_results_are_what_was_keyed(name, oracle):
    assert result_problems(oracle, pack(name)) == []


def test_the_packs_rows_read_letter_for_letter_as_printed():
    lines = source("report_2023").decode("utf-8").split("\n")
    assert printed_problems(REPORT, pack("report_2023"), lines) == []


def test_a_letter_that_is_not_printed_is_named():
    ours = pack("invented")
    lines = source("invented").decode("utf-8").split("\n")
    named = {"name": "売上げ", "values": {"2022": "1,010千円", "2023": "987千円"}, "lines": "98"}
    for name, told in (("売上げ", []), ("売り上げ", ["⑥⑦-2 row 1 (line 98): not as printed in り"])):
        other = replace(ours, results={"p-⑥⑦-2": [Results("policy-67", [named | {"name": name}])]})
        assert printed_problems(INVENTED, other, lines) == told


@both
def test_each_digit_that_changes_in_a_listing_is_named(name, oracle):
    ours = pack(name)
    for place, keyed in oracle.lists.items():
        row = ours.listings[code(place.mark)]["rows"][place.number - 1]
        for key in ("printed_cost_thousand_yen", "page"):
            for number in changes.digits_changed(row[key]):
                assert f"{place} " in listed_row_problems(keyed, row | {key: number})[0]
        project = slug(ours, place)
        for number in changes.digits_changed(ours.projects[project]["cost_thousand_yen"]):
            other = replace(ours, projects={project: {"cost_thousand_yen": number}})
            assert f"{place} " in listed_project_problems(oracle, other, place)[0]
    for mark in oracle.subtotals:
        listing = ours.listings[code(mark)]
        for number in changes.digits_changed(listing["stated_subtotal_thousand_yen"]):
            changed = {code(mark): listing | {"stated_subtotal_thousand_yen": number}}
            other = replace(ours, listings=ours.listings | changed)
            assert f"{mark} subtotal" in listing_problems(oracle, other)[0]


@both
def test_each_digit_that_changes_in_the_packs_results_is_named(name, oracle):
    ours = pack(name)
    changed, numbers = 0, set()
    for place in (row.place for row in oracle.originals):
        indicators = ours.results[slug(ours, place)][0].indicators
        for row, indicator in zip(oracle.rows(place), indicators, strict=True):
            for change in changes.indicators_changed(row, indicator):
                changed += 1
                numbers.add(change.token)
                problems = row_problems(row, change.indicator)
                assert any(str(change.token) in problem for problem in problems), change
    assert numbers == numbers_of_originals(oracle)
    sys.stdout.write(f"{name}: {changed} changed digits of {len(numbers)} numbers in the pack were named\n")


def numbers_of_originals(oracle: Oracle) -> set:
    places = {row.place for row in oracle.originals}
    return {t for t in oracle.tokens if t.place in places and t.what in ("value", "date")}


@both
def test_each_digit_that_changes_in_a_repeat_is_named(name, oracle):
    repeats = {place for place, row in oracle.lists.items() if row.same_as}
    numbers = [t for t in oracle.tokens if t.place in repeats and t.what in ("value", "date")]
    assert len(numbers) == {"invented": 4, "report_2023": 84}[name]
    for token in numbers:
        for other in changes.oracles_changed(oracle, token):
            assert any(str(token) in problem for problem in repeat_problems(other))


@pytest.mark.parametrize(
    ("place", "row", "changed", "named"),
    [
        ("①-1", 1, {"values": {"2022": "48者", "2023": "延べ 1,053者"}}, "①-1 row 1 2022"),
        ("①-1", 1, {"values": {"2022": "延べ 48名", "2023": "延べ 1,053者"}}, "①-1 row 1 2022"),
        ("①-1", 1, {"values": {"2022": "延べ 1,053者", "2023": "延べ 48者"}}, "①-1 row 1 2022"),
        ("①-1", 1, {"counting": "each"}, "①-1 row 1"),
        ("①-1", 2, {"values": {"2022": "0件", "2023": "12件 (30名)"}}, "①-1 row 2 2022"),
        ("①-1", 2, {"values": {"2022": "-", "2023": "12件"}}, "①-1 row 2 2023"),
        ("①-1", 2, {"values": {"2023": "12件 (30名)"}}, "①-1 row 2"),
        ("①-3", 1, {"values": {"2023": "19店舗 (R4.6～)"}, "undated": "19店舗 (R4.6～)"}, "①-3 row 1"),
        ("①-3", 2, {"lines": "61"}, "①-3 row 2"),
    ],
)
def test_other_words_in_the_pack_are_named(place, row, changed, named):
    keyed = INVENTED.rows(Place.named(place))[row - 1]
    indicator = pack("invented").results[f"p-{place}"][0].indicators[row - 1]
    assert row_problems(keyed, indicator) == []
    assert named in row_problems(keyed, indicator | changed)[0]


@pytest.mark.parametrize(
    ("file", "rows", "told"),
    [
        (None, 2, "①-1: its results stand in []"),
        ("policy-67", 2, "①-1: its results stand in ['policy-67']"),
        ("policy-1", 1, "①-1: keyed 2 rows, the pack has 1"),
    ],
)
def test_results_that_are_missing_misplaced_or_too_few_are_named(file, rows, told):
    ours = pack("invented")
    indicators = ours.results["p-①-1"][0].indicators[:rows]
    found = {"p-①-1": [Results(file, indicators)] if file else []}
    assert result_problems(INVENTED, replace(ours, results=ours.results | found)) == [told]


def test_results_that_no_list_names_are_named():
    ours = pack("invented")
    strange = replace(ours, results=ours.results | {"strange": []})
    assert result_problems(INVENTED, strange) == ["strange: results of a project that no list names"]
