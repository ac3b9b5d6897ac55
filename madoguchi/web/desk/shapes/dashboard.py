"""The dashboard of managers: one face for the year's work, one each by policy, unit, area and indicator."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.statistics.scope import Scope
from madoguchi.consultations.statistics.suppression import suppress
from madoguchi.reporting import dashboards
from madoguchi.reporting.annual import wording as printed
from madoguchi.reporting.annual.shape import AnnualReport, IndicatorLine, ProjectEntry
from madoguchi.web.desk.shapes.statistics import REGION
from madoguchi.web.portal.shapes import report as report_shapes
from madoguchi.web.portal.shapes.report import SectionBar, share

FACES: tuple[tuple[str, str | Promise], ...] = (
    ("year", _("ことし")),
    ("area", _("地域")),
    ("policy", _("基本方針")),
    ("unit", _("担当課")),
    ("indicator", _("指標")),
    ("seeking", _("さがされたもの")),
)
# Faces that show the newest annual report.
OF_REPORT = frozenset({"policy", "unit", "indicator"})
# Faces that count somebody's work of this year.
_OF_WORK = frozenset({"year", "area", "policy"})
_MOST_UNTOLD = 20
_MOST_SEARCHES = 20
_MOST_INDICATORS = 60


@dataclass(frozen=True)
class Asked:
    """What the address asks for; whatever is not understood is the default."""

    face: str
    whose: str
    scope: Scope


@dataclass(frozen=True)
class Choice:
    """One link of a row of links."""

    label: str | Promise
    url: str
    is_chosen: bool


@dataclass(frozen=True)
class Line:
    """One figure of this year and of last, with bars out of 1,000. None is too small to show."""

    label: str | Promise
    unit: str | Promise
    now: int | None
    before: int | None
    difference: str
    now_width: int
    before_width: int
    url: str


@dataclass(frozen=True)
class PolicyLine:
    """A section of the report, and how often businesses were told of what its projects pay for."""

    bar: SectionBar
    told: int | None


@dataclass(frozen=True)
class UnitLine:
    """A unit as the lists print it: its projects, each once, and what they cost."""

    name: str
    projects: int
    new: int
    cost_yen: int
    width: int


@dataclass(frozen=True)
class IndicatorChange:
    """An indicator of which both years are one number, by how much it moved."""

    name: str
    project: str
    slug: str
    before: str
    now: str
    change: str
    rate: str
    size: Decimal
    width: int
    is_less: bool
    url: str


def asked(parameters: Mapping[str, str], *, hat: Hat, today: date) -> Asked:
    """Read the address: without anything the year of the own organisation."""
    face = parameters.get("by", "")
    face = face if face in dict(FACES) else "year"
    of_region = parameters.get("whose") == "region" and hat.may(REGION)
    scope = dashboards.to_date(today, organisation_id=None if of_region else hat.organisation_id)
    return Asked(face, "region" if of_region else "organisation", scope)


def before(question: Asked) -> Scope:
    """The days a year before that everything is compared with."""
    return dashboards.year_before(question.scope)


def faces(question: Asked) -> list[Choice]:
    """The faces, the asked one chosen."""
    return [
        Choice(label, _url({"by": face, "whose": question.whose}), face == question.face)
        for face, label in FACES
    ]


def whose(question: Asked, hat: Hat) -> list[Choice]:
    """Whose work is looked at; nothing to choose for one who may see one organisation alone."""
    if not hat.may(REGION) or question.face not in _OF_WORK:
        return []
    choices = (("organisation", _("自分の機関")), ("region", _("地域のすべての機関")))
    return [
        Choice(label, _url({"by": question.face, "whose": key}), key == question.whose)
        for key, label in choices
    ]


def of_year(question: Asked, *, today: date) -> dict[str, Any]:
    """The year to date, desks that answer late, what nobody was told of, what was sought in vain."""
    scope = question.scope
    count, untold = dashboards.untold(scope, limit=_MOST_UNTOLD)
    return {
        "lines": [
            _line(
                figure.measure.label,
                figure.now,
                figure.before,
                unit=figure.measure.unit,
                longest=max(figure.now or 0, figure.before or 0),
                url=_rows(question, figure.measure.key),
            )
            for figure in dashboards.figures(scope)
        ],
        "answering": dashboards.answering(scope, today=today),
        "untold_count": count,
        "untold": untold,
        "searches": dashboards.found_nothing(scope, limit=_MOST_SEARCHES),
    }


def of_area(question: Asked) -> dict[str, Any]:
    """Consultations by area, now and a year before."""
    parts = dashboards.by_part(question.scope, "area")
    longest = max((max(part.now or 0, part.before or 0) for part in parts), default=0)
    return {
        "lines": [_line(part.label, part.now, part.before, unit=_("件"), longest=longest) for part in parts]
    }


def of_policy(report: AnnualReport, question: Asked) -> dict[str, Any]:
    """The sections of the newest report, with what businesses were told of this year."""
    slugs = [{entry.slug for entry in section.entries} for section in report.sections]
    told = dashboards.told_by_project(set().union(*slugs), question.scope)
    counts = [sum(told[slug] for slug in section) for section in slugs]
    # The last row holds the totals: hidden are small counts, as in every breakdown.
    shown = suppress([*([count] for count in counts), [sum(counts)]])
    return {
        "policies": [
            PolicyLine(bar, row[0]) for bar, row in zip(report_shapes.bars(report), shown, strict=False)
        ],
        "cover": report_shapes.cover(report),
    }


def of_unit(report: AnnualReport) -> dict[str, Any]:
    """The units of the newest report, the one with the largest sum first; each project once."""
    entries = [entry for section in report.sections for entry in section.entries]
    # As the report's own sum takes them: the unit of the first listing, the cost of the last.
    first = {entry.slug: entry for entry in reversed(entries)}
    costs = {entry.slug: entry.cost_yen or 0 for entry in entries}
    units: dict[str, list[ProjectEntry]] = {}
    for entry in first.values():
        units.setdefault(printed.one_line(entry.department), []).append(entry)
    sums = {name: sum(costs[entry.slug] for entry in known) for name, known in units.items()}
    longest = max(sums.values(), default=0)
    lines = [
        UnitLine(
            name=name,
            projects=len(known),
            new=sum(entry.is_new for entry in known),
            cost_yen=sums[name],
            width=share(sums[name], longest),
        )
        for name, known in units.items()
    ]
    lines.sort(key=lambda line: (-line.cost_yen, line.name))
    return {"units": lines, "cover": report_shapes.cover(report)}


def of_indicator(report: AnnualReport) -> dict[str, Any]:
    """The indicators that moved most since the year before, of those that can be compared."""
    lines: dict[str, tuple[IndicatorLine, ProjectEntry]] = {}
    for section in report.sections:
        for entry in section.entries:
            for line in entry.indicators:
                lines.setdefault(line.key, (line, entry))
    moved = [_change(line, entry, report.fiscal_year) for line, entry in lines.values()]
    found = [change for change in moved if change is not None]
    found.sort(key=lambda change: (-change.size, change.name, change.url))
    return {"changes": found[:_MOST_INDICATORS], "moved": len(found), "counted": len(lines)}


def _change(line: IndicatorLine, entry: ProjectEntry, fiscal_year: int) -> IndicatorChange | None:
    pair = printed.pair(line, fiscal_year)
    if pair is None or pair.before <= 0 or pair.now == pair.before:
        return None
    size = abs(pair.now - pair.before) / pair.before
    return IndicatorChange(
        name=line.name,
        project=entry.name,
        slug=entry.slug,
        before=f"{printed.quantity(pair.before)}{pair.unit}",
        now=f"{printed.quantity(pair.now)}{pair.unit}",
        change=printed.change(line, fiscal_year),
        rate=printed.against_before(pair).partition("（")[2].rstrip("）"),
        size=size,
        width=int(min(size, Decimal(1)) * report_shapes.BAR_WIDTH),
        is_less=pair.now < pair.before,
        url=reverse("desk:trace", args=[line.key, fiscal_year]),
    )


def _line(
    label: str | Promise,
    now: int | None,
    before: int | None,
    *,
    unit: str | Promise,
    longest: int,
    url: str = "",
) -> Line:
    return Line(
        label=label,
        unit=unit,
        now=now,
        before=before,
        difference=_difference(now, before),
        now_width=share(now or 0, longest),
        before_width=share(before or 0, longest),
        url=url,
    )


def _difference(now: int | None, before: int | None) -> str:
    if now is None or before is None:
        return printed.NONE
    sign = "＋" if now > before else "−" if now < before else "±"
    return f"{sign}{abs(now - before):,}"


def _rows(question: Asked, measure: str) -> str:
    query = {
        "measure": measure,
        "first": question.scope.first.isoformat(),
        "last": question.scope.last.isoformat(),
        "whose": question.whose,
    }
    return f"{reverse('desk:statistics')}?{urlencode(query)}"


def _url(query: Mapping[str, str]) -> str:
    return f"{reverse('desk:dashboard')}?{urlencode(query)}"
