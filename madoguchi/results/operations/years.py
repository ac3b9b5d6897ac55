"""The report of a year: opening the next one, locking, publishing."""

import re
from collections.abc import Collection
from copy import copy
from datetime import date, datetime
from itertools import count
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.foundation import audit, outbox
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.results.errors import NotFinished, NothingToCarry, WrongState
from madoguchi.results.models import (
    CostBasis,
    IndicatorValue,
    Listing,
    ListingRow,
    Narrative,
    Project,
    ProjectIndicator,
    ReportYear,
    UnitReturn,
)
from madoguchi.results.operations.acting import require_review, say
from madoguchi.results.operations.moving import move
from madoguchi.results.queries.owing import year_after
from madoguchi.results.states import YEAR_MOVES, EntryState, ReturnState, YearState

_CARRIED = (
    "name",
    "breaks",
    "parts",
    "department",
    "responsible",
    "purposes",
    "industries",
    "areas",
    "summary",
    "keywords",
)
_YEAR_OF_SLUG = re.compile(r"^r\d+-")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_OPEN_LOCK: dict[str, Any] = {"locked_by_id": "", "locked_by_label": "", "locked_at": None}


def lock(*, year: ReportYear, hat: Hat, at: datetime) -> None:
    """Close a year: from now on nothing that its report prints changes.

    Raises NotAllowed, WrongState, Conflict, and NotFinished while a unit's part is not accepted or a draft
    waits."""
    with transaction.atomic():
        require_review(year, hat)
        by = hat.as_actor()
        # A copy: what is refused below leaves `year` as it is in the database.
        move(
            copy(year),
            YearState.LOCKED,
            moves=YEAR_MOVES,
            locked_by_id=by.id,
            locked_by_label=by.label,
            locked_at=at,
        )
        # With the year closed nobody adds another: what is unfinished now would stay so.
        _require_finished(year)
        _say("year_locked", year, hat=hat, at=at)
    year.refresh_from_db()


def unlock(*, year: ReportYear, hat: Hat, at: datetime) -> None:
    """Open a locked year again. Raises NotAllowed, WrongState (it is public), Conflict."""
    with transaction.atomic():
        require_review(year, hat)
        move(year, YearState.OPEN, moves=YEAR_MOVES, **_OPEN_LOCK)
        _say("year_unlocked", year, hat=hat, at=at)


def publish(*, year: ReportYear, hat: Hat, at: datetime) -> None:
    """Make a locked year public, its projects and lists with it. Raises NotAllowed, WrongState, Conflict."""
    with transaction.atomic():
        require_review(year, hat)
        by = hat.as_actor()
        move(
            year,
            YearState.PUBLISHED,
            moves=YEAR_MOVES,
            published_by_id=by.id,
            published_by_label=by.label,
            published_at=at,
        )
        drafts = Project.objects.filter(fiscal_year=year.fiscal_year, is_draft=True)
        slugs = sorted(drafts.values_list("slug", flat=True))
        drafts.update(is_draft=False)
        Listing.objects.filter(fiscal_year=year.fiscal_year, is_draft=True).update(is_draft=False)
        for slug in slugs:
            outbox.put_public(f"project:{slug}", at=at)
        _say("year_published", year, hat=hat, at=at)


def open_next(*, year: ReportYear, hat: Hat, at: datetime, deadline_on: date | None) -> ReportYear:
    """Begin the report after a public one at the desk, as `open_year` does.

    Raises NotAllowed, WrongState (the year is not public yet, or the next one has begun), NothingToCarry."""
    with transaction.atomic():
        require_review(year, hat)
        # Locked: of two who begin it at once the second finds it begun.
        kept = ReportYear.objects.select_for_update().get(pk=year.pk)
        if kept.state != YearState.PUBLISHED:
            raise WrongState
        if year_after(kept) is not None:
            raise WrongState(_("次の年度の入力は、もうはじまっています。"))
        return open_year(
            fiscal_year=kept.fiscal_year + 1,
            at=at,
            by=hat.as_actor(),
            deadline_on=deadline_on,
            organisation_id=hat.organisation_id,
        )


def open_year(
    *,
    fiscal_year: int,
    at: datetime,
    by: audit.Actor,
    deadline_on: date | None = None,
    organisation_id: int | None = None,
) -> ReportYear:
    """Begin the report of a year: last year's projects, lists and indicators as drafts, and what units owe.

    What is there already stays; a second time adds nothing. Raises NothingToCarry without lists of the year
    or of the one before."""
    with transaction.atomic():
        last = ReportYear.objects.filter(fiscal_year=fiscal_year - 1).first()
        year, is_new = ReportYear.objects.select_for_update().get_or_create(
            fiscal_year=fiscal_year, defaults=_as_last_year(last, fiscal_year)
        )
        if deadline_on:
            ReportYear.objects.filter(pk=year.pk, state=YearState.OPEN).update(deadline_on=deadline_on)
        carried = 0
        if not Listing.objects.filter(fiscal_year=fiscal_year).exists():
            carried = _carry(fiscal_year)
        owing = _owe(year) if year.state == YearState.OPEN else 0
        if is_new or carried or owing:
            audit.record(
                "results.year_opened",
                at=at,
                by=by,
                subject_type="results.year",
                subject_id=year.pk,
                organisation_id=organisation_id,
                data={"fiscal_year": fiscal_year, "projects": carried, "units": owing},
            )
    year.refresh_from_db()
    return year


