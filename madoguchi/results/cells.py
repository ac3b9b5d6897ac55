"""One cell of an indicator table as printed, and what it says: 「延べ 13名」「6件 8名」「-」「随時」.

Plain Python: the region pack, the desk's fields and the importers all read cells with `read_cell`."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any


class CellKind(StrEnum):
    """What a cell says: numbers, that nothing was measured (never the same as zero), or words."""

    NUMBERS = "numbers"
    NOT_MEASURED = "not_measured"
    WORDS = "words"


@dataclass(frozen=True)
class Part:
    """One number of a cell. `as_of` is a date as printed (「R4.6」), `label` a place or other word."""

    number: Decimal
    unit: str = ""
    cumulative: bool = False
    as_of: str = ""
    label: str = ""

    def as_json(self) -> dict[str, Any]:
        """The part as the reports' JSON prints it; a whole number without a point."""
        number = int(self.number) if self.number == self.number.to_integral_value() else float(self.number)
        return {
            "number": number,
            "unit": self.unit,
            "cumulative": self.cumulative,
            "as_of": self.as_of or None,
            "label": self.label or None,
        }


@dataclass(frozen=True)
class Cell:
    """A cell: its text as printed, in one line, and its parts in their order."""

    raw: str
    kind: CellKind
    parts: tuple[Part, ...] = ()
    provisional: bool = False

    def as_json(self) -> dict[str, Any]:
        """The cell as the reports' JSON prints it."""
        return {"raw": self.raw, "parts": [part.as_json() for part in self.parts]}


# Widths are folded one character by another, so that every slice can be cut from the text as printed.
_WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_DASHES = "-‐‑‒–—―−ー─－"
_SAME_LENGTH = str.maketrans(_WIDTHS | {ord(dash): "-" for dash in _DASHES} | {0x3000: " ", ord("〜"): "~"})
_NOTHING = re.compile(r"[-/\\…‥*\s]*")

_YEAR = r"(?:(?:令和|平成|昭和|[RHSrhs])\s?(?:元|\d{1,2}(?!\d))|(?:19|20)\d\d(?=\s?[年./]))"
_IN_YEAR = r"\s?[./年]\s?\d{1,2}(?![\d,])(?:[./月]\d{1,2}(?![\d,])日?|月)?"
_DAY = rf"(?:{_YEAR}(?:{_IN_YEAR}|年度?)|\d{{1,2}}月(?:\d{{1,2}}日)?)"
_END = r"(?:(?:上|中|下)旬|末)?"
_DATE = rf"{_DAY}{_END}(?:\s?~\s?(?:{_DAY}{_END})?)?(?:分|現在|時点)?"
_NUMBER = r"[-▲△+]?(?:\d+(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
# Units that may stand apart from their number; any other word after a space belongs to what follows.
_APART = (
    r"%|[千百]?万円|百万円|千円|億円|円|人|名|件|者|社|回|校|台|店舗?|個|品|本|部|冊|点|位|戸|組|か所|箇所"
    r"|団体|法人|市町村|ポイント|kg|ha|t"
)
_MARKS = r"\s\d()（）・、,/。:;※「」【】\[\]~▲△+-"
_UNIT = rf"(?:\s*(?:{_APART})(?![^{_MARKS}])|[^{_MARKS}]*)"
# What ends a unit although no space does: 「3日間延べ54名」.
_AFTER_UNIT = re.compile(r"(?<=.)(?:延|のべ|累計|うち|内訳|合?計)")
_TOKEN = re.compile(
    rf"(?P<heading>【[^】]*】)|(?P<date>(?<![A-Za-z\d.,]){_DATE})"
    rf"|(?P<oku>\d+)億(?P<man>\d[\d,]*)(?P<man_unit>万\S?)|(?P<number>{_NUMBER})(?P<unit>{_UNIT})"
)
# Signs by which a cell without numbers says something: Japanese words, the marks of tables.
_SAYS = re.compile(r"[ぁ-ゖァ-ヺ一-鿿○〇◎●△▲×]")
# All that looks like one figure, and how a figure is written.
_RUN = re.compile(r"\d[\d.,]*\d")
_FIGURE = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_MOST_DIGITS = 15
_PROVISIONAL = re.compile(r"[(\[]?※?\s*(?:暫定|速報|見込|推計)[み値]*\s*[)\]]?")
_CUMULATIVE = re.compile(r"延べ|のべ|累計|延(?=\s*$)")
_DURATION = re.compile(r"(?:日|時|週|年|[かカヶケ箇]?月)間?")
_AROUND = " 　,，、・:：;；/／()（）[]［］※。-－~～"


def read_cell(raw: str) -> Cell:
    """Read a cell of an indicator table; whatever it cannot read stays in `raw`. Never raises.

    A dash is "not measured"; a date becomes `as_of` of the number it stands with, words become its label.
    """
    text = " ".join(raw.split())
    plain = text.translate(_SAME_LENGTH)
    if _NOTHING.fullmatch(plain):
        return Cell(text, CellKind.NOT_MEASURED)
    reading = _Reading(text, plain)
    parts = reading.parts()
    kind = CellKind.NUMBERS if parts else CellKind.WORDS
    return Cell(text, kind, parts, provisional=_PROVISIONAL.search(plain) is not None)


