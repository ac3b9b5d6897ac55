"""Figures as an annual report prints them. Every renderer asks here, so that all say the same."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from madoguchi.foundation.sheets import CONTROL
from madoguchi.japan import kana
from madoguchi.japan.digits import half_width
from madoguchi.japan.eras import format_date
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.reporting.annual.shape import AnnualReport, Correction, IndicatorLine, ProjectEntry, Section
from madoguchi.results.cells import Cell, CellKind, Part

NONE = "－"
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_PROVISIONAL = "暫定"
_CORRECTED = "（訂正）"


@dataclass(frozen=True)
class Pair:
    """Two single numbers of the same unit, the year before and this year: what a bar may compare."""

    before: Decimal
    now: Decimal
    unit: str
    cumulative: bool


@dataclass(frozen=True)
class IndexLine:
    """A project once, with every row that lists it, as (section, entry) positions."""

    name: str
    reading: str
    places: tuple[tuple[int, int], ...]


def clean(text: str) -> str:
    """The text without characters that no document can hold."""
    return CONTROL.sub("", text).strip()


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, without the full-width space they may begin with."""
    return [line.strip() for line in clean(text).splitlines() if line.strip()]


def one_line(text: str) -> str:
    """A text with its line breaks as spaces."""
    return " ".join(clean(text).split())


def title(report: AnnualReport) -> str:
    """The title without the year it may begin with, which is printed before it."""
    text, year = one_line(report.title), FiscalYear(report.fiscal_year).label
    begins = half_width(text[: len(year)]) == half_width(year)
    return text[len(year) :].strip() or text if begins else text


def chapter_number(report: AnnualReport, before: int | None = None) -> str:
    """（２） before the title of the policies' chapter, or of one of those before it, by its place there.

    Empty in a report whose only numbered chapter would be its first, and before that of the policies by more
    chapters than there are numbers."""
    if report.first_chapter == 1:
        return ""
    number = report.first_chapter - (0 if before is None else len(report.before) - before)
    return f"（{str(number).translate(_FULL_WIDTH)}）" if number > 0 else ""


def policies_title(report: AnnualReport) -> str:
    """The title of the policies' chapter with its number; empty in a report without numbers."""
    number = chapter_number(report)
    return f"{number}{one_line(report.title)}" if number else ""


def in_thousands(amount_yen: int | None) -> str:
    """1,234 for 1,234,000 yen; exact below a thousand, 1,234.5; － where no cost is stated."""
    if amount_yen is None:
        return NONE
    whole, rest = divmod(abs(amount_yen), 1000)
    sign = "−" if amount_yen < 0 else ""
    return f"{sign}{whole:,}" + (f".{rest:03d}".rstrip("0") if rest else "")


def short_years(fiscal_year: int) -> tuple[str, str]:
    """The year before and the year as column heads: 4年度 and 5年度, with the era where it changed."""
    labels = FiscalYear(fiscal_year - 1).label, FiscalYear(fiscal_year).label
    same_era = labels[0][:2] == labels[1][:2]
    return (labels[0][2:], labels[1][2:]) if same_era else labels


def printed(cell: Cell | None) -> str:
    """A cell as printed, in one line; － where nothing was measured or nothing is there."""
    if cell is None or cell.kind is CellKind.NOT_MEASURED:
        return NONE
    text = one_line(cell.raw) or NONE
    return f"{text}（暫定値）" if cell.provisional and _PROVISIONAL not in text else text


def marked(line: IndicatorLine, year: int | None) -> str:
    """The cell of a year, or that of no single year (None), as printed; one that was corrected says so."""
    return printed(line.undated if year is None else line.cells.get(year)) + mark(line, year)


def mark(line: IndicatorLine, year: int | None) -> str:
    """The mark of a value that was corrected after it was public; nothing beside any other."""
    return _CORRECTED if line.corrections_of(year) else ""


def correction_notes(lines: Iterable[IndicatorLine]) -> list[str]:
    """What the marks of corrected cells mean: a sentence for every correction, in the order of the table."""
    return [_correction(line, one) for line in lines for one in line.corrections]


def _correction(line: IndicatorLine, one: Correction) -> str:
    year = f"（{FiscalYear(one.fiscal_year).label}）" if one.fiscal_year is not None else ""
    before, after = one_line(one.before) or NONE, one_line(one.after) or NONE
    what = f"「{before}」を「{after}」に" if before != after else f"「{after}」の説明を"
    said = f"{_CORRECTED}{one_line(line.name)}{year}：{format_date(one.on)}に、{what}訂正しました。"
    return f"{said}理由：{one_line(one.reason)}"


