"""Five made-up reports, each laid out in its own way, read with the general words alone."""

from madoguchi.importers.annual_report.as_json import as_json
from madoguchi.importers.annual_report.layout import general
from madoguchi.importers.annual_report.reading import read_report
from madoguchi.importers.documents.reading import read_bytes
from tests.importers.pdf import of_parts
from tests.importers.reports import indicators, report, rows, sentences, sums


def test_a_list_without_numbers_whose_unit_comes_first_is_read_in_ten_thousand_yen():
    assert rows(report("kaede")) == {
        "1": [
            (1, "若手技能者育成事業", 12_500, False, "人材政策課"),
            (2, "ものづくり体験教室開催事業", 3_200, True, "人材政策課"),
            (3, "かえで働きやすい職場づくり推進事業", 24_000, False, "働き方支援室"),
            (4, "高校生インターンシップ支援事業（県立学校分）", 850, False, "教育政策課"),
        ],
        "2": [
            (1, "商工会等指導事業費補助", 980_000, False, "商工支援課"),
            (2, "価格転嫁サポート事業", 15_000, True, "商工支援課"),
        ],
    }
    assert sums(report("kaede")) == [("1", 40_550, 40_550), ("2", 995_000, 995_000)]


def test_a_column_of_units_and_three_western_years_are_understood():
    found = indicators(report("kaede"))
    assert found["若手技能者育成事業"] == {
        "研修の受講者数（延べ）": {"2021": "280", "2022": "311", "2023": "340"},
        "技能検定の合格者数": {"2021": "45", "2022": "52", "2023": "－"},
        "合格率": {"2021": "61.5", "2022": "64.0", "2023": "66.2"},
    }
    assert "高校生インターンシップ支援事業（県立学校分）" not in found
    rate = as_json(report("kaede"))["policies"][0]["programmes"][0]["indicators"][2]["values"]["2023"]
    assert [(part["number"], part["unit"]) for part in rate["parts"]] == [(66.2, "%")]


def test_headings_between_caption_and_list_are_policies_and_the_contents_are_not():
    assert rows(report("tsubame")) == {
        "Ⅰ": [
            (1, "つばめスタートアップ応援事業", 12_340, False, "新産業課"),
            (2, "学生起業チャレンジ事業", 1_980, True, "新産業課"),
            (3, "研究開発型企業連携促進事業費補助金", 45_600, False, "ものづくり課"),
        ],
        "Ⅱ": [
            (4, "首都圏アンテナショップ運営事業", 38_215, False, "物産課"),
            (5, "ＥＣ販売強化事業", 7_440, True, "物産課"),
            (6, "学生起業チャレンジ事業（再掲）", 1_980, False, "新産業課"),
        ],
    }


def test_targets_beside_results_are_not_taken_for_them():
    found = indicators(report("tsubame"))
    assert found["つばめスタートアップ応援事業"] == {
        "講座の受講者": {"2021": "82人", "2022": "104人"},
        "県内での創業件数": {"2021": "11件", "2022": "9件"},
    }
    assert found["研究開発型企業連携促進事業費補助金"] == {
        "交付件数・交付額": {"2021": "3件 38,000千円", "2022": "4件 45,600千円"}
    }
    assert found["ＥＣ販売強化事業"]["出店後の相談受付"] == {"2021": "随時", "2022": "随時"}


def test_a_sum_that_is_wrong_is_named_with_its_line():
    assert sums(report("tsubame")) == [("Ⅰ", 59_920, 59_920), ("Ⅱ", 47_653, 47_635)]
    assert sentences(report("tsubame"), "subtotal") == [
        "Ⅱの小計は 47,653千円とありますが、行の合計は 47,635千円です。（23行目）"
    ]


def test_a_report_without_lists_is_read_from_its_pages():
    assert rows(report("yamabuki")) == {
        "1": [
            (1, "事業承継相談窓口設置事業", 4812.5, False, "経済振興課"),
            (2, "後継者育成塾", 1204, False, "経済振興課"),
        ],
        "2": [
            (1, "空き店舗活用補助金", 9870, False, "商業にぎわい課"),
            (2, "まちなかイベント支援事業", 2300, False, "商業にぎわい課"),
        ],
    }
    assert indicators(report("yamabuki"))["空き店舗活用補助金"] == {
        "補助件数": {"2018": "8件", "2019": "5件"},
        "空き店舗率": {"2018": "14.2％", "2019": "13.8％"},
    }


