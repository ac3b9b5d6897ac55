"""The signed addresses in the mails: to confirm a subscription, and to see and stop one's own."""

from datetime import date, timedelta

from django.core import signing
from django.urls import reverse

from madoguchi.mail.addresses import absolute

MANAGED_FOR = timedelta(days=90)
_CONFIRM, _MANAGE = "madoguchi.alerts.confirm", "madoguchi.alerts.manage"


def confirm_url(subscription_id: int) -> str:
    """Where the owner of an address confirms; the operation says whether it is still in time."""
    token = signing.dumps(subscription_id, salt=_CONFIRM)
    return absolute(reverse("portal:alerts_confirm", args=[token]))


def read_confirm(token: str) -> int | None:
    """Which subscription a link confirms; None for one that we did not make."""
    try:
        return int(signing.loads(token, salt=_CONFIRM))
    except signing.BadSignature:
        return None


def manage_url(recipient_hash: str, *, on: date) -> str:
    """Where the owner of an address sees and stops their subscriptions, for ninety days."""
    return absolute(manage_path(recipient_hash, on=on))


def manage_path(recipient_hash: str, *, on: date) -> str:
    """The same, from the root of the site."""
    token = signing.dumps([recipient_hash, on.isoformat()], salt=_MANAGE)
    return reverse("portal:alerts_manage", args=[token])


def read_manage(token: str, *, on: date) -> str | None:
    """Whose subscriptions a link shows; None for one that we did not make or that is too old."""
    try:
        recipient, made_on = signing.loads(token, salt=_MANAGE)
    except signing.BadSignature:
        return None
    return str(recipient) if on - date.fromisoformat(made_on) <= MANAGED_FOR else None
