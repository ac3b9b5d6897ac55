"""Requests that were taken for spam, as far as the reader may see them."""

from django.db.models import QuerySet

from madoguchi.accounts.hats import Hat
from madoguchi.consultations.models import Case
from madoguchi.consultations.states import CaseState


def waiting(hat: Hat) -> QuerySet[Case]:
    """Those that nobody has looked at, the oldest first."""
    return Case.objects.visible_to(hat).filter(state=CaseState.HELD).order_by("opened_at", "pk")


def discarded(hat: Hat) -> QuerySet[Case]:
    """Those that were put away, the newest first; they can be released still."""
    rows = Case.objects.visible_to(hat).filter(state=CaseState.CLOSED).exclude(held_because="")
    return rows.order_by("-closed_at", "-pk")
