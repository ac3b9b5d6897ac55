"""What a list would do to the books of an organisation, row by row; nothing is written here."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from madoguchi.businesses import fields, rules
from madoguchi.businesses.errors import FieldsInvalid
from madoguchi.businesses.importing import columns
from madoguchi.businesses.importing.columns import Columns
from madoguchi.businesses.models import Business
from madoguchi.businesses.queries import likeness_of
from madoguchi.foundation.errors import DomainError
from madoguchi.foundation.tables import Table
from madoguchi.japan import company_names

# SQLite takes no more variables in one statement than 32,000, and short statements are planned faster.
_AT_ONCE = 500


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    ALIKE = "alike"
    ELSEWHERE = "elsewhere"
    WRONG = "wrong"


@dataclass(frozen=True)
class Mistake:
    """A cell to mend: where it stands in the file, what stands there, and what is wrong."""

    row: int
    heading: str
    typed: str
    sentence: str | Promise


@dataclass(frozen=True)
class PlannedRow:
    """One row: what becomes of it, the business on the books that it means, and the values it brings."""

    number: int
    outcome: Outcome
    name: str
    values: dict[str, Any] = field(default_factory=dict)
    representative: str = ""
    business: Business | None = None
    changes: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What a list would do."""

    columns: Columns
    rows: tuple[PlannedRow, ...]

    @property
    def mistakes(self) -> list[Mistake]:
        """Every cell to mend, in the order of the file."""
        return [mistake for row in self.rows for mistake in row.mistakes]

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many rows become what."""
        return {outcome: sum(row.outcome is outcome for row in self.rows) for outcome in Outcome}

    @property
    def can_be_taken_in(self) -> bool:
        """Whether nothing is wrong and something would change."""
        counts = self.counts
        return not counts[Outcome.WRONG] and bool(counts[Outcome.NEW] + counts[Outcome.CHANGED])


class NameColumnMissing(DomainError):
    """The list has no column of names."""

    code = "businesses.name_column_missing"
    sentence = gettext_lazy("1行目に「商号・名称」の列がありません。見出しのある表を選んでください。")


@dataclass
class _Read:
    number: int
    values: dict[str, Any]
    representative: str
    mistakes: list[Mistake]


def plan(table: Table, *, organisation_id: int) -> Plan:
    """Compare a list with the books of an organisation. Raises NameColumnMissing.

    A row means the business of its corporate number, else the one that is surely the same (rules.compare).
    Empty cells change nothing. A row that only may be one on the books is left to a person.
    """
    recognised = columns.recognise(table.headings)
    if not recognised.has_name:
        raise NameColumnMissing
    read = [_read(recognised, number, cells) for number, cells in table.rows]
    _mark_repeated(recognised, read)
    books = _Books([each for each in read if not each.mistakes], organisation_id)
    return Plan(recognised, tuple(_planned(each, books) for each in read))


def _read(recognised: Columns, number: int, cells: Sequence[str]) -> _Read:
    typed = columns.typed(recognised, cells)
    representative = typed.pop(columns.REPRESENTATIVE, "")[:100]
    typed.setdefault("name", "")
    values: dict[str, Any] = {}
    mistakes = []
    for name, cell in typed.items():
        try:
            values |= fields.clean({name: cell})
        except FieldsInvalid as error:
            mistakes.append(Mistake(number, recognised.heading_of(name), cell, error.wrong[name]))
    for name, sentence in fields.contradictions(values).items():
        mistakes.append(Mistake(number, recognised.heading_of(name), typed.get(name, ""), sentence))
    return _Read(number, values, representative, mistakes)


def _mark_repeated(recognised: Columns, read: Iterable[_Read]) -> None:
    first: dict[str, int] = {}
    for each in read:
        number = each.values.get("corporate_number")
        if not number:
            continue
        if number in first:
            sentence = gettext_lazy("%(row)d行目と同じ法人番号です。")
            heading = recognised.heading_of("corporate_number")
            each.mistakes.append(Mistake(each.number, heading, number, sentence % {"row": first[number]}))
        first.setdefault(number, each.number)


class _Books:
    """The businesses on the books that rows may mean, fetched in a few queries for the whole list."""

    def __init__(self, read: Sequence[_Read], organisation_id: int) -> None:
        drafts = [fields.draft(each.values) for each in read]
        numbers = {draft.corporate_number for draft in drafts if draft.corporate_number}
        names = {draft.name_folded for draft in drafts}
        telephones = {draft.telephone_digits for draft in drafts if draft.telephone_digits}
        held = Business.objects.on_books_of(organisation_id).filter(merged_into=None)
        found = {
            business.pk: business
            for column, wanted in (
                ("corporate_number", numbers),
                ("claimed_number", numbers),
                ("name_folded", names),
                ("telephone_digits", telephones),
            )
            for part in _parts(wanted)
            for business in held.filter(**{f"{column}__in": part}).order_by("pk")
        }
        self._groups: dict[str, list[Business]] = {}
        for business in found.values():
            for key in {business.name_folded, business.telephone_digits, business.corporate_number}:
                self._groups.setdefault(key, []).append(business)
        self._by_number = {business.corporate_number: business for business in found.values()}
        self._elsewhere = {
            number
            for part in _parts(numbers)
            for pk, number in Business.objects.filter(corporate_number__in=part).values_list(
                "pk", "corporate_number"
            )
            if pk not in found
        }

    def meant(self, draft: Business) -> tuple[Outcome, Business | None]:
        """Which business a row means, and whether that is certain."""
        number = draft.corporate_number
        if number and number in self._by_number:
            return Outcome.CHANGED, self._by_number[number]
        if number in self._elsewhere:
            return Outcome.ELSEWHERE, None
        one = likeness_of(draft)
        keys = {draft.name_folded, draft.telephone_digits} - {""}
        others = {other.pk: other for key in keys for other in self._groups.get(key, ())}
        scored = [(rules.compare(one, likeness_of(other)), other) for other in others.values()]
        best = max(scored, key=lambda each: (each[0].points, -each[1].pk), default=None)
        if best is None or not best[0].is_worth_a_look:
            return Outcome.NEW, None
        return (Outcome.CHANGED if best[0].is_sure else Outcome.ALIKE), best[1]


def _parts(wanted: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(sorted(wanted))
    while part := list(islice(rest, _AT_ONCE)):
        yield part


def _planned(each: _Read, books: _Books) -> PlannedRow:
    name = each.values.get("name", "")
    if each.mistakes:
        return PlannedRow(each.number, Outcome.WRONG, name, mistakes=tuple(each.mistakes))
    outcome, business = books.meant(fields.draft(each.values))
    changes: tuple[str, ...] = ()
    if outcome is Outcome.CHANGED and business is not None:
        values = _compatible(each.values, business)
        changes = tuple(key for key, value in values.items() if value != getattr(business, key))
        outcome = Outcome.CHANGED if changes else Outcome.SAME
    return PlannedRow(each.number, outcome, name, dict(each.values), each.representative, business, changes)


def _compatible(values: dict[str, Any], business: Business) -> dict[str, Any]:
    """What a row says of a business, without a name that is only another way of writing the same."""
    same_name = company_names.fold_name(values["name"]) == business.name_folded
    return {key: value for key, value in values.items() if not (key == "name" and same_name)}
