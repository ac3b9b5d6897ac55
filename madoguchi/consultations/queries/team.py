"""The team as its manager sees it: load of each adviser, what nobody took, what is late.

Secret cases count for those alone who are named in them, the manager included.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.models import Involvement
from madoguchi.consultations.queries import colleagues, trays
from madoguchi.consultations.queries.trays import AT_WORK
from madoguchi.consultations.queries.waiting import LEFT_OVER
from madoguchi.consultations.states import CaseState, InvolvementState

_RESTING = (CaseState.HELD, CaseState.CLOSED)
_LISTED = 30


@dataclass(frozen=True)
class Load:
    """What one adviser has in hand."""

    user_id: int
    name: str
    at_work: int
    late: int
    undecided: int


def loads(hat: Hat, *, at: datetime, on: date) -> list[Load]:
    """Everybody who may work on cases, the heaviest load first; and those who left with cases in hand."""
    rows = (
        trays.seen_by(hat)
        .filter(state__in=AT_WORK, adviser__isnull=False)
        .exclude(case__state__in=_RESTING)
        .values("adviser", "adviser__display_name")
        .annotate(
            at_work=Count("pk"),
            late=Count("pk", filter=Q(next_due_on__lt=on)),
            undecided=Count("pk", filter=Q(next_step="")),
        )
        .order_by("adviser")
    )
    found = {
        row["adviser"]: Load(
            row["adviser"], row["adviser__display_name"], row["at_work"], row["late"], row["undecided"]
        )
        for row in rows
    }
    for user in colleagues.people(organisation_id=hat.organisation_id, at=at):
        found.setdefault(user.pk, Load(user.pk, user.display_name, 0, 0, 0))
    return sorted(found.values(), key=lambda load: (-load.at_work, load.name, load.user_id))


def untaken(hat: Hat) -> list[Involvement]:
    """What nobody has taken, the longest waiting first."""
    rows = trays.seen_by(hat).filter(Q(state=InvolvementState.SENT) | LEFT_OVER)
    rows = rows.exclude(case__state__in=_RESTING)
    return _first(rows.order_by("sent_at", "pk"))


def late(hat: Hat, *, on: date) -> list[Involvement]:
    """What is past its deadline, the longest first."""
    rows = trays.seen_by(hat).filter(state__in=AT_WORK, next_due_on__lt=on)
    return _first(rows.exclude(case__state__in=_RESTING).order_by("next_due_on", "pk"))


def of_adviser(hat: Hat, adviser: int) -> list[Involvement]:
    """What an adviser has in hand, the nearest deadline first."""
    rows = trays.seen_by(hat).filter(state__in=AT_WORK, adviser=adviser)
    return _first(rows.exclude(case__state__in=_RESTING).order_by("next_due_on", "pk"))


def _first(rows: QuerySet[Involvement]) -> list[Involvement]:
    return list(rows.select_related("case__main_topic", "case__business", "adviser")[:_LISTED])
