"""From what the importers read to the records and fields that are kept: plain data, no database."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from madoguchi.importers.annual_report.drafts import (
    CaseStudyDraft,
    IndicatorDraft,
    PolicyDraft,
    ProgrammeDraft,
    ReportDraft,
)
from madoguchi.importers.documents.found import SURE, UNSURE, Found, Note
from madoguchi.importers.documents.lines import Document, Line
from madoguchi.importers.guidebook.drafts import ContactDraft, EntryDraft, GuidebookDraft
from madoguchi.japan.rates import as_slash
from madoguchi.reviewing.kinds import DocumentKind, RecordKind, What

_LONGEST = 300


@dataclass(frozen=True)
class PlannedField:
    """A field as it is to be kept."""

    what: What
    value: str
    lines: tuple[int, int]
    page: int | None
    confidence: str
    reason: str
    about: str = ""
    year: str = ""
    number: int = 0

    @property
    def place(self) -> tuple[str, str, str, int]:
        """What tells it from the other fields of its record."""
        return (self.what, self.about, self.year, self.number)


@dataclass(frozen=True)
class PlannedRecord:
    """A record as it is to be kept; `within` is the path of the list it stands in."""

    path: str
    kind: RecordKind
    name: str
    spans: tuple[tuple[int, int], ...]
    page: int | None
    fields: tuple[PlannedField, ...]
    within: str = ""
    marks: tuple[str, ...] = ()
    is_repeat: bool = False
    listed_page: int | None = None


@dataclass(frozen=True)
class Plan:
    """All that one document is to be kept as."""

    name: str
    sha256: str
    kind: DocumentKind
    lines: tuple[Line, ...]
    records: tuple[PlannedRecord, ...]
    layout: str = ""
    fiscal_year: int | None = None
    notes: tuple[Note, ...] = ()
    left_out: tuple[Note, ...] = ()

    @property
    def digest(self) -> str:
        """The same for the same reading of the same file."""
        told = [self.layout, self.fiscal_year, [asdict(each) for each in self.records]]
        told += [[asdict(note) for note in notes] for notes in (self.notes, self.left_out)]
        text = json.dumps(told, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


class _Fields:
    """The fields of one record, in their order, each told from the others."""

    def __init__(self) -> None:
        self.rows: list[PlannedField] = []
        self._seen: Counter[tuple[str, str, str]] = Counter()

    def add(
        self,
        what: What,
        found: Found[Any] | None,
        value: str | None = None,
        *,
        about: str = "",
        year: str = "",
    ) -> None:
        """Add what was found; nothing for what the document does not state."""
        if found is None:
            return
        about = about[:_LONGEST]
        number = self._seen[what, about, year]
        self._seen[what, about, year] += 1
        self.rows.append(
            PlannedField(
                what,
                str(found.value) if value is None else value,
                found.lines,
                found.page,
                f"{found.confidence:.2f}",
                found.reason[:_LONGEST],
                about,
                year,
                number,
            )
        )

    def each(self, what: What, many: Iterable[Found[Any]], shown: Callable[[Any], str] = str) -> None:
        """Add several of one kind."""
        for found in many:
            self.add(what, found, shown(found.value))


# ── Annual reports ──────────────────────────────────────────────────────────────────────────────────
def of_report(document: Document, draft: ReportDraft) -> Plan:
    """What an annual report is to be kept as."""
    paths: Counter[str] = Counter()
    records: list[PlannedRecord] = []
    for policy in draft.policies:
        path = _once(policy.mark[:40], paths)
        rows = [_project(row, policy, path, paths) for row in policy.programmes]
        studies = [_case_study(case, path, paths) for case in policy.case_studies]
        records += [_listing(policy, path, rows), *rows, *studies]
    return Plan(
        document.name,
        document.sha256,
        DocumentKind.ANNUAL_REPORT,
        document.lines,
        tuple(records),
        draft.layout,
        draft.report_year,
        draft.notes,
        draft.left_out,
    )


def _once(path: str, seen: Counter[str]) -> str:
    seen[path] += 1
    return path if seen[path] == 1 else f"{path}#{seen[path]}"


def _listing(policy: PolicyDraft, path: str, rows: Sequence[PlannedRecord]) -> PlannedRecord:
    fields = _Fields()
    title = "　".join(found.value for found in policy.titles) or policy.mark
    if policy.titles:
        fields.add(What.NAME, policy.titles[0], title)
    fields.add(What.SUBTOTAL, policy.stated_yen)
    fields.add(What.INTRODUCTION, policy.introduction)
    spans = [found.lines for found in (*policy.titles, policy.introduction, policy.stated_yen) if found]
    if not spans and rows:
        spans = [rows[0].spans[0]]
    first = policy.titles[0] if policy.titles else None
    return PlannedRecord(
        path,
        RecordKind.LISTING,
        title[:_LONGEST],
        _merged(spans),
        first.page if first else None,
        tuple(fields.rows),
        marks=policy.marks,
    )


def _project(row: ProgrammeDraft, policy: PolicyDraft, listing: str, paths: Counter[str]) -> PlannedRecord:
    fields, page = _Fields(), row.page
    fields.add(What.NUMBER, row.number)
    fields.add(What.NAME, row.name)
    fields.add(What.COST, row.cost_yen or (page.cost_yen if page else None))
    fields.add(What.IS_NEW, row.is_new, "1" if row.is_new.value else "")
    fields.add(What.UNIT, row.unit)
    if len(policy.marks) > 1:
        _add_marks(fields, row)
    if page:
        fields.add(What.RESPONSIBLE, page.unit)
        fields.add(What.OVERVIEW, page.overview)
        fields.add(What.ACHIEVEMENTS, page.results)
        for indicator in page.indicators:
            _add_indicator(fields, indicator)
    spans = [row.number.lines, row.name.lines, *([page.lines] if page and page.lines[0] else [])]
    return PlannedRecord(
        _once(f"{listing}/{row.number.value}", paths),
        RecordKind.PROJECT,
        row.name.value[:_LONGEST],
        _merged(spans),
        row.name.page,
        tuple(fields.rows),
        within=listing,
        is_repeat=row.is_repeat,
        listed_page=row.listed_page,
    )


def _add_marks(fields: _Fields, row: ProgrammeDraft) -> None:
    """Of a list that policies share: which of them the row is marked for, empty where the text lost it."""
    told = row.policies is not None
    found = Found(
        "・".join(row.policies or ()),
        row.number.source,
        row.number.lines,
        row.number.page,
        SURE if told else UNSURE,
        "" if told else "印の列が、文書から読み取れません。空のままだと「分からない」になります。",
    )
    fields.add(What.MARKS, found)


def _add_indicator(fields: _Fields, indicator: IndicatorDraft) -> None:
    name = indicator.name.value
    fields.add(What.INDICATOR, indicator.name, about=name)
    for year, cell in sorted(indicator.cells.items()):
        fields.add(What.VALUE, cell, cell.value.raw, about=name, year=year)


def _case_study(case: CaseStudyDraft, listing: str, paths: Counter[str]) -> PlannedRecord:
    fields = _Fields()
    fields.add(What.NAME, case.title)
    fields.add(What.STORY, case.text)
    return PlannedRecord(
        _once(f"{listing}/事例", paths),
        RecordKind.CASE_STUDY,
        case.title.value[:_LONGEST],
        _merged([case.title.lines, case.text.lines]),
        case.title.page,
        tuple(fields.rows),
        within=listing,
    )


def _merged(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The stretches of lines in their order, those that touch as one."""
    merged: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


