"""Which basic policy a list belongs to: the marked heading above it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from madoguchi.importers.annual_report.labels import Labels, PolicyMark
from madoguchi.importers.documents.found import Found
from madoguchi.importers.documents.lines import Line, join

# Where headings of several styles fit as well, the more telling one is taken.
_STYLES = ("word", "circled", "roman", "ordinal", "paren", "arabic")
_WRAPPED = 30
_OPENS = re.compile(r"[【■○◯〇(（①-⑳]")
_NEAR = 3


@dataclass(frozen=True)
class Heading:
    """The marks above a list (more than one where policies share it), as printed, and where they stand."""

    marks: tuple[str, ...]
    titles: tuple[Found[str], ...]
    place: int

    @property
    def mark(self) -> str:
        """The marks in one: ⑥⑦."""
        return "".join(self.marks)


class PolicyReader:
    """Finds the headings of policies."""

    def __init__(self, lines: Sequence[Line], labels: Labels) -> None:
        self._lines = lines
        marks = ((place, labels.mark(line)) for place, line in enumerate(lines))
        self._marks = [(place, mark) for place, mark in marks if mark is not None]

    def above(self, starts: Sequence[tuple[int, int]]) -> list[Heading | None]:
        """Return for each stretch (from the end of what came before, to a list's start) its heading.

        One style of marks is used for all; None where a stretch has no new heading of that style.
        """
        best: tuple[float, list[Heading | None]] = (0.0, [None] * len(starts))
        for rank, style in enumerate(_STYLES):
            hits, headings = self._walk(style, starts)
            score = hits - 0.1 * rank - 0.5 * self._restarts(style, starts)
            if hits and score > best[0]:
                best = score, headings
        return best[1]

    def _restarts(self, style: str, starts: Sequence[tuple[int, int]]) -> int:
        """How often a style begins again with 1: then it numbers what is below the policies."""
        return sum(
            any(begin <= at < end and mark.style == style and mark.number == 1 for at, mark in self._marks)
            for begin, end in starts[1:]
        )

    def _walk(self, style: str, starts: Sequence[tuple[int, int]]) -> tuple[int, list[Heading | None]]:
        """Go through the stretches with one style: numbers must rise, and best by one."""
        last, hits = 0, 0
        headings: list[Heading | None] = []
        for begin, end in starts:
            here = [(at, m) for at, m in self._marks if begin <= at < end and m.style == style]
            next_ones = [(at, mark) for at, mark in here if mark.number == last + 1]
            later = next_ones or [(at, mark) for at, mark in here if mark.number > last]
            if not later:
                headings.append(None)
                continue
            place, mark = later[-1]
            group = self._group(place, mark, here)
            hits += bool(next_ones)
            last = group[-1][1].number
            headings.append(self._heading(group))
        return hits, headings

    def _group(
        self, place: int, mark: PolicyMark, here: Sequence[tuple[int, PolicyMark]]
    ) -> list[tuple[int, PolicyMark]]:
        """The marks that follow at once with the next numbers: they share what comes."""
        group = [(place, mark)]
        for at, following in here:
            near = 0 < at - group[-1][0] <= _NEAR and not any(
                self._lines[between].text.endswith("。") for between in range(group[-1][0], at)
            )
            if near and following.number == group[-1][1].number + 1:
                group.append((at, following))
        return group

    def _heading(self, group: Sequence[tuple[int, PolicyMark]]) -> Heading:
        titles = []
        for at, mark in group:
            lines = [self._lines[at]]
            after = self._lines[at + 1] if at + 1 < len(self._lines) else None
            wrapped = after is not None and len(mark.title) >= _WRAPPED and after.gap <= 1
            if wrapped and after is not None and len(after.text) < _WRAPPED and not _OPENS.match(after.text):
                lines.append(after)
            text = join([mark.title, *(line.text for line in lines[1:])])
            titles.append(Found.at(text.strip("　 】"), lines))
        return Heading(tuple(mark.printed for _, mark in group), tuple(titles), group[0][0])
