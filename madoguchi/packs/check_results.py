"""Checking results/*.yaml and report.yaml: whatever they name is there, and every cell can be read."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal

from pydantic import BaseModel

from madoguchi.foundation.yaml_reader import Position
from madoguchi.packs.pack import Pack
from madoguchi.packs.schema_results import CaseStudy, Indicator, Introduction, PrintedCell, Result
from madoguchi.packs.values import Source
from madoguchi.reporting import sources
from madoguchi.results.cells import read_cell

Finding = tuple[BaseModel, Position, str]

# The chapters that are made of the ordinance and the council.
MADE_CHAPTERS = ("ordinance", "council", "council-members")
# A unit is a short word without the endings of a sentence: 「会場で実施」 is more than a unit.
_UNIT = re.compile(r"[^\u3041-\u3096]{0,5}|か所|つ")


def findings(pack: Pack, sections: Collection[tuple[str, str]]) -> Iterator[Finding]:
    """Everything that does not fit, by its place."""
    names = _Names(pack, sections)
    yield from _twice(pack)
    for introduction in pack.introductions:
        yield from _introduction(introduction, names)
    for result in pack.results:
        yield from _result(result, names)
    for study in pack.case_studies:
        yield from _case_study(pack, study, names)
    yield from _report(pack, names)


class _Names:
    """Every name that results may use."""

    def __init__(self, pack: Pack, sections: Collection[tuple[str, str]]) -> None:
        self.sections = sections
        self.projects = {item.slug for item in pack.projects}
        self.programmes = {item.slug for item in pack.programmes}
        self.units = {item.slug for item in pack.units}
        self.organisations = {item.slug for item in pack.organisations}
        self.listings = {(item.code, item.fiscal_year) for item in pack.listings}
        self.listed = {(listing.code, row.project) for listing in pack.listings for row in listing.rows}

    def unknown_source(self, record: BaseModel, at: Position, source: Source | None) -> Iterator[Finding]:
        if source and (source.file, source.section) not in self.sections:
            yield record, at, f"出典 {source.file} の「{source.section}」が sources にありません"


def _twice(pack: Pack) -> Iterator[Finding]:
    indicators = (
        (result, ("indicators", index, "key"), row.key)
        for result in pack.results
        for index, row in enumerate(result.indicators)
    )
    # Its own page and another document may both tell of a project, but only one of them in words.
    projects = (
        (row, ("project",), f"{row.project}{'（ほかの資料）' if row.source else ''}")
        for row in pack.results
        if row.project
    )
    narratives = (
        (row, ("overview",), row.project)
        for row in pack.results
        if row.project and (row.overview or row.achievements)
    )
    programmes = ((row, ("programme",), row.programme) for row in pack.results if row.programme)
    introductions = (
        (row, ("listing",), f"{row.listing}（{row.fiscal_year}年度）") for row in pack.introductions
    )
    studies = ((row, ("slug",), row.slug) for row in pack.case_studies)
    yield from _repeated(pack, indicators, "指標")
    yield from _repeated(pack, projects, "事業の実績")
    yield from _repeated(pack, narratives, "概要と実績")
    yield from _repeated(pack, programmes, "制度の実績")
    yield from _repeated(pack, introductions, "基本方針の概要")
    yield from _repeated(pack, studies, "事例")


def _repeated(pack: Pack, named: Iterable[tuple[BaseModel, Position, str]], what: str) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for record, path, name in named:
        if name in first:
            yield record, path, f"{what}「{name}」は {first[name]} にもあります"
        first.setdefault(name, pack.file_of(record))


def _introduction(record: Introduction, names: _Names) -> Iterator[Finding]:
    if (record.listing, record.fiscal_year) not in names.listings:
        yield (
            record,
            ("listing",),
            f"一覧「{record.listing}」（{record.fiscal_year}年度）は、このパックにありません",
        )
    yield from names.unknown_source(record, ("source",), record.source)


def _result(record: Result, names: _Names) -> Iterator[Finding]:
    if record.project is not None and record.project not in names.projects:
        yield record, ("project",), f"事業「{record.project}」は、このパックにありません"
    if record.programme is not None and record.programme not in names.programmes:
        yield record, ("programme",), f"制度「{record.programme}」は、このパックにありません"
    for code in record.responsible_elsewhere:
        if (code, record.project) not in names.listed:
            yield record, ("responsible_elsewhere", code), f"一覧「{code}」に、この事業はありません"
    yield from names.unknown_source(record, ("source",), record.source)
    for index, source in enumerate(record.sources):
        yield from names.unknown_source(record, ("sources", index), source)
    for index, row in enumerate(record.indicators):
        at: Position = ("indicators", index)
        if row.owner is not None and row.owner not in names.units:
            yield record, (*at, "owner"), f"部署「{row.owner}」は、このパックにありません"
        if row.measure and not sources.is_known(row.measure, names.organisations):
            yield record, (*at, "measure"), f"記録から数える計算「{row.measure}」は、ありません"
        yield from names.unknown_source(record, (*at, "source"), row.source)
        yield from ((record, (*at, *path), sentence) for path, sentence in _cells(row))


def _cells(row: Indicator) -> Iterator[tuple[Position, str]]:
    cells: list[tuple[Position, PrintedCell | None]] = [
        (("values", str(year)), cell) for year, cell in row.values.items()
    ]
    for path, cell in [*cells, (("undated",), row.undated)]:
        if cell is not None:
            yield from ((path, sentence) for sentence in cell_findings(cell))


def cell_findings(cell: PrintedCell) -> Iterator[str]:
    """What is wrong with a cell: figures that are not surely read, or parts that say what is not printed."""
    read = read_cell(cell.raw)
    if not cell.parts:
        for unit in (part.unit for part in read.parts):
            if not _UNIT.fullmatch(unit):
                yield f"「{cell.raw}」の単位「{unit}」が確かではありません。parts に分けて書いてください"
    printed = _numbers(cell.raw) | {abs(part.number) for part in read.parts}
    for part in cell.parts:
        if abs(part.number) not in printed:
            yield f"parts の {part.number:,} が、「{cell.raw}」の中にありません"


def _numbers(raw: str) -> set[Decimal]:
    plain = unicodedata.normalize("NFKC", raw).replace(",", "")
    return {Decimal(found) for found in re.findall(r"\d+(?:\.\d+)?", plain)}


def _case_study(pack: Pack, record: CaseStudy, names: _Names) -> Iterator[Finding]:
    if (record.listing, record.fiscal_year) not in names.listings:
        yield (
            record,
            ("listing",),
            f"一覧「{record.listing}」（{record.fiscal_year}年度）は、このパックにありません",
        )
    if record.project is not None and record.project not in names.projects:
        yield record, ("project",), f"事業「{record.project}」は、このパックにありません"
    for index, picture in enumerate(record.pictures):
        if not (pack.directory / picture.path).is_file():
            yield record, ("pictures", index, "path"), f"写真 {picture.path} が、このパックにありません"
    yield from names.unknown_source(record, ("source",), record.source)


def _report(pack: Pack, names: _Names) -> Iterator[Finding]:
    report = pack.report
    if report is None:
        return
    if report.secretariat is not None and report.secretariat not in names.units:
        yield report, ("secretariat",), f"部署「{report.secretariat}」は、このパックにありません"
    chapters: list[tuple[Position, str]] = [
        (("chapters", index, "code"), row.code) for index, row in enumerate(report.chapters)
    ]
    seen = set(MADE_CHAPTERS)
    for path, code in chapters:
        if code in seen:
            yield report, path, f"章「{code}」は、ほかにもあります"
        seen.add(code)
    for place, source in _sources(pack):
        yield from names.unknown_source(report, place, source)


def _sources(pack: Pack) -> Iterator[tuple[Position, Source | None]]:
    report = pack.report
    if report is None:
        return
    for index, source in enumerate(report.sources):
        yield ("sources", index), source
    for index, chapter in enumerate(report.chapters):
        yield ("chapters", index, "source"), chapter.source
    if report.reference_chapter:
        yield ("reference_chapter", "source"), report.reference_chapter.source
    if report.ordinance:
        yield ("ordinance", "source"), report.ordinance.source
        if report.ordinance.preamble:
            yield ("ordinance", "preamble", "source"), report.ordinance.preamble.source
        if report.ordinance.in_force:
            yield ("ordinance", "in_force", "source"), report.ordinance.in_force.source
    if report.council:
        yield ("council", "source"), report.council.source
        yield ("council", "members_source"), report.council.members_source
