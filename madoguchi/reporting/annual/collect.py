"""The report of a year from the database, in a constant number of queries."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.timezone import localtime
from django.utils.translation import gettext

from madoguchi.institutions.models import SourceDocument
from madoguchi.japan.eras import format_date
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.reporting.annual import corrections
from madoguchi.reporting.annual.changes import Listed, changes
from madoguchi.reporting.annual.shape import (
    AnnualReport,
    CaseStudy,
    Chapter,
    IndicatorLine,
    ProjectEntry,
    Section,
)
from madoguchi.reporting.annual.warnings import warnings
from madoguchi.reporting.sources import is_counted
from madoguchi.results import models, published, values
from madoguchi.results.kinds import ChapterPlace
from madoguchi.results.states import EntryState


@dataclass(frozen=True)
class _Reading:
    """What every part of the report has to know."""

    fiscal_year: int
    with_drafts: bool
    documents: Mapping[str, SourceDocument]

    def shows(self, entry: models.IndicatorValue | models.Narrative | models.Introduction) -> bool:
        return self.with_drafts or entry.state == EntryState.APPROVED


@dataclass(frozen=True)
class _Printed:
    """The document that a list was read in, by its key, and the page there of the project of a row."""

    document: str
    page: int | None


def collect(fiscal_year: int, *, with_drafts: bool = True) -> AnnualReport | None:
    """The report of a fiscal year as its makers check it, or None when no list of that year is there.

    Without drafts it holds only what was approved: what the public may read of it."""
    listings = list(_listings(fiscal_year))
    if not listings:
        return None
    documents = {document.key: document for document in SourceDocument.objects.all()}
    reading = _Reading(fiscal_year, with_drafts, documents)
    year = models.ReportYear.objects.filter(fiscal_year=fiscal_year).first()
    listings.sort(key=_place)
    sections = tuple(_section(listing, reading) for listing in listings)
    before, after = _chapters(fiscal_year)
    policy = _policies(listings[0])[0]
    return AnnualReport(
        fiscal_year=fiscal_year,
        title=(year.title if year else "") or _title(fiscal_year),
        ordinance=policy.ordinance,
        article=(year.article if year else "") or policy.article,
        publisher=year.publisher if year else "",
        sections=sections,
        before=before,
        after=after,
        changes=changes(_listed(_rows_of_last(fiscal_year)), _listed(_rows(listings))),
        warnings=warnings(sections, fiscal_year=fiscal_year, drafts=_drafts(listings, fiscal_year)),
        first_chapter=year.first_chapter if year else 1,
    )


def _title(fiscal_year: int) -> str:
    return gettext("%(year)s 年次報告") % {"year": FiscalYear(fiscal_year).label}


def _listings(fiscal_year: int) -> Iterable[models.Listing]:
    shown = Q(fiscal_year=None) | Q(fiscal_year__in=(fiscal_year, fiscal_year - 1))
    figures = (
        models.IndicatorValue.objects.filter(shown)
        .prefetch_related(published.corrections())
        .order_by("fiscal_year", "pk")
    )
    tables = (
        models.ProjectIndicator.objects.filter(in_report=True)
        .select_related("indicator")
        .prefetch_related(Prefetch("indicator__values", queryset=figures))
        .order_by("position", "pk")
    )
    rows = (
        models.ListingRow.objects.select_related("project__narrative", "project__predecessor")
        .prefetch_related(Prefetch("project__indicator_rows", queryset=tables))
        .order_by("number", "pk")
    )
    studies = models.CaseStudy.objects.select_related("project").order_by("position", "pk")
    return (
        models.Listing.objects.filter(fiscal_year=fiscal_year, policies__isnull=False)
        .distinct()
        .select_related("introduction")
        .prefetch_related(
            Prefetch("policies", queryset=models.Policy.objects.order_by("position", "pk")),
            Prefetch("rows", queryset=rows),
            Prefetch("case_studies", queryset=studies),
        )
    )


def _policies(listing: models.Listing) -> Sequence[models.Policy]:
    return list(listing.policies.all())


def _place(listing: models.Listing) -> tuple[int, str]:
    return _policies(listing)[0].position, listing.code


def _section(listing: models.Listing, reading: _Reading) -> Section:
    policies = _policies(listing)
    marks = {policy.code: policy.mark for policy in policies}
    introduction = getattr(listing, "introduction", None)
    blocks = introduction.blocks if introduction and reading.shows(introduction) else []
    return Section(
        code=listing.code,
        mark="".join(marks.values()),
        titles=tuple(policy.title for policy in policies),
        short="・".join(policy.short for policy in policies),
        introduction=_blocks(blocks),
        entries=tuple(
            _entry(row, marks, _Printed(listing.source.get("file", ""), row.page), reading)
            for row in listing.rows.all()
        ),
        stated_subtotal_yen=listing.stated_subtotal_yen,
        case_studies=tuple(
            _case_study(study)
            for study in listing.case_studies.all()
            if reading.with_drafts or study.state == EntryState.APPROVED
        ),
    )


def _entry(
    row: models.ListingRow, marks: Mapping[str, str], printed: _Printed, reading: _Reading
) -> ProjectEntry:
    project = row.project
    narrative = getattr(project, "narrative", None)
    told = narrative if narrative and reading.shows(narrative) else None
    basis = models.CostBasis(project.cost_basis)
    return ProjectEntry(
        number=row.number,
        slug=project.slug,
        name=project.name,
        list_name=row.printed_name or project.name,
        cost_yen=row.printed_cost_yen,
        cost_basis="" if basis == models.CostBasis.NOT_STATED else str(basis.label),
        is_new=row.is_new,
        is_repeat=row.is_repeat,
        department=row.printed_department or project.department,
        responsible=row.printed_responsible or project.responsible,
        policies=_marked(row.policies, marks),
        overview=told.overview if told else "",
        achievements=told.achievements if told else "",
        indicators=tuple(_line(each, printed, reading) for each in project.indicator_rows.all()),
        breaks=project.breaks,
    )


def _marked(codes: Sequence[str] | None, marks: Mapping[str, str]) -> tuple[str, ...] | None:
    """The marks of a row; in a list of one policy there is nothing to tell apart."""
    if len(marks) == 1:
        return tuple(marks.values())
    return None if codes is None else tuple(mark for code, mark in marks.items() if code in codes)


def _line(row: models.ProjectIndicator, printed: _Printed, reading: _Reading) -> IndicatorLine:
    indicator = row.indicator
    shown = [value for value in indicator.values.all() if reading.shows(value)]
    found = {value.fiscal_year: value for value in shown}
    undated = found.pop(None, None)
    newest = max(found.values(), key=lambda value: value.fiscal_year or 0, default=undated)
    return IndicatorLine(
        key=indicator.key,
        name=row.printed_name or indicator.name,
        cells={year: values.cell_of(value) for year, value in found.items() if year is not None},
        undated=values.cell_of(undated) if undated else None,
        origin=_origin(newest, indicator, printed, reading.documents) if newest else "",
        lines=newest.source.get("lines", "") if newest and newest.edited_at is None else "",
        note=next((value.note for value in (newest, undated) if value and value.note), ""),
        corrections=tuple(one for value in shown for one in corrections.of_value(value)),
    )


def _origin(
    value: models.IndicatorValue,
    indicator: models.Indicator,
    printed: _Printed,
    documents: Mapping[str, SourceDocument],
) -> str:
    """Where a figure comes from; whoever wrote it is named at the desk, not in a public report."""
    if corrected := corrections.of_value(value):
        return gettext("訂正した値（%(day)s）") % {"day": format_date(corrected[-1].on)}
    if is_counted(value, indicator):
        return gettext("記録から数えた値")
    if value.edited_at is not None:
        day = format_date(localtime(value.edited_at).date())
        return gettext("担当課の入力（%(day)s）") % {"day": day}
    source: dict[str, Any] = value.source
    document = documents.get(source.get("file", ""))
    if document is None:
        return ""
    if printed.page is not None and printed.document == document.key:
        said = {"document": document.short_title, "page": printed.page}
        return gettext("%(document)sの%(page)sページ") % said
    sections = {each["section"]: each["title"] for each in document.sections}
    section = sections.get(source.get("section", ""), "")
    return "、".join(part for part in (document.short_title, section) if part)


def _case_study(study: models.CaseStudy) -> CaseStudy:
    return CaseStudy(
        slug=study.slug,
        title=study.title,
        business=study.business,
        paragraphs=tuple(study.paragraphs),
        project_slug=study.project.slug if study.project else "",
        pictures=tuple((picture["path"], picture["alt"], picture["credit"]) for picture in study.pictures),
    )


def _chapters(fiscal_year: int) -> tuple[tuple[Chapter, ...], tuple[Chapter, ...]]:
    of_year = Q(fiscal_year=None) | Q(fiscal_year=fiscal_year)
    rows = list(models.RegionChapter.objects.filter(of_year).order_by("position", "code", "pk"))
    before = tuple(_chapter(row) for row in rows if row.place == ChapterPlace.BEFORE)
    return before, tuple(_chapter(row) for row in rows if row.place == ChapterPlace.AFTER)


def _chapter(row: models.RegionChapter) -> Chapter:
    table = tuple(tuple(cells) for cells in row.table)
    return Chapter(code=row.code, title=row.title, blocks=_blocks(row.blocks), table=table)


def _blocks(blocks: Iterable[Mapping[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((block["heading"], block["text"]) for block in blocks)


def _rows(listings: Iterable[models.Listing]) -> Iterator[tuple[models.ListingRow, str]]:
    for listing in listings:
        mark = "".join(policy.mark for policy in _policies(listing))
        yield from ((row, mark) for row in listing.rows.all())


def _rows_of_last(fiscal_year: int) -> Iterator[tuple[models.ListingRow, str]]:
    rows = models.ListingRow.objects.select_related("project").order_by("number", "pk")
    last = (
        models.Listing.objects.filter(fiscal_year=fiscal_year - 1, policies__isnull=False)
        .distinct()
        .prefetch_related(
            Prefetch("policies", queryset=models.Policy.objects.order_by("position", "pk")),
            Prefetch("rows", queryset=rows),
        )
    )
    yield from _rows(sorted(last, key=_place))


def _listed(rows: Iterable[tuple[models.ListingRow, str]]) -> tuple[Listed, ...]:
    """Each project once, where it stands first, with the marks of every list it stands in."""
    found: dict[int, Listed] = {}
    for row, mark in rows:
        project = row.project
        known = found.get(project.pk)
        marks = (*known.marks, mark) if known else (mark,)
        before = project.predecessor.slug if project.predecessor_id and project.predecessor else ""
        found[project.pk] = Listed(
            slug=project.slug,
            name=project.name,
            cost_yen=known.cost_yen if known else row.printed_cost_yen,
            department=known.department if known else row.printed_department or project.department,
            marks=marks,
            before=before,
        )
    return tuple(found.values())


def _drafts(listings: Iterable[models.Listing], fiscal_year: int) -> int:
    """How many figures and texts of the report wait for approval, each once."""
    projects = {row.project_id: row.project for listing in listings for row in listing.rows.all()}
    waiting = {
        value.pk
        for project in projects.values()
        for row in project.indicator_rows.all()
        for value in row.indicator.values.all()
        if value.state == EntryState.DRAFT
    }
    texts = models.Narrative.objects.filter(project__in=projects, state=EntryState.DRAFT)
    return len(waiting) + texts.count()
