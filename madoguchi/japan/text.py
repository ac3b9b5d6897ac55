"""Folding of text for comparison and search. Never store folded text, never show it.

Folding makes the writings people do not tell apart equal: widths, case, old and variant forms of
kanji (髙/高, 濵/浜, 國/国), the radicals that PDF extraction leaves behind (⼾ for 戸), dashes and
long-vowel marks, small ヶ in place names, runs of space, marks without width. Roman numerals become
Latin letters, as Unicode decomposes them: Ⅲ is iii and so meets a typed III, but not 3.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from madoguchi.japan import table

# A dash between figures and a wave between dates are both written with whichever key is near, and
# the long-vowel mark is often typed as a dash: after kana all of them are ー, elsewhere all are -.
_DASHES = frozenset("-ー‐‑‒–—―−〜~─━")
_KANA = range(0x3041, 0x3100)

# Spacing voiced marks (゛゜) and half-width ones (ﾞﾟ) join the kana before them, as in ｶﾞ.
_JOINING_MARKS = {"゛": "\u3099", "゜": "\u309a", "ﾞ": "\u3099", "ﾟ": "\u309a"}

_VARIATION_SELECTORS = "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff" + _VARIATION_SELECTORS)

# Where most characters of a text are from, besides ideographs: ASCII, kana and their full-width forms.
_COMMON = (range(0x21, 0x7F), range(0x3001, 0x3100), range(0xFF01, 0xFF5F))

_IDEOGRAPHS = "\u4e00-\u9fff"

_TO_HIRAGANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}


def fold(text: str, *, fold_kana: bool = False) -> str:
    """Return the text in the form used for comparison; with `fold_kana`, katakana as hiragana."""
    return fold_with_offsets(text, fold_kana=fold_kana)[0]


def fold_with_offsets(text: str, *, fold_kana: bool = False) -> tuple[str, list[int]]:
    """Return the folded text and, for each of its characters, the index in `text` it comes from.

    Offsets never fall, so the passage text[offsets[a]:offsets[b]] holds what became folded[a:b];
    at the end of the folded text, take len(text) for offsets[b].
    """
    folded, offsets = _pass(text)
    while True:
        again, inner = _pass(folded)
        if again == folded:
            break
        # Rare: a mark met a new neighbour once what stood between them was gone.
        folded, offsets = again, [offsets[index] for index in inner]
    return (folded.translate(_TO_HIRAGANA) if fold_kana else folded), offsets


def _pass(text: str) -> tuple[str, list[int]]:
    folded: list[str] = []
    offsets: list[int] = []
    plain, table = _plain()
    done = 0
    for run in plain.finditer(text):
        begin, end = run.span()
        if done < begin:
            _fold_rest(text[done:begin], done, folded, offsets)
        folded.extend(run.group().translate(table))
        offsets.extend(range(begin, end))
        done = end
    _fold_rest(text[done:], done, folded, offsets)
    if folded and folded[-1] == " ":
        del folded[-1], offsets[-1]
    return "".join(folded), offsets


def _fold_rest(text: str, begin: int, folded: list[str], offsets: list[int]) -> None:
    """Add what stands between the plain runs, where a character depends on the one before it."""
    for start, cluster in _clusters(text):
        for character in _fold_cluster(cluster):
            if character.isspace():
                if not folded or folded[-1] == " ":
                    continue
                written = " "
            elif character in _DASHES:
                if folded and folded[-1] in "-ー":
                    continue
                written = "ー" if folded and ord(folded[-1]) in _KANA else "-"
            else:
                written = character
            folded.append(written)
            offsets.append(begin + start)


@cache
def _plain() -> tuple[re.Pattern[str], dict[int, str]]:
    """A pattern for runs in which every character folds alone into one other, and the table that does it.

    Single spaces, and ー after kana, stay within a run. What follows it is plain as well, a space, a dash
    or the end: never a mark that would join its last character.
    """
    common = (chr(code) for block in _COMMON for code in block)
    alone = {ord(each): _fold_cluster(each) for each in common if _stands_alone(each)}
    some = "".join(re.escape(chr(code)) for code in alone) + _IDEOGRAPHS
    dashes = re.escape("".join(sorted(_DASHES)))
    kana = f"{chr(_KANA.start)}-{chr(_KANA[-1])}"
    run = rf"[{some}]+(?:(?: |(?<=[{kana}])ー)[{some}]+)*(?=[{some}\s{dashes}]|\Z)"
    return re.compile(run), _character_table() | alone


def _stands_alone(character: str) -> bool:
    folded = _fold_cluster(character)
    joins = character in _JOINING_MARKS or unicodedata.category(character).startswith("M")
    return len(folded) == 1 and not (joins or folded.isspace() or folded in _DASHES)


def _clusters(text: str) -> Iterator[tuple[int, str]]:
    """Split into characters, each with the combining marks that follow it, and where it starts."""
    start, cluster = 0, ""
    for index, character in enumerate(text):
        if character in _INVISIBLE:
            continue
        mark = _JOINING_MARKS.get(character, character)
        if cluster and unicodedata.category(mark).startswith("M"):
            cluster += mark
            continue
        if cluster:
            yield start, cluster
        start, cluster = index, mark
    if cluster:
        yield start, cluster


@lru_cache(maxsize=20_000)
def _fold_cluster(cluster: str) -> str:
    normal = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", cluster).lower())
    return normal.translate(_character_table())


@cache
def _character_table() -> dict[int, str]:
    """The replacements NFKC does not make: variant kanji, radicals, small ke and ka of place names."""
    variants = {row["variant"]: row["folded"] for row in table.rows("variants.tsv")}
    radicals = {
        radical: variants.get(unified, unified)
        for radical, unified in (
            (chr(int(row["radical"], 16)), chr(int(row["unified"], 16))) for row in table.rows("radicals.tsv")
        )
    }
    return str.maketrans(variants | radicals | {"ヶ": "ケ", "ヵ": "カ"})
