"""How often a place may ask for something, counted for all server processes together.

The limits stand in ACCOUNT_RATE_LIMITS by the name of the action; a place is an IP address as the trusted
proxies tell it.
"""

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse


def too_often(request: HttpRequest, action: str) -> HttpResponse | None:
    """Count this request; what to answer when there were too many, else None. GET is not counted."""
    return ratelimit.consume_or_429(request, action=action)


def may_still(request: HttpRequest, action: str, *, key: str) -> bool:
    """Count a use for this key; whether it is still within the limit, for where nobody may be told."""
    return ratelimit.consume(request, action=action, key=key)
