"""From where somebody asks, and how often: for pages that are open to everybody."""

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse


def place_of(request: HttpRequest) -> str:
    """The visitor's address as the trusted proxies tell it; empty for who has none."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return ""


def too_often(request: HttpRequest, *, action: str) -> HttpResponse | None:
    """The answer (429) to who sends more than ACCOUNT_RATE_LIMITS allows; None while it is allowed."""
    if ratelimit.consume(request, action=action):
        return None
    return ratelimit.respond_429(request)
