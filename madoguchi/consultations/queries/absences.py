"""Who is away, and until when."""

from collections.abc import Sequence
from datetime import date, datetime

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.models import AdviserAbsence, DeskAbsence
from madoguchi.consultations.queries import colleagues


def of_desks(hat: Hat, *, on: date) -> Sequence[DeskAbsence]:
    """The days of the hat's desks that are not over, the first first."""
    rows = DeskAbsence.objects.visible_to(hat).not_over(on=on).select_related("desk", "instead", "entered_by")
    return list(rows.order_by("begins_on", "pk"))


def of_colleagues(hat: Hat, *, on: date, at: datetime) -> Sequence[AdviserAbsence]:
    """The days on which advisers of the organisation are away, those that are not over, the first first."""
    there = colleagues.working(organisation_id=hat.organisation_id, at=at).order_by().values("user")
    rows = AdviserAbsence.objects.filter(user__in=there, ends_on__gte=on).select_related("user")
    return list(rows.order_by("begins_on", "pk"))


def own(hat: Hat, *, on: date) -> Sequence[AdviserAbsence]:
    """One's own days that are not over, the first first."""
    return list(AdviserAbsence.objects.filter(user=hat.user_id, ends_on__gte=on).order_by("begins_on", "pk"))
