"""Who sees a secret case that nobody has taken yet, or whose people have left."""

from datetime import datetime

from django.db import transaction

from madoguchi.accounts.models import Membership
from madoguchi.accounts.roles import PERMISSIONS
from madoguchi.consultations.models import Case, CasePerson, Involvement
from madoguchi.consultations.queries.last_person import left_alone
from madoguchi.foundation import audit
from madoguchi.institutions.models import Organisation

MANAGERS = [role for role, permissions in PERMISSIONS.items() if "cases.manage" in permissions]


def name_receivers(case: Case, organisation: Organisation, *, at: datetime, since: datetime) -> list[int]:
    """Name the organisation's managers of this moment in a secret case, so that somebody can hand it on.

    A secret case without a named person would be seen by nobody. `at` is the machine's time. In the
    transaction of the caller, who records why the organisation has the case. Returns who is named.
    """
    if not case.is_secret:
        return []
    managers = Membership.objects.running(at=at).filter(organisation=organisation, role__in=MANAGERS)
    people = list(managers.order_by("user").values_list("user", flat=True).distinct())
    for user in people:
        CasePerson.objects.get_or_create(case=case, user_id=user, until=None, defaults={"since": since})
    return people


def name_managers(*, at: datetime, access_at: datetime) -> int:
    """Name the managers in secret cases whose named people have left the organisation; return how many parts.

    Safe to run twice and in several workers at once. Where there is no manager it waits for one.
    """
    return sum(_name_managers(part, at=at, access_at=access_at) for part in left_alone(at=access_at))


def _name_managers(part: Involvement, *, at: datetime, access_at: datetime) -> bool:
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=part.case_id)
        organisation = part.organisation
        if organisation is None or not left_alone(at=access_at).filter(pk=part.pk).exists():
            return False
        people = name_receivers(case, organisation, at=access_at, since=at)
        if people:
            audit.record(
                "consultations.managers_named",
                at=at,
                by=audit.SYSTEM,
                subject_type="consultations.case",
                subject_id=case.pk,
                organisation_id=organisation.pk,
                data={"people": people},
            )
    return bool(people)
