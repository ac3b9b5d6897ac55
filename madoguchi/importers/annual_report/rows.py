"""Rows of a list whose columns are flattened into text: the words are dealt to the columns.

A word may only move to the right within a row, back at the start of a line for a name that was broken, or
into a new row. Of all ways to deal the words the best-scored one is kept (a beam search).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from madoguchi.importers.annual_report import money
from madoguchi.importers.annual_report.headers import Column
from madoguchi.importers.annual_report.layout import Layout
from madoguchi.importers.documents.lines import Line, key, plain

_BEAM = 24
_TEXT_ROLES = frozenset({"name", "unit", "overview", "results", "remark"})
_OPTIONAL = frozenset({"status", "page", "policies", "number", "overview", "results", "remark"})
_NUMBER = re.compile(r"\(?(\d{1,4})[.)]?|\d{1,3}(?:-\d{1,3}){1,2}|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩA-Z]-?\d{1,3}")
_CIRCLED = {chr(0x2460 + i): i + 1 for i in range(20)}
_PAGE = re.compile(r"(?:[Pp]{1,2}\.?|頁)?\s?(\d{1,4})(?:[-~,、](\d{1,4}))?(?:頁|ページ)?")
_TICKS = frozenset("○〇◯●◎✓レ")
_DASH = frozenset("-ー")
_MONEY_WORD = re.compile(r"(?:百万|千|万|億)?円")
_SENTENCE = re.compile(r"。|する$|した$|した。?$|図る$|支援$")


@dataclass(frozen=True)
class Token:
    """A word of a row; `first` when it begins its line, `leads` when only circles stand before it."""

    text: str
    line: Line
    first: bool
    leads: bool = False

    @property
    def plain(self) -> str:
        """The word in half width."""
        return plain(self.text)


@dataclass(frozen=True)
class Row:
    """A row: for each column (by its place) the words dealt to it."""

    dealt: dict[int, tuple[Token, ...]]

    def words(self, place: int | None) -> tuple[Token, ...]:
        """The words of a column."""
        return self.dealt.get(place, ()) if place is not None else ()


class _State(NamedTuple):
    """How far a row has come; two ways that reach the same state differ only in their past."""

    column: int
    named: bool
    costed: bool
    number: int


class _Step(NamedTuple):
    """One word dealt, and the step before."""

    before: "_Step | None"
    token: Token | None
    column: int
    opens: bool


def tokens_of(lines: Iterable[Line]) -> list[Token]:
    """Return the words of the lines; a unit of money that stands apart joins its number."""
    tokens: list[Token] = []
    for line in lines:
        first = leads = True
        for word in line.text.split():
            glued = tokens and not first and _MONEY_WORD.fullmatch(word) and tokens[-1].plain[-1:].isdigit()
            if glued:
                tokens[-1] = replace(tokens[-1], text=tokens[-1].text + word)
                continue
            tokens.append(Token(word, line, first, leads))
            first, leads = False, leads and is_tick(word)
    return tokens


def number_of(text: str) -> int | None:
    """Return the running number a word is, ① and (1) included."""
    if text in _CIRCLED:
        return _CIRCLED[text]
    found = _NUMBER.fullmatch(plain(text))
    return int(found[1] or re.findall(r"\d+", plain(text))[-1]) if found else None


def page_of(text: str) -> int | None:
    """Return the page a word names."""
    found = _PAGE.fullmatch(plain(text))
    return int(found[1]) if found else None


def is_tick(text: str) -> bool:
    """Tell whether a word is a circle in a column of circles."""
    return text in _TICKS


class Dealer:
    """Deals the words of a list to its columns."""

    def __init__(self, columns: Sequence[Column], layout: Layout) -> None:
        self._columns = columns
        self._layout = layout
        self._has_number = any(column.role == "number" for column in columns)
        self._has_cost = any(column.role == "cost" for column in columns)
        named = next((place for place, column in enumerate(columns) if column.role == "name"), 0)
        # What stands behind the name cannot begin a row, but for amounts of a row whose name is lost.
        self._openers = frozenset(range(named + 1))
        self._repeats = frozenset(map(key, layout.file.repeat_marks))
        self._unit_end = re.compile(rf"(?:{'|'.join(map(re.escape, layout.file.unit_endings))})(?:\(.*)?$")

    def deal(self, tokens: Sequence[Token]) -> tuple[list[Row], float]:
        """Return the rows, and how well they fit for each word."""
        beam: dict[_State, tuple[float, _Step | None]] = {_State(-1, False, False, 0): (0.0, None)}
        for token in tokens:
            scores = [self._score(column.role, token) for column in self._columns]
            beam = self._advance(beam, token, scores)
        best = max(beam.items(), key=lambda item: item[1][0] - 2 * (not item[0].costed and self._has_cost))
        score, step = best[1]
        return _rows(step), score / max(len(tokens), 1)

    def _advance(
        self,
        beam: dict[_State, tuple[float, _Step | None]],
        token: Token,
        scores: list[float | None],
    ) -> dict[_State, tuple[float, _Step | None]]:
        new: dict[_State, tuple[float, _Step | None]] = {}
        number = number_of(token.text)
        for state, (score, step) in beam.items():
            _keep(new, state, score - 2.0, step)  # the word belongs nowhere
            for place, fit in enumerate(scores):
                if fit is None:
                    continue
                for moved, opens, cost in self._moves(state, place, token, number):
                    _keep(new, moved, score + fit + cost, _Step(step, token, place, opens))
        if len(new) <= _BEAM:
            return new
        kept = sorted(new.items(), key=lambda item: -item[1][0])[:_BEAM]
        return dict(kept)

    def _moves(
        self, state: _State, place: int, token: Token, number: int | None
    ) -> Iterable[tuple[_State, bool, float]]:
        role = self._columns[place].role
        follows = 0.0
        if role == "number":
            follows = 4.0 if number == state.number + 1 else (-1.0 if state.number else 1.0)
        counted = (number or 0) if role == "number" else state.number
        if state.column >= 0:
            cost = self._within(state, place, token)
            if cost is not None:
                yield self._after(state, place, counted), False, cost + follows
        if place in self._openers:
            fresh = _State(-1, False, False, state.number)
            yield self._after(fresh, place, counted), True, self._opening(state, place, token) + follows

    def _within(self, state: _State, place: int, token: Token) -> float | None:
        role = self._columns[place].role
        if place == state.column:
            return 0.0 if role in _TEXT_ROLES or role == "policies" else None
        if place > state.column:
            skipped = self._columns[state.column + 1 : place]
            return -0.4 * sum(column.role not in _OPTIONAL for column in skipped)
        back = (
            token.first and role in ("name", "unit", "overview") and self._columns[state.column].role != role
        )
        return -1.5 if back else None

    def _opening(self, state: _State, place: int, token: Token) -> float:
        cost = 0.0 if token.first else -2.0
        if state.column >= 0:
            cost -= 3.0 * (not state.named) + (2.5 if self._has_cost and not state.costed else 0.0)
        skipped = self._columns[:place]
        cost -= sum(
            2.0 if column.role == "number" else 0.4 for column in skipped if column.role != "policies"
        )
        return cost

    def _after(self, state: _State, place: int, number: int) -> _State:
        role = self._columns[place].role
        return _State(place, state.named or role == "name", state.costed or role == "cost", number)

    def _score(self, role: str, token: Token) -> float | None:
        """How well a word fits a column; None when it cannot stand there."""
        text = token.plain
        scorers = {
            "number": lambda: 0.5 if token.leads and number_of(token.text) is not None else None,
            "cost": lambda: _cost_score(text),
            "page": lambda: 2.0 if page_of(text) is not None else None,
            "policies": lambda: (
                2.0 if all(mark in _TICKS or mark in _CIRCLED for mark in token.text) else None
            ),
            "status": lambda: 3.0 if self.is_mark(token.text) else None,
        }
        if role in scorers:
            return scorers[role]()
        if money.AMOUNT.fullmatch(text) or text in _DASH or is_tick(token.text):
            return None
        if role == "unit":
            return self._unit_score(text)
        if role == "remark":
            return 2.5 if self.is_mark(token.text) else 0.3
        if role == "name":
            return -1.2 if self.is_unit(text) else 1.0
        return (1.5 if _SENTENCE.search(text) else 0.4) if len(text) > 6 else 0.2

    def _unit_score(self, text: str) -> float:
        if self.is_unit(text):
            return 2.5
        return 1.0 if text.startswith("(") and text.endswith(")") else -0.8

    def is_unit(self, text: str) -> bool:
        """Tell whether a word ends as the name of a unit does."""
        return len(text) < 24 and self._unit_end.search(plain(text)) is not None

    def is_mark(self, text: str) -> bool:
        """Tell whether a word is a mark such as 新規 or 継続, also in brackets."""
        folded = key(text)
        bare = folded.strip("()[]【】〔〕<>《》")
        return bare in self._layout.new_marks or bare in self._layout.other_marks or folded in self._repeats


def _cost_score(text: str) -> float | None:
    if text in _DASH:
        return 0.5
    if not money.is_amount(text):
        return None
    return 3.0 if "," in text or text.endswith("円") else 1.0


def _keep(
    states: dict[_State, tuple[float, _Step | None]], state: _State, score: float, step: _Step | None
) -> None:
    known = states.get(state)
    if known is None or known[0] < score:
        states[state] = (score, step)


def _rows(step: _Step | None) -> list[Row]:
    steps = []
    while step is not None:
        steps.append(step)
        step = step.before
    rows: list[dict[int, list[Token]]] = []
    for each in reversed(steps):
        if each.opens:
            rows.append({})
        if rows and each.token is not None:
            rows[-1].setdefault(each.column, []).append(each.token)
    return [Row({place: tuple(words) for place, words in row.items()}) for row in rows]
