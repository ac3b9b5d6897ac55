"""Marks stand where the words are, and the text stays whole."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.search.highlight import Marker, Piece, mark, snippet
from madoguchi.search.text import fold_field
from tests.search.conftest import Index, document

ODD = st.text(
    st.one_of(st.sampled_from("融資経営革新 \n　㈱ｶﾞがＩoＴ-ー。、\x00\u200b𠮷"), st.characters()), max_size=60
)


def pieces_of(text: str, *words: str, length: int | None = None) -> tuple[Piece, ...]:
    _, squeezed, steps = fold_field(text)
    lists = ([low for low, _ in steps], [high for _, high in steps])
    spans = Marker(words).spans(squeezed)
    return mark(text, lists, spans) if length is None else snippet(text, lists, spans, length)


@given(ODD, st.lists(ODD, max_size=3))
def test_the_pieces_join_to_the_text(text: str, words: list[str]) -> None:
    folded = [fold_field(word)[1] for word in words]
    assert "".join(piece.text for piece in pieces_of(text, *folded)) == text


SMALL = st.text("あ融資金", max_size=12)


@given(SMALL, st.lists(SMALL, max_size=5))
def test_the_first_of_overlapping_words_is_marked_and_of_equals_the_longest(
    text: str, words: list[str]
) -> None:
    wanted = sorted({word for word in words if word not in {"", "あ"}}, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, wanted)) or "(?!)")
    marked = {at for match in pattern.finditer(text) for at in range(*match.span())}
    spans = Marker(words).spans(text)
    assert [at for low, high in spans for at in range(low, high)] == sorted(marked)
    assert all(before[1] < after[0] for before, after in pairwise(spans))


@given(ODD, ODD)
def test_a_snippet_is_a_stretch_of_the_text(text: str, word: str) -> None:
    found = "".join(piece.text for piece in pieces_of(text, fold_field(word)[1], length=12))
    assert found in text
    assert len(found) <= 12


@given(ODD, ODD, ODD)
def test_a_marked_word_folds_to_what_was_looked_for(before: str, word: str, after: str) -> None:
    wanted = fold_field(word)[1]
    hits = [piece.text for piece in pieces_of(f"{before} {word} {after}", wanted) if piece.hit]
    if len(wanted) > 1 and wanted in fold_field(f"{before} {word} {after}")[1]:
        assert hits


def test_a_word_is_marked_across_widths_and_line_breaks() -> None:
    assert pieces_of("この経営\n　革新とＩｏＴを", "経営革新", "iot") == (
        ("この", False),
        ("経営\n　革新", True),
        ("と", False),
        ("ＩｏＴ", True),
        ("を", False),
    )


def test_a_character_that_became_several_is_marked_whole() -> None:
    assert pieces_of("㈱カモメ", "(株)") == (("㈱", True), ("カモメ", False))


def test_a_snippet_shows_where_most_of_the_words_are() -> None:
    text = "融資です。" + "あ" * 200 + "。融資と採用と展示会です。"
    found = pieces_of(text, "融資", "採用", "展示会", length=60)
    assert {piece.text for piece in found if piece.hit} == {"融資", "採用", "展示会"}


def test_a_hit_marks_the_word_its_synonym_and_its_other_forms(index: Index) -> None:
    ask = index(document("a", "見本市の支援", summary="展示会へ出る費用を補助します。お金を借りたい方へ。"))
    (hit,) = ask("見本市").hits
    assert [piece for piece in hit.name_pieces if piece.hit] == [("見本市", True)]
    assert [piece for piece in hit.snippet if piece.hit] == [("展示会", True)]
    (hit,) = ask("借りる").hits
    assert [piece for piece in hit.snippet if piece.hit] == [("借り", True)]


def test_markup_in_a_text_stays_text(index: Index) -> None:
    (hit,) = index(document("a", "<mark>融資</mark>"))("融資").hits
    assert "".join(piece.text for piece in hit.name_pieces) == "<mark>融資</mark>"
