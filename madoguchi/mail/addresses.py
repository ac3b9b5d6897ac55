"""Addresses: of our pages in mail, and of people without telling who they are."""

from django.conf import settings
from django.utils.crypto import salted_hmac


def absolute(path: str) -> str:
    """The full address of a page of ours.

    From the settings, never from a request: whoever forges a Host header would put their own site into
    somebody else's mail.
    """
    return f"{settings.SITE_URL}{path}"


def recipient_hash(address: str) -> str:
    """What stands for an address in the log: keyed, so that nobody can try addresses out."""
    folded = address.strip().lower()
    return salted_hmac("madoguchi.mail.recipient", folded, algorithm="sha256").hexdigest()
