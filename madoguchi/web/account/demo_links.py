"""Entrances of a demonstration: a link for each fictional person that signs in as them, for some hours.

Only in demo mode, and only for people whose address is fictional: nobody else's account can be entered so.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext

from madoguchi.accounts import demonstration
from madoguchi.accounts.models import Membership, User
from madoguchi.accounts.roles import Role
from madoguchi.businesses.choices import MemberRole
from madoguchi.businesses.models import BusinessMember

HOURS = 12
_SALT = "madoguchi.demonstration"


@dataclass(frozen=True)
class Entrance:
    """One fictional person, what they do, and where to press."""

    name: str
    does: tuple[str, ...]
    is_staff: bool
    path: str


def list_path() -> str:
    """The page with all entrances."""
    return reverse("demo")


def entrances(*, at: datetime) -> list[Entrance]:
    """Everybody fictional; `at` is the machine's time."""
    users = list(demonstration.people())
    posts, shops = _posts(at), _shops(at)
    return [
        Entrance(
            name=user.display_name,
            does=tuple(posts[user.pk] + shops[user.pk]) or (gettext("事業者（これから創業する人など）"),),
            is_staff=bool(posts[user.pk]),
            path=reverse("demo_enter", args=[_signer().sign(str(user.pk))]),
        )
        for user in users
    ]


def person_behind(signed: str) -> User | None:
    """Whom a link signs in, or None when it is none of ours or too old."""
    try:
        number = _signer().unsign(signed, max_age=timedelta(hours=HOURS))
    except signing.BadSignature:
        return None
    return demonstration.people().filter(pk=number).first()


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=_SALT)


def _posts(at: datetime) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = Membership.objects.running(at=at).filter(user__in=demonstration.people())
    for row in rows.select_related("organisation", "unit").order_by("starts_at", "pk"):
        place = f"{row.organisation.name}　{row.unit.name}" if row.unit else row.organisation.name
        found[row.user_id].append(f"{place}　{Role(row.role).label}")
    return found


def _shops(at: datetime) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = BusinessMember.objects.running(at=at).filter(user__in=demonstration.people())
    for row in rows.select_related("business").order_by("pk"):
        found[row.user_id].append(f"{row.business.name}　{MemberRole(row.role).label}")
    return found
