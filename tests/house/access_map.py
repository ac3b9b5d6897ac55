"""The map of every route and who may open it. Written anew with

    python -m tests.house.access_map > tests/house/access_map.txt

after a change of addresses or access; the difference belongs into the review.
"""

import os
from collections.abc import Iterable, Iterator

import django
from django.urls import URLPattern, URLResolver, get_resolver


def routes(patterns: Iterable[URLPattern | URLResolver], before: str = "") -> Iterator[tuple[str, str]]:
    """Every route below the patterns with its declared access; "UNDECLARED" where a view declares none."""
    from madoguchi.foundation.access import declared_access  # needs Django to be set up

    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            access = declared_access(pattern.callback)
            yield route, str(access) if access else "UNDECLARED"


def as_text() -> str:
    """The whole map, one route a line."""
    return "".join(f"/{route}\t{access}\n" for route, access in sorted(routes(get_resolver().url_patterns)))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")
    django.setup()
    print(as_text(), end="")  # noqa: T201 (its output is the file)
