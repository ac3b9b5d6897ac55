"""What a file tells is read exactly, and what it cannot tell is named and stays unknown."""

from datetime import date

import polars as pl
import pytest

from madoguchi.eligibility.bulk.reading import Troubles, known_columns, read_table
from tests.eligibility.bulk.worlds import WORDS


def read(columns, *, text=False):
    troubles = Troubles()
    table = read_table(pl.DataFrame(columns), WORDS, troubles, text=text, first_row=100)
    return table.columns, [trouble.message for trouble in troubles]


def numbers(column):
    known = column.known if column.known is not None else [True] * len(column.low)
    return [value if there else None for value, there in zip(column.low.tolist(), known, strict=True)]


def codes(column):
    return [column.meanings[place] for place in column.places]


@pytest.mark.parametrize(
    ("key", "cells", "says"),
    [
        (
            "employees",
            ["5", None],
            "整数の列にしてください。いまの型は String です。はじめの例: 101行目「5」",
        ),
        ("employees", [5.0, None], "いまの型は Float64 です"),
        ("area", [22012, None], "コードの文字の列にしてください。いまの型は Int64 です"),
        ("woman_led", [1, 0], "真偽（Boolean）の列にしてください"),
        ("established_on", [20190401, None], "日付（Date）か、2019-04-01 のような文字の列にしてください"),
        ("intents", ["found", None], "コードの一覧（List(String)）の列にしてください"),
        ("share", [0.09, None], '"9%" のような文字の列にしてください'),
        ("sales_yearly", [100, None], "「sales_yearly.2022」のように期間ごとの整数の列にしてください"),
    ],
)
def test_a_column_of_the_wrong_type_is_named_and_none_of_it_is_used(key, cells, says):
    columns, messages = read({key: cells})

    assert says in messages[0]
    assert messages[0].startswith(f"列「{key}」の ")
    assert key not in columns or codes(columns[key]) == [None, None]


def test_cells_that_nobody_can_mean_are_named_by_row_and_the_others_stay():
    columns, messages = read({"employees": [-3, 5, None, 10**9 + 1], "capital_yen": [10**17, 0, -1, 2**31]})

    assert numbers(columns["employees"]) == [None, 5, None, None]
    assert numbers(columns["capital_yen"]) == [10**17, 0, None, 2**31]
    why = "0以上の数で書いてください。はじめの例: 101行目「-3」"
    assert messages[0] == f"列「employees」の 1 件は使えないので、未確認とします（{why}）。"
    assert "103行目「-1」" in messages[2]


def test_a_number_beyond_64_bits_is_too_large_and_not_something_else():
    columns, messages = read({"capital_yen": pl.Series([2**63, 5], dtype=pl.UInt64)})

    assert numbers(columns["capital_yen"]) == [None, 5]
    assert "数が大きすぎます" in messages[0]


def test_a_signed_figure_may_be_negative():
    columns, messages = read({"profit_yen": [-(2**53) - 1]})

    assert (numbers(columns["profit_yen"]), messages) == ([-(2**53) - 1], [])


def test_unknown_codes_are_named_with_their_rows():
    columns, messages = read(
        {"area": ["022012", "999999", None, "青森市"], "industry": ["e", "ZZ", "3911", ""]}
    )

    assert codes(columns["area"]) == ["022012", None, None, None]
    assert codes(columns["industry"]) == ["E", None, "3911", None]
    assert "知らないコードです。はじめの例: 102行目「999999」、104行目「青森市」" in messages[0]


def test_one_bad_code_leaves_the_whole_set_unknown():
    columns, messages = read({"intents": [["found", "digital"], ["found", "??"], [], None]})

    sets = columns["intents"]
    assert sets.known.tolist() == [True, False, True, False]
    assert sets.holds["found"].tolist() == [True, False, False, False]
    assert "102行目" in messages[0]


def test_days_may_be_known_to_the_month_or_year_only():
    columns, messages = read({"established_on": ["2019-04-01", "2019-02", "2019", None, "2019-02-30"]})

    days = columns["established_on"]
    first = date(1970, 1, 1).toordinal()
    assert date.fromordinal(int(days.low[1]) + first) == date(2019, 2, 1)
    assert date.fromordinal(int(days.high[2]) + first) == date(2019, 12, 31)
    assert days.known.tolist() == [True, True, True, False, False]
    assert "実際にある日付" in messages[0]


