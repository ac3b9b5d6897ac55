"""Reading a case: nobody reads the content of one without a record of it."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.models import Case
from madoguchi.foundation import audit


def read_case(*, key: str, hat: Hat, at: datetime, what: str = "page") -> Case:
    """Return the case with this key and record that it was read; without a record, no reading.

    `what` names what is shown (page, attachment, export). Raises Case.DoesNotExist, the same for a case that
    does not exist and for one that the hat may not see.
    """
    return _read(Case.objects.visible_to(hat), key=key, hat=hat, at=at, what=what)


def read_own_case(*, key: str, hat: Hat, at: datetime, what: str = "page") -> Case:
    """The same for one's own case, or that of a business one acts for, whatever hat one wears."""
    return _read(Case.objects.of_person(hat), key=key, hat=hat, at=at, what=what)


def _read(cases: QuerySet[Case], *, key: str, hat: Hat, at: datetime, what: str) -> Case:
    with transaction.atomic():
        case = cases.select_related("main_topic", "business", "requester").get(key=key)
        audit.record(
            "consultations.case_read",
            at=at,
            by=hat.as_actor(),
            subject_type="consultations.case",
            subject_id=case.pk,
            organisation_id=hat.organisation_id,
            data={"what": what},
        )
        return case
