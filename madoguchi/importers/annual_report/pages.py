"""Projects' own pages: a name, then labelled parts, then the next name."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from madoguchi.importers.annual_report import money
from madoguchi.importers.annual_report.drafts import PageDraft
from madoguchi.importers.annual_report.headings import LEAD, UNIT_TAIL, without_marks
from madoguchi.importers.annual_report.indicators import Table
from madoguchi.importers.annual_report.labels import Label, Labels
from madoguchi.importers.annual_report.matching import bare
from madoguchi.importers.documents.found import LIKELY, SURE, UNSURE, Found
from madoguchi.importers.documents.lines import Line, join, plain

_PAST = re.compile(r"(?:した|った|いた|れた|きた|めた|けた|せた|んだ|だった)(?:。|（|$)")
_HEADING_LINES = 3
_SHORT = 18
_LONGEST = 60
_SOON = 8


@dataclass
class Block:
    """The lines of one project; `start` is its first label, `end` is not included."""

    start: int
    end: int = 0
    labels: list[tuple[int, Label]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    @property
    def roles(self) -> set[str]:
        """What has been labelled so far."""
        return {label.role for _, label in self.labels} | ({"table"} if self.tables else set())

    def has(self, label: Label) -> bool:
        """Tell whether this label has come: the same word; 目的 and 内容 are two parts of one overview."""
        return any(each.role == label.role and each.word == label.word for _, each in self.labels)


class PageReader:
    """Cuts the lines outside of the lists into projects."""

    def __init__(
        self, lines: Sequence[Line], labels: Labels, money_unit: str, names: frozenset[str] = frozenset()
    ) -> None:
        self._lines = lines
        self._names = names
        self._headings: dict[int, int] = {}
        self._labels = labels
        self._money = money_unit

    def all(self, lists: Sequence[tuple[int, int]], tables: Sequence[Table]) -> list[PageDraft]:
        """Return the pages from top to bottom."""
        events = self._events(lists, tables)
        blocks = self._blocks(events, lists, None)
        firsts = Counter(first for block in blocks if (first := self._first_of(block)))
        if firsts:
            blocks = self._blocks(events, lists, firsts.most_common(1)[0][0])
        previous = 0
        pages = []
        for place, block in enumerate(blocks):
            after = blocks[place + 1].start if place + 1 < len(blocks) else len(self._lines)
            block.end = min([after, *(start for start, _ in lists if start > block.start)])
            earliest = max([previous, *(end for _, end in lists if end <= block.start)])
            page = self._page(block, earliest)
            previous = self._last(block)
            if page is not None:
                pages.append(page)
        return pages

    def _first_of(self, block: Block) -> tuple[str, str] | None:
        """The role and word of the label a block begins with; None when a table comes before it."""
        starts = [(place, label.role, label.word) for place, label in block.labels if label.role != "heading"]
        first = min(starts, default=None, key=lambda start: start[0])
        if first is None or any(table.start < first[0] for table in block.tables):
            return None
        return first[1], first[2]

    def _events(
        self, lists: Sequence[tuple[int, int]], tables: Sequence[Table]
    ) -> list[tuple[int, Label | Table]]:
        """Labels and tables in their order, without the lists and what follows the projects."""
        taken = {place for start, end in lists for place in range(start, end)}
        for table in tables:
            taken.update(range(table.start, table.end))
        events: list[tuple[int, Label | Table]] = [(table.start, table) for table in tables]
        open_until = -1
        for place, line in enumerate(self._lines):
            if place in taken or place <= open_until:
                continue
            count = self._heading_lines(place, taken)
            if count:
                self._headings[place] = count
                events.append(
                    (place, Label("heading", join(each.text for each in self._lines[place : place + count])))
                )
                open_until = place + count - 1
                continue
            for label in self._labels.of(line):
                events.append((place, label))
                if label.role == "unit":
                    open_until = self._closing(place)
        return sorted(events, key=lambda event: event[0])

    def _heading_lines(self, place: int, taken: set[int]) -> int:
        """How many lines from here are the name of a listed project, with its page below; 0 when none are."""
        for count in range(1, _HEADING_LINES + 1):
            lines = self._lines[place : place + count]
            if any(len(line.text) > _LONGEST or self._labels.is_prose(line) for line in lines):
                return 0
            name = join(line.text for line in lines)
            if bare(without_marks(name)) in self._names and self._page_follows(place + count, taken):
                return count
        return 0

    def _page_follows(self, place: int, taken: set[int]) -> bool:
        """Tell whether a label, a table or a text comes soon."""
        for at in range(place, min(place + _SOON, len(self._lines))):
            line = self._lines[at]
            if at in taken or self._labels.of(line) or (self._labels.is_prose(line) and at < place + 3):
                return True
        return False

    def _closing(self, place: int) -> int:
        """The line on which a bracket opened here is closed: a unit may take several lines."""
        depth = 0
        for at in range(place, min(place + 4, len(self._lines))):
            flat = self._lines[at].plain
            depth += flat.count("(") - flat.count(")")
            if depth <= 0:
                return at
        return place

    def _blocks(
        self,
        events: Sequence[tuple[int, Label | Table]],
        lists: Sequence[tuple[int, int]],
        leading: tuple[str, str] | None,
    ) -> list[Block]:
        """A project begins where a part comes that it already has, or the part all projects begin with."""
        blocks: list[Block] = []
        breaks = sorted(start for start, _ in lists)
        for place, event in events:
            role = event.role if isinstance(event, Label) else "table"
            block = blocks[-1] if blocks else None
            fresh = block is None or any(block.start < at <= place for at in breaks)
            if block is not None and not fresh:
                same_line = bool(block.labels) and block.labels[-1][0] == place
                fresh = role == "heading" or (not same_line and self._again(event, block, leading))
            if fresh or block is None:
                block = Block(place)
                blocks.append(block)
            if isinstance(event, Label):
                block.labels.append((place, event))
            else:
                block.tables.append(event)
        return [block for block in blocks if block.labels and block.roles - {"unit"}]

    def _again(self, event: Label | Table, block: Block, leading: tuple[str, str] | None) -> bool:
        """Tell whether a label has come already, or is the one that projects begin with."""
        if not isinstance(event, Label):
            return False
        begun = bool(block.roles - {"heading"})
        return block.has(event) or (begun and (event.role, event.word) == leading)

    def _last(self, block: Block) -> int:
        """Behind the last line that belongs to a block for certain."""
        ends = [table.end for table in block.tables]
        for place, label in block.labels:
            ends.append((self._closing(place) if label.role == "unit" else place) + 1)
        return max(ends)

    def _page(self, block: Block, earliest: int) -> PageDraft | None:
        name = self._name(block, earliest)
        if name is None:
            return None
        costs = self._costs(block)
        unit = self._unit(block) or self._unit_in_name(name)
        overview, results = self._texts(block)
        rows = tuple(row for table in block.tables for row in table.rows)
        last = self._lines[max(self._last(block) - 1, block.start)].number
        return PageDraft(
            name=self._bare(name),
            costs_yen=costs,
            unit=unit,
            overview=overview,
            results=results,
            indicators=rows,
            lines=(name.lines[0], last),
        )

    def _name(self, block: Block, earliest: int) -> Found[str] | None:
        """What is labelled 事業名, else the lines above the first label."""
        for place, label in block.labels:
            if label.role == "name" and label.value:
                return Found.at(label.value, [self._lines[place]])
            if label.role == "heading":
                return Found.at(label.value, self._lines[place : place + self._headings[place]])
        first = self._lines[block.start]
        before = block.labels[0][1].before if block.labels[0][0] == block.start else ""
        above = self._heading(
            block.start, earliest, enough=bool(before) and not before.startswith(("（", "("))
        )
        lines = [*above, first] if before else above
        texts = [*(line.text for line in above), *([before] if before else [])]
        if not lines or not join(texts):
            return None
        certain, reason = (SURE, "") if len(lines) == 1 else (LIKELY, "行に分かれた名前をつなぎました。")
        return Found.at(join(texts), lines, " ".join(texts), certain, reason)

    def _heading(self, start: int, earliest: int, *, enough: bool) -> list[Line]:
        """The lines of a heading: those right above, as long as the one before looks broken off."""
        above: list[Line] = []
        for place in range(start - 1, max(start - 1 - _HEADING_LINES, earliest - 1), -1):
            line = self._lines[place]
            if enough or self._labels.is_prose(line) or line.text.endswith("。") or len(line.text) > _LONGEST:
                break
            if self._labels.policy(line):
                break
            if above and not self._continues(line, above[0]):
                break
            above.insert(0, line)
        return above

    def _continues(self, line: Line, after: Line) -> bool:
        """Tell whether a heading goes on from one line to the next."""
        if after.text.startswith(("（", "(", "②", "経営")) and after.gap <= 1:
            return True
        return (
            after.gap <= 1
            and (len(line.text) >= _SHORT or line.text.startswith("①"))
            and not LEAD.match(after.text)
        )

    def _bare(self, name: Found[str]) -> Found[str]:
        """The name without its number, marks and unit."""
        value = without_marks(name.value) or name.value
        return Found(value, name.source, name.lines, name.page, name.confidence, name.reason)

    def _unit_in_name(self, name: Found[str]) -> Found[str] | None:
        found = UNIT_TAIL.search(name.value)
        if found is None:
            return None
        return Found(found[1], name.source, name.lines, name.page, LIKELY, "見出しのかっこから読みました。")

    def _costs(self, block: Block) -> tuple[Found[int], ...]:
        """The amounts of a page, a budget before what was settled."""
        found: list[tuple[bool, Found[int]]] = []
        for place, label in block.labels:
            line = self._lines[place]
            value = money.in_yen(plain(label.value), self._unit_on(line)) if label.role == "cost" else None
            if value is not None:
                found.append(("予算" not in label.word, Found.at(value, [line], label.value)))
        return tuple(cost for _, cost in sorted(found, key=lambda each: each[0]))

    def _unit_on(self, line: Line) -> str:
        """The unit a label names in brackets: 決算額（千円）."""
        named = re.search(r"\((?:単位[:は]?)?(百万円|千円|万円|円)\)", line.plain)
        return named[1] if named else self._money

    def _unit(self, block: Block) -> Found[str] | None:
        for place, label in block.labels:
            if label.role != "unit":
                continue
            last = self._closing(place)
            lines = self._lines[place : last + 1]
            value = _closed(" ".join([label.value, *(line.text for line in lines[1:])]))
            if value:
                return Found.at(value, lines)
        return None

    def _texts(self, block: Block) -> tuple[Found[str] | None, Found[str] | None]:
        """Overview and results; where both labels share a line the text is cut at the first past tense."""
        starts = [(place, label) for place, label in block.labels if label.role in ("overview", "results")]
        places = [place for place, _ in starts]
        shared = len(places) != len(set(places))
        if shared:
            return self._cut(self._run(places[0], block))
        texts: dict[str, list[Line]] = {}
        parts: dict[str, list[str]] = {}
        for place, label in starts:
            lines = self._run(place, block)
            texts.setdefault(label.role, []).extend([self._lines[place], *lines])
            parts.setdefault(label.role, []).extend([label.value, *(line.text for line in lines)])
        overview, results = (
            Found.at(join(parts[role]), texts[role]) if join(parts.get(role, ())) else None
            for role in ("overview", "results")
        )
        return overview, results

    def _run(self, place: int, block: Block) -> list[Line]:
        """The lines of text that follow a label."""
        stops = [at for at, _ in block.labels if at > place] + [table.start for table in block.tables]
        end = min([at for at in stops if at > place], default=block.end)
        return list(self._lines[place + 1 : end])

    def _cut(self, lines: list[Line]) -> tuple[Found[str] | None, Found[str] | None]:
        sentence: list[int] = []
        for place, line in enumerate(lines):
            sentence.append(place)
            if not line.text.endswith(("。", "）")):
                continue
            if _PAST.search(join(lines[at].text for at in sentence)):
                first = sentence[0]
                return _text(lines[:first]), _text(lines[first:])
            if line.text.endswith("。"):
                sentence = []
        return _text(lines), None


def _text(lines: list[Line]) -> Found[str] | None:
    if not lines:
        return None
    reason = "概要と実績が続いていたので、文の形で分けました。"
    return Found.at(join(line.text for line in lines), lines, "", UNSURE, reason)


def _closed(value: str) -> str:
    """A value without the bracket that closes the label's own."""
    text = value.strip(" 　")
    while plain(text).count(")") > plain(text).count("(") and text.endswith((")", "）")):
        text = text[:-1].rstrip()
    return text
