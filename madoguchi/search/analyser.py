"""Japanese text into tokens: Sudachi's long units (mode C) with their short parts (mode A)."""

import re
import threading
from functools import lru_cache
from typing import Any, NamedTuple

from sudachipy import Dictionary, SplitMode

from madoguchi.japan.text import fold
from madoguchi.search.text import to_hiragana

# Sudachi refuses more than 49,149 bytes; four bytes is the longest UTF-8 character.
_PIECE = re.compile(r"[^ ]{1,12000}")

_NOUNS = {"名詞", "接尾辞", "接頭辞", "形状詞"}
_NOISE = {"助詞", "助動詞", "補助記号", "空白"}
_WEAK = {"代名詞", "連体詞", "接続詞", "感動詞", "副詞", "接頭辞", "接尾辞", "記号"}
# Asking and having: these words say that someone is searching, not what for.
_ASKING_WORDS = (
    "為る 有る 無い 居る 成る 出来る 教える 知る 探す 調べる 欲しい 思う 言う 貰う 頂く 下さる 良い 困る 見る"
    " 聞く 使う 使える 願う お願い 時 事 物 方 為 所 間 場合 何 誰 御 人 方法 どう"
)
_ASKING = frozenset(_ASKING_WORDS.split())


class Part(NamedTuple):
    """A short unit: normalised form, reading in hiragana, surface."""

    text: str
    reading: str
    surface: str


class Token(NamedTuple):
    """A long unit at `begin:end` of the analysed text.

    `noise` marks particles and punctuation (never indexed); `weak` marks words that a question has
    around its subject (indexed, but not asked for); `noun` marks what compounds are made of. `parts`
    is empty when the word does not split; `middles` are longer units between it and them (原子力 of
    原子力発電).
    """

    text: str
    reading: str
    surface: str
    begin: int
    end: int
    noise: bool
    weak: bool
    noun: bool
    parts: tuple[Part, ...]
    middles: tuple[Part, ...]


class _Word(NamedTuple):
    text: str
    reading: str
    noise: bool
    weak: bool
    noun: bool
    parts: tuple[Part, ...]
    middles: tuple[Part, ...]


_local = threading.local()


@lru_cache(maxsize=1)
def _dictionary() -> Any:
    return Dictionary(dict="core")


def _tokenizer() -> Any:
    # A tokenizer must not be used by two threads at once; the dictionary may be shared.
    if not hasattr(_local, "tokenizer"):
        _local.tokenizer = _dictionary().tokenizer(mode=SplitMode.C)
        _local.words = {}
    return _local.tokenizer


def analyse(folded: str) -> list[Token]:
    """Return the tokens of a folded text, with offsets into it.

    What stands between spaces is cut into words alone: beside other keywords Uターン comes apart.
    """
    tokens: list[Token] = []
    for found in _PIECE.finditer(folded):
        tokens.extend(_analyse_piece(found.group(), found.start()))
    return tokens


def _analyse_piece(piece: str, shift: int) -> list[Token]:
    tokens = []
    for morpheme in _tokenizer().tokenize(piece):
        begin, end = morpheme.begin(), morpheme.end()
        surface = piece[begin:end]
        word = _word(morpheme, surface)
        tokens.append(
            Token(
                word.text, word.reading, surface, begin + shift, end + shift,
                word.noise, word.weak, word.noun, word.parts, word.middles,
            )
        )  # fmt: skip
    return tokens


def _word(morpheme: Any, surface: str) -> _Word:
    # Unknown words share made-up ids, so their surface must be part of the key as well.
    key = (morpheme.dictionary_id(), morpheme.word_id(), surface)
    word: _Word | None = _local.words.get(key)
    if word is None:
        if len(_local.words) > 300_000:
            _local.words.clear()
        word = _local.words[key] = _read(morpheme, surface)
    return word


def _read(morpheme: Any, surface: str) -> _Word:
    main, sub = morpheme.part_of_speech()[:2]
    text = fold(morpheme.normalized_form())
    # 「そう」 of 倒産しそう is a noun stem by its class, but no word that anybody looks for.
    noise = main in _NOISE or sub == "助動詞語幹" or not text
    weak = noise or main in _WEAK or text in _ASKING or (main == "形容詞" and sub == "非自立可能")
    parts = _units(morpheme, SplitMode.A) if len(surface) > 2 else ()
    middles = tuple(unit for unit in _units(morpheme, SplitMode.B) if unit not in parts) if parts else ()
    return _Word(text, _reading(morpheme, surface), noise, weak, main in _NOUNS, parts, middles)


def _units(morpheme: Any, mode: Any) -> tuple[Part, ...]:
    units = tuple(_part(unit) for unit in morpheme.split(mode))
    return units if len(units) > 1 else ()


def _part(morpheme: Any) -> Part:
    surface = fold(morpheme.surface())
    return Part(fold(morpheme.normalized_form()), _reading(morpheme, surface), surface)


def _reading(morpheme: Any, surface: str) -> str:
    # Sudachi spells digits and unknown words out in ways nobody types.
    return to_hiragana(surface) if morpheme.is_oov() else to_hiragana(morpheme.reading_form())