def quantity(number: Decimal) -> str:
    """A number with commas and without needless zeros after the point."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain(number: Decimal) -> int | str:
    """A number for a table that a program reads: whole, or exact with a point."""
    whole = number == number.to_integral_value()
    return int(number) if whole else quantity(number).replace(",", "")


def pair(line: IndicatorLine, fiscal_year: int) -> Pair | None:
    """The two numbers of a line where both years are one number of the same kind, or None."""
    parts = [_single(line.cells.get(year)) for year in (fiscal_year - 1, fiscal_year)]
    before, now = parts
    if before is None or now is None or not _alike(before, now):
        return None
    return Pair(before.number, now.number, now.unit, now.cumulative)


def change(line: IndicatorLine, fiscal_year: int) -> str:
    """＋275件, −3者 or ±0件, number by number; － where the two cells cannot be compared."""
    cells = [line.cells.get(year) for year in (fiscal_year - 1, fiscal_year)]
    before, now = (cell.parts if cell and cell.kind is CellKind.NUMBERS else () for cell in cells)
    pairs = list(zip(before, now, strict=False))
    if not pairs or len(before) != len(now) or not all(_alike(*both) for both in pairs):
        return NONE
    return "、".join(_signed(new.number - old.number) + new.unit for old, new in pairs)


def against_before(both: Pair) -> str:
    """前年度より275件増（＋12.1％）; the rate only where the year before is not zero."""
    difference = both.now - both.before
    if not difference:
        return "前年度と同じ"
    said = f"前年度より{quantity(abs(difference))}{both.unit}{'増' if difference > 0 else '減'}"
    if both.before <= 0:
        return said
    rate = (difference * 100 / both.before).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return f"{said}（{'＋' if rate > 0 else '−' if rate < 0 else '±'}{abs(rate):,}％）"


def line_note(line: IndicatorLine) -> str:
    """What a reader of an indicator has to know, below its table: ※相談件数：10月からの数です。"""
    return f"※{one_line(line.name)}：{one_line(line.note)}" if line.note else ""


def subtotal_note(section: Section) -> str:
    """What the subtotals of a list hold, and where the source states another."""
    repeats = [str(entry.number) for entry in section.entries if entry.is_repeat]
    listed, own = section.listed_sum_yen, section.own_sum_yen
    note = "再掲の事業はありません。"
    if repeats:
        shown = "・".join(repeats)
        note = f"小計は再掲（No.{shown}）を含みます。再掲を除くと{in_thousands(own)}千円です。"
    stated = section.stated_subtotal_yen
    if stated is not None and stated not in (listed, own):
        gap = in_thousands(abs(stated - listed))
        note += f"もとの資料に書かれた小計は{in_thousands(stated)}千円で、{gap}千円違います。"
    elif stated is not None and repeats and stated == own != listed:
        note += "もとの資料の小計は、再掲を除いた額です。"
    return note


def index(report: AnnualReport) -> list[IndexLine]:
    """Every project once: by reading where all have one, otherwise in the order of the lists."""
    first: dict[str, ProjectEntry] = {}
    places: dict[str, list[tuple[int, int]]] = {}
    for position, entry in _placed(report):
        first.setdefault(entry.slug, entry)
        places.setdefault(entry.slug, []).append(position)
    lines = [
        IndexLine(one_line(entry.name), entry.reading, tuple(places[slug])) for slug, entry in first.items()
    ]
    if lines and all(line.reading for line in lines):
        lines.sort(key=lambda line: (kana.order(line.reading), line.places))
    return lines


def kana_row(reading: str) -> str:
    """The row of the syllabary a reading (in hiragana) belongs to: あ か さ …; 他 for anything else."""
    letter = reading[:1]
    for row, letters in _ROWS.items():
        if letter and letter in letters:
            return row
    return "他"


def destination(slug: str) -> str:
    """The name by which a reader of the PDF is led to a project's page: report.pdf#nameddest=…"""
    return f"project-{slug}"


def first_places(report: AnnualReport) -> Mapping[str, tuple[int, int]]:
    """Where each project is listed first that is no repeat, by slug."""
    found: dict[str, tuple[int, int]] = {}
    for position, entry in _placed(report):
        if not entry.is_repeat:
            found.setdefault(entry.slug, position)
    return found


_ROWS = {
    "あ": "あいうえおぁぃぅぇぉゔ",
    "か": "かきくけこがぎぐげご",
    "さ": "さしすせそざじずぜぞ",
    "た": "たちつてとだぢづでどっ",
    "な": "なにぬねの",
    "は": "はひふへほばびぶべぼぱぴぷぺぽ",
    "ま": "まみむめも",
    "や": "やゆよゃゅょ",
    "ら": "らりるれろ",
    "わ": "わゐゑをん",
}
_REPEAT = re.compile(r"[（(]\s*再掲\s*[）)]\s*$")


def list_name(entry: ProjectEntry) -> str:
    """The name as the list prints it; a repeat says so (再掲)."""
    name = one_line(entry.list_name or entry.name)
    return f"{name}（再掲）" if entry.is_repeat and not _REPEAT.search(name) else name


def page_name(entry: ProjectEntry) -> str:
    """The name as the project's own page prints it; a repeat says so (再掲)."""
    name = one_line(entry.name)
    return f"{name}（再掲）" if entry.is_repeat and not _REPEAT.search(name) else name


def _placed(report: AnnualReport) -> Iterator[tuple[tuple[int, int], ProjectEntry]]:
    for number, section in enumerate(report.sections):
        for row, entry in enumerate(section.entries):
            yield (number, row), entry


def _single(cell: Cell | None) -> Part | None:
    return cell.parts[0] if cell and cell.kind is CellKind.NUMBERS and len(cell.parts) == 1 else None


def _alike(one: Part, other: Part) -> bool:
    """Whether two numbers measure the same: a value of another month or place may be compared by eye only."""
    return (one.unit, one.cumulative, one.label) == (other.unit, other.cumulative, other.label)


def _signed(number: Decimal) -> str:
    sign = "＋" if number > 0 else "−" if number < 0 else "±"
    return sign + quantity(abs(number))
