"""Who works in an organisation: whom a case can be given to, and who is told of it."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from madoguchi.accounts.models import Membership, User
from madoguchi.accounts.roles import PERMISSIONS, Role
from madoguchi.consultations.errors import NotAMember
from madoguchi.consultations.models import AdviserAbsence, Case, Involvement
from madoguchi.foundation import clock

# The roles that read cases: access is by role, so are choices of people.
READERS = tuple(role for role in Role if "cases.read" in PERMISSIONS[role])


def working(*, organisation_id: int | None, at: datetime) -> QuerySet[Membership]:
    """Those who work on cases in an organisation at this machine time, by name."""
    rows = Membership.objects.running(at=at).filter(organisation=organisation_id, role__in=READERS)
    return rows.select_related("user", "unit", "team").order_by("user__display_name", "pk")


def people(*, organisation_id: int | None, at: datetime) -> list[User]:
    """The same as people, each once."""
    return list({row.user_id: row.user for row in working(organisation_id=organisation_id, at=at)}.values())


def who_can_meet(case: Case, *, organisation_id: int | None, at: datetime) -> list[User]:
    """Who of an organisation can meet the business of a case: of a secret one the named people alone."""
    found = people(organisation_id=organisation_id, at=at)
    if not case.is_secret:
        return found
    named = set(case.people.filter(until=None).values_list("user", flat=True))
    return [user for user in found if user.pk in named]


def staffed(*, at: datetime) -> frozenset[int]:
    """The organisations in which somebody works on cases at this machine time."""
    rows = Membership.objects.running(at=at).filter(role__in=READERS)
    return frozenset(rows.values_list("organisation", flat=True))


def require_colleague(user: User, *, organisation_id: int | None, at: datetime) -> None:
    """Raises NotAMember for somebody who does not work on cases there."""
    if not working(organisation_id=organisation_id, at=at).filter(user=user).exists():
        raise NotAMember


def asked_of(involvement: Involvement, *, at: datetime) -> list[User]:
    """Who is told of what an organisation was asked: its adviser; else its team or unit; else its managers.

    Whoever is away today is told only where nobody else is there. Of a secret case the named people alone.
    """
    case: Case = involvement.case
    rows = working(organisation_id=involvement.organisation_id, at=at)
    if case.is_secret:
        named = case.people.filter(until=None).values("user")
        rows = rows.filter(user__in=named)
    narrower = (
        Q(user=involvement.adviser_id) if involvement.adviser_id else None,
        Q(team=involvement.team_id) if involvement.team_id else None,
        Q(unit=involvement.unit_id) if involvement.unit_id else None,
        None if case.is_secret else Q(role=Role.MANAGER),
        Q(),
    )
    today = clock.today()
    away = AdviserAbsence.objects.filter(user=OuterRef("user"), begins_on__lte=today, ends_on__gte=today)
    # Where everybody is away, somebody has to know all the same.
    for among in (rows.exclude(Exists(away)), rows):
        for condition in (each for each in narrower if each is not None):
            if found := list(among.filter(condition)):
                return list({row.user_id: row.user for row in found}.values())
    return []


def managers_of(involvement: Involvement, *, at: datetime) -> list[User]:
    """The managers of an organisation; of a secret case those among them who are named."""
    found = managers(organisation_id=involvement.organisation_id, at=at)
    if not involvement.case.is_secret:
        return found
    named = set(involvement.case.people.filter(until=None).values_list("user", flat=True))
    return [user for user in found if user.pk in named]


def managers(*, organisation_id: int | None, at: datetime) -> list[User]:
    """The managers of an organisation at this machine time, each once."""
    rows = working(organisation_id=organisation_id, at=at).filter(role=Role.MANAGER)
    return list({row.user_id: row.user for row in rows}.values())
