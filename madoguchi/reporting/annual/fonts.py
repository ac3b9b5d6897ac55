"""The typefaces of a report: found on the machine, and asked which characters they have.

PDF/UA forbids characters without a shape, and one rare character would stop a whole report: what no
typeface has is set as 〓, the printer's mark for a missing sort, and named to whoever made the report.
"""

import mmap
import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import typst
from django.conf import settings

from madoguchi.reporting.annual.errors import FontsMissing

MISSING_SORT = "〓"
# By preference; each name is one that a Linux distribution ships.
_SERIF = ("Noto Serif CJK JP", "Noto Serif JP", "Source Han Serif JP", "IPAexMincho", "IPAMincho")
_SANS = ("Noto Sans CJK JP", "Noto Sans JP", "Source Han Sans JP", "IPAexGothic", "IPAGothic")
# Characters that steer the text and have no shape of their own.
_SHAPELESS = frozenset("\n\t\u200b\u200c\u200d\u2060\ufeff")
# Variants of a character (葛 and its sisters): where a typeface lacks one, the plain shape is set.
_VARIANTS = range(0xE0100, 0xE01F0)


@dataclass(frozen=True)
class Typefaces:
    """What the typesetter may use: the family for reading, the one for heads and tables, and their glyphs."""

    fonts: typst.Fonts
    serif: str
    sans: str
    characters: frozenset[int]

    def missing(self, text: str) -> set[str]:
        """The characters of a text that have no shape in both families."""
        signs = set(text) - _SHAPELESS
        return {sign for sign in signs if ord(sign) not in self.characters and ord(sign) not in _VARIANTS}


def typefaces() -> Typefaces:
    """The Japanese typefaces of this machine, read once per process; raises FontsMissing."""
    return _typefaces(tuple(settings.FONT_DIRS))


@lru_cache(maxsize=2)
def _typefaces(folders: tuple[str, ...]) -> Typefaces:
    present = [folder for folder in folders if Path(folder).is_dir()]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=present)
    files = {(font.family, font.weight): (font.path, font.index) for font in fonts.fonts() if font.path}
    families = {family for family, _ in files}
    sans = next((family for family in _SANS if family in families), None)
    serif = next((family for family in _SERIF if family in families), sans)
    if sans is None:
        sans = serif
    if sans is None or serif is None:
        raise FontsMissing
    used = [_characters(*place) for (family, _), place in files.items() if family in (sans, serif)]
    return Typefaces(fonts, serif, sans, frozenset(set.intersection(*used)))


def _characters(path: str, number: int) -> set[int]:
    """The code points a font has a glyph for (OpenType: tables ttcf and cmap)."""
    with Path(path).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        start = struct.unpack_from(">I", data, 12 + 4 * number)[0] if data[:4] == b"ttcf" else 0
        for table in range(struct.unpack_from(">H", data, start + 4)[0]):
            tag, _, offset, _ = struct.unpack_from(">4sIII", data, start + 12 + 16 * table)
            if tag == b"cmap":
                return _mapped(data, offset)
    return set()


def _mapped(data: mmap.mmap, cmap: int) -> set[int]:
    count = struct.unpack_from(">H", data, cmap + 2)[0]
    places = [cmap + struct.unpack_from(">HHI", data, cmap + 4 + 8 * n)[2] for n in range(count)]
    by_format = {struct.unpack_from(">H", data, place)[0]: place for place in places}
    if 12 in by_format:
        return _groups(data, by_format[12])
    return _segments(data, by_format[4]) if 4 in by_format else set()


def _groups(data: mmap.mmap, at: int) -> set[int]:
    """Format 12: runs of code points."""
    found: set[int] = set()
    for group in range(struct.unpack_from(">I", data, at + 12)[0]):
        first, last, _ = struct.unpack_from(">III", data, at + 16 + 12 * group)
        found.update(range(first, last + 1))
    return found


def _segments(data: mmap.mmap, at: int) -> set[int]:
    """Format 4: segments of the basic plane. A code inside a segment counts, though it may map to nothing."""
    count = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", data, at + 14)
    starts = struct.unpack_from(f">{count}H", data, at + 16 + 2 * count)
    found: set[int] = set()
    for first, last in zip(starts, ends, strict=True):
        if first != 0xFFFF:
            found.update(range(first, last + 1))
    return found
