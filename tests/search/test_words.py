"""What finds what."""

from pathlib import Path

import pytest

from madoguchi.search.index import Writer
from madoguchi.search.query import LONGEST
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


def test_a_hit_that_holds_all_of_a_few_keywords_comes_first(index: Index) -> None:
    ask = index(*OFFERS)
    found = ask("海外 展示会")
    assert (keys(found)[0], found.understood.partial) == ("fair", False)


def test_where_nothing_holds_all_of_them_a_part_is_found_and_said_to_be_one(index: Index) -> None:
    found = index(*OFFERS)("海外 採用")
    assert keys(found)
    assert found.understood.partial


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


def test_a_document_with_several_of_the_words_for_a_thing_ranks_first(index: Index) -> None:
    """採用 alone and 雇う alone say less than both: the synonyms of one word count together."""
    ask = index(document("one", "採用の相談"), document("both", "採用の相談", body="人を雇う方へ"))
    assert keys(ask("採用")) == ["both", "one"]


def test_a_saying_counts_less_by_its_scattered_words_than_by_what_it_means(index: Index) -> None:
    ask = index(
        document("scattered", "商店街の支援", body="店の前に花を飾ります。商品券を出します。"),
        document("meant", "創業の支援", summary="創業を手伝います。"),
        document("shop", "店の改装", summary="店を直します。"),
    )
    assert keys(ask("店を出したい"))[:2] == ["meant", "scattered"]


@pytest.mark.parametrize("typed", ["融資を減らしたい", "高い融資", "融資を受けたくて続けている"])
def test_verbs_and_adjectives_are_not_required_beside_a_thing(index: Index, typed: str) -> None:
    assert keys(index(*OFFERS)(typed)) == ["loan"]


def test_verbs_are_required_where_nothing_else_is_said(index: Index) -> None:
    ask = index(document("a", "残業を減らす工夫"), document("b", "残業の相談"))
    assert keys(ask("減らしたい")) == ["a"]


@pytest.mark.parametrize("typed", ["最大300万円", "上限300万円以内", "300万円以下"])
def test_an_amount_is_found_whatever_stands_around_it(index: Index, typed: str) -> None:
    ask = index(
        document("a", "補助", body="300万円まで"), document("b", "補助", body="上限は500万円以内です")
    )
    assert keys(ask(typed)) == ["a"]


def test_a_look_as_if_is_no_word_to_look_for(index: Index) -> None:
    ask = index(document("a", "倒産を防ぐ相談"), document("b", "そうめんの宣伝"))
    assert keys(ask("倒産しそう")) == ["a"]


def test_a_long_word_is_found_by_each_unit_it_is_made_of(index: Index) -> None:
    """原子力発電 splits into 原子 + 力 + 発電, and between them stands 原子力."""
    ask = index(
        document("name", "原子力発電施設の研修"), document("body", "工場の研修", body="原子力に関わる仕事")
    )
    assert keys(ask("原子力")) == ["name", "body"]


def test_what_stands_beside_a_word_does_not_change_how_it_is_cut(index: Index) -> None:
    ask = index(document("a", "支援", keywords=("東京", "Uターン", "就職")))
    for typed in ("Uターン", "東京 Uターン", "Uターン 就職"):
        assert keys(ask(typed)) == ["a"]
        assert "u" not in {word for words in ask(typed).understood.expansions for word in words}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("hojokin", "iot"),
        ("shoukei", "heir"),
        ("syoukei", "heir"),
        ("shōkei", "heir"),
        ("shokei", "heir"),
        ("sougyou", "start"),
        ("keieikakushin", "plan"),
        ("jigyou shoukei", "heir"),
    ],
)
def test_japanese_in_latin_letters_is_read(index: Index, typed: str, found: str) -> None:
    assert keys(index(*OFFERS)(typed))[:1] == [found]


def test_latin_letters_that_are_there_are_not_read_as_kana(index: Index) -> None:
    result = index(*OFFERS, document("brand", "sougyouという名の店"))("sougyou")
    assert keys(result) == ["brand"]
    assert result.understood.corrections == ()


def test_a_short_word_a_sound_away_is_found(index: Index) -> None:
    assert "start" in keys(index(*OFFERS)("そうぎう"))


def test_a_text_that_was_asked_before_finds_what_has_been_added_since(tmp_path: Path) -> None:
    searching = engine(tmp_path)
    found = []
    for key in ("a", "b"):
        with Writer(tmp_path) as writer:
            writer.upsert([document(key, "融資")])
            writer.commit()
        found.append(searching.search(SearchRequest(on=ON, text="融資")).total)
    assert found == [1, 2]


def test_of_a_text_one_character_too_long_it_is_said_that_it_was_cut(index: Index) -> None:
    ask = index(document("a", "融資"))
    cut = [ask("融資" + "あ" * (length - 2)).understood.truncated for length in (LONGEST, LONGEST + 1)]
    assert cut == [False, True]
