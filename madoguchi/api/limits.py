"""How often one place may ask, or one key: a bucket that fills again evenly, in each process for itself.

In memory, because a count in the database would make a write of every reading. With several processes a place
gets so much from each; the limit is to keep the site answering everybody, not to bill.
"""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from madoguchi.accounts.places import place_of
from madoguchi.api.problems import problem
from madoguchi.opendata import keys

KEY_HEADER = "X-API-Key"
_MOST_PLACES = 20_000
_MINUTE = 60


@dataclass
class _Bucket:
    """What is left of a minute's requests, and when that was counted."""

    left: float
    counted_at: float


_buckets: OrderedDict[str, _Bucket] = OrderedDict()
_lock = threading.Lock()


def refused(request: HttpRequest) -> HttpResponse | None:
    """Count a request; the problem to answer when its key is not valid or too many came, else None."""
    key = request.headers.get(KEY_HEADER)
    number = keys.known(key) if key is not None else None
    if number is None:
        place, per_minute = f"place:{_place_of(request)}", settings.API_PER_MINUTE
    else:
        place, per_minute = f"key:{number}", settings.API_KEY_PER_MINUTE
    wait = _wait(place, per_minute, time.monotonic()) if per_minute else 0
    if not wait and key is not None and number is None:
        return problem(401, "この鍵は使えません。鍵を確かめるか、鍵なしで試してください。")
    if not wait:
        return None
    title = f"1分に {per_minute} 回まで聞けます。{wait} 秒あとに、もう一度お試しください。"
    return problem(429, title, headers={"Retry-After": str(wait)})


def forget() -> None:
    """Begin to count anew, for tests."""
    with _lock:
        _buckets.clear()


def _wait(place: str, per_minute: int, now: float) -> int:
    """Take one request from a place's bucket; the whole seconds to wait when it is empty, else 0."""
    with _lock:
        bucket = _buckets.setdefault(place, _Bucket(per_minute, now))
        _buckets.move_to_end(place)
        while len(_buckets) > _MOST_PLACES:
            _buckets.popitem(last=False)
        bucket.left = min(per_minute, bucket.left + (now - bucket.counted_at) * per_minute / _MINUTE)
        bucket.counted_at = now
        if bucket.left >= 1:
            bucket.left -= 1
            return 0
        return int((1 - bucket.left) * _MINUTE / per_minute) + 1


def _place_of(request: HttpRequest) -> str:
    """The visitor's address; of IPv6 the network, since a home has all its numbers."""
    place = place_of(request)
    try:
        address = ip_address(place)
    except ValueError:
        return place
    return str(address if address.version == 4 else ip_network((address, 64), strict=False))