# ── Guidebooks ──────────────────────────────────────────────────────────────────────────────────────
def of_guidebook(document: Document, draft: GuidebookDraft) -> Plan:
    """What a guidebook is to be kept as."""
    paths: Counter[str] = Counter()
    return Plan(
        document.name,
        document.sha256,
        DocumentKind.GUIDEBOOK,
        document.lines,
        tuple(_programme(entry, paths) for entry in draft.entries),
        notes=draft.notes,
        left_out=draft.left_out,
    )


def _programme(entry: EntryDraft, paths: Counter[str]) -> PlannedRecord:
    fields = _Fields()
    fields.add(What.NAME, entry.name)
    fields.add(What.SUMMARY, entry.summary)
    fields.each(What.CONTACT, entry.contacts, contact_in_words)
    fields.each(What.RATE, entry.rates, as_slash)
    fields.each(What.CAP, entry.caps_yen)
    fields.each(What.WINDOW, entry.windows)
    fields.each(What.REQUIREMENT, entry.requirements)
    fields.each(What.URL, entry.urls)
    return PlannedRecord(
        _once(str(entry.number), paths),
        RecordKind.PROGRAMME,
        entry.name.value[:_LONGEST],
        (entry.lines,),
        entry.name.page,
        tuple(fields.rows),
    )


def contact_in_words(contact: ContactDraft) -> str:
    """A contact in one line, as a person would write it: the desk, then TEL, FAX and addresses."""
    told = [contact.desk]
    told += [f"TEL {number}" for number in contact.phones]
    told += [f"FAX {number}" for number in contact.faxes]
    told += contact.emails
    return " ".join(word for word in told if word)
