"""The secret address of a person's calendar: made, renewed, opened."""

import secrets
from datetime import datetime

from django.db import transaction

from madoguchi.accounts.hats import Hat, hat_of
from madoguchi.accounts.models import Membership
from madoguchi.consultations.errors import LinkEnded, NotAllowed
from madoguchi.consultations.models import CalendarFeed
from madoguchi.consultations.secrets import hash_of
from madoguchi.foundation import audit


def renew_feed(*, hat: Hat, at: datetime) -> str:
    """Return the secret of a new address; the one before opens nothing any more. Raises NotAllowed."""
    if hat.membership_id is None:
        raise NotAllowed
    secret = secrets.token_urlsafe(24)
    with transaction.atomic():
        membership = Membership.objects.get(pk=hat.membership_id)
        CalendarFeed.objects.update_or_create(
            membership=membership, defaults={"secret_hash": hash_of(secret), "made_at": at}
        )
        _say("calendar_renewed", hat, at=at)
    return secret


def end_feed(*, hat: Hat, at: datetime) -> None:
    """Take the address away; without one nothing changes."""
    with transaction.atomic():
        if CalendarFeed.objects.filter(membership=hat.membership_id).delete()[0]:
            _say("calendar_ended", hat, at=at)


def hat_behind(secret: str, *, at: datetime) -> Hat:
    """As whom a calendar is read, for as long as the membership runs. Raises LinkEnded."""
    feed = CalendarFeed.objects.filter(secret_hash=hash_of(secret)).select_related("membership__user").first()
    if feed is None:
        raise LinkEnded
    hat = hat_of(feed.membership.user, chosen=feed.membership_id, at=at)
    if hat.membership_id != feed.membership_id or not hat.may("cases.read"):
        raise LinkEnded
    return hat


def _say(action: str, hat: Hat, *, at: datetime) -> None:
    audit.record(
        f"consultations.{action}",
        at=at,
        by=hat.as_actor(),
        subject_type="accounts.membership",
        subject_id=hat.membership_id,
        organisation_id=hat.organisation_id,
    )