def is_misread(cell: Cell) -> bool:
    """Whether a figure in a cell is none: 144.5.6件, 12,34件, or one of more than 15 digits."""
    dateless = re.sub(_DATE, " ", cell.raw.translate(_SAME_LENGTH))
    is_broken = any(_FIGURE.fullmatch(run) is None for run in _RUN.findall(dateless))
    return is_broken or any(len(part.number.as_tuple().digits) > _MOST_DIGITS for part in cell.parts)


def says_nothing(cell: Cell) -> bool:
    """Whether words stand in a cell in which nobody reads anything: abc, #REF!."""
    return cell.kind == CellKind.WORDS and _SAYS.search(cell.raw) is None


class _Reading:
    """A cell from left to right: words and dates wait for the number they belong to."""

    def __init__(self, text: str, plain: str) -> None:
        self._text = text
        # Blanked in place: the marks of a provisional value are no label.
        self._plain = _PROVISIONAL.sub(lambda found: " " * len(found[0]), plain)
        self._parts: list[Part] = []
        self._words: list[str] = []
        self._dates: list[str] = []
        self._cumulative = False

    def parts(self) -> tuple[Part, ...]:
        """The numbers of the cell in their order."""
        done = 0
        for token in _TOKEN.finditer(self._plain):
            begin = self._sign_of_a_range(token)
            self._note_words(done, begin)
            done = self._take(token, begin)
        self._note_words(done, len(self._plain))
        self._hand_back()
        return tuple(self._parts)

    def _sign_of_a_range(self, token: re.Match[str]) -> int:
        """Where the token begins; a dash between two figures (10-15名) is no minus sign."""
        begin = token.start()
        between = begin > 0 and token["number"] is not None and token["number"][0] in "-+"
        return begin + 1 if between and self._plain[begin - 1] not in " (" else begin

    def _note_words(self, begin: int, end: int) -> None:
        """Keep the words between two tokens, without 延べ, which becomes a flag."""
        words = self._text[begin:end]
        blank = self._plain[begin:end]
        kept = "".join(" " if b == " " else w for w, b in zip(words, blank, strict=True))
        if _CUMULATIVE.search(kept):
            self._cumulative = True
            kept = _CUMULATIVE.sub(" ", kept)
        stripped = " ".join(kept.strip(_AROUND).split())
        closes = self._parts and kept.lstrip().startswith((")", "）")) and not stripped
        if stripped:
            self._words.append(stripped)
        elif closes and self._cumulative and not self._words:
            self._flag_last()
        if self._belongs_to_last(kept):
            self._hand_back()

    def _belongs_to_last(self, words: str) -> bool:
        """Tell whether a closed bracket just ended in which there was no number: 10件（新規）."""
        return bool(self._parts) and words.rstrip().endswith((")", "）")) and bool(self._words)

    def _take(self, token: re.Match[str], begin: int) -> int:
        if token["heading"]:
            self._words.append(self._text[token.start() + 1 : token.end() - 1].strip())
            return token.end()
        if token["date"]:
            return self._take_date(token)
        if token["oku"]:
            number = int(token["oku"]) * 10_000 + int(token["man"].replace(",", ""))
            self._add(Decimal(number), token["man_unit"])
            return token.end()
        return self._take_number(token, begin)

    def _take_date(self, token: re.Match[str]) -> int:
        written = self._text[token.start() : token.end()].strip()
        before, after = self._plain[: token.start()].rstrip(), self._plain[token.end() :].lstrip()
        alone = before.endswith("(") and after.startswith((")", ",", "、"))
        if alone and self._parts and not self._words and not self._parts[-1].as_of:
            self._parts[-1] = replace(self._parts[-1], as_of=written)
        else:
            self._dates.append(written)
        return token.end()

    def _take_number(self, token: re.Match[str], begin: int) -> int:
        unit = token["unit"]
        end = token.end()
        if split := _AFTER_UNIT.search(unit):
            end -= len(unit) - split.start()
            unit = unit[: split.start()]
        written = self._text[begin:end]
        cumulative_next = self._plain[end:].lstrip().startswith(("延", "のべ"))
        if cumulative_next and _DURATION.fullmatch(unit.strip()):
            self._words.append(written.strip())
            return end
        figure = self._plain[begin : token.end("number")].replace(",", "").lstrip("+")
        sign = -1 if figure[0] in "-▲△" else 1
        self._add(sign * Decimal(figure.lstrip("-▲△")), self._text[token.end("number") : end].strip())
        return end

    def _add(self, number: Decimal, unit: str) -> None:
        as_of, label = " ".join(self._dates), " ".join(self._words)
        unit = "%" if unit == "％" else unit
        self._parts.append(Part(number, unit, cumulative=self._cumulative, as_of=as_of, label=label))
        self._words, self._dates, self._cumulative = [], [], False

    def _flag_last(self) -> None:
        self._parts[-1] = replace(self._parts[-1], cumulative=True)
        self._cumulative = False

    def _hand_back(self) -> None:
        """Give what waits with no number to come to the number before it."""
        if not self._parts:
            return
        last = self._parts[-1]
        label = " ".join([last.label, *self._words]).strip()
        as_of = " ".join([last.as_of, *self._dates]).strip()
        cumulative = last.cumulative or self._cumulative
        self._parts[-1] = replace(last, label=label, as_of=as_of, cumulative=cumulative)
        self._words, self._dates, self._cumulative = [], [], False
