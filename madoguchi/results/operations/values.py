"""Writing figures. Every change leaves its before and after, in the transaction of the change."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from madoguchi.accounts.hats import Hat
from madoguchi.foundation.errors import Conflict
from madoguchi.results import values
from madoguchi.results.cells import is_misread, read_cell
from madoguchi.results.errors import (
    NothingToCorrect,
    NumberUnreadable,
    ReasonMissing,
    TooLong,
    ValueMissing,
    WrongState,
    YearClosed,
)
from madoguchi.results.models import Indicator, IndicatorValue, ValueChange
from madoguchi.results.operations.acting import (
    NOT_APPROVED,
    approved,
    entered,
    place_of_value,
    require_review,
    require_write,
    say,
    writing,
)
from madoguchi.results.states import EntryState, YearState


def enter_value(
    *,
    indicator: Indicator,
    fiscal_year: int | None,
    raw: str,
    version: int,
    hat: Hat,
    at: datetime,
    note: str = "",
    evidence: str = "",
) -> IndicatorValue:
    """Write a figure as its cell shall be printed; `version` is the one that was seen, 0 for none.

    What the secretariat writes is approved, a unit's is a draft. Raises NotAllowed, YearClosed,
    CorrectionOnly, ValueMissing, NumberUnreadable, TooLong, Conflict (somebody else wrote meanwhile)."""
    columns = _columns(raw, note, evidence)
    with writing():
        stands = require_write(place_of_value(indicator, fiscal_year), hat)
        signed = entered(hat, at)
        if stands.is_secretariat:
            signed |= {"state": EntryState.APPROVED, **approved(hat, at)}
        else:
            signed |= {"state": EntryState.DRAFT, **NOT_APPROVED}
        if version == 0:
            value = _first(indicator, fiscal_year, {**columns, **signed})
            _remember(value, before=None, after=columns, version=1, reason="", hat=hat, at=at)
        else:
            value = _next(indicator, fiscal_year, version, columns, signed, reason="", hat=hat, at=at)
        _say("value_entered", value, hat=hat, at=at)
    return value


def correct_value(
    *, value: IndicatorValue, raw: str, reason: str, version: int, hat: Hat, at: datetime, note: str = ""
) -> IndicatorValue:
    """Correct a figure that was made public; before, after and reason stay for good.

    Only the secretariat does. Raises NotAllowed, NothingToCorrect, YearClosed, ReasonMissing, ValueMissing,
    NumberUnreadable, TooLong, Conflict."""
    if not reason.strip():
        raise ReasonMissing
    if len(reason) > _longest(ValueChange, "reason"):
        raise TooLong
    columns = _columns(raw, note, value.evidence)
    with writing():
        place = place_of_value(value.indicator, value.fiscal_year)
        require_review(place.newest, hat)
        if place.is_in(YearState.LOCKED):
            raise YearClosed
        if not place.is_in(YearState.PUBLISHED):
            raise NothingToCorrect
        signed = {**entered(hat, at), **approved(hat, at), "state": EntryState.APPROVED}
        corrected = _next(
            value.indicator,
            value.fiscal_year,
            version,
            columns,
            signed,
            reason=reason.strip(),
            hat=hat,
            at=at,
        )
        _say("value_corrected", corrected, hat=hat, at=at)
    return corrected


def approve_value(*, value: IndicatorValue, version: int, hat: Hat, at: datetime) -> None:
    """Approve a draft as it was seen. Raises NotAllowed, YearClosed, WrongState, Conflict."""
    with writing():
        place = place_of_value(value.indicator, value.fiscal_year)
        require_review(place.newest, hat)
        require_write(place, hat)
        if value.state != EntryState.DRAFT:
            raise WrongState
        seen = IndicatorValue.objects.filter(pk=value.pk, version=version, state=EntryState.DRAFT)
        if seen.update(state=EntryState.APPROVED, **approved(hat, at)) != 1:
            raise Conflict
        _say("value_approved", value, hat=hat, at=at)
    value.refresh_from_db()


def _columns(raw: str, note: str, evidence: str) -> dict[str, Any]:
    cell = read_cell(raw)
    if not cell.raw:
        raise ValueMissing
    if is_misread(cell):
        raise NumberUnreadable
    columns = {**values.as_columns(cell), "note": note.strip(), "evidence": evidence.strip()}
    if any(len(columns[name]) > _longest(IndicatorValue, name) for name in ("raw", "note", "evidence")):
        raise TooLong
    return columns


def _longest(model: type[IndicatorValue] | type[ValueChange], column: str) -> int:
    return int(getattr(model._meta.get_field(column), "max_length", 0))


def _first(indicator: Indicator, fiscal_year: int | None, columns: Mapping[str, Any]) -> IndicatorValue:
    try:
        with transaction.atomic():
            return IndicatorValue.objects.create(indicator=indicator, fiscal_year=fiscal_year, **columns)
    except IntegrityError as error:
        if IndicatorValue.objects.filter(indicator=indicator, fiscal_year=fiscal_year).exists():
            raise Conflict from error
        raise


def _next(
    indicator: Indicator,
    fiscal_year: int | None,
    version: int,
    columns: Mapping[str, Any],
    signed: Mapping[str, Any],
    *,
    reason: str,
    hat: Hat,
    at: datetime,
) -> IndicatorValue:
    rows = IndicatorValue.objects.select_for_update().filter(indicator=indicator, fiscal_year=fiscal_year)
    value = rows.first()
    if value is None or not is_as_seen(value, version):
        raise Conflict
    if value.raw == columns["raw"]:
        # The same text stays as it was read: a pack may have written out its parts by hand.
        columns = {**columns, "kind": value.kind, "parts": value.parts, "provisional": value.provisional}
    # Its history first: of a public figure the database takes the change only with its reason.
    _remember(
        value,
        before=values.printed(value),
        after=columns,
        version=value.version + 1,
        reason=reason,
        hat=hat,
        at=at,
    )
    changed = {**columns, **signed, "version": value.version + 1}
    IndicatorValue.objects.filter(pk=value.pk).update(**changed)
    value.refresh_from_db()
    return value


def is_as_seen(value: IndicatorValue, version: int) -> bool:
    """Whether nobody wrote since somebody saw this version; asked with the row locked."""
    return value.version == version


def _remember(
    value: IndicatorValue,
    *,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    version: int,
    reason: str,
    hat: Hat,
    at: datetime,
) -> None:
    by = hat.as_actor()
    ValueChange.objects.create(
        value=value,
        version=version,
        before=before,
        after={name: after[name] for name in values.PRINTED},
        reason=reason,
        actor_id=by.id,
        actor_label=by.label,
        changed_at=at,
    )


def _say(action: str, value: IndicatorValue, *, hat: Hat, at: datetime) -> None:
    say(
        action,
        subject="value",
        key=value.pk,
        hat=hat,
        at=at,
        indicator=value.indicator.key,
        fiscal_year=value.fiscal_year,
        version=value.version,
    )
