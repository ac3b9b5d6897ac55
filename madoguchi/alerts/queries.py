"""Reading subscriptions."""

from madoguchi.alerts.models import Subscription


def own(recipient_hash: str) -> list[Subscription]:
    """The confirmed subscriptions of an address, the oldest first."""
    return list(
        Subscription.objects.active().filter(recipient_hash=recipient_hash).order_by("asked_at", "pk")
    )
