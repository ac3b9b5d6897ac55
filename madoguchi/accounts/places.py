"""From where somebody asks: the one reading of addresses that a forged header does not change."""

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest  # noqa: TID251 (allauth reads the address from the request)


def place_of(request: HttpRequest) -> str:
    """The visitor's IP address as the trusted proxies tell it; all who have none share the empty place."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return ""
