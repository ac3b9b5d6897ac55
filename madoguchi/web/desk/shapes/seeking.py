"""What people seek and do not find, and what is looked at, as the dashboard shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext

from madoguchi.institutions import queries as institutions
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.reporting import seeking
from madoguchi.reporting.seeking import Viewed
from madoguchi.usage.queries import SearchTotal
from madoguchi.web.portal.shapes import places
from madoguchi.web.shared import wording

MOST_VAIN, MOST_VIEWED = 20, 30
# Views are kept for ever; older years than this are looked up in the annual report.
_YEARS_BACK = 5


@dataclass(frozen=True)
class Place:
    """What was sought in vain for one place."""

    name: str
    searches: Sequence[SearchTotal]


@dataclass(frozen=True)
class Line:
    """One entry with its page and its looks by month."""

    name: str
    url: str
    by_month: Sequence[tuple[str, int]]
    total: int


def year_of(text: str, *, today: date) -> FiscalYear:
    """The fiscal year that an address names, if it is one of the offered; else that of today."""
    now = FiscalYear.of(today).start_year
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else now
    return FiscalYear(wanted if now - _YEARS_BACK <= wanted <= now else now)


def years(chosen: FiscalYear, *, today: date) -> list[tuple[str, str, bool]]:
    """The years to choose from: label, address and whether it is the chosen one."""
    now = FiscalYear.of(today).start_year
    base = reverse("desk:dashboard")
    return [
        (wording.fiscal_year(year), f"{base}?by=seeking&year={year}", year == chosen.start_year)
        for year in range(now, now - _YEARS_BACK - 1, -1)
    ]


def vain(year: FiscalYear) -> list[Place]:
    """Places with what was sought there in vain; what named no place comes last."""
    groupings = institutions.groupings(institutions.region())
    found = seeking.in_vain(year, most=MOST_VAIN)
    named = [Place(places.name_of(code, groupings), rows) for code, rows in found.items() if code]
    rest = [Place(gettext("場所の言葉がなかったもの"), found[""])] if "" in found else []
    return [*sorted(named, key=lambda place: (-sum(row.count for row in place.searches), place.name)), *rest]


def lines(rows: Sequence[Viewed], year: FiscalYear) -> list[Line]:
    """Entries or institutions as rows of a table."""
    heads = [wording.month_full(month) for month in seeking.months_of(year)]
    return [
        Line(
            row.name,
            reverse(f"portal:{row.kind}", args=[row.slug]),
            list(zip(heads, row.by_month, strict=True)),
            row.total,
        )
        for row in rows
    ]
