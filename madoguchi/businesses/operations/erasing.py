"""The record of a business goes, with every record that was merged into it.

What other rooms keep of it has to be gone before (`journeys.erasing`): a case that still names it keeps it.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError

from madoguchi.businesses import queries
from madoguchi.businesses.models import Business
from madoguchi.foundation import audit
from madoguchi.foundation.errors import Conflict


@transaction.atomic
def erase(
    *, business: Business, because: str, at: datetime, by: audit.Actor, organisation_id: int | None
) -> None:
    """Remove the record and all that belongs to it; the audit keeps the numbers.

    Raises Conflict when something names it that did not before.
    """
    records = queries.ids_with_merged(business.pk)
    audit.record(
        "businesses.erased",
        at=at,
        by=by,
        subject_type="businesses.business",
        subject_id=business.pk,
        organisation_id=organisation_id,
        data={"because": because, "records": sorted(records)},
    )
    try:
        # The last merged first: each is held by the one that was merged into it.
        for pk in reversed(records):
            Business.objects.filter(pk=pk).delete()
    except ProtectedError as error:
        raise Conflict from error
