"""What the region promises and decides about consultations."""

from madoguchi.consultations.models import Policy


def current_policy() -> Policy | None:
    """The region's policy; None before a pack with one is loaded."""
    return Policy.objects.order_by("pk").first()
