"""Whom a secret case is told to when nobody has taken it yet."""

from datetime import datetime

from madoguchi.accounts.models import Membership
from madoguchi.accounts.roles import PERMISSIONS
from madoguchi.consultations.models import Case, CasePerson
from madoguchi.institutions.models import Organisation

MANAGERS = [role for role, permissions in PERMISSIONS.items() if "cases.manage" in permissions]


def name_receivers(case: Case, organisation: Organisation, *, at: datetime, since: datetime) -> None:
    """Name the organisation's managers of this moment in a secret case, so that somebody can hand it on.

    A secret case without a named person would be seen by nobody. `at` is the machine's time. In the
    transaction of the caller, who records why the organisation has the case.
    """
    if not case.is_secret:
        return
    managers = Membership.objects.running(at=at).filter(organisation=organisation, role__in=MANAGERS)
    for user in managers.order_by("user").values_list("user", flat=True).distinct():
        CasePerson.objects.get_or_create(case=case, user_id=user, until=None, defaults={"since": since})
