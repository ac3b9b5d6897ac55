"""Shares of the cost that a programme bears: 2/3以内, 1/2又は1/3, 21%～55%, 全額, 定額."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from madoguchi.importers.documents.found import GUESS, LIKELY, UNSURE, Found
from madoguchi.importers.documents.lines import plain
from madoguchi.japan.rates import parse_rate

_BOUND = r"(?:\s?(?:以内|以下))?"
SHARE = re.compile(
    rf"(?<![\d/.])(?:\d{{1,3}}\s?/\s?\d{{1,3}}(?![\d/]|\s?月|\s?日){_BOUND}|\d{{1,2}}\s?分の\s?\d{{1,2}}{_BOUND}"
    rf"|\d{{1,3}}(?:\.\d+)?\s?(?:%|パーセント){_BOUND})"
)
_WORDS = str.maketrans("一二三四五六七八九十", "123456789X")
_KANJI = re.compile(r"([一二三四五六七八九十])分の([一二三四五六七八九十])")
_LOW_END = re.compile(r"(\d{1,3})\s?[~-]\s?(?=\d{1,3}\s?%)")
_FLAT = re.compile(r"定額")
_WHOLE = re.compile(r"全額(?!返)|実費(?:相当)?額")
# A rate of something else: interest, growth, a share of staff or votes.
_OTHER = re.compile(
    r"伸び|付加価値|給与|賃上げ|以上|増加|減少|削減|低減|議決権|出資|株式|売上|割合|消費税|加入率|利用率|気圧|金利|年利"
)
_ABOUT = re.compile(
    r"(?:補助|助成|支援|交付|負担)\s?(?:金|額)?の?\s?(?:率|割合|額)|(?:経費|費用|料|額|差額|価格|税)[^。]{0,14}の\s?$"
)
# A divisor that nobody writes into a rate is a date or a page: 4/30, 12/28.
_DENOMINATORS = frozenset((*range(2, 13), 15, 16, 20, 100))


@dataclass(frozen=True)
class Share:
    """What is borne of the cost, from `low` to `high`; `is_flat` when a fixed amount is (also) paid."""

    low: Fraction | None = None
    high: Fraction | None = None
    is_flat: bool = False


def of_field(text: str) -> Found[Share] | None:
    """Read a field that is about nothing but the rate; None when it only points elsewhere."""
    shares, is_flat = _all(text), bool(_FLAT.search(text))
    if not shares and _WHOLE.search(text):
        return Found(
            Share(Fraction(1), Fraction(1)), text, (1, 1), None, UNSURE, "「全額」と書かれています。"
        )
    if not shares and not is_flat:
        return None
    value = Share(min(shares, default=None), max(shares, default=None), is_flat)
    bare = SHARE.sub("", plain(_spelled(text)))
    if len(shares) + is_flat == 1 and len(bare) < 25:
        return Found(value, text, (1, 1), None, LIKELY, "補助率の欄の文から読み取りました。")
    return Found(value, text, (1, 1), None, UNSURE, "条件によって補助率が変わるようです。")


def in_lines(lines: list[str]) -> Found[Share] | None:
    """Find the rate in the lines of a text: behind a label such as 補助率, or as a share of costs."""
    labelled: list[tuple[Fraction, int]] = []
    others: list[tuple[Fraction, int]] = []
    heading = ""
    for place, line in enumerate(lines):
        flat = plain(_spelled(line))
        here = [*_shares_of(flat, heading)]
        for value, is_labelled in here:
            (labelled if is_labelled else others).append((value, place))
        heading = flat if _is_heading(flat) else "" if here else heading if len(flat) < 4 else ""
    chosen = labelled or others
    if not chosen:
        return None
    values = sorted({value for value, _ in chosen})
    place = chosen[0][1]
    certain = (
        (LIKELY if len(values) == 1 else UNSURE) if labelled else (UNSURE if len(values) == 1 else GUESS)
    )
    return Found(
        Share(values[0], values[-1]),
        lines[place],
        (place + 1, place + 1),
        None,
        certain,
        "本文から読み取りました。" if len(values) == 1 else "本文に、いくつかの補助率があります。",
    )


def _is_heading(flat: str) -> bool:
    return len(flat) < 25 and bool(re.search(r"(?:補助|助成)(?:金|額)?の?率|(?:補助|助成)(?:金の)?額", flat))


def _shares_of(flat: str, heading: str) -> Iterator[tuple[Fraction, bool]]:
    """The shares of a line, and whether a label calls them the rate."""
    for found in SHARE.finditer(flat):
        before = flat[max(0, found.start() - 40) : found.start()]
        near = flat[max(0, found.start() - 25) : found.end() + 8]
        value = _value(found[0])
        if value is None or (_OTHER.search(near) and not re.search(r"(?:補助|助成)率", near)):
            continue
        if re.search(r"(?:補助|助成|支援|交付)(?:金|額)?の?率", before) or heading:
            yield value, True
        elif _ABOUT.search(before) or re.match(r"\s?(?:を|に)?(?:補助|助成|乗じ)", flat[found.end() :]):
            yield value, False


def _all(text: str) -> set[Fraction]:
    flat = plain(_spelled(text))
    values = {_value(found[0]) for found in SHARE.finditer(flat)}
    values |= {_value(f"{found[1]}%") for found in _LOW_END.finditer(flat)}
    return {value for value in values if value is not None}


def _value(written: str) -> Fraction | None:
    try:
        value = parse_rate(re.sub(r"\s", "", written))
    except ValueError:
        return None
    parts = re.findall(r"\d+", written)
    if "/" in written and int(parts[1]) not in _DENOMINATORS:
        return None
    return value if 0 < value <= 1 else None


def _spelled(text: str) -> str:
    """Shares in kanji (二分の一) in figures; ／ between two rates does not join them."""
    flat = plain(text).replace("⁄", "/").replace("½", "1/2").replace("⅔", "2/3").replace("¾", "3/4")
    return _KANJI.sub(lambda found: found[0].translate(_WORDS).replace("X", "10"), flat)
