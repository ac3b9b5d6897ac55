"""As which business a talk is counted, so that 実数 counts a business once however many records it has."""

import secrets

from madoguchi.businesses import queries
from madoguchi.consultations.models import Case, Consultation, CountedBusiness


def counted_as(case: Case) -> int:
    """Under which number a talk of this case is counted: that of its business, or one of the case's own."""
    if case.business_id is None:
        return -case.pk
    return _number(queries.standing_for(case.business_id))


def count_as_one(business_id: int) -> None:
    """Count all talks of a business and of the records merged into it under its number.

    To be called for the record that stays after a merge, and for the one that parts when it is undone.
    """
    number = _number(business_id)
    talks = Consultation.everything.filter(business__in=queries.ids_with_merged(business_id))
    talks.exclude(counted_as=number).update(counted_as=number)


def _number(business_id: int) -> int:
    counted, _is_new = CountedBusiness.objects.get_or_create(
        business_id=business_id, defaults={"number": secrets.randbits(62)}
    )
    return counted.number
