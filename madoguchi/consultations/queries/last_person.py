"""Secret cases that nobody of an organisation could open any more when its last named person leaves."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from madoguchi.accounts.models import Membership
from madoguchi.consultations.models import Case, CasePerson, Involvement
from madoguchi.consultations.queries.colleagues import READERS, working

# A colleague who leaves at this very moment, too, is none: two who go at once are each the last.
_AT_ONCE = timedelta(minutes=1)


def seen_by_alone(membership: Membership, *, at: datetime) -> QuerySet[Case]:
    """The secret cases that this person alone sees of the organisation, and would not see without this
    membership. `at` is the machine's time.
    """
    there = working(organisation_id=membership.organisation_id, at=at + _AT_ONCE).exclude(pk=membership.pk)
    named = CasePerson.objects.filter(case=OuterRef("pk"), until=None)
    involved = Involvement.objects.filter(
        case=OuterRef("pk"), organisation=membership.organisation_id, access_ended_at=None
    )
    cases = Case.objects.filter(
        Exists(named.filter(user=membership.user_id)),
        Exists(involved),
        ~Exists(named.filter(user__in=there.order_by().values("user"))),
        is_secret=True,
        erased_at=None,
    )
    return cases if membership.role in READERS else cases.none()


def left_alone(*, at: datetime) -> QuerySet[Involvement]:
    """The parts in secret cases whose named people of the organisation have all left it.

    Where others ended their sight on purpose, nobody is left who was named. `at` is the machine's time.
    """
    named = CasePerson.objects.filter(case=OuterRef("case"), until=None)
    of_person = Membership.objects.filter(
        user=OuterRef("user"), organisation=OuterRef(OuterRef("organisation")), role__in=READERS
    )
    gone = of_person.filter(ends_at__lte=at, ends_at__gt=OuterRef("since"))
    parts = Involvement.objects.filter(
        Exists(named.filter(Exists(gone))),
        ~Exists(named.filter(Exists(of_person.running(at=at)))),
        access_ended_at=None,
        case__is_secret=True,
        case__erased_at=None,
    )
    return parts.select_related("organisation").order_by("pk")
