"""The report of a year in a demonstration: begun anew, partly filled in, on its way to the secretariat."""

from datetime import date, datetime

from madoguchi.accounts.hats import Hat
from madoguchi.foundation.audit import SYSTEM
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.packs import schema_demo
from madoguchi.packs.demo.days import Days
from madoguchi.results.models import Indicator, Narrative, Project, ReportYear, UnitReturn
from madoguchi.results.operations import returns, years
from madoguchi.results.operations.texts import write_narrative
from madoguchi.results.operations.values import enter_value
from madoguchi.usage.models import DailyCount


def begin(report: schema_demo.Report, *, keeper: Hat, days: Days, at: datetime) -> None:
    """Make last year's report whole and public, and begin this year's. Raises DomainError, LookupError."""
    last = ReportYear.objects.select_related("secretariat").filter(fiscal_year=report.fiscal_year - 1).first()
    if last is None:
        raise LookupError(f"{report.fiscal_year - 1}年度の報告（report.yaml）がありません")
    years.open_year(fiscal_year=last.fiscal_year, at=at, by=SYSTEM)
    for row in UnitReturn.objects.filter(report_year=last).order_by("pk"):
        returns.hand_in(unit_return=row, hat=keeper, at=at)
        returns.accept(unit_return=row, hat=keeper, at=at)
    years.lock(year=last, hat=keeper, at=at)
    years.publish(year=last, hat=keeper, at=at)
    deadline = days.ahead(report.deadline_in)
    years.open_year(fiscal_year=report.fiscal_year, at=at, by=SYSTEM, deadline_on=deadline)
    april = FiscalYear(report.fiscal_year).starts_on
    DailyCount.objects.bulk_create(
        DailyCount(day=_months_later(april, number), kind="page", key="home", count=count)
        for number, count in enumerate(report.views)
    )


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    return day.replace(year=day.year + year, month=month + 1)


def fill(year: int, filled: schema_demo.Filled, *, hat: Hat, at: datetime) -> None:
    """Write what somebody wrote. Raises DomainError, LookupError."""
    project = Project.objects.filter(fiscal_year=year, predecessor__slug=filled.project).first()
    if project is None:
        raise LookupError(f"{filled.project} は、{year - 1}年度の一覧にありません")
    for key, raw in filled.values.items():
        indicator = Indicator.objects.get(key=key)
        enter_value(indicator=indicator, fiscal_year=year, raw=raw, version=0, hat=hat, at=at)
    if filled.overview or filled.achievements:
        kept = Narrative.objects.filter(project=project).first()
        write_narrative(
            project=project,
            overview=filled.overview,
            achievements=filled.achievements,
            version=kept.version if kept else 0,
            hat=hat,
            at=at,
        )


def move(year: int, moved: schema_demo.Moved, *, hat: Hat, at: datetime) -> None:
    """Move a unit's return on. Raises DomainError, LookupError."""
    row = UnitReturn.objects.filter(report_year__fiscal_year=year, unit__slug=moved.unit).first()
    if row is None:
        raise LookupError(f"{moved.unit} は、{year}年度の報告に何も出しません")
    if moved.give_back:
        returns.give_back(unit_return=row, note=moved.give_back, hat=hat, at=at)
    elif moved.accept:
        returns.accept(unit_return=row, hat=hat, at=at)
    else:
        returns.hand_in(unit_return=row, hat=hat, at=at)
