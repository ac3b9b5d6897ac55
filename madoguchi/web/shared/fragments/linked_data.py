"""What a page tells machines of itself: Open Graph (ogp.me) and JSON-LD (schema.org).

JSON-LD stands in a script element that no browser runs: it is data, which the content security policy
leaves alone.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

# Inside a script element these could end it or begin a comment.
_ESCAPED = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def head(
    *, title: str, description: str, url: str, site_name: str, data: Sequence[Mapping[str, Any]] = ()
) -> SafeString:
    """The elements for a page's head; `data` are things of schema.org without their context."""
    told = {
        "og:type": "website",
        "og:title": title.replace("|", ""),
        "og:description": description,
        "og:url": url,
        "og:site_name": site_name,
        "og:locale": "ja_JP" if (get_language() or "ja").startswith("ja") else "en_GB",
    }
    metas = format_html_join(
        "\n", '<meta property="{}" content="{}">', ((k, v) for k, v in told.items() if v)
    )
    return format_html("{}\n{}", metas, SafeString("\n".join(_script(each) for each in data)))


def _script(thing: Mapping[str, Any]) -> str:
    """One thing; what is empty is left out, because schema.org knows no empty values."""
    full = {"@context": "https://schema.org", **without_empty(thing)}
    written = json.dumps(full, ensure_ascii=False).translate(_ESCAPED)
    return f'<script type="application/ld+json">{written}</script>'


def without_empty(thing: Mapping[str, Any]) -> dict[str, Any]:
    """A thing without its empty values, at any depth."""
    kept = {}
    for name, value in thing.items():
        told = without_empty(value) if isinstance(value, Mapping) else value
        if told not in ("", None, [], {}):
            kept[name] = told
    return kept
