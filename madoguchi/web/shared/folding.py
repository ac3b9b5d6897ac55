"""Where a line of Japanese may break: recorded fold points of names, phrases of other short texts."""

import re
from functools import lru_cache

import budoux
from django.conf import settings
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

FOLD = "|"
# BudouX was trained on news and cuts words of our texts: さが|す, あ|おもり, もの|づくり, 中小企業|者. So it
# may cut between two hiragana only after a particle, and never leave a character alone or
# begin with what begins no word.
PARTICLES = frozenset("をがはにでともへのやて")
NEVER_FIRST = frozenset("づぢんっゃゅょー")
SUFFIXES = frozenset("者等用費金的性化型率額業別")
# A longer piece may have to fold: after a middle dot, or where a word of another script begins.
LONG = 10
_SEAM = re.compile(
    r"(?<=・)|(?<=[ぁ-ゖ])(?=[㐀-鿿]{2})|(?<=[㐀-鿿])(?=[ァ-ヺ]{2})|(?<=[ァ-ヺー])(?=[㐀-鿿]{2})"
)
_WORD = re.compile(r"\s*\S+\s*")
_JAPANESE = re.compile(r"[ぁ-ヿ㐀-鿿]")
_parser = budoux.load_default_japanese_parser()


def _is_hiragana(character: str) -> bool:
    return "ぁ" <= character <= "ゖ"


def _cuts_a_word(before: str, after: str) -> bool:
    if len(before) == 1 or len(after) == 1 or after[0] in NEVER_FIRST:
        return True
    if not _is_hiragana(before[-1]):
        return after[0] in SUFFIXES
    return _is_hiragana(after[0]) and before[-1] not in PARTICLES


def _parsed(text: str) -> list[str]:
    # Word by word: over a space BudouX takes 中 for a word of its own.
    return [part for word in _WORD.findall(text) for piece in _pieces(word) for part in _shortened(piece)]


def _pieces(word: str) -> list[str]:
    pieces: list[str] = []
    for piece in _parser.parse(word):
        if pieces and _cuts_a_word(pieces[-1], piece):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _shortened(piece: str) -> list[str]:
    """A long piece in its parts, none of one or two characters."""
    if len(piece) <= LONG:
        return [piece]
    parts: list[str] = []
    for part in _SEAM.split(piece):
        if parts and min(len(parts[-1]), len(part)) < 3:
            parts[-1] += part
        else:
            parts.append(part)
    return parts


def lang_of_content() -> SafeString:
    """Return ` lang="ja"` for an element that holds the catalogue's own words, where the page's are not."""
    is_same = (get_language() or settings.LANGUAGE_CODE) == settings.LANGUAGE_CODE
    return SafeString("") if is_same else format_html(' lang="{}"', settings.LANGUAGE_CODE)


def phrases(text: str) -> SafeString:
    """Return a heading or label that breaks only between phrases."""
    return _phrases(text, _lang_of(text)) if text else SafeString("")


def breaks(name: str) -> SafeString:
    """Return a proper name that breaks only where `|` stands in it; without marks, between phrases."""
    return _breaks(name, _lang_of(name)) if FOLD in name else phrases(name)


def _lang_of(text: str) -> SafeString:
    """The language of a text that may be translated or the catalogue's."""
    return lang_of_content() if _JAPANESE.search(text) else SafeString("")


@lru_cache(maxsize=4096)
def _phrases(text: str, lang: SafeString) -> SafeString:
    return _kept(_parsed(text) if _JAPANESE.search(text) else [text], lang)


@lru_cache(maxsize=4096)
def _breaks(name: str, lang: SafeString) -> SafeString:
    return _kept([piece for piece in name.split(FOLD) if piece], lang)


def _kept(pieces: list[str], lang: SafeString) -> SafeString:
    escaped = SafeString("<wbr>").join(conditional_escape(piece) for piece in pieces)
    return format_html('<span class="ph"{}>{}</span>', lang, SafeString(escaped))
