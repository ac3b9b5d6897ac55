"""Every public page and file, as the site itself answers a visitor without an account."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from madoguchi.ops.static_site.rewriting import links_of
from madoguchi.web.portal import reads

# Needs a person, an answer of the server, or goes on for ever (a calendar has always a next month).
_LEFT_OUT = re.compile(
    r"/(account|api|consult|demo|desk|favourites|fit|language|mail|my|referral|search|events/month)/"
    r"|/sitemap\.xml\Z|/robots\.txt\Z"
)
_SEEDS = (
    "home",
    "desks",
    "events",
    "policies",
    "report_years",
    "organisations",
    "flow",
    "open_data",
    "about",
    "accessibility",
    "privacy",
    "events_feed",
)
_IN_STYLES = re.compile(r"""url\(\s*['"]?([^'")]+)""")


@dataclass
class Collected:
    """The answers by their addresses, and what a link may lead to."""

    pages: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def __contains__(self, path: str) -> bool:
        return path in self.pages or path in self.files


def visitor() -> Client:
    """Somebody without an account who reads Japanese and is not counted as a visit."""
    return Client(
        headers={
            "host": urlsplit(settings.SITE_URL).netloc,
            "accept-language": "ja",
            "user-agent": "madoguchi-static bot",
        }
    )


def collect(tell: Callable[[int], object]) -> Collected:
    """Ask for the pages that are listed and for all that they lead to; `tell` is given the number so far."""
    client, found = visitor(), Collected()
    waiting = deque([*(reverse(f"portal:{name}") for name in _SEEDS), *reads.addresses()])
    seen = set(waiting)
    while waiting:
        path = waiting.popleft()
        for link in _answer(client, path, found):
            if link not in seen and not _LEFT_OUT.match(link):
                seen.add(link)
                waiting.append(link)
        tell(len(found.pages) + len(found.files))
    return found


def _answer(client: Client, path: str, found: Collected) -> Iterator[str]:
    if path.startswith(settings.STATIC_URL):
        yield from _static(path, found)
        return
    response = client.get(path, secure=settings.SITE_URL.startswith("https:"))
    if response.status_code != 200:
        return
    content = response.getvalue()  # of a file that is streamed too
    if not response["Content-Type"].startswith("text/html"):
        found.files[unquote(path)] = content
        return
    html = content.decode()
    found.pages[path] = html
    for link in links_of(html):
        parts = urlsplit(urljoin(path, link))
        if not parts.netloc and parts.path.startswith("/"):
            yield parts.path


def _static(path: str, found: Collected) -> Iterator[str]:
    """A file of our own look, from where they are gathered, else from where they are written."""
    name = unquote(path.removeprefix(settings.STATIC_URL))
    gathered = Path(settings.STATIC_ROOT) / name
    place = gathered if gathered.is_file() else finders.find(name)
    if place is None:
        return
    content = Path(str(place)).read_bytes()
    found.files[unquote(path)] = content
    if name.endswith(".css"):
        for link in _IN_STYLES.findall(content.decode()):
            if not link.startswith("data:"):
                yield urlsplit(urljoin(path, link)).path