def test_cells_that_each_stand_on_a_line_of_their_own_are_put_together_again():
    assert rows(report("hinata")) == {
        "①": [
            (1, "制度融資預託金", 12_500_000, False, "金融課"),
            (2, "信用保証料補助事業", 310_500, True, "金融課"),
        ],
        "②": [
            (1, "海外見本市出展支援事業", 24_000, False, "国際経済課"),
            (2, "外国人材受入環境整備事業", 8_200, False, "国際経済課 雇用政策課"),
        ],
    }
    found = indicators(report("hinata"))
    assert found["制度融資預託金"]["新規融資額"] == {"2016": "10,420百万円", "2017": "9,870百万円"}
    assert found["信用保証料補助事業"] == {"補助件数": {"2016": "-", "2017": "812件"}}


def test_a_name_that_goes_on_below_its_row_is_rejoined():
    assert rows(report("suzukaze"))["1"] == [
        (1, "小規模事業者持続化補助金", 61_250, False, "経営支援課"),
        (2, "デジタル化専門家派遣事業費", 14_800, True, "デジタル推進課"),
        (3, "地域企業共同システム導入促進モデル事業", 7_950, False, "経営支援課"),
    ]
    assert sums(report("suzukaze")) == [("1", 84_000, 84_000), ("2", 5_495, 5_495)]
    found = indicators(report("suzukaze"))
    assert found["デジタル化専門家派遣事業費"]["派遣回数"] == {
        "2020": "－",
        "2021": "－",
        "2022": "延べ210回",
    }
    assert found["奨学金返還支援制度"]["認定者数"]["2022"] == "51人（暫定値）"


def test_importing_twice_gives_the_same():
    first = report("kaede")
    report.cache_clear()
    assert report("kaede") == first


def test_a_draft_says_where_it_was_read_and_how_surely():
    row = report("kaede").policies[0].programmes[3]
    assert row.name.lines == (16, 17)
    assert row.name.confidence < 1
    assert row.number.reason == "番号がないので、順に数えました。"
    assert row.page is not None
    assert row.page.overview is not None
    assert row.page.overview.value == "高校生の職業観を育てる。"
    assert row.page.results is not None
    assert row.page.results.value == "県立高校14校で実施した。"


def test_a_ruled_pdf_is_read_with_its_empty_cells():
    draft = read_report(read_bytes("report.pdf", of_parts(_PDF)), general())
    assert rows(draft) == {
        "1": [
            (1, "創業支援事業", 1200, True, "創業課"),
            (2, "地域産品の販路を広げる事業", 3400, False, "物産課"),
        ]
    }
    assert sums(draft) == [("1", 4600, 4600)]
    assert indicators(draft) == {
        "創業支援事業": {"創業件数": {"2023": "12件"}, "相談件数": {"2022": "80件", "2023": "95件"}},
        "地域産品の販路を広げる事業": {"商談件数": {"2022": "6件", "2023": "8件"}},
    }


_PDF: list[str | list[list[str]]] = [
    "令和５年度 中小企業振興施策の実施状況",
    "基本方針１ 挑戦を支える",
    "事業一覧（単位：千円）",
    [
        ["番号", "事業名", "決算額", "新規", "担当課"],
        ["1", "創業支援事業", "1,200", "○", "創業課"],
        ["2", "地域産品の\n販路を広げる事業", "3,400", "", "物産課"],
        ["小計", "", "4,600", "", ""],
    ],
    "創業支援事業",
    "決算額 1,200千円",
    "【事業概要】創業を支える。",
    [
        ["指標名", "令和４年度", "令和５年度"],
        ["創業件数", "", "12件"],
        ["相談件数", "80件", "95件"],
    ],
    "（担当課：創業課）",
    "地域産品の販路を広げる事業",
    "決算額 3,400千円",
    "【事業概要】販路を広げる。",
    [["指標名", "令和４年度", "令和５年度"], ["商談件数", "6件", "8件"]],
    "（担当課：物産課）",
]
