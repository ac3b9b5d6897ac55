"""Somebody closes their account: what they asked for ends first, then nothing of them is left."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import User
from madoguchi.accounts.operations import closing
from madoguchi.businesses.choices import MemberRole
from madoguchi.businesses.errors import LastOwner
from madoguchi.businesses.models import Business, BusinessMember
from madoguchi.businesses.operations import members
from madoguchi.consultations.errors import CasesOpen
from madoguchi.consultations.models import Case
from madoguchi.consultations.operations import erasing
from madoguchi.consultations.states import CaseState
from madoguchi.mail.operations import erasing as mails


@dataclass(frozen=True)
class InTheWay:
    """What has to end first: the person's own cases, and businesses that nobody else owns."""

    cases: tuple[Case, ...]
    businesses: tuple[Business, ...]

    def __bool__(self) -> bool:
        return bool(self.cases or self.businesses)


def in_the_way(hat: Hat) -> InTheWay:
    """What the person asked for that has not ended, and the businesses that nobody else owns."""
    still_open = Case.objects.filter(requester=hat.user_id, erased_at=None).exclude(state=CaseState.CLOSED)
    owners = BusinessMember.objects.filter(business=OuterRef("pk"), role=MemberRole.OWNER)
    running = owners.running(at=hat.at)
    alone = Business.objects.filter(
        Exists(running.filter(user=hat.user_id)), ~Exists(running.exclude(user=hat.user_id))
    )
    return InTheWay(tuple(still_open.order_by("opened_at", "pk")), tuple(alone.order_by("name", "pk")))


def close(*, user: User, hat: Hat, at: datetime, access_at: datetime) -> None:
    """Close the account; the person's own cases are erased, those of a business lose the person.

    `at` is the time the site believes in, `access_at` the machine's. Raises StillAMember, CasesOpen,
    LastOwner, Conflict.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        standing = in_the_way(hat)
        if standing.cases:
            raise CasesOpen
        if standing.businesses:
            raise LastOwner
        _end_acting(user, hat, at=access_at)
        own = Case.objects.filter(requester=user, erased_at=None)
        erasing.erase_ended(cases=own.filter(business=None), by=hat.as_actor(), organisation_id=None, at=at)
        erasing.forget_person(user_id=user.pk)
        mails.erase_to(user_id=user.pk, at=access_at)
        members.forget_address(email=user.email, gone=closing.gone_address(user.pk))
        closing.close_account(user, by=hat.as_actor(), at=at, access_at=access_at)


def _end_acting(user: User, hat: Hat, *, at: datetime) -> None:
    """End all that the person may still do for businesses."""
    acting = BusinessMember.objects.filter(user=user).filter(Q(ends_at=None) | Q(ends_at__gt=at))
    for member in acting.select_related("business").order_by("pk"):
        members.end_membership(member=member, at=at, by=hat.as_actor())
