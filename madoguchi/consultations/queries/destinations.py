"""Whom a consultation can be sent to from the desk: desks and organisations where somebody reads."""

from dataclasses import dataclass
from datetime import date, datetime

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.queries import colleagues
from madoguchi.institutions import queries as institutions
from madoguchi.institutions.models import Desk, Organisation


@dataclass(frozen=True)
class Receivers:
    """The desks and the organisations, by name."""

    desks: list[Desk]
    organisations: list[Organisation]


def receivers(hat: Hat, *, on: date, at: datetime) -> Receivers:
    """Everybody but one's own organisation, as far as somebody there reads cases; three queries."""
    reading = colleagues.staffed(at=at) - {hat.organisation_id}
    desks = institutions.desks(on=on).filter(organisation__in=reading).prefetch_related(None)
    organisations = Organisation.objects.filter(pk__in=reading).order_by("name", "pk")
    return Receivers(list(desks), list(organisations))
