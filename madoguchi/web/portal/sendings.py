"""How often the same text, or somebody at the same place, sent a request: to hold what no person wrote.

Only keyed hashes are kept, for a day at most.
"""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from madoguchi.japan.text import fold

_SALT = "madoguchi.consult.sendings"
_HOUR, _DAY = 3600, 24 * 3600


def count(request: HttpRequest, words: str) -> tuple[int, int]:
    """Note a sending; how often before the text came this day, and anything from this place this hour."""
    text = _noted(f"text:{fold(words)}", seconds=_DAY)
    place = _noted(f"place:{_place(request)}", seconds=_HOUR)
    return text, place


def _place(request: HttpRequest) -> str:
    """The visitor's address as the trusted proxies tell it; who has none shares the count of all those."""
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return ""


def _noted(what: str, *, seconds: int) -> int:
    key = "consult:" + salted_hmac(_SALT, what, algorithm="sha256").hexdigest()
    # Two at the very same moment may be counted as one; nobody is refused for a number.
    before = cache.get(key, 0)
    cache.set(key, before + 1, timeout=seconds)
    return int(before)
