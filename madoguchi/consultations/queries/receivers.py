"""Whom a case can be referred to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from madoguchi.accounts.models import Membership
from madoguchi.accounts.roles import Role
from madoguchi.consultations.models import Case
from madoguchi.consultations.queries import colleagues
from madoguchi.consultations.states import RUNNING
from madoguchi.institutions.models import Desk, Organisation

# More than this nobody reads; the words narrow it.
MOST = 30


@dataclass(frozen=True)
class Place:
    """An organisation or one of its desks; `is_here` when somebody there works with this site."""

    organisation: Organisation
    desk: Desk | None
    is_here: bool
    is_involved: bool

    @property
    def name(self) -> str:
        """What it is called; may hold `|` at fold points."""
        return (self.desk.breaks or self.desk.name) if self.desk else self.organisation.name


def places(case: Case, words: str, *, own: int | None, at: datetime) -> list[Place]:
    """Desks and organisations by words of their names and of what they do; without words, those here.

    The `own` organisation is not among them: whoever asks is at work there already.
    """
    here = colleagues.staffed(at=at)
    involved = set(case.involvements.filter(state__in=sorted(RUNNING)).values_list("organisation", flat=True))
    parts = words.split()[:5]
    organisations = Organisation.objects.exclude(pk__in=[own]).order_by("name", "pk")
    desks = Desk.objects.exclude(organisation__in=[own]).select_related("organisation", "unit")
    desks = desks.order_by("name", "pk")
    for part in parts:
        organisations = organisations.filter(Q(name__icontains=part) | Q(summary__icontains=part))
        desks = desks.filter(
            Q(name__icontains=part) | Q(summary__icontains=part) | Q(organisation__name__icontains=part)
        )
    if not parts:
        organisations, desks = organisations.filter(pk__in=here), desks.none()

    def place(organisation: Organisation, desk: Desk | None) -> Place:
        return Place(organisation, desk, organisation.pk in here, organisation.pk in involved)

    found = [place(each, None) for each in organisations[:MOST]]
    found += [place(each.organisation, each) for each in desks[: MOST - len(found)]]
    return sorted(found, key=lambda each: not each.is_here)


def place_of(*, organisation: str, desk: str) -> tuple[Organisation, Desk | None] | None:
    """The chosen place by its slugs; None for one that is not there."""
    if desk:
        chosen = Desk.objects.select_related("organisation", "unit").filter(slug=desk).order_by("pk").first()
        return (chosen.organisation, chosen) if chosen else None
    found = Organisation.objects.filter(slug=organisation).order_by("pk").first()
    return (found, None) if found else None


def nameable(case: Case, *, at: datetime) -> Sequence[Membership]:
    """Whom the lead of a secret case may name: who works where the case is; not the named."""
    seeing = case.involvements.filter(access_ended_at=None).exclude(organisation=None)
    rows = Membership.objects.running(at=at).filter(
        organisation__in=seeing.values("organisation"), role__in=colleagues.READERS
    )
    named = case.people.filter(until=None, user=OuterRef("user"))
    rows = rows.exclude(Exists(named)).select_related("user", "organisation")
    return list(rows.order_by("organisation__name", "user__display_name", "pk"))


def experts(*, at: datetime) -> QuerySet[Membership]:
    """Everybody who is an expert at this machine time."""
    return Membership.objects.running(at=at).filter(role=Role.EXPERT)


def askable(case: Case, *, at: datetime) -> list[Membership]:
    """The experts who may be asked about a case: of organisations that take part, or that a consent covers.

    Who is asked already is not among them.
    """
    rows = experts(at=at)
    general = case.consents.filter(withdrawn_at=None, is_general=True)
    if case.is_secret or not general.exists():
        seeing = case.involvements.filter(access_ended_at=None).exclude(organisation=None)
        agreed = case.consents.filter(withdrawn_at=None).values("organisations")
        rows = rows.filter(Q(organisation__in=seeing.values("organisation")) | Q(organisation__in=agreed))
    asked = case.expert_requests.filter(ended_at=None, expert=OuterRef("pk"))
    rows = rows.exclude(Exists(asked)).select_related("user", "organisation")
    return list(rows.order_by("organisation__name", "user__display_name", "pk"))
