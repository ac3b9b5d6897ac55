"""Taking reviewed records of an annual report over as drafts of its year. Nothing is published by this."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from madoguchi.accounts.hats import Hat
from madoguchi.foundation.errors import DomainError
from madoguchi.results.models import Listing, Policy
from madoguchi.results.operations.bringing import (
    BroughtRow,
    BroughtValue,
    bring_case_study,
    bring_listing,
    bring_row,
    listing_of,
)
from madoguchi.reviewing.errors import (
    AlreadyTakenOver,
    NameRejected,
    NoFiscalYear,
    NotForTheDesk,
    StillOpen,
    UnknownPolicy,
)
from madoguchi.reviewing.kinds import RecordKind, What
from madoguchi.reviewing.models import DraftField, DraftRecord, ImportedDocument
from madoguchi.reviewing.operations.acting import say_by
from madoguchi.reviewing.queries import fields_of, require_review
from madoguchi.reviewing.states import KEPT, FieldState


@dataclass(frozen=True)
class Taken:
    """What came of taking over all that is ready: how many, and what was refused with why."""

    count: int
    refused: tuple[tuple[DraftRecord, DomainError], ...]


def take_over(*, record: DraftRecord, hat: Hat, at: datetime) -> str:
    """Make a record a draft of its year; returns the name of what it became. A second time is refused.

    Raises NotAllowed, AlreadyTakenOver, StillOpen, NameRejected, NoFiscalYear, UnknownPolicy, NotForTheDesk,
    YearClosed, OriginalMissing, ListIsPublic."""
    require_review(hat)
    with transaction.atomic():
        row = _claimed(record)
        fields = fields_of(row)
        document = row.document
        _require_ready(row, fields)
        taken_as = _TAKE[RecordKind(row.kind)](row, fields, hat, at)
        by = hat.as_actor()
        DraftRecord.objects.filter(pk=row.pk).update(
            taken_at=at, taken_by_id=by.id, taken_by_label=by.label, taken_as=taken_as
        )
        say_by("record_taken_over", document, hat=hat, at=at, record=row.pk, taken_as=taken_as)
    record.refresh_from_db()
    return taken_as


def take_over_ready(*, document: ImportedDocument, hat: Hat, at: datetime) -> Taken:
    """Take over every record that has been looked at; each stands or falls alone. Raises NotAllowed."""
    require_review(hat)
    waiting = document.records.filter(taken_at=None).exclude(kind=RecordKind.PROGRAMME)
    open_ones = DraftField.objects.filter(record__document=document, state=FieldState.OPEN)
    ready = waiting.exclude(pk__in=open_ones.values("record"))
    count, refused = 0, []
    # A repeat comes after what it repeats.
    for record in ready.order_by("is_repeat", "position", "pk"):
        try:
            take_over(record=record, hat=hat, at=at)
            count += 1
        except DomainError as error:
            refused.append((record, error))
    return Taken(count, tuple(refused))


def _claimed(record: DraftRecord) -> DraftRecord:
    """The record with its row locked, so that two never take it over at once."""
    rows = DraftRecord.objects.select_for_update(of=("self",))
    row = rows.select_related("document").get(pk=record.pk)
    if row.taken_at is not None:
        raise AlreadyTakenOver
    return row


def _require_ready(record: DraftRecord, fields: Sequence[DraftField]) -> None:
    if record.kind == RecordKind.PROGRAMME:
        raise NotForTheDesk
    if record.document.fiscal_year is None:
        raise NoFiscalYear
    if any(field.state == FieldState.OPEN for field in fields):
        raise StillOpen
    names = [field for field in fields if field.what == What.NAME]
    if record.kind != RecordKind.LISTING and not any(field.state in KEPT for field in names):
        raise NameRejected


def _take_listing(record: DraftRecord, fields: Sequence[DraftField], hat: Hat, at: datetime) -> str:
    subtotal = _kept(fields, What.SUBTOTAL)
    return _listing(
        record,
        stated_subtotal_yen=int(subtotal) if subtotal else None,
        introduction=_kept(fields, What.INTRODUCTION),
        hat=hat,
        at=at,
    ).code


def _listing(
    record: DraftRecord, *, stated_subtotal_yen: int | None, introduction: str, hat: Hat, at: datetime
) -> Listing:
    return bring_listing(
        fiscal_year=_year(record),
        policies=_policies(record),
        stated_subtotal_yen=stated_subtotal_yen,
        introduction=introduction,
        source=_source(record),
        hat=hat,
        at=at,
    )


def _take_project(record: DraftRecord, fields: Sequence[DraftField], hat: Hat, at: datetime) -> str:
    listing = _list_around(record, hat=hat, at=at)
    cost, number = _kept(fields, What.COST), _kept(fields, What.NUMBER)
    marks = _kept(fields, What.MARKS)
    row = BroughtRow(
        number=int(number) if number else None,
        name=_kept(fields, What.NAME),
        department=_kept(fields, What.UNIT),
        responsible=_kept(fields, What.RESPONSIBLE),
        cost_yen=int(cost) if cost else None,
        is_new=bool(_kept(fields, What.IS_NEW)),
        is_repeat=record.is_repeat,
        policies=tuple(marks.split("・")) if marks else None,
        page=record.listed_page,
        overview=_kept(fields, What.OVERVIEW),
        achievements=_kept(fields, What.ACHIEVEMENTS),
        indicators=_indicators(record, fields),
        source=_source(record),
    )
    return bring_row(listing=listing, row=row, hat=hat, at=at).slug


def _take_case_study(record: DraftRecord, fields: Sequence[DraftField], hat: Hat, at: datetime) -> str:
    return bring_case_study(
        listing=_list_around(record, hat=hat, at=at),
        title=_kept(fields, What.NAME),
        story=_kept(fields, What.STORY),
        source=_source(record),
        hat=hat,
        at=at,
    ).slug


def _list_around(record: DraftRecord, *, hat: Hat, at: datetime) -> Listing:
    """The list that a record stands in. Raises UnknownPolicy."""
    within = record.within
    if within is None:
        raise UnknownPolicy.of(record.path)
    listing = listing_of(_year(record), _policies(within))
    # The list itself may still be under review: its sums and texts follow when it is taken over.
    return listing or _listing(within, stated_subtotal_yen=None, introduction="", hat=hat, at=at)


_TAKE: dict[RecordKind, Callable[[DraftRecord, Sequence[DraftField], Hat, datetime], str]] = {
    RecordKind.LISTING: _take_listing,
    RecordKind.PROJECT: _take_project,
    RecordKind.CASE_STUDY: _take_case_study,
}


def _kept(fields: Sequence[DraftField], what: What) -> str:
    """The value that was accepted or corrected; empty for what was rejected or never found."""
    return next((field.kept for field in fields if field.what == what and field.state in KEPT), "")


def _indicators(
    record: DraftRecord, fields: Sequence[DraftField]
) -> tuple[tuple[str, tuple[BroughtValue, ...]], ...]:
    """Name and values of each indicator; one whose name was rejected is left out with its values."""
    found = []
    for field in fields:
        if field.what == What.INDICATOR and field.state in KEPT:
            own = [
                each
                for each in fields
                if each.what == What.VALUE
                and each.about == field.about
                and each.number == field.number
                and each.state in KEPT
            ]
            found.append((field.kept, tuple(_value(record, each) for each in own)))
    return tuple(found)


def _value(record: DraftRecord, field: DraftField) -> BroughtValue:
    is_single = field.year.isdecimal()
    return BroughtValue(
        raw=field.kept,
        fiscal_year=int(field.year) if is_single else None,
        period="" if is_single else field.year,
        source=_source(record, [field.first_line, field.last_line]),
    )


def _policies(listing: DraftRecord) -> list[Policy]:
    """The policies of a list by their marks. Raises UnknownPolicy."""
    found = list(Policy.objects.filter(mark__in=listing.marks).order_by("position", "pk"))
    if not found or {policy.mark for policy in found} != set(listing.marks):
        raise UnknownPolicy.of("".join(listing.marks))
    return found


def _year(record: DraftRecord) -> int:
    year = record.document.fiscal_year
    if year is None:
        raise NoFiscalYear
    return year


def _source(record: DraftRecord, lines: Sequence[int] = ()) -> dict[str, str]:
    """Where it was read, as every record of the house says it."""
    spans = [lines] if lines else record.spans
    told = ",".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)
    return {"file": record.document.name, "section": record.path, "lines": told, "note": ""}