def _require_finished(year: ReportYear) -> None:
    owed = year.returns.exclude(state=ReturnState.ACCEPTED).count()
    shown = Q(fiscal_year=None) | Q(fiscal_year__in=(year.fiscal_year, year.fiscal_year - 1))
    printed = Q(
        indicator__project_rows__project__fiscal_year=year.fiscal_year,
        indicator__project_rows__in_report=True,
    )
    drafts = IndicatorValue.objects.filter(shown & printed, state=EntryState.DRAFT).distinct().count()
    drafts += Narrative.objects.filter(project__fiscal_year=year.fiscal_year, state=EntryState.DRAFT).count()
    if owed or drafts:
        raise NotFinished.because(owed=owed, drafts=drafts)


def _as_last_year(last: ReportYear | None, fiscal_year: int) -> dict[str, object]:
    if last is None:
        return {}
    return {
        "title": _title(last.title, fiscal_year),
        "article": last.article,
        "publisher": last.publisher,
        "secretariat_id": last.secretariat_id,
        "reminders": last.reminders,
        "first_chapter": last.first_chapter,
    }


def _title(title: str, fiscal_year: int) -> str:
    """Last year's title with this year's 年度, in half or full width as it was."""
    before, now = FiscalYear(fiscal_year - 1).label, FiscalYear(fiscal_year).label
    return title.replace(before, now).replace(before.translate(_WIDE), now.translate(_WIDE))


def _carry(fiscal_year: int) -> int:
    """Copy last year's lists with their projects; returns how many projects."""
    lists = Listing.objects.filter(fiscal_year=fiscal_year - 1).prefetch_related("policies", "rows")
    listings = list(lists.order_by("code", "pk"))
    if not listings:
        raise NothingToCarry
    now = _carry_projects({row.project_id for listing in listings for row in listing.rows.all()}, fiscal_year)
    for listing in listings:
        new = Listing.objects.create(code=listing.code, fiscal_year=fiscal_year, source={}, is_draft=True)
        new.policies.set(listing.policies.all())
        ListingRow.objects.bulk_create(
            ListingRow(
                listing=new,
                number=row.number,
                project=now[row.project_id],
                is_repeat=row.is_repeat,
                policies=row.policies,
            )
            for row in listing.rows.all()
        )
    return len(now)


def _carry_projects(keys: Collection[int], fiscal_year: int) -> dict[int, Project]:
    """Copy projects with their units, programmes and indicators, in the same few queries however many.

    Returns the new ones by the keys of the old."""
    tables = ProjectIndicator.objects.filter(in_report=True).order_by("position", "pk")
    old = Project.objects.filter(pk__in=keys).order_by("pk")
    last = list(old.prefetch_related("units", "programmes", Prefetch("indicator_rows", queryset=tables)))
    taken = set(Project.objects.filter(slug__startswith=_prefix(fiscal_year)).values_list("slug", flat=True))
    new = Project.objects.bulk_create(_carried(project, fiscal_year, taken) for project in last)
    now = {project.pk: copied for project, copied in zip(last, new, strict=True)}
    units, programmes = Project.units.through, Project.programmes.through
    units.objects.bulk_create(
        units(project=now[project.pk], unit=unit) for project in last for unit in project.units.all()
    )
    programmes.objects.bulk_create(
        programmes(project=now[project.pk], programme=programme)
        for project in last
        for programme in project.programmes.all()
    )
    ProjectIndicator.objects.bulk_create(
        ProjectIndicator(
            project=now[project.pk],
            indicator_id=row.indicator_id,
            position=row.position,
            printed_name=row.printed_name,
        )
        for project in last
        for row in project.indicator_rows.all()
    )
    return now


def _carried(project: Project, fiscal_year: int, taken: set[str]) -> Project:
    return Project(
        slug=_slug(project.slug, fiscal_year, taken),
        fiscal_year=fiscal_year,
        cost_yen=None,
        cost_basis=CostBasis.NOT_STATED,
        sources=[],
        predecessor=project,
        is_draft=True,
        **{name: getattr(project, name) for name in _CARRIED},
    )


def _prefix(fiscal_year: int) -> str:
    return f"r{fiscal_year - 2018}-"


def _slug(slug: str, fiscal_year: int, taken: set[str]) -> str:
    """`r5-…` (令和5年度) becomes `r6-…`; a number is added to one that is `taken`, and the new one is too."""
    wished = f"{_prefix(fiscal_year)}{_YEAR_OF_SLUG.sub('', slug)}"[:76]
    numbered = (wished if number == 1 else f"{wished}-{number}" for number in count(1))
    free = next(slug for slug in numbered if slug not in taken)
    taken.add(free)
    return free


def _owe(year: ReportYear) -> int:
    """What each unit of the year's projects owes; returns how many units are new."""
    projects = Project.objects.filter(fiscal_year=year.fiscal_year, rows__isnull=False)
    units = set(projects.values_list("units", flat=True))
    owners = projects.values_list("indicator_rows__indicator__owner", flat=True)
    wanted = (units | set(owners)) - {None}
    there = set(year.returns.values_list("unit", flat=True))
    UnitReturn.objects.bulk_create(
        UnitReturn(report_year=year, unit_id=unit) for unit in sorted(wanted - there)
    )
    return len(wanted - there)


def _say(action: str, year: ReportYear, *, hat: Hat, at: datetime) -> None:
    say(action, subject="year", key=year.pk, hat=hat, at=at, fiscal_year=year.fiscal_year)
