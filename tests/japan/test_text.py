import re
import unicodedata
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from madoguchi.japan import table
from madoguchi.japan.text import fold, fold_with_offsets

AWKWARD = "ｶﾞー－〜~-―‐ 　\u200b\u3099゛ﾞ゜㌀Ⅲ⼋⼾⻑⻘髙﨑濵ヶヵ´¨\u0301\u0331\u0308HTJİßΣﬁ½葛\U000e0100"
TEXTS = st.one_of(st.text(), st.text(alphabet=AWKWARD), st.text(alphabet=st.characters(max_codepoint=0x3FF)))


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("⼋⼾市", "八戸市"),
        ("⿊⽯市", "黒石市"),
        ("⻘森県", "青森県"),
        ("⾒積書", "見積書"),
        ("⻑期", "長期"),
        ("⺠間", "民間"),
        ("⻄目屋村", "西目屋村"),
        ("⻩色", "黄色"),
        ("⻝品", "食品"),
        ("⻯⻲⻤⻭⾃", "竜亀鬼歯自"),
        ("髙橋", "高橋"),
        ("山﨑", "山崎"),
        ("濵田", "浜田"),
        ("濱田", "浜田"),
        ("渡邊", "渡辺"),
        ("渡邉", "渡辺"),
        ("齋藤", "斉藤"),
        ("齊藤", "斎藤"),
        ("黒澤", "黒沢"),
        ("廣田", "広田"),
        ("國分", "国分"),
        ("嶋", "島"),
        ("𠮷田", "吉田"),
        ("坂本龍馬", "坂本竜馬"),
        ("葛\U000e0100城", "葛城"),
        ("鰺ヶ沢", "鯵ケ沢"),
        ("ＩＴ導入", "it導入"),
        ("ﾃﾞｰﾀ", "データ"),
        ("デ－タ", "データ"),
        ("デ―タ", "データ"),
        ("デ‐タ", "データ"),
        ("Ａ〜Ｂ", "a-b"),
        ("0120−123―456", "0120-123-456"),
        ("第Ⅲ期", "第III期"),
        ("１　２", "1 2"),
        (" 空白\n\t 改行 ", "空白 改行"),
        ("ソフト\u00adウェア\u200b", "ソフトウェア"),
        ("㈱", "(株)"),
        ("カ゛ス", "ガス"),
    ],
)
def test_writings_that_people_do_not_tell_apart_fold_alike(written, searched):
    assert fold(written) == fold(searched)


@pytest.mark.parametrize(
    ("one", "other"), [("はす", "ハス"), ("第Ⅲ期", "第3期"), ("病院", "美容院"), ("コ", "コー")]
)
def test_writings_that_differ_stay_apart(one, other):
    assert fold(one) != fold(other)


def test_kana_are_folded_only_on_request():
    assert fold("カタカナとひらがなー", fold_kana=True) == "かたかなとひらがなー"
    assert fold("カタカナ") == "カタカナ"


def test_offsets_lead_back_to_the_original_passage():
    original = "　㈱ﾃﾞｰﾀ\u200b館は⼋⼾市"
    folded, offsets = fold_with_offsets(original)
    assert folded == "(株)データ館は八戸市"
    start = folded.index("データ")
    assert original[offsets[start] : offsets[start + 3]] == "ﾃﾞｰﾀ\u200b"
    assert original[offsets[folded.index("八戸")] :] == "⼋⼾市"


def test_no_folded_form_is_itself_folded_further():
    for row in table.rows("variants.tsv"):
        assert len(row["variant"]) == len(row["folded"]) == 1
        assert fold(row["folded"]) == fold(row["variant"]) == row["folded"]


def test_the_variants_listed_are_those_nfkc_leaves_alone():
    variants = [row["variant"] for row in table.rows("variants.tsv")]
    assert len(variants) == len(set(variants)) >= 60
    assert all(unicodedata.normalize("NFKC", each) == each for each in variants)


def test_every_kangxi_radical_folds_to_an_ordinary_character():
    for code in [*range(0x2E81, 0x2E9A), *range(0x2E9B, 0x2EF4), *range(0x2F00, 0x2FD6)]:
        assert not 0x2E80 <= ord(fold(chr(code))) <= 0x2FDF


@given(TEXTS)
@example("カ\u200bﾞ")
@example("ア －")
@example("H\u0331")
@settings(max_examples=500)
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)
    assert fold(fold(text, fold_kana=True), fold_kana=True) == fold(text, fold_kana=True)


@given(TEXTS)
def test_each_folded_character_has_an_offset_that_never_falls(text):
    folded, offsets = fold_with_offsets(text)
    assert len(folded) == len(offsets)
    assert offsets == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)


@given(st.one_of(TEXTS, st.text(alphabet=AWKWARD + "補助ーかカ Aa、0")))
@example("サー\u200bビ\u3099ス ー")
@settings(max_examples=500)
def test_folding_plain_runs_at_once_gives_what_folding_one_by_one_gives(text):
    with patch("madoguchi.japan.text._plain", return_value=(re.compile(r"(?!)"), {})):
        one_by_one = fold_with_offsets(text)
    assert fold_with_offsets(text) == one_by_one


@given(TEXTS)
def test_spaces_are_single_and_never_at_either_end(text):
    folded = fold(text)
    assert folded == " ".join(folded.split())
