"""Businesses for tests: the least that makes a sentence true."""

from datetime import datetime, timedelta

from madoguchi.accounts.hats import Hat
from madoguchi.accounts.models import User
from madoguchi.businesses.choices import CustodyReason, MemberRole, Scope, Source
from madoguchi.businesses.models import Business, BusinessMember, Custody
from madoguchi.businesses.operations.register import register
from madoguchi.foundation.audit import Actor
from madoguchi.institutions.models import Organisation


def a_business(name: str = "株式会社みほん商店", *, at: datetime, **changes) -> Business:
    return Business.objects.create(**({"name": name, "name_folded": name, "created_at": at} | changes))


def registered_for(organisation: Organisation, *, at: datetime, by: Actor, **values) -> Business:
    """A business that a desk registered."""
    given = {"name": "株式会社みほん商店"} | values
    return register(values=given, source=Source.STAFF, at=at, by=by, organisation_id=organisation.pk)


def on_the_books(business: Business, organisation: Organisation, *, at: datetime, **changes) -> Custody:
    given = {"reason": CustodyReason.REGISTERED, "since": at, "actor_label": "窓口 花子"}
    return Custody.objects.create(business=business, organisation=organisation, **(given | changes))


def a_business_member(
    business: Business, user: User, *, at: datetime, role: MemberRole = MemberRole.OWNER, **changes
) -> BusinessMember:
    given = {"scopes": list(Scope), "starts_at": at - timedelta(days=1)}
    return BusinessMember.objects.create(business=business, user=user, role=role, **(given | changes))


def own_hat(user: User, *, at: datetime) -> Hat:
    """The hat of a person who acts for themselves."""
    return Hat(user_id=user.pk, label=user.display_name, at=at)
