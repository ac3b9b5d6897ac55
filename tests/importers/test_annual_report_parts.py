"""The hard parts of reports, each in the least text that shows it."""

import pytest

from tests.importers.reports import indicators, rows, sentences, sums, typed

_HEAD = """令和５年度 実施状況
① 人を育てる

【事業一覧】

No. 事業名
R5事業費
（千円）

R5
新規

担当課等 掲載頁

"""
_LIST = (
    _HEAD
    + """1 ものづくり研修事業 4,789
産業課
（北地域事務所）

24

2
若者の定着と還流をすすめる大きなプロジェク
ト事業

18,658 〇 雇用課 25

3 相談窓口運営事業（再
掲）

590 雇用課
産業課

26

小計 24,037
"""
)


def page(name: str, table: str, cost: str = "4,789千円") -> str:
    return f""" {name}
事業費 {cost}

１

【 事業概要 】 【 事業実績 】

研修を行い、人を育てる。

研修を３回開催し、県内の企業から４２

名が参加した。

項目名 ４年度 ５年度

{table}
（担当課：産業課 人材グループ（北地域事務所））
"""


def table(text: str) -> dict[str, dict[str, str]]:
    return indicators(typed(_LIST + page("ものづくり研修事業", text)))["ものづくり研修事業"]


def test_names_and_units_that_were_broken_over_lines_are_rejoined():
    assert rows(typed(_LIST))["①"] == [
        (1, "ものづくり研修事業", 4789, False, "産業課（北地域事務所）"),
        (2, "若者の定着と還流をすすめる大きなプロジェクト事業", 18658, True, "雇用課"),
        (3, "相談窓口運営事業（再掲）", 590, False, "雇用課 産業課"),
    ]
    assert [row.is_repeat for row in typed(_LIST).policies[0].programmes] == [False, False, True]
    assert [row.listed_page for row in typed(_LIST).policies[0].programmes] == [24, 25, 26]
    assert sums(typed(_LIST)) == [("①", 24037, 24037)]


def test_a_list_of_two_policies_says_which_only_where_both_are_ticked():
    text = """⑥ 受注の機会を増やすこと

 ⑦ 販路を開くこと

【事業一覧】

⑥ ⑦

○ 1 取引推進事業 9,236 産業課 99

○ ○ 2 販路拡大事業 19,621 物産課 99

○ 3
食品の商品づくりを応援する事業
(再掲)

3,430 ○ 物産課 100

小計 32,287

担当課等 掲載頁
基本方針
No. 事業名
R5事業費
（千円）
"""
    draft = typed(text)
    assert sums(draft) == [("⑥⑦", 32287, 32287)]
    assert [row.policies for row in draft.policies[0].programmes] == [None, ("⑥", "⑦"), None]
    assert rows(draft)["⑥⑦"][2] == (3, "食品の商品づくりを応援する事業(再掲)", 3430, True, "物産課")


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("参加者数 22名 14名\n", {"2022": "22名", "2023": "14名"}),
        ("参加者数 延べ 13名 延べ 21名\n", {"2022": "延べ 13名", "2023": "延べ 21名"}),
        ("参加者数 77.4% 78.4   %\n", {"2022": "77.4%", "2023": "78.4 %"}),
        ("参加者数 -\n6件\n\n8名\n", {"2022": "-", "2023": "6件 8名"}),
        ("参加者数\n‐\n\n2回\n\n2者\n", {"2022": "‐", "2023": "2回 2者"}),
        (
            "参加者数\n10件\n\n113,500千円\n-\n",
            {"2022": "10件 113,500千円", "2023": "-"},
        ),
        (
            "参加者数\n\n651件\n\n6,897千円\n\n668件\n\n6,548千円\n",
            {"2022": "651件 6,897千円", "2023": "668件 6,548千円"},
        ),
        (
            "参加者数\n\n188者(R4.6)\n\n181者(R4.11)\n177者\n",
            {"2022": "188者(R4.6) 181者(R4.11)", "2023": "177者"},
        ),
        (
            "参加者数\n1,044者\n\n(12,625台)\n\n1,261者\n\n(13,047台)\n",
            {"2022": "1,044者 (12,625台)", "2023": "1,261者 (13,047台)"},
        ),
        (
            "参加者数\n\n1,000名\n\n(8月～10月)\n\n255名\n\n(8月～10月)\n",
            {"2022": "1,000名 (8月～10月)", "2023": "255名 (8月～10月)"},
        ),
        ("参加者数\n\n   147者\n\n(R4.6～)\n", {"2022-2023": "147者 (R4.6～)"}),
        ("参加者数 18名・5名 13名・7名\n", {"2022": "18名・5名", "2023": "13名・7名"}),
        ("参加者数 2件・500千円 0件\n", {"2022": "2件・500千円", "2023": "0件"}),
        ("参加者数 随時 随時\n", {"2022": "随時", "2023": "随時"}),
    ],
)
def test_values_go_to_their_years(text, values):
    assert table(text) == {"参加者数": values}


