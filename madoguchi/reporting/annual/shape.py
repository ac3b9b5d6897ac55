"""What an annual report holds, ready to print: every renderer (PDF, Word, Excel …) reads only this."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from madoguchi.results.cells import Cell


@dataclass(frozen=True)
class Correction:
    """訂正: a value that was corrected after it was public; the year is None for one of no single year.

    With both texts alike it was the sentence beside the value that was corrected."""

    fiscal_year: int | None
    on: date
    before: str
    after: str
    reason: str


@dataclass(frozen=True)
class IndicatorLine:
    """One row of an indicator table. `cells` by fiscal year; `undated` belongs to no single year.

    `origin` says in a short sentence where the newest value comes from, `lines` where that stands in the text
    of the document (for programs), `note` what a reader of the table has to know."""

    key: str
    name: str
    cells: Mapping[int, Cell]
    undated: Cell | None = None
    origin: str = ""
    lines: str = ""
    note: str = ""
    corrections: tuple[Correction, ...] = ()

    def corrections_of(self, year: int | None) -> tuple[Correction, ...]:
        """Those of the value of a year, or of that of no single year."""
        return tuple(one for one in self.corrections if one.fiscal_year == year)


@dataclass(frozen=True)
class CaseStudy:
    """One 事例 as short facts. `pictures` are (path, alternative text, credit)."""

    slug: str
    title: str
    business: str
    paragraphs: tuple[str, ...]
    project_slug: str = ""
    pictures: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class ProjectEntry:
    """One printed row of a list with its page: the same project again where it is a repeat (再掲).

    Costs in yen; `cost_yen` is None where none is stated. `policies` are the marks of a shared table,
    None when the source does not tell. `responsible` is what the page prints (課 and グループ),
    `department` what the list prints. `breaks` is the name with | where it may fold; with a `reading`
    (hiragana) on every entry the index is by reading, otherwise in the order of the lists."""

    number: int
    slug: str
    name: str
    list_name: str
    cost_yen: int | None
    cost_basis: str
    is_new: bool
    is_repeat: bool
    department: str
    responsible: str
    policies: tuple[str, ...] | None
    overview: str
    achievements: str
    indicators: tuple[IndicatorLine, ...] = ()
    case_studies: tuple[CaseStudy, ...] = ()
    breaks: str = ""
    reading: str = ""


@dataclass(frozen=True)
class Section:
    """A policy, or two that share one table. `mark` is ① or ⑥⑦; sums in yen.

    Two sums, both named wherever one is shown: rows as listed, and repeats left out (each project once)."""

    code: str
    mark: str
    titles: tuple[str, ...]
    short: str
    introduction: tuple[tuple[str, str], ...]
    entries: tuple[ProjectEntry, ...]
    stated_subtotal_yen: int | None
    case_studies: tuple[CaseStudy, ...] = ()

    @property
    def listed_sum_yen(self) -> int:
        """The sum of the rows as they are listed, repeats included."""
        return sum(entry.cost_yen or 0 for entry in self.entries)

    @property
    def own_sum_yen(self) -> int:
        """The sum without the repeats of this list."""
        return sum(entry.cost_yen or 0 for entry in self.entries if not entry.is_repeat)


@dataclass(frozen=True)
class Chapter:
    """A free chapter of the region, before or after the policies: headings with paragraphs, or a table."""

    code: str
    title: str
    blocks: tuple[tuple[str, str], ...] = ()
    table: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Change:
    """One difference from the last report: what, before, after. Empty where the project was not there."""

    project: str
    what: str
    before: str
    after: str


@dataclass(frozen=True)
class AnnualReport:
    """The report of one fiscal year, in the order in which it is printed.

    `first_chapter` is the number of the chapter of the policies: a report may begin at （２）."""

    fiscal_year: int
    title: str
    ordinance: str
    article: str
    publisher: str
    sections: tuple[Section, ...]
    before: tuple[Chapter, ...] = ()
    after: tuple[Chapter, ...] = ()
    changes: tuple[Change, ...] = ()
    is_final: bool = False
    warnings: tuple[str, ...] = ()
    first_chapter: int = 1

    @property
    def listed_sum_yen(self) -> int:
        """All rows of all lists, repeats counted each time."""
        return sum(section.listed_sum_yen for section in self.sections)

    @property
    def once_sum_yen(self) -> int:
        """Every project once, wherever it is listed."""
        costs = {entry.slug: entry.cost_yen or 0 for section in self.sections for entry in section.entries}
        return sum(costs.values())
