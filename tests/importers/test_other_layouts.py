"""Seven more made-up reports: policies within the list, Markdown, broken headings, lists without costs."""

import pytest

from madoguchi.importers.documents.reading import read
from madoguchi.importers.kinds import DocumentKind, kind_of
from tests.importers.reports import PLACE, indicators, report, rows, sums

_SUMS = {
    "akane": [("Ⅰ", 435_720, 435_720), ("Ⅱ", 26_130, 26_130)],
    "midori": [("1", 39_800, 39_800)],
    "shirayuki": [("1", 34_500, 34_500), ("2", 7_700, 7_700)],
    "tsukimi": [("Ⅰ", None, 159_000), ("Ⅱ", None, 12_000)],
    "hamanasu": [("1", 260_810, 260_810), ("2", 3_100, 3_100)],
    "komakusa": [("Ⅰ", None, 46_204_500), ("Ⅱ", None, 18_200)],
    "asagiri": [("A", 22_300, 22_300), ("B", 4_550, 4_550)],
}


@pytest.mark.parametrize("name", _SUMS)
def test_policies_and_sums_are_found(name):
    assert sums(report(name)) == _SUMS[name]
    assert kind_of(read(PLACE / f"{name}.txt")) in (DocumentKind.ANNUAL_REPORT, None)


def test_policies_that_stand_within_the_list_part_it():
    assert rows(report("akane")) == {
        "Ⅰ": [
            (1, "経営力強化伴走支援事業", 8_420, True, "経営支援課"),
            (2, "小規模事業者支援事業費補助金", 412_300, False, "経営支援課"),
            (3, "商工会館耐震化促進事業", 15_000, False, "商工政策課"),
        ],
        "Ⅱ": [
            (1, "若者県内就職促進事業", 22_150, False, "労働雇用課"),
            (2, "外国人材活躍推進事業", 3_980, False, "労働雇用課"),
        ],
    }


def test_two_parts_of_an_overview_make_one_project():
    found = indicators(report("akane"))
    assert len(found) == 3
    assert found["若者県内就職促進事業"] == {
        "説明会参加者数": {"2021": "延べ320人", "2022": "延べ410人", "2023": "延べ502人"}
    }


def test_the_tables_of_markdown_keep_their_empty_cells():
    assert indicators(report("midori"))["みどりスタートアップ拠点運営事業"] == {
        "入居企業数": {"2022": "12社", "2023": "15社"},
        "相談件数": {"2022": "340件"},
    }


def test_years_written_twice_and_base_values_are_told_apart():
    assert indicators(report("shirayuki")) == {
        "しらゆき物産フェア開催事業": {
            "出展者数": {"2022": "41者", "2023": "48者"},
            "売上額": {"2022": "15,320千円", "2023": "18,204千円"},
        },
        "海外展開トライアル支援事業費補助": {"補助件数": {"2022": "5件", "2023": "6件"}},
        "事業承継ネットワーク事業": {
            "承継診断件数": {"2022": "1,204件", "2023": "1,311件"},
            "承継完了件数": {"2022": "18件", "2023": "－"},
        },
    }
    assert [row[0] for row in rows(report("shirayuki"))["1"]] == [101, 102, 103]


def test_indicators_that_are_told_in_a_line_of_text_are_read():
    assert indicators(report("tsukimi"))["技術開発支援事業"] == {
        "採択件数": {"2022": "6件", "2023": "7件"},
        "特許出願件数": {"2022": "2件", "2023": "－"},
    }
    assert rows(report("tsukimi"))["Ⅰ"][2] == (3, "職人後継者育成事業", 4_000, True, "工業振興課")


def test_headings_broken_over_lines_and_pages_are_rejoined():
    assert rows(report("hamanasu"))["1"] == [
        (1, "はまなす人材バンク運営事業", 12_000, False, "雇用政策室"),
        (2, "高度外国人材採用支援事業（県単独）", 8_500, True, "雇用政策室 国際交流課"),
        (3, "職業訓練実施費", 240_310, False, "能力開発課"),
        (4, "人材育成セミナー開催費", None, False, "能力開発課"),
    ]
    assert indicators(report("hamanasu"))["職業訓練実施費"] == {
        "入校者数（人）": {"2023": "702", "2024": "688"},
        "就職率（％）": {"2023": "81.2", "2024": "83.0"},
    }


def test_costs_that_only_the_pages_state_are_taken_from_there():
    assert rows(report("komakusa")) == {
        "Ⅰ": [
            (1, "県制度融資", 45_000_000, False, "金融支援課"),
            (2, "小規模事業者経営支援費補助金", 1_204_500, False, "商業支援課"),
        ],
        "Ⅱ": [(1, "航空機産業参入支援事業", 18_200, True, "ものづくり推進課")],
    }


def test_a_list_that_begins_with_the_cost_is_read():
    assert rows(report("asagiri"))["A"] == [
        (1, "生産性向上設備導入補助事業", 12_500, False, "産業技術課"),
        (2, "デジタル人材育成講座開催事業", 9_800, True, "デジタル戦略課"),
    ]
