"""How often the same text, or somebody at the same place, sent a request: to hold what no person wrote.

Only keyed hashes are kept, for a day at most.
"""

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from madoguchi.accounts.places import place_of
from madoguchi.japan.text import fold

_SALT = "madoguchi.consult.sendings"
_HOUR, _DAY = 3600, 24 * 3600


def count(request: HttpRequest, words: str) -> tuple[int, int]:
    """Note a sending; how often before the text came this day, and anything from this place this hour."""
    text = _noted(f"text:{fold(words)}", seconds=_DAY)
    place = _noted(f"place:{place_of(request)}", seconds=_HOUR)
    return text, place


def _noted(what: str, *, seconds: int) -> int:
    key = "consult:" + salted_hmac(_SALT, what, algorithm="sha256").hexdigest()
    # Two at the very same moment may be counted as one; nobody is refused for a number.
    before = cache.get(key, 0)
    cache.set(key, before + 1, timeout=seconds)
    return int(before)
