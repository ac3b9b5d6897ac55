"""What operations begin with: whose a thing is, whether one may act, and the record of it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.foundation import audit
from madoguchi.results import rules
from madoguchi.results.errors import CorrectionOnly, NotAllowed, YearClosed
from madoguchi.results.holding import reports_of
from madoguchi.results.models import Indicator, Project, ReportYear
from madoguchi.results.queries.standing import standing
from madoguchi.results.states import YearState

# What the triggers say (migration 0006).
_CLOSED = "the report of this year is closed"


@contextmanager
def writing() -> Iterator[None]:
    """One transaction. Raises YearClosed when a year closed after it was looked at: the database sees it."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if _CLOSED in str(error):
            raise YearClosed from error
        raise


@dataclass(frozen=True)
class Place:
    """The reports that print a thing, the newest first, and the units that write it."""

    years: tuple[ReportYear, ...]
    units: frozenset[int]

    @property
    def newest(self) -> ReportYear | None:
        """The report it is written for."""
        return self.years[0] if self.years else None

    def is_in(self, state: YearState) -> bool:
        """Whether one of the reports is in a state."""
        return any(year.state == state for year in self.years)


def place_of_value(indicator: Indicator, fiscal_year: int | None) -> Place:
    """Where a value is printed."""
    rows = list(indicator.project_rows.select_related("project"))
    printed = {row.project_id: row.project.fiscal_year for row in rows if row.in_report}
    years = reports_of(fiscal_year, printed.values())
    # A figure that no report prints is still its projects' own.
    written_for = [pk for pk, year in printed.items() if year in years] or [row.project_id for row in rows]
    owner = indicator.owner_id
    units = frozenset({owner}) if owner else _units_of_projects(written_for)
    return Place(_years(years), units)


def place_of_project(project: Project) -> Place:
    """Where a project is printed."""
    return Place(_years([project.fiscal_year]), _units_of_projects([project.pk]))


def _years(years: Iterable[int]) -> tuple[ReportYear, ...]:
    rows = ReportYear.objects.filter(fiscal_year__in=list(years)).select_related("secretariat")
    return tuple(rows.order_by("-fiscal_year", "pk"))


def _units_of_projects(projects: Iterable[int]) -> frozenset[int]:
    rows = Project.units.through.objects.filter(project__in=list(projects))
    return frozenset(rows.values_list("unit", flat=True))


def require_write(place: Place, hat: Hat) -> rules.Standing:
    """How somebody stands who may write here. Raises NotAllowed, YearClosed, CorrectionOnly."""
    stands = standing(hat, place.newest, place.units)
    if refused := rules.can_write(stands):
        raise NotAllowed(_(refused))
    if place.is_in(YearState.LOCKED):
        raise YearClosed
    if place.is_in(YearState.PUBLISHED):
        raise CorrectionOnly
    return stands


def require_review(year: ReportYear | None, hat: Hat) -> None:
    """Raises NotAllowed for who does not keep the report of the year together."""
    if refused := rules.can_review(standing(hat, year, ())):
        raise NotAllowed(_(refused))


def say(action: str, *, subject: str, key: object, hat: Hat, at: datetime, **data: object) -> None:
    """Record what was done: ids and names of fields, never content."""
    audit.record(
        f"results.{action}",
        at=at,
        by=hat.as_actor(),
        subject_type=f"results.{subject}",
        subject_id=key,
        organisation_id=hat.organisation_id,
        data=data,
    )


def entered(hat: Hat, at: datetime) -> dict[str, object]:
    """The columns that say who wrote an entry."""
    by = hat.as_actor()
    return {"entered_by_id": by.id, "entered_by_label": by.label, "entered_at": at, "edited_at": at}


def approved(hat: Hat, at: datetime) -> dict[str, object]:
    """The columns that say who approved an entry."""
    by = hat.as_actor()
    return {"approved_by_id": by.id, "approved_by_label": by.label, "approved_at": at}


NOT_APPROVED: dict[str, object] = {"approved_by_id": "", "approved_by_label": "", "approved_at": None}
