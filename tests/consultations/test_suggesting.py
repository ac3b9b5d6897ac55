"""Which topics everyday sentences are taken for, with the words of the shipped pack."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.consultations.suggesting import MOST, TopicWords, suggest
from madoguchi.packs.check import check
from tests.house.places import ROOT


@cache
def shipped() -> list[TopicWords]:
    record = check(ROOT / "packs" / "aomori").consultations
    return [TopicWords(topic.code, tuple(topic.words)) for topic in record.topics]


def first(text: str) -> str:
    found = suggest(text, shipped())
    return found[0].code if found else ""


@pytest.mark.parametrize(
    ("sentence", "topic"),
    [
        ("東京の店に置いてもらいたいが、取引先をさがすつてがない", "market"),
        ("コロナのあとお客さんが戻らず、売上が落ちたままです", "market"),
        ("ネットで売りたいけど、やり方がわからない", "market"),
        ("来月の支払いに困っている。銀行から借りたい", "funding"),
        ("運転資金の融資をお願いしたい", "funding"),
        ("何か使える補助金はありませんか", "subsidy"),
        ("来年、カフェを開きたい", "startup"),
        ("会社を辞めて独立しようと思っています", "startup"),
        ("70歳になり、店を継ぐ人がいない", "succession"),
        ("息子に会社を譲るとき、何から手をつければよいか", "succession"),
        ("そろそろ店をたたもうかと考えている", "succession"),
        ("借入の返済が苦しくて、条件変更をお願いしたい", "recovery"),
        ("赤字が続いて、このままでは続けられない", "recovery"),
        ("元請が代金を払ってくれない", "dispute"),
        ("一方的に値引きを求められた", "dispute"),
        ("燃料費が上がって、値上げの交渉をしたい", "price"),
        ("電気代が高くて苦しい", "price"),
        ("新商品をつくって、新しい事業に出たい", "innovation"),
        ("店の名前を商標にしたい", "ip"),
        ("よそに真似されて困っている", "ip"),
        ("求人を出しても応募がない", "people"),
        ("若い人がすぐ辞めてしまう", "people"),
        ("就業規則をつくりたい", "work_style"),
        ("最低賃金が上がって、賃上げをどうするか", "work_style"),
        ("手書きの台帳をパソコンにしたい", "dx"),
        ("キャッシュレスのレジを入れたい", "dx"),
        ("台湾にりんごジュースを輸出したい", "overseas"),
        ("地元のにんにくで加工品をつくりたい", "food"),
        ("公共工事の入札に出たい建設会社です", "construction"),
        ("古くなった機械を買い替えたい。新しい機械で省エネもしたい", "equipment"),
        ("確定申告のしかたを教えてほしい", "tax"),
        ("大雨で工場が壊れた", "disaster"),
        ("どこに相談すればよいかわからない", "other"),
    ],
)
def test_an_everyday_sentence_is_taken_for_its_topic(sentence, topic):
    assert first(sentence) == topic


@pytest.mark.parametrize(
    "sentence", ["ｶﾌｪを開きたい", "かふぇを開きたい", "カフェを開　きたい".replace("　", "")]
)
def test_width_and_kana_do_not_matter(sentence):
    assert first(sentence) == "startup"


@pytest.mark.parametrize("sentence", ["", "こんにちは", "よろしくお願いします", "はい"])
def test_where_no_word_is_found_nothing_is_suggested(sentence):
    assert suggest(sentence, shipped()) == []


def test_the_words_that_were_found_are_told_as_the_region_writes_them():
    (found,) = suggest("跡つぎのことで", [TopicWords("succession", ("跡継ぎ", "跡つぎ"))])
    assert found.found == ("跡つぎ",)


def test_a_word_inside_another_found_one_tells_nothing_more():
    topics = [TopicWords("short", ("売上", "売上が")), TopicWords("two", ("売上", "減った"))]
    assert [s.code for s in suggest("売上が減った", topics)] == ["two", "short"]


@given(st.text(max_size=200))
def test_any_text_gives_at_most_three_known_topics(text):
    found = [suggestion.code for suggestion in suggest(text, shipped())]
    assert len(found) <= MOST
    assert set(found) <= {topic.code for topic in shipped()}
