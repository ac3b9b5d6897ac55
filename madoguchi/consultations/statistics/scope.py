"""Over which days and organisations something is counted."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from madoguchi.japan.fiscal_year import FiscalYear


@dataclass(frozen=True)
class Scope:
    """Both days included. Without an organisation, all of the region; with an adviser, one person's work."""

    first: date
    last: date
    organisation_id: int | None = None
    adviser_id: int | None = None

    @property
    def begins_at(self) -> datetime:
        """The first instant."""
        return datetime.combine(self.first, time(), tzinfo=ZoneInfo(settings.TIME_ZONE))

    @property
    def ends_at(self) -> datetime:
        """The first instant that no longer belongs to it."""
        return datetime.combine(self.last + timedelta(days=1), time(), tzinfo=ZoneInfo(settings.TIME_ZONE))

    @property
    def whole_months(self) -> "Scope":
        """From the first of the first month to the last of the last one."""
        after = (self.last.replace(day=1) + timedelta(days=31)).replace(day=1)
        return replace(self, first=self.first.replace(day=1), last=after - timedelta(days=1))

    @property
    def year_before(self) -> "Scope":
        """The same days a year before; 29 February becomes the 28th."""
        return replace(self, first=_a_year_before(self.first), last=_a_year_before(self.last))


def _a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def of_year(fiscal_year: int, *, organisation_id: int | None = None) -> Scope:
    """The scope of a whole fiscal year."""
    year = FiscalYear(fiscal_year)
    return Scope(year.starts_on, year.ends_on, organisation_id=organisation_id)
