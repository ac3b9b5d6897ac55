"""The annual report as its pages show it: every sum comes from the report itself."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext

from madoguchi.japan import kana
from madoguchi.reporting.annual import wording as printed
from madoguchi.reporting.annual.shape import AnnualReport, Change, ProjectEntry, Section
from madoguchi.results.models import ListingRow
from madoguchi.web.shared import wording

BAR_WIDTH = 1000
_REPEAT = re.compile(r"[（(]\s*再掲\s*[）)]")


@dataclass(frozen=True)
class YearLine:
    """One report in the list of all: how much it lists, and both sums in yen."""

    fiscal_year: int
    label: str
    title: str
    rows: int
    projects: int
    listed_yen: int
    once_yen: int


@dataclass(frozen=True)
class SectionBar:
    """One line of the chart; widths out of 1,000, the longest sum filling all of it."""

    code: str
    mark: str
    short: str
    rows: int
    repeats: int
    new: int
    listed_yen: int
    own_yen: int
    width: int
    repeat_width: int


@dataclass(frozen=True)
class EntryLine:
    """One printed row of a list, with its bar. `marks` are those of a shared table (see `_marks`)."""

    number: int
    slug: str
    title: str
    printed: str
    cost_yen: int | None
    width: int
    is_new: bool
    is_repeat: bool
    department: str
    marks: str


@dataclass(frozen=True)
class CorrectedEntry:
    """A project with what was corrected of it after the report was public, as sentences."""

    slug: str
    title: str
    notes: list[str]


@dataclass(frozen=True)
class Cover:
    """What the report's own page says in figures."""

    rows: int
    projects: int
    new: int
    indicators: int
    listed_yen: int
    once_yen: int
    bars: list[SectionBar]
    new_entries: list[ProjectEntry]
    corrected: list[CorrectedEntry]


@dataclass(frozen=True)
class Neighbour:
    """The section before or after."""

    code: str
    title: str


@dataclass(frozen=True)
class IndexPlace:
    """Where a project of the index is listed."""

    code: str
    mark: str
    number: int
    is_repeat: bool


@dataclass(frozen=True)
class IndexLine:
    """A project once, with every place that lists it."""

    slug: str
    title: str
    reading: str
    places: list[IndexPlace]


@dataclass(frozen=True)
class IndexGroup:
    """The projects of one row of the kana table."""

    row: str
    lines: list[IndexLine]


@dataclass(frozen=True)
class ChangeGroup:
    """What changed of one project since the last report."""

    project: str
    changes: list[Change]


def year_lines(rows: Iterable[ListingRow], titles: dict[int, str]) -> list[YearLine]:
    """The public reports, the newest first, from their printed rows sorted by year."""
    found = [
        _year_line(year, list(group), titles)
        for year, group in groupby(rows, key=lambda row: row.listing.fiscal_year)
    ]
    return found[::-1]


def _year_line(year: int, rows: Sequence[ListingRow], titles: dict[int, str]) -> YearLine:
    once = {row.project_id: row.printed_cost_yen or 0 for row in rows}
    return YearLine(
        fiscal_year=year,
        label=wording.fiscal_year(year),
        title=titles.get(year, ""),
        rows=len(rows),
        projects=len(once),
        listed_yen=sum(row.printed_cost_yen or 0 for row in rows),
        once_yen=sum(once.values()),
    )


def cover(report: AnnualReport) -> Cover:
    """The report in figures, its sections side by side, and the projects that are new."""
    entries = [entry for section in report.sections for entry in section.entries]
    new = [entry for entry in entries if entry.is_new and not entry.is_repeat]
    return Cover(
        rows=len(entries),
        projects=len({entry.slug for entry in entries}),
        new=len({entry.slug for entry in new}),
        indicators=len({line.key for entry in entries for line in entry.indicators}),
        listed_yen=report.listed_sum_yen,
        once_yen=report.once_sum_yen,
        bars=bars(report),
        new_entries=new,
        corrected=_corrected(entries),
    )


