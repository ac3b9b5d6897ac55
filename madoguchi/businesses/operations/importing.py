"""A list is taken in: all of it or nothing."""

from datetime import datetime, timedelta

from django.db import transaction

from madoguchi.accounts.models import User
from madoguchi.businesses.choices import CustodyReason, Source
from madoguchi.businesses.errors import ListChanged
from madoguchi.businesses.importing.planning import Outcome, Plan, PlannedRow
from madoguchi.businesses.models import BroughtList
from madoguchi.businesses.operations import details, register
from madoguchi.foundation import audit

KEPT = timedelta(days=1)


@transaction.atomic
def bring(*, name: str, content: bytes, organisation_id: int, user: User, at: datetime) -> BroughtList:
    """Keep a list until it is taken in or forgotten; lists that were left lying are forgotten. Returns it."""
    BroughtList.objects.filter(brought_at__lte=at - KEPT).delete()
    return BroughtList.objects.create(
        organisation_id=organisation_id, user=user, brought_at=at, file_name=name[-200:], content=content
    )


@transaction.atomic
def take_in(
    *, plan: Plan, organisation_id: int, at: datetime, by: audit.Actor, kept: BroughtList | None = None
) -> dict[str, int]:
    """Carry out a plan in one transaction, forget the kept list, and return how many rows became what.

    Rows that are left to a person (alike, elsewhere) are passed over. Raises ListChanged when something is
    wrong with the list or it was taken in meanwhile, and whatever a single row raises: then nothing of the
    list is kept.
    """
    # First, so that of two at once the second waits here and finds nothing left to take in.
    if kept is not None and not BroughtList.objects.filter(pk=kept.pk).delete()[0]:
        raise ListChanged
    if not plan.can_be_taken_in:
        raise ListChanged
    for row in plan.rows:
        if row.outcome is Outcome.NEW:
            _add(row, organisation_id, at=at, by=by)
        elif row.outcome is Outcome.CHANGED:
            _change(row, organisation_id, at=at, by=by)
    counts = {outcome.value: count for outcome, count in plan.counts.items() if count}
    audit.record(
        "businesses.imported",
        at=at,
        by=by,
        subject_type="institutions.organisation",
        subject_id=organisation_id,
        organisation_id=organisation_id,
        data=counts,
    )
    return counts


def _add(row: PlannedRow, organisation_id: int, *, at: datetime, by: audit.Actor) -> None:
    business = register.register(
        values=row.values,
        source=Source.IMPORT,
        at=at,
        by=by,
        organisation_id=organisation_id,
        reason=CustodyReason.IMPORTED,
    )
    if row.representative:
        details.replace_rows(
            business=business,
            kind="officers",
            typed=[{"name": row.representative, "is_representative": True}],
            seen_version=business.version,
            source=Source.IMPORT,
            at=at,
            by=by,
            organisation_id=organisation_id,
        )


def _change(row: PlannedRow, organisation_id: int, *, at: datetime, by: audit.Actor) -> None:
    if row.business is None:
        raise ListChanged
    register.change(
        business=row.business,
        values={key: row.values[key] for key in row.changes},
        seen_version=row.business.version,
        source=Source.IMPORT,
        at=at,
        by=by,
        organisation_id=organisation_id,
    )
