"""The report as open data: a table of the listed projects and one of their indicators (CSV, UTF-8)."""

from collections.abc import Iterator, Sequence

from madoguchi.foundation.sheets import Value, csv_file
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.reporting.annual import wording
from madoguchi.reporting.annual.shape import AnnualReport, Correction, IndicatorLine
from madoguchi.results.cells import Cell, CellKind

ROW_HEAD = (
    "年度",
    "基本方針",
    "基本方針の名前",
    "No.",
    "事業コード",
    "事業名",
    "事業費（円）",
    "事業費の根拠",
    "新規",
    "再掲",
    "担当課",
    "担当課・グループ",
    "該当する方針",
    "事業概要",
    "事業実績",
)
INDICATOR_HEAD = (
    "年度",
    "基本方針",
    "No.",
    "事業コード",
    "事業名",
    "再掲",
    "指標コード",
    "指標",
    "値の年度",
    "値（記載のまま）",
    "数値",
    "単位",
    "延べ",
    "時点",
    "内訳",
    "暫定",
    "出どころ",
    "説明",
    "訂正した日",
    "訂正の前の値",
    "訂正の理由",
)
_NOT_MEASURED = "測定なし"


def rows_csv(report: AnnualReport) -> Iterator[str]:
    """A line for every row of every list, repeats included and marked."""
    return csv_file(ROW_HEAD, rows(report))


def indicators_csv(report: AnnualReport) -> Iterator[str]:
    """A line for every number of every cell; a cell without numbers is one line without a number."""
    return csv_file(INDICATOR_HEAD, indicators(report))


def rows(report: AnnualReport) -> Iterator[list[Value]]:
    """The listed projects as values, in the order of the lists."""
    year = FiscalYear(report.fiscal_year).label
    for section in report.sections:
        for entry in section.entries:
            yield [
                year,
                section.mark,
                "・".join(section.titles),
                entry.number,
                entry.slug,
                wording.list_name(entry),
                entry.cost_yen,
                entry.cost_basis,
                "新規" if entry.is_new else "",
                "再掲" if entry.is_repeat else "",
                wording.one_line(entry.department),
                wording.one_line(entry.responsible),
                "".join(entry.policies or ()),
                "\n".join(wording.paragraphs(entry.overview)),
                "\n".join(wording.paragraphs(entry.achievements)),
            ]


def indicators(report: AnnualReport) -> Iterator[list[Value]]:
    """The numbers of all indicators as values, in the order of the lists."""
    year = FiscalYear(report.fiscal_year).label
    for section in report.sections:
        for entry in section.entries:
            start: list[Value] = [year, section.mark, entry.number, entry.slug, wording.page_name(entry)]
            start.append("再掲" if entry.is_repeat else "")
            for line in entry.indicators:
                yield from _numbers(start, line)


def _numbers(start: list[Value], line: IndicatorLine) -> Iterator[list[Value]]:
    cells: list[tuple[int | None, Cell]] = [(year, line.cells[year]) for year in sorted(line.cells)]
    if line.undated:
        cells.append((None, line.undated))
    for of_year, cell in cells:
        year = FiscalYear(of_year).label if of_year is not None else ""
        # A lone － would be read as the beginning of a formula.
        raw = _NOT_MEASURED if cell.kind is CellKind.NOT_MEASURED else wording.printed(cell)
        named: list[Value] = [line.key, wording.one_line(line.name), year, raw]
        ends: list[Value] = ["暫定" if cell.provisional else "", wording.one_line(line.origin)]
        ends += [wording.one_line(line.note), *_corrected(line.corrections_of(of_year))]
        for part in cell.parts:
            number = wording.plain(part.number)
            cumulative = "延べ" if part.cumulative else ""
            yield [*start, *named, number, part.unit, cumulative, part.as_of, part.label, *ends]
        if not cell.parts:
            yield [*start, *named, None, "", "", "", "", *ends]


def _corrected(corrections: Sequence[Correction]) -> list[Value]:
    """The days, the values before and the reasons, the oldest correction first; empty where there is none."""
    parts = [(one.on.isoformat(), one.before, wording.one_line(one.reason)) for one in corrections]
    return ["／".join(part) for part in zip(*parts, strict=True)] or ["", "", ""]