def _corrected(entries: Iterable[ProjectEntry]) -> list[CorrectedEntry]:
    """Each project once, in the order of the lists."""
    once = {entry.slug: entry for entry in entries}
    found = [
        CorrectedEntry(entry.slug, entry.breaks or entry.name, printed.correction_notes(entry.indicators))
        for entry in once.values()
    ]
    return [each for each in found if each.notes]


def bars(report: AnnualReport) -> list[SectionBar]:
    """The sums of the sections; the part of the repeats is told apart."""
    longest = max((section.listed_sum_yen for section in report.sections), default=0)
    return [
        SectionBar(
            code=section.code,
            mark=section.mark,
            short=section.short,
            rows=len(section.entries),
            repeats=sum(entry.is_repeat for entry in section.entries),
            new=sum(entry.is_new for entry in section.entries),
            listed_yen=section.listed_sum_yen,
            own_yen=section.own_sum_yen,
            width=share(section.own_sum_yen, longest),
            repeat_width=share(section.listed_sum_yen - section.own_sum_yen, longest),
        )
        for section in report.sections
    ]


def share(amount: int, longest: int) -> int:
    """The width of a bar out of 1,000."""
    return amount * BAR_WIDTH // longest if longest else 0


def entry_lines(section: Section) -> list[EntryLine]:
    """The rows of a list as printed, each with a bar beside the longest of this list."""
    longest = max((entry.cost_yen or 0 for entry in section.entries), default=0)
    return [
        EntryLine(
            number=entry.number,
            slug=entry.slug,
            title=entry.breaks or entry.name,
            printed=_printed(entry),
            cost_yen=entry.cost_yen,
            width=share(entry.cost_yen or 0, longest),
            is_new=entry.is_new,
            is_repeat=entry.is_repeat,
            department=entry.department,
            marks=_marks(section, entry),
        )
        for entry in section.entries
    ]


def _printed(entry: ProjectEntry) -> str:
    """The name in the list, where it is another one than the project's."""
    bare = _REPEAT.sub("", entry.list_name).strip()
    return bare if bare != entry.name else ""


def _marks(section: Section, entry: ProjectEntry) -> str:
    """For a row of a shared table the policies it is marked for; empty in a table of one policy."""
    if len(section.titles) < 2:
        return ""
    if entry.policies is None:
        return gettext("どちらの方針か、資料からは分かりません")
    return "".join(entry.policies)


def neighbours(report: AnnualReport, section: Section) -> tuple[Neighbour | None, Neighbour | None]:
    """The sections before and after."""
    place = report.sections.index(section)
    before = report.sections[place - 1] if place else None
    after = report.sections[place + 1] if place + 1 < len(report.sections) else None
    return _neighbour(before), _neighbour(after)


def _neighbour(section: Section | None) -> Neighbour | None:
    return Neighbour(section.code, f"{section.mark} {section.short}") if section else None


def index(report: AnnualReport) -> list[IndexGroup]:
    """Every project once, by its reading in kana."""
    places: dict[str, list[IndexPlace]] = {}
    entries: dict[str, ProjectEntry] = {}
    for section in report.sections:
        for entry in section.entries:
            entries.setdefault(entry.slug, entry)
            where = IndexPlace(section.code, section.mark, entry.number, entry.is_repeat)
            places.setdefault(entry.slug, []).append(where)
    lines = sorted(
        (
            IndexLine(slug, entry.breaks or entry.name, entry.reading, places[slug])
            for slug, entry in entries.items()
        ),
        key=lambda line: (kana.order(line.reading), line.slug),
    )
    return [
        IndexGroup(row, list(group))
        for row, group in groupby(lines, key=lambda line: printed.kana_row(line.reading))
    ]


def changes(report: AnnualReport) -> list[ChangeGroup]:
    """The changes from the last report, a project's together, in their order."""
    found: dict[str, list[Change]] = {}
    for change in report.changes:
        found.setdefault(change.project, []).append(change)
    return [ChangeGroup(project, list(rows)) for project, rows in found.items()]
