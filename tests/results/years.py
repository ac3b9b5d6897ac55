"""A year's report for tests: two units, a secretariat, a project of each unit with one figure."""

from dataclasses import dataclass
from datetime import UTC, datetime

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.roles import Role
from madoguchi.institutions.models import Organisation, Unit
from madoguchi.results.models import (
    Indicator,
    Listing,
    Policy,
    Project,
    ProjectIndicator,
    ReportYear,
    UnitReturn,
)
from madoguchi.results.operations import values
from tests.accounts.people import a_hat, an_organisation
from tests.factories import a_listing, a_policy, a_project, a_row, a_unit

AT = datetime(2026, 11, 30, 3, tzinfo=UTC)
YEAR = 2025


@dataclass(frozen=True)
class World:
    """Who writes what for the report of 2025."""

    year: ReportYear
    office: Organisation
    commerce: Unit
    people: Unit
    shops: Project
    jobs: Project
    visits: Indicator
    hires: Indicator
    listing: Listing
    policy: Policy

    def officer(self, unit: Unit) -> Hat:
        """Somebody who works in the unit."""
        return a_hat(at=AT, organisation=self.office, role=Role.OFFICER, unit=unit)

    @property
    def secretary(self) -> Hat:
        """Somebody who keeps the report together."""
        return a_hat(at=AT, organisation=self.office, role=Role.OFFICER, unit=self.year.secretariat)

    def returned_by(self, unit: Unit) -> UnitReturn:
        """What the unit owes."""
        return UnitReturn.objects.get(report_year=self.year, unit=unit)


def an_indicator(project: Project, key: str, **fields) -> Indicator:
    """The next row of a project's table."""
    given = {"key": key, "name": key, "counting": "each", "good": "more", "question": "何件か。"}
    indicator = Indicator.objects.create(**{**given, **fields})
    position = project.indicator_rows.count()
    ProjectIndicator.objects.create(project=project, indicator=indicator, position=position)
    return indicator


def a_world() -> World:
    """The report of 2025, open, with two units that owe a figure each."""
    office = an_organisation("県", kind="prefecture")
    desk = a_unit("secretariat", office)
    commerce, people = a_unit("commerce", office), a_unit("people", office)
    year = ReportYear.objects.create(
        fiscal_year=YEAR, title="令和７年度の報告", publisher="県", secretariat=desk
    )
    policy = a_policy()
    listing = a_listing(policy, fiscal_year=YEAR)
    shops, jobs = a_project("r7-shops", fiscal_year=YEAR), a_project("r7-jobs", fiscal_year=YEAR)
    for project, unit in ((shops, commerce), (jobs, people)):
        project.units.add(unit)
        a_row(listing, project)
        UnitReturn.objects.create(report_year=year, unit=unit)
    return World(
        year=year,
        office=office,
        commerce=commerce,
        people=people,
        shops=shops,
        jobs=jobs,
        visits=an_indicator(shops, "visits"),
        hires=an_indicator(jobs, "hires"),
        listing=listing,
        policy=policy,
    )


def enter(world: World, raw: str = "12件", *, hat: Hat, version: int = 0, indicator=None, year=YEAR):
    """Write a figure of 2025."""
    return values.enter_value(
        indicator=indicator or world.visits, fiscal_year=year, raw=raw, version=version, hat=hat, at=AT
    )
