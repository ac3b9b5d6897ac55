"""What finds what."""

import pytest

from madoguchi.search.results import SearchRequest
from tests.search.conftest import ON, Index, document, engine, keys

OFFERS = (
    document(
        "loan", "小規模事業者向け融資", summary="運転資金を低い利率で貸し付けます。", keywords=("資金繰り",)
    ),
    document("plan", "経営革新計画の承認", summary="新しい取組の計画を承認します。"),
    document("heir", "事業承継・引継ぎ支援", summary="後継者のいない会社の承継を手伝います。"),
    document("iot", "モノのインターネット導入補助金", summary="工場の機械をつなぐ費用を補助します。"),
    document("fair", "海外展示会への出展支援", summary="販路を広げる出展の費用を補助します。"),
    document("hire", "若者の採用相談", summary="人材の採用についての相談に応じます。"),
    document("start", "創業支援拠点", summary="創業を予定する方の相談に応じます。"),
    document("sim", "工程シミュレーション研修", summary="生産の流れを試算する研修です。"),
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("IoT", "iot"),
        ("ＩＯＴ", "iot"),
        ("跡取り", "heir"),
        ("見本市", "fair"),
        ("人を雇いたい", "hire"),
        ("店を出したい", "start"),
        ("お金を借りたい", "loan"),
        ("経営革新", "plan"),
    ],
)
def test_everyday_words_find_the_official_ones(index: Index, typed: str, found: str) -> None:
    assert keys(index(*OFFERS)(typed))[:1] == [found]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ほじょきん", "iot"),
        ("けいえいかくしん", "plan"),
        ("しょうけい", "heir"),
        ("経営革親", "plan"),
        ("補助菌", "iot"),
        ("シュミレーション", "sim"),
        ("シミュレーショソ", "sim"),
        ("けいえいかくしんほじょきん", "plan"),
        ("さいようのそうだん", "hire"),
    ],
)
def test_kana_and_slips_find_what_was_meant(index: Index, typed: str, found: str) -> None:
    assert found in keys(index(*OFFERS)(typed))


def test_a_correction_is_told(index: Index) -> None:
    told = index(*OFFERS)("経営革親").understood.corrections
    assert [(each.typed, each.meant) for each in told] == [("経営革親", "経営革新")]


def test_a_word_that_is_there_is_not_corrected(index: Index) -> None:
    assert index(*OFFERS)("経営革新").understood.corrections == ()


def test_whole_words_that_never_meet_are_not_taken_for_a_slip(index: Index) -> None:
    ask = index(document("a", "設備投資の補助"), document("b", "運転資金の融資"))
    assert ask("設備融資").understood.corrections == ()


def test_a_whole_question_finds_what_covers_most_of_it(index: Index) -> None:
    result = index(*OFFERS)("冬のあいだ仕事がない。借りられるお金はあるか")
    assert keys(result)[:1] == ["loan"]


def test_all_of_a_few_keywords_are_required(index: Index) -> None:
    ask = index(*OFFERS)
    assert keys(ask("海外 展示会")) == ["fair"]
    assert keys(ask("海外 採用")) == []


def test_the_exact_word_ranks_above_its_synonym(index: Index) -> None:
    ask = index(document("other", "展示会の支援"), document("same", "見本市の支援"))
    assert keys(ask("見本市")) == ["same", "other"]


def test_a_one_way_entry_does_not_work_backwards(index: Index) -> None:
    ask = index(document("spoken", "店を出す方へ"), document("official", "創業支援"))
    assert keys(ask("創業")) == ["official"]


def test_a_phrase_must_be_there_literally(index: Index) -> None:
    ask = index(document("near", "計画を経営に生かす革新"), document("far", "経営革新計画"))
    for typed in ('"経営革新"', "「経営革新」", "『経営革新』", "“経営革新”"):
        assert keys(ask(typed)) == ["far"]


def test_a_phrase_is_found_across_a_line_break(index: Index) -> None:
    assert keys(index(document("torn", "名", body="この経営\n　革新の計画"))("「経営革新」")) == ["torn"]


def test_an_avoided_word_never_appears(index: Index) -> None:
    ask = index(
        document("grant", "創業補助金"),
        document("loan", "創業融資", body="補助金ではありません"),
        document("talk", "創業相談"),
    )
    assert keys(ask("創業 -補助金")) == ["talk"]
    assert set(keys(ask("-補助金"))) == {"talk"}
    assert set(keys(ask("創業 -「補助金では」"))) == {"grant", "talk"}


def test_part_of_a_word_is_found(index: Index) -> None:
    assert keys(index(*OFFERS)("営革")) == ["plan"]


def test_a_single_character_is_found_inside_words(index: Index) -> None:
    assert keys(index(document("snow", "除雪機の貸出"), document("other", "見学会"))("雪")) == ["snow"]


@pytest.mark.parametrize(
    "typed",
    [
        '"',
        "「",
        "」「",
        "-",
        "--",
        "- -",
        '""',
        "!!!",
        "\x00\x01",
        "\ud800",
        "（",
        "*:*",
        "a" * 10_000,
        "補助金を" * 2_500,
        "\u200b\u202e",
        '-"',
        "ー",
        "🍎",
    ],
)
def test_no_text_does_harm(index: Index, typed: str) -> None:
    result = index(*OFFERS)(typed)
    assert result.total >= 0
    assert result.understood.truncated == (len(typed) > 300)


def test_nothing_typed_lists_everything(index: Index) -> None:
    assert index(*OFFERS)("　").total == len(OFFERS)


def test_an_index_that_does_not_exist_answers_with_nothing(tmp_path) -> None:
    assert engine(tmp_path / "none").search(SearchRequest(on=ON, text="補助金")).total == 0
