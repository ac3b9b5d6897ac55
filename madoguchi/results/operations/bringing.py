"""Drafts of a year from a document that somebody has reviewed.

What is there already stays as it is, and nothing is added to what is public: a draft gains what it lacks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from madoguchi.accounts.hats import Hat
from madoguchi.foundation.keys import new_key
from madoguchi.institutions.models import Unit
from madoguchi.japan.text import fold
from madoguchi.results import holding, values
from madoguchi.results.cells import CellKind, read_cell
from madoguchi.results.errors import ListIsPublic, NotAllowed, OriginalMissing, YearClosed
from madoguchi.results.kinds import Counting, Good
from madoguchi.results.models import (
    CaseStudy,
    CostBasis,
    Indicator,
    IndicatorValue,
    Introduction,
    Listing,
    ListingRow,
    Narrative,
    Policy,
    Project,
    ProjectIndicator,
    ReportYear,
    ValueChange,
)
from madoguchi.results.operations.acting import entered, require_review, say
from madoguchi.results.states import YearState

_REPEATED = re.compile(r"[（(【\[]?\s*再掲\s*[)）】\]]?\s*$")
# The units of amounts and shares, which count nobody and nothing.
_MEASURES = re.compile(r"円$|％|%|ポイント$|kg$|ha$|^t$")


@dataclass(frozen=True)
class BroughtValue:
    """One cell: of a year, or of a `period` of no single one."""

    raw: str
    fiscal_year: int | None
    period: str
    source: dict[str, str]


@dataclass(frozen=True)
class BroughtRow:
    """A row of a list with its project, as a person accepted it."""

    number: int | None
    name: str
    department: str
    source: dict[str, str]
    responsible: str = ""
    cost_yen: int | None = None
    is_new: bool = False
    is_repeat: bool = False
    policies: tuple[str, ...] | None = None
    page: int | None = None
    overview: str = ""
    achievements: str = ""
    indicators: tuple[tuple[str, tuple[BroughtValue, ...]], ...] = ()


def bring_listing(
    *,
    fiscal_year: int,
    policies: Sequence[Policy],
    stated_subtotal_yen: int | None,
    introduction: str,
    source: dict[str, str],
    hat: Hat,
    at: datetime,
) -> Listing:
    """The list of these policies in a year, as a draft; a draft that is there gains what it lacks.

    Raises NotAllowed, YearClosed."""
    with transaction.atomic():
        _require_open_year(fiscal_year, hat)
        listing = listing_of(fiscal_year, policies)
        if listing is None:
            code = "-".join(policy.code for policy in policies)
            listing = Listing.objects.create(code=code, fiscal_year=fiscal_year, source=source, is_draft=True)
            listing.policies.set(policies)
        if not listing.is_draft:
            return listing
        if listing.stated_subtotal_yen is None and stated_subtotal_yen is not None:
            listing.stated_subtotal_yen = stated_subtotal_yen
            listing.save(update_fields=["stated_subtotal_yen"])
        if introduction and not Introduction.objects.filter(listing=listing).exists():
            blocks = [{"heading": "", "text": introduction}]
            Introduction.objects.create(listing=listing, blocks=blocks, source=source, **entered(hat, at))
        say("listing_brought", subject="listing", key=listing.pk, hat=hat, at=at, fiscal_year=fiscal_year)
    return listing


def listing_of(fiscal_year: int, policies: Sequence[Policy]) -> Listing | None:
    """The list of exactly these policies in a year."""
    wanted = {policy.pk for policy in policies}
    rows = Listing.objects.filter(fiscal_year=fiscal_year).prefetch_related("policies").order_by("code", "pk")
    return next((row for row in rows if {policy.pk for policy in row.policies.all()} == wanted), None)


def bring_row(*, listing: Listing, row: BroughtRow, hat: Hat, at: datetime) -> Project:
    """A row with its project, figures and texts as drafts; returns the project, which may be an older one.

    A project of that name and year is never made twice, and what it says already stays. Raises NotAllowed,
    YearClosed, OriginalMissing for a repeat of nothing, ListIsPublic for what a public list does not have."""
    with transaction.atomic():
        _require_open_year(listing.fiscal_year, hat)
        project = _project_of(listing.fiscal_year, row)
        if not listing.is_draft:
            if project is None or not listing.rows.filter(project=project).exists():
                raise ListIsPublic
            return project
        if project is None:
            project = _new_project(listing.fiscal_year, row)
        _list(listing, project, row)
        if project.is_draft and not row.is_repeat:
            _cost(project, row, at=at)
            _texts(project, row, hat=hat, at=at)
            _indicators(project, row, hat=hat, at=at)
        say("project_brought", subject="project", key=project.pk, hat=hat, at=at, listing=listing.pk)
    return project


def bring_case_study(
    *, listing: Listing, title: str, story: str, source: dict[str, str], hat: Hat, at: datetime
) -> CaseStudy:
    """A case study of a list as a draft; one of that title that is there stays as it is.

    Nobody has asked the business yet: its consent is recorded, and the study approved, at the desk. Raises
    NotAllowed, YearClosed, and ListIsPublic for what a public list does not have."""
    with transaction.atomic():
        _require_open_year(listing.fiscal_year, hat)
        there = {_name_key(each.title): each for each in listing.case_studies.order_by("-pk")}
        study = there.get(_name_key(title[:200]))
        if study is None:
            if not listing.is_draft:
                raise ListIsPublic
            study = CaseStudy.objects.create(
                slug=f"{listing.code[:60]}-{new_key()}",
                fiscal_year=listing.fiscal_year,
                listing=listing,
                position=len(there),
                title=title[:200],
                paragraphs=[text for text in story.splitlines() if text.strip()],
                source=source,
                **entered(hat, at),
            )
        say("case_study_brought", subject="listing", key=listing.pk, hat=hat, at=at, study=study.pk)
    return study


def _require_open_year(fiscal_year: int, hat: Hat) -> None:
    """The year's report; without one it begins here, kept together by who keeps the newest, or by the unit
    that brings the first. Locked, so that it does not close meanwhile."""
    if not ReportYear.objects.filter(fiscal_year=fiscal_year).exists():
        with_unit = ReportYear.objects.exclude(secretariat=None).order_by("-fiscal_year", "pk").first()
        unit = with_unit.secretariat_id if with_unit else hat.unit_id
        if unit is None:
            raise NotAllowed(_("年次報告をとりまとめる部署が決まっていません。その部署の人が取り込みます。"))
        ReportYear.objects.get_or_create(fiscal_year=fiscal_year, defaults={"secretariat_id": unit})
    year = ReportYear.objects.select_for_update().get(fiscal_year=fiscal_year)
    require_review(year, hat)
    if year.state != YearState.OPEN:
        raise YearClosed


def _name_key(name: str) -> str:
    return fold(_REPEATED.sub("", name)).replace(" ", "")


def _project_of(fiscal_year: int, row: BroughtRow) -> Project | None:
    """The project of that name in the year, by its own name or by one under which a list prints it."""
    there = {_name_key(each.name): each for each in Project.objects.filter(fiscal_year=fiscal_year)}
    printed = ListingRow.objects.filter(listing__fiscal_year=fiscal_year).exclude(printed_name="")
    for listed in printed.select_related("project"):
        there.setdefault(_name_key(listed.printed_name), listed.project)
    found = there.get(_name_key(row.name))
    if found is None and row.is_repeat:
        raise OriginalMissing
    return found


def _new_project(fiscal_year: int, row: BroughtRow) -> Project:
    year = f"r{fiscal_year - 2018}" if fiscal_year > 2018 else f"y{fiscal_year}"
    project = Project.objects.create(
        slug=f"{year}-{new_key()}",
        fiscal_year=fiscal_year,
        name=row.name[:200],
        cost_yen=row.cost_yen,
        cost_basis=CostBasis.NOT_STATED,
        is_new=row.is_new,
        department=row.department[:200],
        responsible=row.responsible[:300],
        areas=[],
        summary="",
        sources=[row.source],
        is_draft=True,
    )
    named = {fold(row.department), fold(row.responsible)}
    units = [unit for unit in Unit.objects.all() if {fold(unit.name), fold(unit.full_name)} & named]
    # Of two units with one name nobody can tell which is meant.
    project.units.set(units if len(units) == 1 else [])
    return project


def _list(listing: Listing, project: Project, row: BroughtRow) -> None:
    """Put the project into the list, once; on a number that is taken, at the end."""
    there = list(listing.rows.values_list("number", "project"))
    if any(listed == project.pk for _number, listed in there):
        return
    taken = {number for number, _project in there}
    number = row.number if row.number and row.number not in taken else max(taken, default=0) + 1
    ListingRow.objects.create(
        listing=listing,
        number=number,
        project=project,
        printed_name=row.name[:200] if row.name != project.name else "",
        printed_department=row.department[:200] if row.department != project.department else "",
        printed_cost_yen=row.cost_yen,
        is_new=row.is_new,
        is_repeat=row.is_repeat,
        policies=_codes(listing, row),
        page=row.page,
    )


def _cost(project: Project, row: BroughtRow, *, at: datetime) -> None:
    """A project that was carried into the year has no cost yet."""
    if project.cost_yen is None and row.cost_yen is not None:
        Project.objects.filter(pk=project.pk).update(cost_yen=row.cost_yen, edited_at=at)
        listed = ListingRow.objects.filter(project=project, printed_cost_yen=None)
        listed.update(printed_cost_yen=row.cost_yen)


def _codes(listing: Listing, row: BroughtRow) -> list[str] | None:
    """The policies that the row is marked for: those of the list where there is one, else what was read."""
    policies = list(listing.policies.order_by("position", "pk"))
    if len(policies) == 1:
        return [policies[0].code]
    if row.policies is None:
        return None
    return [policy.code for policy in policies if policy.mark in row.policies]


def _texts(project: Project, row: BroughtRow, *, hat: Hat, at: datetime) -> None:
    if (row.overview or row.achievements) and not Narrative.objects.filter(project=project).exists():
        Narrative.objects.create(
            project=project,
            overview=row.overview,
            achievements=row.achievements,
            source=row.source,
            **entered(hat, at),
        )


def _indicators(project: Project, row: BroughtRow, *, hat: Hat, at: datetime) -> None:
    tables = project.indicator_rows.select_related("indicator").order_by("position", "pk")
    there = {_name_key(each.printed_name or each.indicator.name): each.indicator for each in tables}
    carried = _of_other_years(project)
    held = holding.held_years()
    for name, brought in row.indicators:
        key = _name_key(name)
        indicator = there.get(key)
        if indicator is None:
            indicator = carried.get(key) or _new_indicator(project, len(there), name, brought)
            ProjectIndicator.objects.get_or_create(
                project=project, indicator=indicator, defaults={"position": len(there)}
            )
            there[key] = indicator
        years = set(indicator.project_rows.values_list("project__fiscal_year", flat=True))
        for value in brought:
            if not holding.is_held(value.fiscal_year, years, held):
                _value(indicator, value, hat=hat, at=at)


def _of_other_years(project: Project) -> dict[str, Indicator]:
    """The indicators of the project of this name in the years around: they go on in this one."""
    around = Project.objects.filter(fiscal_year__in=(project.fiscal_year - 1, project.fiscal_year + 1))
    wanted = _name_key(project.name)
    same = [each.pk for each in around if _name_key(each.name) == wanted]
    rows = ProjectIndicator.objects.filter(project__in=same).select_related("indicator").order_by("pk")
    return {_name_key(row.printed_name or row.indicator.name): row.indicator for row in rows}


def _new_indicator(project: Project, position: int, name: str, brought: Sequence[BroughtValue]) -> Indicator:
    parts = [part for value in brought for part in read_cell(value.raw).parts]
    if any(part.cumulative for part in parts):
        counting = Counting.CUMULATIVE
    elif parts and not any(_MEASURES.search(part.unit) for part in parts):
        counting = Counting.EACH
    else:
        counting = Counting.OTHER
    return Indicator.objects.create(
        key=f"{project.slug}-{position + 1}",
        name=name[:200],
        counting=counting,
        # No document says which direction is the good one: a person does.
        good=Good.NEITHER,
        question=_("%(name)sは、どれだけでしたか。")[:200] % {"name": name[:150]},
    )


def _value(indicator: Indicator, brought: BroughtValue, *, hat: Hat, at: datetime) -> None:
    """A figure as a draft with its history; one that is there stays."""
    if IndicatorValue.objects.filter(indicator=indicator, fiscal_year=brought.fiscal_year).exists():
        return
    cell = read_cell(brought.raw[:600])
    columns: dict[str, Any] = {**values.as_columns(cell), "note": ""}
    if not cell.raw and cell.kind != CellKind.NOT_MEASURED:
        return
    value = IndicatorValue.objects.create(
        indicator=indicator,
        fiscal_year=brought.fiscal_year,
        period=brought.period[:60],
        source=brought.source,
        **columns,
        **entered(hat, at),
    )
    by = hat.as_actor()
    ValueChange.objects.create(
        value=value,
        version=value.version,
        before=None,
        after={name: columns[name] for name in values.PRINTED},
        actor_id=by.id,
        actor_label=by.label,
        changed_at=at,
    )
