"""Where a line of Japanese may break: recorded fold points of names, phrases of other short texts."""

from functools import lru_cache

import budoux
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

FOLD = "|"
_parser = budoux.load_default_japanese_parser()


def _kept(pieces: list[str]) -> SafeString:
    escaped = SafeString("<wbr>").join(conditional_escape(piece) for piece in pieces)
    return format_html('<span class="ph">{}</span>', SafeString(escaped))


@lru_cache(maxsize=4096)
def phrases(text: str) -> SafeString:
    """Return a heading or label that breaks only between phrases."""
    return _kept(_parser.parse(text)) if text else SafeString("")


@lru_cache(maxsize=4096)
def breaks(name: str) -> SafeString:
    """Return a proper name that breaks only where `|` stands in it; without marks, between phrases."""
    return _kept([piece for piece in name.split(FOLD) if piece]) if FOLD in name else phrases(name)
