"""A report as plain data for the typesetter's template: everything worded and worked out, nothing set."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.reporting.annual import measures, wording
from madoguchi.reporting.annual.shape import (
    AnnualReport,
    CaseStudy,
    Chapter,
    IndicatorLine,
    ProjectEntry,
    Section,
)

Data = dict[str, Any]

_CARDS = 2
# A bar that can just be seen, in per mille of the longest.
_LEAST = 8


@dataclass(frozen=True)
class _Around:
    """What an entry has to know of the report around it."""

    report: AnnualReport
    firsts: Mapping[str, tuple[int, int]]
    section: Section
    number: int
    longest_yen: int


def payload(report: AnnualReport) -> Data:
    """The data of the whole report; sections and entries are named by their positions."""
    firsts = wording.first_places(report)
    costliest = max((section.listed_sum_yen for section in report.sections), default=0)
    return {
        "title": wording.title(report),
        "title_pieces": measures.phrases(wording.title(report)),
        "year": FiscalYear(report.fiscal_year).label,
        "years": wording.short_years(report.fiscal_year),
        "ordinance": wording.one_line(report.ordinance),
        "article": wording.one_line(report.article),
        "publisher": wording.one_line(report.publisher),
        "draft": not report.is_final,
        "listed_sum": wording.in_thousands(report.listed_sum_yen),
        "own_sum": wording.in_thousands(sum(section.own_sum_yen for section in report.sections)),
        "once_sum": wording.in_thousands(report.once_sum_yen),
        "rows": sum(len(section.entries) for section in report.sections),
        "once": len({entry.slug for section in report.sections for entry in section.entries}),
        "before": [
            _chapter(chapter, wording.chapter_number(report, place))
            for place, chapter in enumerate(report.before)
        ],
        "policies_title": wording.policies_title(report),
        "policies_title_pieces": measures.phrases(wording.policies_title(report)),
        "after": [_chapter(chapter) for chapter in report.after],
        "sections": [
            _section(_around(report, firsts, number), costliest) for number in range(len(report.sections))
        ],
        "index": _index(report, firsts),
        "changes": [
            [wording.one_line(part) for part in (change.project, change.what, change.before, change.after)]
            for change in report.changes
        ],
        "warnings": [wording.one_line(warning) for warning in report.warnings],
    }


def _around(report: AnnualReport, firsts: Mapping[str, tuple[int, int]], number: int) -> _Around:
    section = report.sections[number]
    longest = max((entry.cost_yen or 0 for entry in section.entries), default=0)
    return _Around(report, firsts, section, number, longest)


def _section(around: _Around, costliest: int) -> Data:
    section, longest = around.section, around.longest_yen
    most = max(section.entries, key=lambda entry: entry.cost_yen or 0, default=None)
    repeats = any(entry.is_repeat for entry in section.entries)
    note = wording.subtotal_note(section)
    if most and longest:
        note += f"棒の長さは、最も大きいNo.{most.number}を1としたものです。"
    if any(entry.cost_yen is None for entry in section.entries):
        note += "「－」は、事業費の記載がないものです。"
    shared = len(section.titles) > 1
    if shared and any(entry.policies is None for entry in section.entries):
        note += "方針の「？」は、どちらの方針の事業か、もとの資料から分からないものです。"
    return {
        "mark": section.mark,
        "titles": section.titles,
        "title_pieces": [measures.phrases(wording.one_line(title)) for title in section.titles],
        "short": wording.one_line(section.short),
        "count": len(section.entries),
        "new": sum(entry.is_new for entry in section.entries),
        "repeats": sum(entry.is_repeat for entry in section.entries),
        "listed_sum": wording.in_thousands(section.listed_sum_yen),
        "own_sum": wording.in_thousands(section.own_sum_yen),
        "subtotals": _subtotals(section, has_repeats=repeats),
        "widths": [
            measures.widest([wording.in_thousands(section.listed_sum_yen)], 7, 12),
            measures.widest(
                [line for entry in section.entries for line in wording.paragraphs(entry.department)], 5, 12
            ),
        ],
        "note": note,
        "shared": shared,
        "bar": _bar(section.listed_sum_yen, costliest),
        "introduction": _blocks(section.introduction),
        "entries": [_entry(entry, row, around) for row, entry in enumerate(section.entries)],
        "cases": [_case(case) for case in section.case_studies],
    }


def _subtotals(section: Section, *, has_repeats: bool) -> list[tuple[str, str]]:
    listed = wording.in_thousands(section.listed_sum_yen)
    if not has_repeats:
        return [("小計", listed)]
    return [("小計（再掲を含む）", listed), ("小計（再掲を除く）", wording.in_thousands(section.own_sum_yen))]


def _entry(entry: ProjectEntry, row: int, around: _Around) -> Data:
    first = around.firsts.get(entry.slug) if entry.is_repeat else None
    overview, achievements = wording.paragraphs(entry.overview), wording.paragraphs(entry.achievements)
    data: Data = {
        "id": _id(around.report, around.firsts, (around.number, row)),
        "no": entry.number,
        "mark": around.section.mark,
        "pieces": _pieces(entry),
        "name": wording.page_name(entry),
        "list_name": wording.list_name(entry),
        "cost": wording.in_thousands(entry.cost_yen),
        "basis": wording.one_line(entry.cost_basis),
        "bar": _bar(entry.cost_yen or 0, around.longest_yen),
        "new": entry.is_new,
        "repeat": entry.is_repeat,
        "first": _seen_at(around, first) if first else None,
        "department": wording.paragraphs(entry.department),
        "responsible": wording.one_line(entry.responsible),
        "policies": "".join(entry.policies) if entry.policies else "？",
        "overview": overview,
        "achievements": achievements,
        "lines": [_line(line, around.report.fiscal_year) for line in entry.indicators],
        "corrections": wording.correction_notes(entry.indicators),
        "cases": [_case(case) for case in entry.case_studies],
    }
    lines: list[Data] = data["lines"]
    data["cards"] = [line["card"] for line in lines if line["card"]][:_CARDS]
    data["origins"] = any(line["origin"] for line in lines)
    data["widths"] = [
        measures.widest([line["before"] for line in lines], 4, 10),
        measures.widest([line["now"] for line in lines], 4, 10),
        measures.widest([line["change"] for line in lines], 4, 8),
        measures.widest([line["origin"] for line in lines], 7, 12),
    ]
    data["keep"] = measures.entry_height(data) < measures.KEEP_BELOW
    return data


def _seen_at(around: _Around, place: tuple[int, int]) -> Data:
    section = around.report.sections[place[0]]
    words = f"{section.mark}のNo.{section.entries[place[1]].number}"
    return {"id": _id(around.report, around.firsts, place), "words": words}


def _id(report: AnnualReport, firsts: Mapping[str, tuple[int, int]], place: tuple[int, int]) -> str:
    """The name of a place in the file: by the project where it is listed first, else by its position."""
    section, row = place
    slug = report.sections[section].entries[row].slug
    return wording.destination(slug) if firsts.get(slug) == place else f"row-{section}-{row}"


def _pieces(entry: ProjectEntry) -> list[str]:
    """The name in pieces that stay together, as far as they fit into the column of the list."""
    pieces = [wording.one_line(piece) for piece in entry.breaks.split("|")]
    whole = "".join(pieces)
    name = wording.list_name(entry)
    is_usable = whole and name.startswith(whole) and all(len(piece) <= 20 for piece in pieces)
    return [*pieces, name[len(whole) :]] if is_usable else [name]


def _line(line: IndicatorLine, fiscal_year: int) -> Data:
    both = wording.pair(line, fiscal_year)
    name = wording.one_line(line.name)
    data: Data = {
        "name": name,
        "before": wording.marked(line, fiscal_year - 1),
        "now": wording.marked(line, fiscal_year),
        "undated": wording.marked(line, None) if line.undated else None,
        "change": wording.change(line, fiscal_year),
        "origin": wording.one_line(line.origin),
        "note": wording.line_note(line),
        "card": None,
    }
    if both and both.before >= 0 and both.now >= 0:
        longest = max(both.before, both.now)
        data["card"] = {
            "name": name,
            "value": ("延べ " if both.cumulative else "") + wording.quantity(both.now),
            "unit": both.unit,
            "against": wording.against_before(both),
            "bars": [
                _bar(int(both.before * 1000), int(longest * 1000)),
                _bar(int(both.now * 1000), int(longest * 1000)),
            ],
            "labels": [data["before"], data["now"]],
            "room": measures.bar_room([data["before"], data["now"]]),
        }
    return data


def _bar(amount: int, longest: int) -> int:
    """The length of a bar in per mille of the longest; nothing is nothing, little can still be seen."""
    return max(_LEAST, amount * 1000 // longest) if amount > 0 and longest > 0 else 0


def _case(case: CaseStudy) -> Data:
    texts = [part for text in case.paragraphs for part in wording.paragraphs(text)]
    return {
        "title": wording.one_line(case.title),
        "business": wording.one_line(case.business),
        "paragraphs": texts,
        "keep": measures.case_height(texts, len(case.pictures)) < measures.KEEP_BELOW,
        "pictures": [
            {
                "path": path,
                "alt": wording.one_line(alternative) or f"{case.title}の写真",
                "credit": wording.one_line(credit),
            }
            for path, alternative, credit in case.pictures
        ],
    }


def _chapter(chapter: Chapter, number: str = "") -> Data:
    return {
        "title": number + wording.one_line(chapter.title),
        "blocks": _blocks(chapter.blocks),
        "table": [[wording.one_line(cell) for cell in row] for row in chapter.table],
    }


def _blocks(blocks: tuple[tuple[str, str], ...]) -> list[Data]:
    return [
        {"heading": wording.one_line(head), "paragraphs": wording.paragraphs(text)} for head, text in blocks
    ]


def _index(report: AnnualReport, firsts: Mapping[str, tuple[int, int]]) -> Data:
    lines = wording.index(report)
    by_reading = bool(lines) and all(line.reading for line in lines)
    groups: list[Data] = []
    for line in lines:
        name = wording.kana_row(line.reading) if by_reading else ""
        if not groups or groups[-1]["name"] != name:
            groups.append({"name": name, "lines": []})
        ids = [_id(report, firsts, place) for place in line.places]
        groups[-1]["lines"].append({"name": line.name, "ids": ids})
    return {"by_reading": by_reading, "groups": groups}
