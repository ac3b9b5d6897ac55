"""An annual report from its lines to a draft of everything in it."""

from collections.abc import Sequence
from dataclasses import replace

from madoguchi.importers.annual_report import reconcile, years
from madoguchi.importers.annual_report.drafts import (
    CaseStudyDraft,
    PageDraft,
    PolicyDraft,
    ProgrammeDraft,
    ReportDraft,
)
from madoguchi.importers.annual_report.headers import Reader
from madoguchi.importers.annual_report.indicators import TableReader
from madoguchi.importers.annual_report.labels import Labels
from madoguchi.importers.annual_report.layout import Layout
from madoguchi.importers.annual_report.lists import ListDraft, ListReader
from madoguchi.importers.annual_report.matching import bare, pair
from madoguchi.importers.annual_report.pages import PageReader
from madoguchi.importers.annual_report.policies import Heading, PolicyReader
from madoguchi.importers.documents.found import GUESS, Found, Note
from madoguchi.importers.documents.lines import Document, Line, join

_GIST = 24


def read_report(document: Document, layout: Layout) -> ReportDraft:
    """Return the draft of an annual report. The same document and layout always give the same draft."""
    return _Reading(document, layout).draft()


class _Reading:
    def __init__(self, document: Document, layout: Layout) -> None:
        self._document = document
        self._lines = document.lines
        self._layout = layout
        era = years.era_of(self._lines)
        self._year = years.report_year(self._lines, layout, era)
        self._labels = Labels(layout)
        self._reader = Reader(layout, era, self._year)
        self._list_reader = ListReader(self._lines, self._reader, self._labels)

    def draft(self) -> ReportDraft:
        """Read everything, then compare what was read."""
        lists = self._list_reader.all()
        spans = [(each.start, each.end) for each in lists]
        tables = TableReader(self._lines, self._reader, self._labels).all(spans)
        names = frozenset(bare(row.name.value) for each in lists for row in each.programmes)
        pages = PageReader(self._lines, self._labels, self._list_reader.money_unit, names).all(spans, tables)
        policies = self._policies(lists, pages) if lists else self._without_lists(pages)
        draft = ReportDraft(
            self._document.name,
            self._document.sha256,
            self._layout.title,
            self._year,
            policies,
        )
        used = {page.lines for policy in policies for each in policy.programmes if (page := each.page)}
        lonely = [page for page in pages if page.lines not in used]
        notes = reconcile.notes(draft, lonely)
        return replace(draft, notes=notes, left_out=self._left_out(draft, spans, pages))

    def _policies(self, lists: Sequence[ListDraft], pages: Sequence[PageDraft]) -> tuple[PolicyDraft, ...]:
        starts = [0, *(each.end for each in lists)]
        headings = PolicyReader(self._lines, self._labels).above(
            [(starts[place], each.rows_at) for place, each in enumerate(lists)]
        )
        rows = [row for each in lists for row in each.programmes]
        paired = iter(zip(rows, pair(rows, pages), strict=True))
        drafts: list[PolicyDraft] = []
        for each, heading in zip(lists, headings, strict=True):
            programmes = tuple(
                _with_page(row, pages[place] if place is not None else None)
                for row, place in (next(paired) for _ in each.programmes)
            )
            if heading is None and drafts and any(headings):
                drafts[-1] = _joined(drafts[-1], programmes, each.stated_yen)
                continue
            drafts.append(self._policy(each, heading, programmes, len(drafts) + 1))
        return _each_case_once(drafts)

    def _policy(
        self,
        each: ListDraft,
        heading: Heading | None,
        programmes: tuple[ProgrammeDraft, ...],
        count: int,
    ) -> PolicyDraft:
        marks = heading.marks if heading else (str(count),)
        if each.ticks and not heading:
            marks = each.ticks
        if len(marks) == 1:
            programmes = tuple(replace(row, policies=marks) for row in programmes)
        begin = heading.place + len(marks) if heading else each.start
        return PolicyDraft(
            mark="".join(marks),
            marks=marks,
            titles=heading.titles if heading else (),
            programmes=programmes,
            stated_yen=each.stated_yen,
            introduction=_text(self._lines[begin : each.start]),
            case_studies=self._case_studies(each.end),
        )

    def _case_studies(self, start: int) -> tuple[CaseStudyDraft, ...]:
        """Case studies that follow a list's pages, until the next policy or list."""
        found: list[CaseStudyDraft] = []
        for place in range(start, len(self._lines)):
            line = self._lines[place]
            if self._labels.mark(line) and place > start + 5 and found:
                break
            if self._list_reader.is_caption(line):
                break
            if self._labels.is_case_study(line):
                end = self._end_of_case(place + 1)
                lines = self._lines[place + 1 : end]
                if lines:
                    title = Found.at(join(each.text for each in lines[:2]), lines[:2])
                    found.append(CaseStudyDraft(title, Found.at(join(each.text for each in lines), lines)))
        return tuple(found)

    def _end_of_case(self, start: int) -> int:
        for place in range(start, len(self._lines)):
            line = self._lines[place]
            mark = self._labels.mark(line)
            ends = (
                mark is not None
                and mark.style in ("word", "circled", "roman", "ordinal")
                and place > start + 3
            )
            if ends or self._labels.is_case_study(line) or self._labels.ends_matter(line):
                return place
        return len(self._lines)

    def _without_lists(self, pages: Sequence[PageDraft]) -> tuple[PolicyDraft, ...]:
        """A report that has pages only: they are dealt to the headings before them."""
        if not pages:
            return ()
        places = {line.number: place for place, line in enumerate(self._lines)}
        begins = [places.get(page.lines[0], 0) for page in pages]
        ends = [0, *(places.get(page.lines[1], begin) + 1 for page, begin in zip(pages, begins, strict=True))]
        stretches = [(ends[at], begin) for at, begin in enumerate(begins)]
        headings = PolicyReader(self._lines, self._labels).above(stretches)
        groups: list[tuple[Heading | None, list[ProgrammeDraft]]] = []
        for page, heading in zip(pages, headings, strict=True):
            if heading is not None or not groups:
                groups.append((heading, []))
            groups[-1][1].append(_from_page(page, len(groups[-1][1]) + 1))
        return tuple(
            PolicyDraft(
                mark=heading.mark if heading else str(count),
                marks=heading.marks if heading else (str(count),),
                titles=heading.titles if heading else (),
                programmes=tuple(programmes),
            )
            for count, (heading, programmes) in enumerate(groups, start=1)
        )

    def _left_out(
        self, draft: ReportDraft, lists: Sequence[tuple[int, int]], pages: Sequence[PageDraft]
    ) -> tuple[Note, ...]:
        """Stretches of lines that no draft has taken up."""
        taken = {self._lines[place].number for start, end in lists for place in range(start, end)}
        for first, last in _spans(draft, pages):
            taken.update(range(first, last + 1))
        notes: list[Note] = []
        run: list[Line] = []
        for line in [*self._lines, None]:
            if line is not None and line.number not in taken:
                run.append(line)
                continue
            if run and (line is None or len(run) > 1 or len(run[0].text) > _GIST):
                gist = run[0].text[:_GIST]
                notes.append(
                    Note("left_out", f"「{gist}…」から {len(run)} 行", (run[0].number, run[-1].number))
                )
            run = []
        return tuple(notes)


