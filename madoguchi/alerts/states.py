"""The life of a subscription. One that ends is erased; the stop of its series stays."""

from enum import StrEnum


class SubscriptionState(StrEnum):
    """Nothing is told before the owner of the address has confirmed."""

    WAITING = "waiting"
    ACTIVE = "active"
