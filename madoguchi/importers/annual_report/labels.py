"""Lines that say what follows: 事業費 4,789千円, 【事業概要】, 担当課：…, 小計, ② …を図ること."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from madoguchi.importers.annual_report.layout import Layout
from madoguchi.importers.annual_report.years import YEAR
from madoguchi.importers.documents.lines import Line, key, plain

# Of the roles these mark the parts of a project's page.
PAGE_ROLES = ("name", "cost", "overview", "results", "unit")
_OPEN, _CLOSE = "【[〔<《(（■□◆◇●○◎・▼▽〈", "】]〕>》)）:：〉"
_CHUNK = re.compile(r"【\s*([^】]+?)\s*】|[〔<《]\s*([^〕>》]+?)\s*[〕>》]|\[\s*([^\]]+?)\s*\]")
_NAMED = re.compile(r"^[(（]?\s*([^:：()（）]{1,12}?)\s*[:：]\s*(.*?)\s*[)）]?$")
_AMOUNT = r"[▲△-]?\d[\d,.]*\s?(?:百万円|千円|万円|億円|円)?"
_FIGURE = re.compile(
    r"[▲△-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?(?:\s?(?:百万|千|万|億)?円)?"
    r"|\d+(?:\.\d+)?\s?(?:百万|千|万|億)?円|(?<![\d,.])\d+(?:\.\d+)?(?![\d,])"
)
_MARK = re.compile(
    r"^(?:(?P<circled>[①-⑳]+)|(?P<roman>[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ])(?!-?\d)[\s.．、]?|[(（](?P<paren>\d{1,2})[)）]"
    r"|(?P<arabic>\d{1,2})(?:[.．、]|\s)(?!\d)|第\s?(?P<ordinal>[\d一二三四五六七八九十]{1,2})\s?[章節]?\s?)"
)
_TAIL = re.compile(r"(?:・{3,}|…+|\.{3,})\s*\d+\s*$")
_LONG = 46
_SHORTEST = 2
_ROWS = re.compile(r"\(?\d+\s?(?:事業|件|本)\)?")
_SUM_LETTERS = 14


@dataclass(frozen=True)
class Label:
    """A label on a line: its role, the value behind it, the text before it, and its word as compared."""

    role: str
    value: str = ""
    before: str = ""
    word: str = ""


@dataclass(frozen=True)
class PolicyMark:
    """The mark of a heading: its style (circled, roman …), its number, and how it is printed."""

    style: str
    number: int
    printed: str
    title: str


class Labels:
    """Recognises labels by the words of a layout."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._known: dict[int, tuple[Label, ...]] = {}

    def of(self, line: Line) -> tuple[Label, ...]:
        """Return the labels of a line, from left to right."""
        known = self._known.get(line.number)
        if known is None:
            known = self._known[line.number] = tuple(self._read(line))
        return known

    def _read(self, line: Line) -> Iterator[Label]:
        text = line.text.strip()
        flat = line.plain.strip()
        if label := self._in_cells(line):
            yield label
            return
        if pairs := self._pairs(text):
            yield from pairs
            return
        costs = [found for found in self._cost.finditer(flat) if _is_amount(found, flat)]
        if costs:
            for place, cost in enumerate(costs):
                before = "" if place else text[: cost.start()].strip(" 　" + _OPEN)
                yield Label("cost", cost["amount"].strip(), before, key(cost["cost_word"]))
            return
        framed = list(_CHUNK.finditer(flat))
        if framed:
            yield from self._framed(text, framed)
            return
        yield from self._plain_label(text, flat)

    def _in_cells(self, line: Line) -> Label | None:
        """A row of a ruled form: the label on the left, its value on the right, digits included."""
        cells = [cell for cell in line.cells if cell]
        role = self._role(cells[0]) if len(cells) == len(line.cells) == 2 else None
        if role is None or self._role(cells[1]) or (role == "cost" and not re.search(r"\d", cells[1])):
            return None
        return Label(role, cells[1], "", key(cells[0]))

    def _pairs(self, text: str) -> list[Label]:
        """Labels and values side by side: 事業名 … 担当課 …."""
        for chunks in (re.split(r"\s{2,}|　|\t", text), text.split()):
            roles = [self._role(chunk) if len(chunk) > 1 else None for chunk in chunks]
            starts = [place for place, role in enumerate(roles) if role]
            if (
                len(starts) > 1
                and starts[0] == 0
                and all(b - a > 1 for a, b in pairwise([*starts, len(chunks)]))
            ):
                edges = pairwise([*starts, len(chunks)])
                return [
                    Label(roles[a] or "", " ".join(filter(None, chunks[a + 1 : b])), "", key(chunks[a]))
                    for a, b in edges
                ]
        return []

    def _framed(self, text: str, framed: list[re.Match[str]]) -> Iterator[Label]:
        """Labels in brackets, several on a line where two columns begin: 【概要】 【実績】."""
        for place, found in enumerate(framed):
            end = framed[place + 1].start() if place + 1 < len(framed) else len(text)
            role = self._role(found[1] or found[2] or found[3])
            if role and not (place == 0 and text[: found.start()].strip()):
                yield Label(role, text[found.end() : end].strip(), "", key(found[0]))

    def _plain_label(self, text: str, flat: str) -> Iterator[Label]:
        if named := _NAMED.match(flat.lstrip(" ■□◆◇●○◎・▼▽")):
            role = self._role(named[1])
            if role:
                yield Label(role, re.split(r"[:：]", text, maxsplit=1)[1].strip(), "", key(named[1]))
                return
        bare = flat.strip(_OPEN + _CLOSE + " 　")
        role = self._role(re.sub(r"^(?:\(?\d{1,2}[).]?|[ア-オ]|[①-⑩])\s*", "", bare))
        titled = text.startswith(("（", "(")) and YEAR.search(flat)
        if role in ("overview", "results") and not titled:
            yield Label(role, "", "", key(bare))
            return
        if wide := re.match(r"(\S{2,10})(?:\s{2,}|　)(\S.*)$", text):
            role = self._role(wide[1])
            if role and role != "cost" and self._role(wide[2]) is None:
                yield Label(role, wide[2], "", key(wide[1]))
                return
        words = text.split(maxsplit=1)
        if len(words) == 2 and self._role(words[0]) in ("name", "unit", "overview", "results"):
            short = self._role(words[0])
            if short and len(words[0]) >= 3 and self._role(words[1]) is None and not words[1][:1].isdigit():
                yield Label(short, words[1], "", key(words[0]))

    def _role(self, word: str) -> str | None:
        bare = YEAR.sub("", re.sub(r"[(（][^)）]*[)）]?$", "", plain(word).strip(_OPEN + _CLOSE + " ")))
        role = self.layout.roles.get(key(bare.strip(" の")))
        return role if role in PAGE_ROLES else None

    @cached_property
    def _cost(self) -> re.Pattern[str]:
        """A word for the cost with an amount: 事業費 4,789千円, 決算額（千円）：1,200."""
        words = sorted(self.layout.file.words.cost, key=len, reverse=True)
        joined = "|".join(re.escape(plain(word)) for word in words)
        elsewhere = r"(?![\d,.]*\s*(?:[年月日名人件者社回校台]|決算|予算|実績|当初))"
        year = YEAR.pattern.replace("?P<", "?P<_")
        return re.compile(
            rf"(?<![^\s(\[【・:■□◆◇●○度])(?:{year}\s*)?(?P<cost_word>{joined})\s*[)\]】]?\s*"
            rf"(?:\([^)\d]*\))?\s*[:]?\s*(?P<amount>{_AMOUNT}|-(?=\s|$)){elsewhere}"
        )

    def starts_page(self, line: Line) -> bool:
        """Tell whether a line is a label that only a project's page has."""
        return any(
            label.role in ("overview", "results") or (label.role in ("cost", "name") and label.value)
            for label in self.of(line)
        )

    def subtotal_lines(self, lines: Sequence[Line], place: int) -> int:
        """Return how many lines from here sum a list up: the word and its amounts; 0 when none does."""
        flat = lines[place].plain.strip(" 【】[]()<>■")
        if flat not in self._subtotal_words:
            return int(self.subtotal(lines[place].plain) is not None)
        count = 1
        while place + count < len(lines) and _FIGURE.fullmatch(lines[place + count].plain.strip()):
            count += 1
        return count if count > 1 else 0

    def subtotal(self, text: str) -> list[str] | None:
        """Return the amounts of a text that sums a list up; None when it is no such text."""
        flat = plain(text).strip(" 【】[]()<>■")
        tokens = flat.split()
        figures = [found[0] for token in tokens for found in [_FIGURE.fullmatch(token)] if found]
        told = [token for token in tokens if not _FIGURE.fullmatch(token) and not _ROWS.fullmatch(token)]
        if figures and told and len("".join(told)) <= _SUM_LETTERS and self._sums(told[-1]):
            return figures
        for word in self._subtotal_words:
            if flat.startswith(word):
                rest = _ROWS.sub("", flat[len(word) :])
                figures = [found[0] for found in _FIGURE.finditer(rest)]
                words = re.sub(r"[\d,.\s円千万百億()・:-]|事業費?|件|額|予算|決算", "", rest)
                if figures and len(words) <= 6:
                    return figures
        return None

    def _sums(self, word: str) -> bool:
        """Tell whether a word says that something is summed up: 小計, 方針A計, 柱１小計（３事業）."""
        bare = _ROWS.sub("", word).strip("【】[]()<>■")
        return (
            bare in self._subtotal_words
            or re.fullmatch(rf"(?:{self._policy_words}).{{0,6}}計", bare) is not None
        )

    @cached_property
    def _subtotal_words(self) -> list[str]:
        words = map(plain, self.layout.file.words.subtotal)
        spaced = {" ".join(word) for word in self.layout.file.words.subtotal}
        return sorted({*words, *spaced}, key=len, reverse=True)

    def is_prose(self, line: Line) -> bool:
        """Tell whether a line is running text."""
        text = line.text
        return (text.endswith("。") and len(text) > 12) or (len(text) > _LONG and "、" in text)

    def is_unit(self, text: str) -> bool:
        """Tell whether a text ends as the name of a unit does."""
        return plain(text).endswith(self.layout.file.unit_endings)

    def ends_matter(self, line: Line) -> bool:
        """Tell whether back matter begins here: reference texts, members of a council."""
        bare = key(line.text)
        return len(bare) < 30 and any(bare.endswith(word) for word in self.layout.keys("back_matter"))

    def is_case_study(self, line: Line) -> bool:
        """Tell whether case studies begin here."""
        bare = key(line.text.strip(" 　【】■◆○●〈〉＜＞"))
        return len(bare) < 45 and any(bare.endswith(word) for word in self.layout.keys("case_study"))

    def policy(self, line: Line) -> PolicyMark | None:
        """Return the mark of a line that names a policy by a word: 基本方針１ …, 施策の柱Ⅱ …."""
        found = self._policy.match(line.plain.strip(" 【】[]<>■□◆◇●○《》〔〕"))
        if found is None or _TAIL.search(line.plain) or self.is_prose(line):
            return None
        digits = found["number"]
        return PolicyMark("word", ordinal(digits), digits, line.text.strip())

    @cached_property
    def _policy_words(self) -> str:
        return "|".join(sorted(map(re.escape, self.layout.file.policy_words), key=len, reverse=True))

    @cached_property
    def _policy(self) -> re.Pattern[str]:
        return re.compile(
            rf"^(?:{self._policy_words})\s?[(（]?(?P<number>\d{{1,2}}(?:-\d{{1,2}})?|[①-⑳]|[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]|[一二三四五六七八九十]|[A-H](?![a-zA-Z]))[)）]?(?=[\s:：.、「【]|[^\d年月])"
        )

    def mark(self, line: Line) -> PolicyMark | None:
        """Return the mark a heading-like line begins with: ①, Ⅱ, （３）, 4."""
        if self.is_prose(line) or _TAIL.search(line.plain) or len(line.text) > 70:
            return None
        if worded := self.policy(line):
            return worded
        found = _MARK.match(line.plain.strip(" 【■□◆◇●○"))
        if found is None or not found.lastgroup:
            return None
        printed = found[found.lastgroup]
        title = line.text.strip(" 　【】■□◆◇●○")
        if len(re.sub(r"[①-⑳\s()（）.．、\d]", "", title)) < _SHORTEST:
            return None
        return PolicyMark(
            found.lastgroup, ordinal(printed[-1] if found["circled"] else printed), printed, title
        )


def _is_amount(found: re.Match[str], flat: str) -> bool:
    """An amount has a unit, a comma or a colon before it, or ends its line."""
    amount = found["amount"]
    return "," in amount or amount.endswith("円") or ":" in found[0] or not flat[found.end() :].strip()


_KANJI = "一二三四五六七八九十"
_ROMAN = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ"


def ordinal(printed: str) -> int:
    """Return the number a mark stands for."""
    last = printed.rsplit("-", 1)[-1]
    if last.isascii() and last.isdigit():
        return int(last)
    for row in (_KANJI, _ROMAN, "ABCDEFGH"):
        if last in row:
            return row.index(last) + 1
    return ord(last[-1]) - 0x245F if "①" <= last[-1] <= "⑳" else 0
