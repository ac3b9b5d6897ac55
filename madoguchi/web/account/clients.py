"""Where a visitor comes from, as far as the trusted proxies tell: for counting, not for knowing who it is."""

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The visitor's network address; empty where nobody can say. A forged X-Forwarded-For changes nothing."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return ""
