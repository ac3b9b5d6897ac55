"""Japanese typed in Latin letters, as kana: Hepburn, Kunrei and what input methods take."""

import re
from collections.abc import Iterator
from itertools import combinations, pairwise

_ROWS = {
    "": "あいうえお", "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの",
    "h": "はひふへほ", "m": "まみむめも", "y": "やいゆえよ", "r": "らりるれろ", "w": "わいうえを",
    "g": "がぎぐげご", "z": "ざじずぜぞ", "d": "だぢづでど", "b": "ばびぶべぼ", "p": "ぱぴぷぺぽ",
}  # fmt: skip
_BENT = {
    "k": "き", "s": "し", "t": "ち", "n": "に", "h": "ひ", "m": "み", "r": "り", "g": "ぎ", "z": "じ",
    "d": "ぢ", "b": "び", "p": "ぴ",
}  # fmt: skip
_SOFT = {"sh": "し", "ch": "ち", "j": "じ", "jy": "じ"}
_SYLLABLES = {
    **{row + vowel: kana for row, line in _ROWS.items() for vowel, kana in zip("aiueo", line, strict=True)},
    **{
        start + vowel: kana + small
        for start, kana in [*((f"{row}y", kana) for row, kana in _BENT.items()), *_SOFT.items()]
        for vowel, small in zip("aueo", "ゃゅぇょ", strict=True)
    },
    "shi": "し", "chi": "ち", "ji": "じ", "tsu": "つ", "fu": "ふ", "ti": "てぃ",
    "fa": "ふぁ", "fi": "ふぃ", "fe": "ふぇ", "fo": "ふぉ", "-": "ー", "'": "",
}  # fmt: skip
_MACRONS = str.maketrans({"ā": "aa", "ī": "ii", "ū": "uu", "ē": "ei", "ō": "ou"})
_LONG = re.compile("[くすつぬふむゆるぐずぶぷゅおこそとのほもよろごぞどぼぽょ](?!う)")
_MOST_LONG = 6


def readings(folded: str) -> Iterator[str]:
    """Return what Latin letters may spell in hiragana, as typed first, then with long vowels restored.

    Nothing for a text that is no romanised Japanese.
    """
    kana = _kana(folded.translate(_MACRONS))
    if not kana:
        return
    places = [found.end() for found in _LONG.finditer(kana)][:_MOST_LONG]
    for count in range(len(places) + 1):
        for chosen in combinations(places, count):
            cuts = [0, *chosen, len(kana)]
            yield "う".join(kana[begin:end] for begin, end in pairwise(cuts))


def _kana(letters: str) -> str:
    kana, at = "", 0
    while at < len(letters):
        letter, following = letters[at], letters[at + 1 : at + 2]
        syllable = next((letters[at : at + n] for n in (3, 2, 1) if letters[at : at + n] in _SYLLABLES), "")
        if syllable:
            kana += _SYLLABLES[syllable]
        elif letter in "nm" and following not in tuple("aiueoy"):
            kana += "ん"
        elif letter in "kstpgzdbhjc" and following in (letter, "c"):
            kana += "っ"
        else:
            return ""
        at += max(len(syllable), 1)
    return kana
