"""On whose books a case puts its business: those who answer for it or took it, while they see it."""

from datetime import datetime

from django.db.models import Q

from madoguchi.businesses.choices import CustodyReason
from madoguchi.businesses.models import Business, Custody, FieldOrigin
from madoguchi.businesses.operations.custody import release_custody, take_custody
from madoguchi.consultations.models import Involvement
from madoguchi.foundation.audit import Actor

_BY_A_CASE = (CustodyReason.CASE, CustodyReason.REFERRAL)
# Whoever was asked and has not taken it knows the business by the case alone.
_HOLDING = Q(access_ended_at=None) & (Q(is_lead=True) | Q(taken_at__isnull=False))


def enter(involvement: Involvement, *, by: Actor, at: datetime) -> None:
    """Put the case's business onto the books of an organisation that leads or took it.

    What is held as spam puts nobody onto any books, and somebody outside has none.
    """
    case = involvement.case
    if case.business is None or case.held_because or involvement.organisation_id is None:
        return
    take_custody(
        business=case.business,
        organisation_id=involvement.organisation_id,
        at=at,
        by=by,
        reason=CustodyReason.CASE if involvement.is_lead else CustodyReason.REFERRAL,
    )


def leave(involvement: Involvement, business: Business | None, *, by: Actor, at: datetime) -> None:
    """Take a business off the books of an organisation that knew it by this case alone.

    It stays where another case holds it, where it came otherwise, and where the organisation wrote in it.
    """
    own = {"business": business, "organisation": involvement.organisation_id}
    # Locked, so that of two cases that end at once the later one sees the other's end.
    held = Custody.objects.select_for_update().filter(**own, ended_at=None, reason__in=_BY_A_CASE).first()
    if held is None or FieldOrigin.objects.filter(**own).exists():
        return
    others = Involvement.objects.filter(_HOLDING, organisation=held.organisation_id, case__business=business)
    if not others.exclude(pk=involvement.pk).exists():
        release_custody(custody=held, at=at, by=by)
