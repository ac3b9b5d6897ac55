"""What was read out of documents, as the review screen shows it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from madoguchi.japan.yen import in_thousand
from madoguchi.results.cells import read_cell
from madoguchi.reviewing import queries
from madoguchi.reviewing.kinds import LONG, DocumentKind, RecordKind, What, as_typed
from madoguchi.reviewing.models import DraftField, DraftRecord, ImportedDocument, SourceLine
from madoguchi.reviewing.queries import CountedRecord
from madoguchi.reviewing.states import FieldState
from madoguchi.web.desk.shapes.report import Chip, in_words
from madoguchi.web.portal.shapes.crumbs import Step
from madoguchi.web.shared import wording

_LIKELY = Decimal("0.8")


def to_imports(*steps: tuple[str, str]) -> list[Step]:
    """The way: the list of documents, then each (address, label), the last without an address."""
    home = reverse("desk:imports") if steps else ""
    return [Step(home, gettext("取り込み")), *(Step(url, words) for url, words in steps)]


@dataclass(frozen=True)
class FieldLine:
    """One field beside its source: its words, how sure it was read, what was made of it."""

    field: DraftField
    label: str
    value: str
    reading: str
    sureness: Chip
    state: Chip
    is_long: bool
    address: str
    url: str
    # What was typed and refused, with why; empty where nothing was.
    typed: str = ""
    said: str = ""

    @property
    def is_open(self) -> bool:
        """Whether somebody has to look at it."""
        return self.field.state == FieldState.OPEN

    @property
    def is_edited(self) -> bool:
        """Whether the value that counts is not the one that was read."""
        return self.field.state == FieldState.CORRECTED

    @property
    def before(self) -> str:
        """The value as read, where a person corrected it."""
        return as_typed(What(self.field.what), self.field.value) if self.is_edited else ""


def field_line(
    field: DraftField, document: ImportedDocument, *, typed: str = "", said: str = ""
) -> FieldLine:
    """A field in words."""
    what = What(field.what)
    value = as_typed(what, field.kept)
    page = reverse("desk:import_record", args=[document.key, field.record_id])
    return FieldLine(
        field=field,
        label=_label(field, what),
        value=value,
        reading=_reading(value) if what == What.VALUE else "",
        sureness=sureness_of(field.confidence),
        state=state_of(FieldState(field.state)),
        is_long=what in LONG,
        address=reverse("desk:import_field", args=[document.key, field.record_id, field.pk]),
        url=f"{page}?field={field.pk}#l{field.first_line}",
        typed=typed or value,
        said=said,
    )


def _reading(value: str) -> str:
    """How a cell was understood, where that is more than its text."""
    reading = in_words(read_cell(value))
    return "" if "".join(reading.split()) == "".join(value.split()) else reading


def _label(field: DraftField, what: What) -> str:
    if what == What.VALUE:
        year = wording.fiscal_year(int(field.year)) if field.year.isdecimal() else field.year
        return f"{field.about}（{year}）"
    if field.number and what != What.INDICATOR:
        return f"{what.label} {field.number + 1}"
    return str(what.label)


def sureness_of(confidence: Decimal) -> Chip:
    """How sure the reading is."""
    if confidence >= 1:
        return Chip(gettext("確か"), "any")
    if confidence >= _LIKELY:
        return Chip(gettext("おそらく"), "soon")
    return Chip(gettext("？ 自信なし"), "ask")


def state_of(state: FieldState) -> Chip:
    """What was made of a field."""
    return {
        FieldState.OPEN: Chip(gettext("まだ"), "soon"),
        FieldState.ACCEPTED: Chip(gettext("よい"), "open"),
        FieldState.CORRECTED: Chip(gettext("直した"), "open"),
        FieldState.REJECTED: Chip(gettext("使わない"), "end"),
    }[state]


@dataclass(frozen=True)
class Line:
    """A line of the source; `marks` says whether the fields, or the chosen one, were read from it."""

    line: SourceLine
    is_marked: bool
    is_chosen: bool


def source_of(
    document: ImportedDocument, record: DraftRecord, fields: Sequence[DraftField], chosen: DraftField | None
) -> list[list[Line]]:
    """The stretches of the source that a record was read from."""
    spans = [*record.spans, *([field.first_line, field.last_line] for field in fields)]
    covered = {number for field in fields for number in range(field.first_line, field.last_line + 1)}
    here = range(chosen.first_line, chosen.last_line + 1) if chosen else range(0)
    return [
        [Line(line, line.number in covered, line.number in here) for line in stretch]
        for stretch in queries.lines_of(document, spans)
    ]


@dataclass(frozen=True)
class Disagreement:
    """A note of the reader: its sentence, its lines, and the record it is about."""

    sentence: str
    lines: str
    record: DraftRecord | None


def notes_of(notes: Iterable[Mapping[str, Any]], records: Sequence[DraftRecord]) -> list[Disagreement]:
    """The notes in words, each with the record in whose lines it stands."""
    return [
        Disagreement(note["sentence"], "・".join(str(line) for line in note["lines"]), _at(note, records))
        for note in notes
    ]


def _at(note: Mapping[str, Any], records: Sequence[DraftRecord]) -> DraftRecord | None:
    """The record with the narrowest stretch around a line of the note."""
    around = [
        (last - first, record.position, record)
        for record in records
        for first, last in record.spans
        if any(first <= line <= last for line in note["lines"])
    ]
    return min(around, key=lambda each: each[:2])[2] if around else None


@dataclass(frozen=True)
class Sum:
    """A list with the sum it states and the one its rows make."""

    record: DraftRecord
    rows: int
    stated: str
    computed: str
    agrees: bool | None


def sums_of(document: ImportedDocument, records: Sequence[DraftRecord]) -> list[Sum]:
    """Each list reconciled: by what counts now, so that a correction shows at once."""
    lists = [record for record in records if record.kind == RecordKind.LISTING]
    if not lists:
        return []
    computed = queries.sums_of(document)
    rows = DraftField.objects.filter(record__in=lists, what=What.SUBTOTAL).exclude(state=FieldState.REJECTED)
    stated = {field.record_id: int(field.kept) for field in rows}
    return [
        Sum(
            record,
            sum(each.within_id == record.pk and each.kind == RecordKind.PROJECT for each in records),
            in_thousand(stated[record.pk]) if record.pk in stated else "",
            in_thousand(computed.get(record.pk, 0)),
            stated[record.pk] == computed.get(record.pk, 0) if record.pk in stated else None,
        )
        for record in lists
    ]


def found_of(counted: Sequence[CountedRecord]) -> list[tuple[str, str]]:
    """How many of what was found."""
    kinds = [RecordKind(each.record.kind) for each in counted]
    counts = [(str(kind.label), f"{kinds.count(kind):,}") for kind in RecordKind if kind in kinds]
    return [*counts, (gettext("欄"), f"{sum(each.fields for each in counted):,}")]


def name_of(record: DraftRecord) -> str:
    """A record by its place and name: ①-3 in a report, its number in a guidebook."""
    return (
        f"{record.path.replace('/', '-')}　{record.name}"
        if record.kind != RecordKind.LISTING
        else record.name
    )


def is_report(document: ImportedDocument) -> bool:
    """Whether its records become drafts of a year; a guidebook's become a file for the pack."""
    return document.kind == DocumentKind.ANNUAL_REPORT
