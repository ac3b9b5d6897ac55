"""Printed listings of projects with their sums, with and without repeats (再掲)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext

from madoguchi.institutions.models import SourceDocument
from madoguchi.results.models import Listing, ListingRow, Policy
from madoguchi.web.portal.shapes.sources import Citation, citations
from madoguchi.web.shared import wording

BAR_WIDTH = 1000
REPEAT_MARKS = ("（再掲）", "(再掲)")


@dataclass(frozen=True)
class RowLine:
    """One printed row; `printed` and `policy_note` are mostly empty (see `_row`, `policy_note`)."""

    number: int
    slug: str
    title: str
    printed: str
    cost_yen: int | None
    is_new: bool
    is_repeat: bool
    department: str
    page: int | None
    policy_note: str


@dataclass(frozen=True)
class Sums:
    """What the rows add up to, repeats included and left out, in yen."""

    count: int
    repeat_count: int
    new_count: int
    with_repeats_yen: int
    without_repeats_yen: int
    stated_yen: int | None

    @property
    def verdict(self) -> str:
        """How the subtotal the document states compares with our sums."""
        if self.stated_yen is None:
            return gettext("報告書に小計の記載はありません。")
        if self.stated_yen == self.with_repeats_yen:
            return self._agrees()
        if self.stated_yen == self.without_repeats_yen:
            return gettext("報告書の小計は、再掲を除いた合計と同じです。")
        return gettext("報告書の小計は、行の合計と合いません（再掲を含む合計との差は%(difference)s）。") % {
            "difference": wording.in_thousand(self.stated_yen - self.with_repeats_yen)
        }

    def _agrees(self) -> str:
        if self.repeat_count:
            return gettext("報告書の小計は、再掲を含む合計と同じです。")
        return gettext("報告書の小計は、行の合計と同じです。再掲はありません。")


@dataclass(frozen=True)
class Table:
    """One printed table in one fiscal year; under several policies when they share it."""

    code: str
    year: str
    policies: list[Policy]
    rows: list[RowLine]
    sums: Sums
    citations: list[Citation]

    @property
    def is_shared(self) -> bool:
        """Whether several policies share the table."""
        return len(self.policies) > 1


@dataclass(frozen=True)
class Bar:
    """One line of the chart: widths out of 1,000, the longest sum filling all of it."""

    table: Table
    width: int
    repeat_width: int


@dataclass(frozen=True)
class Chart:
    """The sums of a fiscal year's tables side by side."""

    year: str
    bars: list[Bar]
    count: int
    without_repeats_yen: int


def tables(listings: Iterable[Listing], documents: dict[str, SourceDocument]) -> list[Table]:
    """The printed tables, fetched with rows, projects and policies."""
    return [_table(listing, documents) for listing in listings]


def _table(listing: Listing, documents: dict[str, SourceDocument]) -> Table:
    policies = list(listing.policies.all())
    marks = {policy.code: policy.mark for policy in policies}
    rows = list(listing.rows.all())
    source: dict[str, Any] = listing.source
    return Table(
        code=listing.code,
        year=wording.fiscal_year(listing.fiscal_year),
        policies=policies,
        rows=[_row(row, marks) for row in rows],
        sums=sums(rows, stated_yen=listing.stated_subtotal_yen),
        citations=citations([source], documents),
    )


def _row(row: ListingRow, marks: dict[str, str]) -> RowLine:
    printed = row.printed_name
    for mark in REPEAT_MARKS:
        printed = printed.replace(mark, "")
    return RowLine(
        number=row.number,
        slug=row.project.slug,
        title=row.project.breaks or row.project.name,
        printed=printed if printed != row.project.name else "",
        cost_yen=row.printed_cost_yen,
        is_new=row.is_new,
        is_repeat=row.is_repeat,
        department=row.printed_department or row.project.department,
        page=row.page,
        policy_note=policy_note(row.policies, marks),
    )


def policy_note(codes: Sequence[str] | None, marks: dict[str, str]) -> str:
    """For a row of a shared table the policies it is marked for; empty in a table of one policy."""
    if len(marks) < 2:
        return ""
    if codes is None:
        return gettext("どちらの方針か、資料からは分かりません")
    return "".join(mark for code, mark in marks.items() if code in codes)


def sums(rows: Sequence[ListingRow], *, stated_yen: int | None) -> Sums:
    """What printed rows add up to."""
    with_repeats = sum(row.printed_cost_yen or 0 for row in rows)
    repeats = [row for row in rows if row.is_repeat]
    return Sums(
        count=len(rows),
        repeat_count=len(repeats),
        new_count=sum(row.is_new for row in rows),
        with_repeats_yen=with_repeats,
        without_repeats_yen=with_repeats - sum(row.printed_cost_yen or 0 for row in repeats),
        stated_yen=stated_yen,
    )


def charts(shown: Iterable[Table]) -> list[Chart]:
    """One chart a fiscal year, of tables sorted by year; its tables in the order of their policies."""
    return [_chart(year, list(group)) for year, group in groupby(shown, key=lambda table: table.year)]


def _chart(year: str, shown: list[Table]) -> Chart:
    ordered = sorted(shown, key=lambda table: ([policy.position for policy in table.policies], table.code))
    longest = max(table.sums.with_repeats_yen for table in ordered)
    return Chart(
        year=year,
        bars=[
            Bar(
                table,
                _share(table.sums.without_repeats_yen, longest),
                _share(table.sums.with_repeats_yen - table.sums.without_repeats_yen, longest),
            )
            for table in ordered
        ],
        count=sum(table.sums.count - table.sums.repeat_count for table in ordered),
        without_repeats_yen=sum(table.sums.without_repeats_yen for table in ordered),
    )


def _share(amount_yen: int, longest_yen: int) -> int:
    return amount_yen * BAR_WIDTH // longest_yen if longest_yen else 0