def test_a_csv_says_everything_in_words():
    columns, messages = read(
        {
            "employees": ["5", " 12 ", "many", ""],
            "woman_led": ["true", "false", "yes", None],
            "intents": ["found|hire", "hire", None, ""],
            "share": ["9%", "1/3", "x", ""],
        },
        text=True,
    )

    assert numbers(columns["employees"]) == [5, 12, None, None]
    assert codes(columns["woman_led"]) == [True, False, None, None]
    assert columns["intents"].holds["hire"].tolist() == [True, True, False, False]
    assert len(messages) == 3


def test_a_struct_of_figures_falls_apart_by_period():
    columns, _ = read({"sales_yearly": [{"2022": 5, "2023": None}, {"2022": None, "2023": 7}]})

    assert numbers(columns["sales_yearly.2022"]) == [5, None]
    assert numbers(columns["sales_yearly.2023"]) == [None, 7]


def test_names_that_are_no_facts_are_told_apart():
    known, unknown = known_columns(
        ["employees", "used:other", "sales_yearly.2022", "sales_yearly.22", "employees.2022", "名前"], WORDS
    )

    assert known == ["employees", "used:other", "sales_yearly.2022"]
    assert unknown == ["sales_yearly.22", "employees.2022", "名前"]


def test_the_same_trouble_in_many_slabs_is_one_sentence():
    troubles = Troubles()
    for first_row in (0, 10, 20, 30):
        frame = pl.DataFrame({"employees": [-1, 2]})
        read_table(frame, WORDS, troubles, text=False, first_row=first_row)

    (trouble,) = troubles
    assert (trouble.cells, [row for row, _ in trouble.samples]) == (4, [1, 11, 21])


def test_answers_that_cannot_all_be_true_are_named_and_not_used():
    columns, messages = read({"legal_form": ["sole", "sole", "kabushiki"], "capital_yen": [1, 0, 10**7]})

    assert codes(columns["legal_form"]) == [None, "sole", "kabushiki"]
    assert numbers(columns["capital_yen"]) == [None, 0, 10**7]
    assert "列「legal_form・capital_yen」の 1 件" in messages[0]
    assert "個人事業主には資本金がありません" in messages[0]


def test_months_that_do_not_make_up_the_year_are_not_used():
    months = {f"sales_monthly.2022-{month:02}": [100, 100, 100] for month in range(1, 13)}
    columns, messages = read(
        {**months, "sales_yearly.2022": [1200, 1201, None], "sales_yearly.2021": [1, 2, 3]}
    )

    assert numbers(columns["sales_yearly.2022"]) == [1200, None, None]
    assert numbers(columns["sales_yearly.2021"]) == [1, None, 3]
    assert numbers(columns["sales_monthly.2022-01"]) == [100, None, 100]
    assert "列「sales_monthly・sales_yearly」の 1 件" in messages[0]


def test_a_part_of_the_months_above_the_year_is_not_used():
    columns, messages = read(
        {
            "sales_monthly.2022-01": [8, 8, None, 8],
            "sales_monthly.2022-02": [8, None, 8, 8],
            "sales_yearly.2022": [15, 15, 15, None],
        }
    )

    assert numbers(columns["sales_yearly.2022"]) == [None, 15, 15, None]
    assert numbers(columns["sales_monthly.2022-01"]) == [None, 8, None, 8]
    assert "列「sales_monthly・sales_yearly」の 1 件" in messages[0]


def test_rows_of_costs_are_no_column():
    assert known_columns(["costs", "cost_yen"], WORDS) == (["cost_yen"], ["costs"])


def test_what_follows_from_a_told_fact_is_filled_in_where_nothing_is_told():
    with_column, _ = read({"legal_form": ["sole", None, "npo"], "applicant": [None, None, "founder"]})
    without_column, _ = read({"legal_form": ["sole", None, "npo"]})

    assert codes(with_column["applicant"]) == ["business", None, "founder"]
    assert codes(without_column["applicant"]) == ["business", None, "business"]