def _spans(draft: ReportDraft, pages: Sequence[PageDraft]) -> list[tuple[int, int]]:
    """The lines of everything that was read outside of the lists."""
    spans = [page.lines for page in pages]
    for policy in draft.policies:
        spans += [title.lines for title in policy.titles]
        spans += [policy.introduction.lines] if policy.introduction else []
        spans += [case.text.lines for case in policy.case_studies]
    return spans


def _text(lines: Sequence[Line]) -> Found[str] | None:
    return Found.at(join(line.text for line in lines), lines) if lines else None


def _joined(
    draft: PolicyDraft, programmes: tuple[ProgrammeDraft, ...], stated: Found[int] | None
) -> PolicyDraft:
    """A list that goes on without a heading of its own."""
    return replace(draft, programmes=(*draft.programmes, *programmes), stated_yen=draft.stated_yen or stated)


def _with_page(row: ProgrammeDraft, page: PageDraft | None) -> ProgrammeDraft:
    """A row with its page; what the list has no column for is taken from there."""
    if page is None:
        return row
    return replace(row, page=page, cost_yen=row.cost_yen or page.cost_yen, unit=row.unit or page.unit)


def _each_case_once(policies: Sequence[PolicyDraft]) -> tuple[PolicyDraft, ...]:
    """Where all lists stand before all pages: a case study is of the policy with the last page before it."""

    def nearest(policy: PolicyDraft, case: CaseStudyDraft) -> int:
        begins = [each.page.lines[0] for each in policy.programmes if each.page]
        return max((begin for begin in begins if begin < case.text.lines[0]), default=0)

    owners: dict[tuple[int, int], int] = {}
    for place, policy in enumerate(policies):
        for case in policy.case_studies:
            known = owners.get(case.text.lines)
            if known is None or nearest(policies[known], case) <= nearest(policy, case):
                owners[case.text.lines] = place
    return tuple(
        replace(
            policy,
            case_studies=tuple(case for case in policy.case_studies if owners[case.text.lines] == place),
        )
        for place, policy in enumerate(policies)
    )


def _from_page(page: PageDraft, number: int) -> ProgrammeDraft:
    name = page.name
    marks = name.source
    return ProgrammeDraft(
        number=Found(number, name.source, name.lines, name.page, GUESS, "一覧がないので、順に数えました。"),
        name=name,
        cost_yen=page.cost_yen,
        is_new=Found("新規" in marks, name.source, name.lines, name.page),
        is_repeat="再掲" in marks,
        unit=page.unit,
        page=page,
    )