def test_names_over_several_lines_keep_their_brackets():
    text = """「応援企業」登録
企業数
(R5の登録者数 R6.2.29現
在)

802者 734者

出前講座の聴講者
（北高校、南高校）
87名 423名

 計
1,574件

17,408千円

1,821件

24,109千円
"""
    assert table(text) == {
        "「応援企業」登録企業数(R5の登録者数 R6.2.29現在)": {"2022": "802者", "2023": "734者"},
        "出前講座の聴講者（北高校、南高校）": {"2022": "87名", "2023": "423名"},
        "計": {"2022": "1,574件 17,408千円", "2023": "1,821件 24,109千円"},
    }


def test_cells_broken_down_by_places_end_with_their_totals():
    text = """参加者数

【R6.3卒対象】

R5年3月

東・西会場

77名

※別日程（3月：3日間延べ54名）

【R7.3卒対象】

R6年3月

東会場 10名

   計   延べ 131名   計   延べ 10名
"""
    assert table(text) == {
        "参加者数": {
            "2022": "【R6.3卒対象】 R5年3月 東・西会場 77名 ※別日程（3月：3日間延べ54名） 計 延べ 131名",
            "2023": "【R7.3卒対象】 R6年3月 東会場 10名 計 延べ 10名",
        }
    }


def test_a_page_that_contradicts_its_row_is_named():
    draft = typed(_LIST + page("ものづくり研修費", "参加者数 40名 40名\n", cost="4,798千円"))
    assert sentences(draft, "name") == []
    draft = typed(_LIST + page("ものづくり研修事業費", "研修参加者数 40名 40名\n"))
    assert sentences(draft, "name") == [
        "名前が違います。一覧は「ものづくり研修事業」、ページは「ものづくり研修事業費」です。（15・36行目）"
    ]
    draft = typed(_LIST + page("ものづくり研修事業", "参加者数 40名 40名\n", cost="4,798千円"))
    assert sentences(draft, "cost") == [
        "「ものづくり研修事業」の金額が違います。一覧は 4,789千円、ページは 4,798千円です。（15・37行目）"
    ]


def test_a_count_in_the_text_that_differs_from_the_table_is_named():
    told = page("ものづくり研修事業", "技能講習会修了者数 40名 40名\n").replace(
        "研修を３回開催し、県内の企業から４２\n\n名が参加した。", "技能講習会（４２名受講）を実施した。"
    )
    assert sentences(typed(_LIST + told), "narrative") == [
        "「技能講習会修了者数」について、文では 42名、表では 40名 です。（45・49行目）"
    ]


def test_a_repeat_that_says_something_else_is_named():
    again = _LIST.replace("① 人を育てる", "② 経営を支える").replace("18,658 〇", "18,685 〇")
    draft = typed(_LIST + again)
    assert sentences(draft, "repeat_cost") == [
        "「若者の定着と還流をすすめる大きなプロジェクト事業」の金額が、前の掲載と違います。（22・57行目）"
    ]
    assert len(sentences(draft, "repeat_unmarked")) == 2
