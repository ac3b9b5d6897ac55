"""The frame around every page as HTML: its templates are rendered once for what they show, and kept.

They show the region, the addresses around the content and which of them the reader is at. Nothing else may
stand in `shared/frame/*.html`, because what is kept is given to everybody. A changed template shows after a
restart.
"""

from collections.abc import Iterable
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from madoguchi.web.shared.site import Frame, NavLink, Region

_HERE, _BELOW = format_html(' aria-current="{}"', "page"), format_html(' aria-current="{}"', "true")
_ELSEWHERE = SafeString("")


def part(template: str, *, region: Region, frame: Frame, path: str) -> SafeString:
    """One template of the frame, as the page at this path shows it."""
    marks = tuple(mark(path, link.url) for link in (*frame.nav, *frame.tools))
    return _part(template, get_language(), region, frame, marks)


def mark(path: str, url: str) -> SafeString:
    """` aria-current` for the link to this page, or to the page this one stands below."""
    if path == url:
        return _HERE
    if url.endswith("/") and url.count("/") > 1 and path.startswith(url):
        return _BELOW
    return _ELSEWHERE


@lru_cache(maxsize=128)
def _part(
    template: str, _language: str | None, region: Region, frame: Frame, marks: tuple[SafeString, ...]
) -> SafeString:
    def marked(links: Iterable[NavLink], begin: int) -> list[tuple[NavLink, SafeString]]:
        return list(zip(links, marks[begin:], strict=False))

    context = {
        "region": region,
        "frame": frame,
        "nav": marked(frame.nav, 0),
        "tools": marked(frame.tools, len(frame.nav)),
    }
    return render_to_string(template, context)
