"""What people seek and do not find, by place; how often each entry and institution was looked at, by month.

All of it is of the whole site: nobody's own work, and nothing about who looked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from madoguchi.catalogue import queries as catalogue
from madoguchi.catalogue.models import Edition, EditionContact, EditionRole
from madoguchi.events.models import Event
from madoguchi.institutions.models import Desk, Organisation
from madoguchi.japan.fiscal_year import FiscalYear
from madoguchi.usage import queries as usage
from madoguchi.usage.operations import RARE_BELOW

# The kinds of entries with a page of their own that counts for an institution.
KINDS = ("programme", "event", "desk", "organisation")


@dataclass(frozen=True)
class Viewed:
    """How often one thing was looked at in each of the months, and in all."""

    kind: str
    slug: str
    name: str
    by_month: tuple[int, ...]

    @property
    def total(self) -> int:
        """All months together."""
        return sum(self.by_month)


def months_of(year: FiscalYear) -> tuple[date, ...]:
    """The first days of a fiscal year's months, April first."""
    start = year.start_year
    return tuple(date(start + (month < 4), month, 1) for month in (4, 5, 6, 7, 8, 9, 10, 11, 12, 1, 2, 3))


def in_vain(year: FiscalYear, *, most: int) -> Mapping[str, list[usage.SearchTotal]]:
    """Texts that were searched for at least three times and found nothing, by the place named in them.

    The empty place stands for all that named none. At most so many of each place.
    """
    return usage.vain_by_area(since=year.starts_on, until=year.ends_on, at_least=RARE_BELOW, most=most)


def entries(year: FiscalYear, *, most: int) -> list[Viewed]:
    """The programmes, events and desks that were looked at most."""
    counted = _counted(year)
    rows = [
        Viewed(kind, slug, name, counted[kind, slug])
        for kind, slug, name, _owners in _all()
        if (kind, slug) in counted and kind != "organisation"
    ]
    return sorted(rows, key=lambda row: (-row.total, row.kind, row.slug))[:most]


def institutions(year: FiscalYear, *, most: int) -> list[Viewed]:
    """The institutions by the looks at their own page and at all that they offer, hold or answer for.

    What several have a part in counts for each of them, so that the sum is more than the looks.
    """
    counted = _counted(year)
    names: dict[str, str] = {}
    sums: dict[str, tuple[int, ...]] = {}
    for kind, slug, _name, owners in _all():
        looks = counted.get((kind, slug))
        for owner in owners if looks else ():
            names[owner.slug] = owner.name
            before = sums.get(owner.slug, (0,) * 12)
            sums[owner.slug] = tuple(map(sum, zip(before, looks or (), strict=True)))
    rows = [Viewed("organisation", slug, names[slug], months) for slug, months in sums.items()]
    return sorted(rows, key=lambda row: (-row.total, row.slug))[:most]


def _counted(year: FiscalYear) -> Mapping[tuple[str, str], tuple[int, ...]]:
    months = months_of(year)
    found = {}
    for kind in KINDS:
        by_key = usage.views_by_key_and_month(kind, since=year.starts_on, until=year.ends_on)
        for key, counts in by_key.items():
            found[kind, key] = tuple(counts.get(month, 0) for month in months)
    return found


def _all() -> Iterable[tuple[str, str, str, list[Organisation]]]:
    """Every entry with the institutions that have a part in it."""
    seen = set()
    for edition in catalogue.published_editions():
        if edition.programme_id not in seen:
            seen.add(edition.programme_id)
            yield "programme", edition.programme.slug, edition.name, _owners(edition)
    for event in Event.objects.select_related("organiser").order_by("slug", "pk"):
        yield "event", event.slug, event.name, [event.organiser]
    for desk in Desk.objects.select_related("organisation").order_by("slug", "pk"):
        yield "desk", desk.slug, desk.name, [desk.organisation]
    for organisation in Organisation.objects.order_by("slug", "pk"):
        yield "organisation", organisation.slug, organisation.name, [organisation]


def _owners(edition: Edition) -> list[Organisation]:
    found: dict[int, Organisation] = {}
    rows: list[EditionRole | EditionContact] = [*edition.roles.all(), *edition.contacts.all()]
    for row in rows:
        owner = row.unit.organisation if row.unit else row.organisation
        if owner is not None:
            found[owner.pk] = owner
    return list(found.values())
