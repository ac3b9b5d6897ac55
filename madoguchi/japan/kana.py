"""Readings in hiragana: Latin letters by their names, and the order of the syllabary (五十音順).

The order is that of JIS X 4061: ゛ and ゜, small letters and ー count only where all else is the same."""

import re
import unicodedata

_NAMES = """えー びー しー でぃー いー えふ じー えいち あい じぇい けー える えむ えぬ おー ぴー きゅー
あーる えす てぃー ゆー ぶい だぶりゅー えっくす わい ぜっと"""
_LETTERS = dict(zip("abcdefghijklmnopqrstuvwxyz", _NAMES.split(), strict=True))
_LETTER = re.compile("[a-z]")
_SMALL = str.maketrans("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ")
_MARKS = re.compile("[\u3099\u309a]")
_VOWELS = {
    vowel: frozenset(letters)
    for vowel, letters in {
        "あ": "あかさたなはまやらわ",
        "い": "いきしちにひみりゐ",
        "う": "うくすつぬふむゆる",
        "え": "えけせてねへめれゑ",
        "お": "おこそとのほもよろを",
    }.items()
}
_LONG = "ー"


def spelled(reading: str) -> str:
    """The reading with Latin letters by their names: uij becomes ゆーあいじぇい."""
    return _LETTER.sub(lambda letter: _LETTERS[letter[0]], reading.lower())


def order(reading: str) -> tuple[bool, str, str]:
    """What to sort readings by; what begins with no kana comes last."""
    plain = ""
    for letter in _MARKS.sub("", unicodedata.normalize("NFD", reading)).translate(_SMALL):
        plain += _vowel(plain[-1:]) if letter == _LONG else letter
    return not "ぁ" <= reading[:1] <= "ゖ", plain, reading


def _vowel(letter: str) -> str:
    """What ー sounds like after a letter; nothing where nothing stands before it."""
    return next((vowel for vowel, letters in _VOWELS.items() if letter in letters), "")
