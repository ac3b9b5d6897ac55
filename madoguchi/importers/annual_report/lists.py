"""Lists of projects: where they begin and end, their rows, and the subtotal that closes them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from madoguchi.importers.annual_report import money
from madoguchi.importers.annual_report.drafts import ProgrammeDraft
from madoguchi.importers.annual_report.headers import Column, Header, Reader, list_header
from madoguchi.importers.annual_report.headings import without_marks
from madoguchi.importers.annual_report.labels import Labels
from madoguchi.importers.annual_report.rows import Dealer, Row, Token, is_tick, number_of, page_of, tokens_of
from madoguchi.importers.documents.found import GUESS, LIKELY, SURE, Found
from madoguchi.importers.documents.lines import Line, join, key

_AROUND = " 　【】[]■□◆◇○●◎〈〉《》<>＜＞〔〕"
_CIRCLED = re.compile(r"[①-⑳]")
_FEW_ROWS = 2
_DEFAULT = tuple(Column(role) for role in ("number", "name", "cost", "status", "unit", "page"))
_TICKED = re.compile(r"[○〇◯●](?:\s+[○〇◯●])*\s+\d{1,3}(?:\s|$)")
_REPEAT_TAIL = re.compile(r"[(（【\[]\s*再掲\s*[)）】\]]")
_NEW_HEAD = re.compile(
    r"^[(（【\[〔<＜]?\s*(新規|新)\s*[)）】\]〕>＞]\s*|\s*[(（【\[〔]\s*(?:新規|新)\s*[)）】\]〕]$"
)
_OTHER_HEAD = re.compile(
    r"^[(（【\[〔]\s*(?:継続|拡充|一部新規|継|拡|組替)\s*[)）】\]〕]\s*|\s*[(（【\[〔]\s*(?:継続|拡充|一部新規)\s*[)）】\]〕]$"
)


@dataclass(frozen=True)
class ListDraft:
    """A list as it stands: `start`, `rows_at` and `end` are places in the lines, the end not included."""

    start: int
    rows_at: int
    end: int
    header: Header
    programmes: tuple[ProgrammeDraft, ...]
    stated_yen: Found[int] | None
    ticks: tuple[str, ...] = ()


class ListReader:
    """Finds the lists of a document."""

    def __init__(self, lines: Sequence[Line], reader: Reader, labels: Labels) -> None:
        self._lines = lines
        self._reader = reader
        self._layout = reader.layout
        self._labels = labels
        self._header: Header | None = None
        self._ended = -1
        self._money = reader.layout.file.money_unit or self._usual_money()

    def _usual_money(self) -> str:
        """The unit of money the document names first in a heading."""
        for line in self._lines:
            if re.search(r"単位\s?[:は]?\s?(?:百万|千|万|億)?円|\((?:百万|千|万)円\)", line.plain):
                return money.unit_in(line.plain) or "千円"
        return "千円"

    @property
    def money_unit(self) -> str:
        """The unit of an amount that names none."""
        return self._money

    def all(self) -> list[ListDraft]:
        """Return the lists from top to bottom."""
        found: list[ListDraft] = []
        place = 0
        while place < len(self._lines):
            begun = self._begins(place)
            draft = self._read(place, *begun) if begun else None
            if draft is None:
                place += 1
                continue
            found.append(draft)
            place = self._ended = draft.end
        return found

    def _begins(self, place: int) -> tuple[Header | None, int] | None:
        """The heading of a list at this line (None when it shows none), and where its rows begin."""
        header = list_header(self._lines, place, self._reader)
        if header is not None:
            return header
        line = self._lines[place]
        goes_on = place == self._ended and self._header is not None and self._labels.mark(line)
        if not goes_on and not self.is_caption(line):
            return None
        for after in range(place + 1, min(place + 6, len(self._lines))):
            header = list_header(self._lines, after, self._reader)
            if header is not None:
                return header
        return None, place + 1

    def is_caption(self, line: Line) -> bool:
        """Tell whether a line is a caption such as 【事業一覧】."""
        bare = key(line.text.strip(_AROUND))
        return len(bare) <= 24 and any(bare.endswith(word) for word in self._layout.keys("list_caption"))

    def _read(self, place: int, header: Header | None, rows_at: int) -> ListDraft | None:
        while rows_at < len(self._lines) and self._labels.policy(self._lines[rows_at]):
            rows_at += 1
        end, closing = self._end(rows_at, header)
        body = self._lines[rows_at:end]
        used = header or self._header
        ticks = self._ticks(body)
        marks = tuple(_CIRCLED.findall(body[0].text)) if ticks else ()
        if marks and not _CIRCLED.sub("", body[0].text).strip():
            rows_at, body = rows_at + 1, body[1:]
        columns = self._columns(used, ticks)
        rows, programmes = self._rows(body, columns, header)
        cut = self._page_of_the_first(body, programmes)
        if cut is not None:
            end, closing = rows_at + cut, None
            rows, programmes = self._rows(body[:cut], columns, header)
        if closing is None:
            end, programmes = self._without_heading_below(end, programmes)
        if not rows or (header is None and len(programmes) < _FEW_ROWS):
            return None
        if any(c.role == "cost" for c in columns) and not any(each.cost_yen for each in programmes):
            return None
        if header is not None:
            self._header = header
        stated = self._subtotal(closing, columns, header) if closing is not None else None
        length = self._labels.subtotal_lines(self._lines, closing) if closing is not None else 0
        after = end + length
        shape = used or Header(columns, None)
        return ListDraft(place, rows_at, after, shape, self._ticked(programmes, marks), stated, marks)

    def _columns(self, header: Header | None, ticks: bool) -> tuple[Column, ...]:
        columns = header.columns if header else _DEFAULT
        if ticks and not any(column.role == "policies" for column in columns):
            columns = (Column("policies"), *columns)
        return columns

    def _ticks(self, body: Sequence[Line]) -> bool:
        """Tell whether circles before the number say which policies a row belongs to."""
        return sum(bool(_TICKED.match(line.text)) for line in body) >= _FEW_ROWS

    def _end(self, rows_at: int, header: Header | None) -> tuple[int, int | None]:
        """Where the rows end, and the line of the subtotal if one closes them."""
        prose = header is not None and header.has("overview", "results")
        for place in range(rows_at, len(self._lines)):
            line = self._lines[place]
            if self._labels.subtotal_lines(self._lines, place):
                return place, place
            if self._labels.starts_page(line) or (not prose and self._labels.is_prose(line)):
                return place, None
            if place > rows_at and (self.is_caption(line) or self._labels.policy(line)):
                return place, None
            if place > rows_at and (self._labels.ends_matter(line) or self._leaves(line, header)):
                return place, None
            if place > rows_at and self._heads_another(place):
                return place, None
        return len(self._lines), None

    def _without_heading_below(
        self, end: int, programmes: tuple[ProgrammeDraft, ...]
    ) -> tuple[int, tuple[ProgrammeDraft, ...]]:
        """A last row that is nothing but a name is the heading of the page that begins there."""
        if len(programmes) < _FEW_ROWS or end >= len(self._lines):
            return end, programmes
        last = programmes[-1]
        if last.cost_yen or last.unit or not self._labels.starts_page(self._lines[end]):
            return end, programmes
        while end > 0 and self._lines[end - 1].number >= last.name.lines[0]:
            end -= 1
        return end, programmes[:-1]

    def _heads_another(self, place: int) -> bool:
        """Tell whether a marked heading stands right above the heading of the next list."""
        mark = self._labels.mark(self._lines[place])
        if mark is None or mark.style in ("arabic", "paren"):
            return False
        ahead = range(place + 1, min(place + 3, len(self._lines)))
        return any(list_header(self._lines, after, self._reader) is not None for after in ahead)

    def _leaves(self, line: Line, header: Header | None) -> bool:
        """Tell whether a heading such as （２） follows rows that have no numbers of their own."""
        if header is None or header.has("number") or line.cells:
            return False
        mark = self._labels.mark(line)
        return mark is not None and mark.style != "arabic" and not re.search(r"\d,\d|円", line.plain)

    def _rows(
        self, body: Sequence[Line], columns: tuple[Column, ...], header: Header | None
    ) -> tuple[list[Row], tuple[ProgrammeDraft, ...]]:
        kept = self._without_headers(body)
        if header is not None and header.has_cells:
            rows = _rows_of_cells(kept, header)
        else:
            rows, _ = Dealer(columns, self._layout).deal(tokens_of(kept))
        unit = (header.money_unit if header else None) or self._money
        programmes = [self._programme(row, columns, unit, number) for number, row in enumerate(rows, start=1)]
        return rows, tuple(each for each in programmes if each is not None)

    def _without_headers(self, body: Sequence[Line]) -> list[Line]:
        """The lines without a heading that is printed again on the next page."""
        kept: list[Line] = []
        place = 0
        while place < len(body):
            again = list_header(body, place, self._reader)
            if again is None:
                kept.append(body[place])
            place = again[1] if again else place + 1
        return kept

    def _page_of_the_first(self, body: Sequence[Line], programmes: Sequence[ProgrammeDraft]) -> int | None:
        """Where the name of the first row comes again: there its page begins, and the list is over."""
        if not programmes:
            return None
        first = programmes[0]
        name = key(first.name.value)
        for place, line in enumerate(body):
            if line.number > first.name.lines[1] and len(name) > 4 and key(without_marks(line.text)) == name:
                return place
        return None

    def _programme(self, row: Row, columns: Sequence[Column], unit: str, count: int) -> ProgrammeDraft | None:
        place = {column.role: index for index, column in reversed(list(enumerate(columns)))}
        named = row.words(place.get("name"))
        if not named:
            return None
        name, source, new_in_name = self._name(named)
        cost = self._cost(row, columns, unit)
        told = (*row.words(place.get("status")), *row.words(place.get("remark")))
        status = " ".join(word.text for word in told)
        marked = f"{name} {status}"
        department = row.words(place.get("unit"))
        numbered = row.words(place.get("number"))
        number = number_of(numbered[0].text) if numbered else None
        lines = [word.line for words in row.dealt.values() for word in words]
        pages = row.words(place.get("page"))
        certain = SURE if cost is not None and number is not None else LIKELY
        reason = "" if certain == SURE else "番号か金額がない行です。"
        return ProgrammeDraft(
            number=(
                Found.at(count, lines, "", GUESS, "番号がないので、順に数えました。")
                if number is None
                else Found.at(number, lines)
            ),
            name=Found.at(name, [word.line for word in named], source, certain, reason),
            cost_yen=cost,
            is_new=Found.at(new_in_name or self._is_new(status), lines, status),
            is_repeat=any(word in marked for word in self._layout.file.repeat_marks),
            unit=self._unit(department),
            listed_page=page_of(pages[0].text) if pages else None,
            policies=tuple(word.text for word in row.words(place.get("policies"))) or None,
        )

    def _name(self, words: Sequence[Token]) -> tuple[str, str, bool]:
        """The name without marks such as 【新規】, as printed, and whether it was marked as new."""
        name = _joined(words)
        source = " ".join(word.text for word in words)
        is_new = bool(_NEW_HEAD.search(name))
        bare = _OTHER_HEAD.sub("", _NEW_HEAD.sub("", name)).strip(" 　・")
        return bare or name, source, is_new

    def _is_new(self, status: str) -> bool:
        marks = (key(mark).strip("()[]【】〔〕<>《》") for mark in status.split())
        return any(mark in self._layout.new_marks for mark in marks)

    def _unit(self, words: Sequence[Token]) -> Found[str] | None:
        if not words:
            return None
        names: list[str] = []
        for word in words:
            fits = names and (word.text.startswith(("（", "(")) or not self._labels.is_unit(names[-1]))
            if fits:
                names[-1] += word.text
            else:
                names.append(word.text)
        return Found.at(" ".join(names), [word.line for word in words])

    def _cost(self, row: Row, columns: Sequence[Column], unit: str) -> Found[int] | None:
        """The amount of the year reported on: the newest column; the budget where both are stated."""
        places = [index for index, column in enumerate(columns) if column.role == "cost"]
        best = self._best_cost(places, columns)
        for place in sorted(places, key=lambda index: index != best):
            words = row.words(place)
            value = money.in_yen(words[0].plain, unit) if words else None
            if value is not None:
                reason = "" if place == best else "もう一方の金額の欄から読みました。"
                certain = SURE if place == best else GUESS
                return Found.at(value, [words[0].line], words[0].text, certain, reason)
        return None

    def _best_cost(self, places: Sequence[int], columns: Sequence[Column]) -> int | None:
        year = self._reader.report_year
        return max(
            places,
            key=lambda index: (
                columns[index].year == year,
                columns[index].year or 0,
                columns[index].basis == "budgeted",
                -index,
            ),
            default=None,
        )

    def _subtotal(self, place: int, columns: Sequence[Column], header: Header | None) -> Found[int] | None:
        """The sum that is printed; of several amounts the one under the column that is read."""
        count = self._labels.subtotal_lines(self._lines, place)
        lines = self._lines[place : place + count]
        amounts = self._labels.subtotal(" ".join(line.plain for line in lines)) or []
        unit = (header.money_unit if header else None) or self._money
        values = [value for value in (money.in_yen(text, unit) for text in amounts) if value is not None]
        if not values:
            return None
        places = [index for index, column in enumerate(columns) if column.role == "cost"]
        best = self._best_cost(places, columns)
        if len(places) == len(values) and best in places:
            return Found.at(values[places.index(best)], lines)
        return Found.at(max(values), lines)

    def _ticked(
        self, programmes: tuple[ProgrammeDraft, ...], marks: tuple[str, ...]
    ) -> tuple[ProgrammeDraft, ...]:
        """With one circle of several the text has lost which policy it stood under."""
        ticked = []
        for each in programmes:
            ticks = sum(is_tick(mark) for mark in each.policies or ())
            known = tuple(mark for mark in each.policies or () if not is_tick(mark))
            ticked.append(replace(each, policies=known or (marks if marks and ticks == len(marks) else None)))
        return tuple(ticked)


def _joined(words: Sequence[Token]) -> str:
    """Words of one line keep their spaces, lines are rejoined."""
    lines: dict[int, list[str]] = {}
    for word in words:
        lines.setdefault(word.line.number, []).append(word.text)
    return join(" ".join(parts) for parts in lines.values())


def _rows_of_cells(body: Sequence[Line], header: Header) -> list[Row]:
    """The rows of a ruled table: the columns are known."""
    rows = []
    for line in body:
        if len(line.cells) < len(header.columns):
            continue
        dealt = {
            place: tuple(Token(text, line, index == 0) for index, text in enumerate(cell.split()))
            for place, cell in enumerate(line.cells[: len(header.columns)])
            if cell and header.columns[place].role != "blank"
        }
        rows.append(Row(dealt))
    return rows
