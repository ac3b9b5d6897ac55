"""Bring typed codes and figures to one form: half-width, without the separators people add."""

import re
import unicodedata

# A long-vowel mark typed between digits is a hyphen that an input method turned into one.
_DASHES = re.compile(r"[\u2010-\u2015\u2212\uff0d\u2500]|(?<=\d)[\u30fc\uff70](?=\d)")


def half_width(text: str) -> str:
    """Return the text in half-width form, every dash as `-`, without space at either end."""
    return unicodedata.normalize("NFKC", _DASHES.sub("-", text)).strip()


def without_separators(text: str) -> str:
    """Return a typed code without spaces and hyphens."""
    return re.sub(r"[\s-]", "", half_width(text))


def is_digits(text: str, length: int) -> bool:
    """Tell whether the text is exactly so many half-width digits."""
    return len(text) == length and text.isascii() and text.isdigit()
