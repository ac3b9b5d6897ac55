"""Pages of a list, kind to whatever stands in the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row")
Record = TypeVar("Record", bound=Model)

AROUND = 2
# Longer numbers are nonsense; int() would also refuse more than 4,300 digits with an error.
MAX_DIGITS = 9


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of a list, ready for a template."""

    rows: Sequence[Row]
    number: int
    page_count: int
    total: int
    first: int
    last: int

    @property
    def previous(self) -> int | None:
        """The number of the page before, None on the first."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The number of the page after, None on the last."""
        return self.number + 1 if self.number < self.page_count else None

    @property
    def links(self) -> list[int | None]:
        """The page numbers to offer: first, last and those around this one; None stands for a gap."""
        near = range(self.number - AROUND, self.number + AROUND + 1)
        wanted = sorted({1, self.page_count, *(n for n in near if 1 <= n <= self.page_count)})
        links: list[int | None] = []
        for number in wanted:
            if links and links[-1] is not None and number - links[-1] > 1:
                links.append(None)
            links.append(number)
        return links


def page_number(raw: object) -> int:
    """Return the wanted page from a text of the address: 1 for anything that is not a positive number."""
    text = str(raw or "").strip()
    if not text.isdecimal():
        return 1
    return max(1, int(text)) if len(text) <= MAX_DIGITS else 10**MAX_DIGITS


def page_of(rows: QuerySet[Record, Row] | Sequence[Row], wanted: object, *, size: int) -> Page[Row]:
    """Return the wanted page of a uniquely ordered queryset or of a list; beyond the end, the last page."""
    total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    page_count = max(1, -(-total // size))
    number = min(page_number(wanted), page_count)
    start = (number - 1) * size
    shown = list(rows[start : start + size])
    return Page(
        rows=shown,
        number=number,
        page_count=page_count,
        total=total,
        first=start + 1 if shown else 0,
        last=start + len(shown),
    )
